"""Deciders: processes that decide about batches of rows while others are written.

They are spawned, not forked, and end when whoever started them does, also when that one is killed.

Terms    batch 批次
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.actions.beginning import begin
from luoshi.actions.copying import Page, pages_of
from luoshi.actions.deciding import Broken, Desk, Incoming, Made
from luoshi.store.collecting import uncollected
from luoshi.store.directory import Directory, directory
from luoshi.store.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about some rows, before anybody asked whether they are known.

    Attributes:
        broken: Rows that were left out, by their place.
        pages: Pages of the cases made, by their keys.
        made: Those cases themselves, by their keys: all of them, or only those that come again.
    """

    broken: Mapping[int, Broken] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    made: Mapping[str, Made] = field(default_factory=dict)


def decided(
    desk: Desk, rows: Sequence[Incoming], keys: Sequence[str], known: Directory
) -> Decided:
    """Decide about every row that asks nothing of the database, and write its page.

    The same case again is not decided about: it is compared with the first.
    """
    broken: dict[int, Broken] = {}
    made: dict[str, Made] = {}
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    with uncollected():
        desk.look_up(rows, known)
        for key, place in sorted(first.items(), key=lambda pair: pair[1]):
            if desk.asks(rows[place]):
                continue
            outcome = desk.outcome(rows[place], key, known)
            if isinstance(outcome, Broken):
                broken[place] = outcome
            else:
                made[key] = outcome
        return Decided(broken, pages_of(desk.programme, list(made.values())), made)


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
    found = decided(_desk(programme), rows, keys, directory())
    again = {key for key, times in Counter(keys).items() if times > 1}
    made = {key: one for key, one in found.made.items() if key in again}
    return Decided(found.broken, found.pages, made)


@lru_cache(maxsize=1)
def _desk(programme: str) -> Desk:
    return Desk(programme_of(programme))
