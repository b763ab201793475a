"""Bulk: many cases at once, through the same checks and the same facts, written by ``COPY``.

A row that is wrong is named and left out; the others are in. The key of a case follows from its
number at the source, so running the same file again adds nothing, and a run that was killed is
simply run again: every batch is one transaction. While PostgreSQL takes one batch, the next one is
read and decided about.

Terms    batch 批次 · source 来源 · already 已登记
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import psycopg
from django.db import transaction

from luoshi.actions.copying import Page, copy_in, pages_of
from luoshi.actions.deciding import Broken, Desk, Incoming, Made
from luoshi.store.collecting import uncollected
from luoshi.store.directory import Directory, directory
from luoshi.store.keys import key_from_source
from luoshi.store.openings import first_facts
from luoshi.store.programmes import programme_of

__all__ = ["Broken", "Incoming", "Tally", "register_many"]

BATCH = 2000
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
    programme_id: str, incoming: Iterable[Incoming], tally: Tally, size: int = BATCH
) -> Iterator[Tally]:
    """Register *incoming*, batch by batch; yield the growing *tally* after each.

    Raises:
        ProgrammeUnknown: There is no such programme.
    """
    batches = _Batches(Desk(programme_of(programme_id)), iter(incoming), size)
    while batch := batches.next():
        tally.add(_tried(batch, batches))
        yield tally


@dataclass
class _Batch:
    """Some rows, with what has been decided about them so far."""

    desk: Desk
    rows: Sequence[Incoming]
    keys: Sequence[str]
    known: Directory
    outcomes: dict[int, Made | Broken] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def decide(self) -> None:
        """Decide about every row that asks nothing of the database, and write its page."""
        if self.outcomes:
            return
        self.desk.look_up(self.rows, self.known)
        first = {key: place for place, key in reversed(list(enumerate(self.keys)))}
        with uncollected():
            for place in sorted(first.values()):  # the same case again is compared with the first
                if not self.desk.asks(self.rows[place]):
                    self.outcome(place)
            made = [one for one in self.outcomes.values() if isinstance(one, Made)]
            self.pages = pages_of(self.desk.programme, made)

    def outcome(self, place: int) -> Made | Broken:
        """Return what is decided about the row at *place*; decide now if nobody has yet."""
        if place not in self.outcomes:
            one, key = self.rows[place], self.keys[place]
            self.outcomes[place] = self.desk.outcome(one, key, self.known)
        return self.outcomes[place]

    def pages_for(self, made: Sequence[Made]) -> list[Page]:
        """Return the pages of the cases *made*, in their order."""
        late = [one for one in made if one.case.id not in self.pages]
        self.pages |= pages_of(self.desk.programme, late)
        return [self.pages[one.case.id] for one in made]


@dataclass
class _Batches:
    """The rows of one import in batches; one may be ready ahead of its turn."""

    desk: Desk
    rows: Iterator[Incoming]
    size: int
    ahead: _Batch | None = None
    failed: Exception | None = None

    def next(self) -> _Batch | None:
        """Return the next batch; ``None`` when there are no more rows.

        Raises:
            TableInvalid: The file breaks off here; everything before is registered.
        """
        batch = self.ahead or self._read(directory())
        self.ahead = None
        if batch is None and self.failed is not None:
            raise self.failed
        return batch

    def get_ahead(self, known: Directory) -> None:
        """Read the next batch and decide about it, asking nothing of the database."""
        self.ahead = self.ahead or self._read(known)
        if self.ahead is not None:
            self.ahead.decide()

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
    if 2 * len(known) < len(batch.keys):
        batch.decide()
    made: dict[str, Made] = {}
    tally = Tally()
    for place, (one, key) in enumerate(zip(batch.rows, batch.keys, strict=True)):
        if key in made or key in known:
            wrong = batch.desk.known_already(one, made.get(key), known.get(key))
            tally.already += wrong is None
        else:
            wrong = _unless_made(batch.outcome(place), key, made)
        tally.broken += [wrong] if wrong else []
    held = directory()
    pages = batch.pages_for(list(made.values()))
    copy_in(batch.desk.programme, pages, lambda: batches.get_ahead(held))
    tally.registered = len(made)
    return tally


def _unless_made(outcome: Made | Broken, key: str, made: dict[str, Made]) -> Broken | None:
    if isinstance(outcome, Broken):
        return outcome
    made[key] = outcome
    return None
