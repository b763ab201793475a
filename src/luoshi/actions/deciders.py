"""Deciders: processes that decide about batches of rows while others are written.

They are spawned, not forked, and end when whoever started them does, also when that one is killed.

Terms    batch 批次
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.actions.beginning import begin
from luoshi.actions.copying import Page, pages_of
from luoshi.actions.deciding import Broken, Desk, Incoming, Made
from luoshi.store.directory import Directory, directory
from luoshi.store.garbage import uncollected
from luoshi.store.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about some rows, before anybody asked whether they are known.

    Attributes:
        broken: Rows that were left out, by their place.
        pages: Pages of the cases made, by their keys.
        made: Those cases themselves, by their keys: all of them, or only those that come again.
    """

    broken: dict[int, Broken] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)

    def include(self, more: Decided) -> None:
        """Add what was decided about more of the rows."""
        self.broken.update(more.broken)
        self.pages.update(more.pages)
        self.made.update(more.made)


def first_places(keys: Sequence[str]) -> list[int]:
    """Return where each key comes first: the same case again is compared with that one."""
    places: dict[str, int] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, place)
    return list(places.values())


def decided(
    desk: Desk,
    rows: Sequence[Incoming],
    keys: Sequence[str],
    known: Directory,
    places: Sequence[int],
) -> Decided:
    """Decide about the rows at *places*, where they ask nothing of the database; write pages."""
    found = Decided()
    with uncollected():
        desk.look_up((rows[place] for place in places), known)
        for place in places:
            if desk.asks(rows[place]):
                continue
            outcome = desk.outcome(rows[place], keys[place], known)
            if isinstance(outcome, Broken):
                found.broken[place] = outcome
            else:
                found.made[keys[place]] = outcome
        found.pages.update(pages_of(desk.programme, list(found.made.values())))
    return found


@contextmanager
def deciders(count: int) -> Iterator[Executor]:
    """Start *count* processes that decide; they end with the ``with`` block."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, spawning, initializer=begin) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def decided_elsewhere(programme: str, rows: Sequence[Incoming], keys: Sequence[str]) -> Decided:
    """Decide in a process of ``deciders``; send back only what will be asked for."""
    found = decided(_desk(programme), rows, keys, directory(), first_places(keys))
    again = {key for key, times in Counter(keys).items() if times > 1}
    made = {key: one for key, one in found.made.items() if key in again}
    return Decided(found.broken, found.pages, made)


@lru_cache(maxsize=1)
def _desk(programme: str) -> Desk:
    return Desk(programme_of(programme))
