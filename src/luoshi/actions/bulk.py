"""Bulk: many cases at once, through the same checks and the same facts, written by ``COPY``.

A row that is wrong is named and left out; the others are in. The key of a case follows from its
number at the source, so running the same file again adds nothing, and a run that was killed is
simply run again: every batch is one transaction. While PostgreSQL takes one batch, the next one is
read and decided about.

Terms    batch 批次 · source 来源 · already 已登记
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice

import psycopg
from django.db import transaction

from luoshi.actions.copying import Page, copy_in, pages_of
from luoshi.actions.deciders import Decided, decided, decided_elsewhere, deciders, first_places
from luoshi.actions.deciding import Broken, Desk, Incoming, Made
from luoshi.store.directory import Directory, directory
from luoshi.store.garbage import uncollected
from luoshi.store.keys import key_from_source
from luoshi.store.openings import first_facts
from luoshi.store.programmes import programme_of

__all__ = ["Broken", "Incoming", "Tally", "register_many"]

BATCH = 2000
AT_ONCE = 200
"""Rows that are decided about before looking up again."""

TRIES = 3
"""How often a batch is tried that another process is registering at the same time."""


@dataclass
class Tally:
    """What became of the rows so far."""

    registered: int = 0
    already: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows dealt with so far."""
        return self.registered + self.already + len(self.broken)

    def add(self, batch: Tally) -> None:
        """Add what became of a *batch*."""
        self.registered += batch.registered
        self.already += batch.already
        self.broken += batch.broken


def register_many(
    programme_id: str,
    incoming: Iterable[Incoming],
    tally: Tally,
    size: int = BATCH,
    processes: int = 0,
) -> Iterator[Tally]:
    """Register *incoming*, batch by batch; yield the growing *tally* after each.

    Args:
        programme_id: The programme that takes the cases.
        incoming: The rows; they are read as they are needed.
        tally: What is added to.
        size: Rows of a batch.
        processes: So many more decide about rows meanwhile; 0 where that is not worth their start.

    Raises:
        ProgrammeUnknown: There is no such programme.
    """
    desk = Desk(programme_of(programme_id))
    with deciders(processes) if processes else nullcontext() as pool:
        batches = _Batches(desk, iter(incoming), size, pool, most=2 * processes or 1)
        while batch := batches.next():
            with uncollected():
                tally.add(_tried(batch, batches))
            yield tally


@dataclass
class _Batch:
    """Some rows, with what has been decided about them so far."""

    desk: Desk
    rows: Sequence[Incoming]
    keys: Sequence[str]
    known: Directory
    deciding: Future[Decided] | None = None
    decided: Decided = field(default_factory=Decided)
    late: dict[str, Made] = field(default_factory=dict)

    @cached_property
    def left(self) -> list[int]:
        """Places of rows that nobody has decided about yet."""
        return first_places(self.keys)

    def decide(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Decide about every row that asks nothing of the database, here or elsewhere.

        Args:
            enough: Asked now and then whether to stop, and leave the rest for later.
        """
        if self.deciding is not None:
            self.decided, self.deciding, self.left = self.deciding.result(), None, []
        while self.left and not enough():
            places, self.left = self.left[:AT_ONCE], self.left[AT_ONCE:]
            found = decided(self.desk, self.rows, self.keys, self.known, places)
            self.decided.include(found)

    def page(self, place: int) -> Page | Broken:
        """Return what becomes of the row at *place*; decide now if nobody has yet."""
        found, key = self.decided, self.keys[place]
        if place in found.broken:
            return found.broken[place]
        if key in found.pages:
            return found.pages[key]
        outcome = self.desk.outcome(self.rows[place], key, self.known)
        if isinstance(outcome, Broken):
            return outcome
        self.late[key] = outcome
        return pages_of(self.desk.programme, [outcome])[key]

    def made(self, key: str) -> Made | None:
        """Return the case that was made with *key*, which comes in this batch again."""
        return self.late.get(key) or self.decided.made.get(key)


@dataclass
class _Batches:
    """The rows of one import in batches; some are decided about ahead of their turn.

    Attributes:
        most: So many batches may be ahead.
        is_fresh: Whether there was anything new in the last one: if not, nothing is decided about
            before it is known which rows are.
    """

    desk: Desk
    rows: Iterator[Incoming]
    size: int
    pool: Executor | None = None
    most: int = 1
    is_fresh: bool = True
    ahead: deque[_Batch] = field(default_factory=deque)
    failed: Exception | None = None

    def next(self) -> _Batch | None:
        """Return the next batch; ``None`` when there are no more rows.

        Raises:
            TableInvalid: The file breaks off here; everything before is registered.
        """
        if not self.ahead and self.pool is not None and self.is_fresh:
            self.get_ahead(directory())
        batch = self.ahead.popleft() if self.ahead else self._read(directory())
        if batch is None and self.failed is not None:
            raise self.failed
        return batch

    def get_ahead(self, known: Directory, enough: Callable[[], bool] = lambda: False) -> None:
        """Read on and decide, asking nothing of the database, until it is *enough*."""
        while len(self.ahead) < self.most and not enough() and (batch := self._read(known)):
            self.ahead.append(batch)
            if self.pool is None:
                batch.decide(enough)
            else:
                words = (self.desk.programme.id, batch.rows, batch.keys)
                batch.deciding = self.pool.submit(decided_elsewhere, *words)

    def _read(self, known: Directory) -> _Batch | None:
        """Return the rows that come next; why there are no more is kept for its turn."""
        rows: list[Incoming] = []
        try:
            if self.failed is None:
                rows.extend(islice(self.rows, self.size))
        except Exception as reason:  # noqa: BLE001  ``next`` raises it, after the rows before it
            self.failed = reason
        keys = [key_from_source(self.desk.programme.id, one.source) for one in rows]
        return _Batch(self.desk, rows, keys, known) if rows else None


def _tried(batch: _Batch, batches: _Batches) -> Tally:
    for _ in range(TRIES - 1):
        try:
            return _registered(batch, batches)
        except psycopg.errors.UniqueViolation:  # the same rows came in elsewhere at one moment
            continue
    return _registered(batch, batches)


@transaction.atomic
def _registered(batch: _Batch, batches: _Batches) -> Tally:
    """Register what is new in *batch*; meanwhile get ahead, unless nothing here was new."""
    known = first_facts(batch.keys)
    if batch.deciding or 2 * len(known) < len(batch.keys):
        batch.decide()
    pages: dict[str, Page] = {}
    tally = Tally()
    for place, (one, key) in enumerate(zip(batch.rows, batch.keys, strict=True)):
        if key in pages or key in known:
            made = batch.made(key) if key in pages else None
            found = batch.desk.known_already(one, made, known.get(key))
            tally.already += found is None
        elif isinstance(page := batch.page(place), Broken):
            found = page
        else:
            pages[key], found = page, None
        tally.broken += [found] if found else []
    batches.is_fresh, held = bool(pages), directory()
    meanwhile = partial(batches.get_ahead, held)  # the counters are locked: no longer than needed
    copy_in(batch.desk.programme, list(pages.values()), meanwhile)
    tally.registered = len(pages)
    return tally
