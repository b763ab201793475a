"""Bulk: many cases at once, through the same checks and the same facts, written by ``COPY``.

A row that is wrong is named and left out; the others are in. The key of a case follows from its
number at the source, so running the same file again adds nothing, and a run that was killed is
simply run again: every batch is one transaction.

Terms    batch 批次 · source 来源 · already 已登记
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import psycopg
from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.acts import same_content
from luoshi.actions.arrivals import arrived
from luoshi.actions.copying import Made, copy_in
from luoshi.formats.columns import TIME
from luoshi.kernel.access import Actor, Post
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import applied
from luoshi.kernel.errors import (
    CalendarNotCovered,
    FieldProblem,
    FieldsRefused,
    Refused,
    ResentDifferent,
)
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Command, decide
from luoshi.store import records
from luoshi.store.keys import key_from_source
from luoshi.store.programmes import calendar_of, programme_of

BATCH = 2000
TRIES = 3
"""How often a batch is tried that another process is registering at the same time."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row to be registered.

    Attributes:
        row: Its number in the file.
        source: Its number at the source; the same one is always the same case.
        at: When it was received there; ``None`` means now.
        problems: What is wrong with it already, before any answer is checked.
    """

    row: int
    source: str
    answers: Mapping[str, object]
    at: datetime | None = None
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that was left out, and everything that is wrong with it."""

    row: int
    problems: tuple[FieldProblem, ...]


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
    programme = programme_of(programme_id)
    rows = iter(incoming)
    while batch := list(islice(rows, size)):
        tally.add(_tried(programme, batch))
        yield tally


def _tried(programme: Programme, batch: Sequence[Incoming]) -> Tally:
    for _ in range(TRIES - 1):
        try:
            return _registered(programme, batch)
        except psycopg.errors.UniqueViolation:  # the same rows came in elsewhere at one moment
            continue
    return _registered(programme, batch)


def importer(programme: Programme) -> Actor:
    """Return who an import acts as: whoever may open a case of *programme*."""
    roles = dict.fromkeys(role for step in programme.opening for role in step.by)
    return Actor(id="import", posts=tuple(Post(role) for role in roles))


@transaction.atomic
def _registered(programme: Programme, batch: Sequence[Incoming]) -> Tally:
    keys = [key_from_source(programme.id, one.source) for one in batch]
    known = records.first_facts(keys)
    made: dict[str, Made] = {}
    tally = Tally()
    for one, key in zip(batch, keys, strict=True):
        try:
            if key in made or key in known:
                _refuse_changed(programme, one, made.get(key), known.get(key))
                tally.already += 1
            else:
                made[key] = _made(programme, one, key)
        except FieldsRefused as refused:
            tally.broken.append(Broken(one.row, refused.problems))
        except (Refused, CalendarNotCovered) as refused:
            tally.broken.append(Broken(one.row, (FieldProblem("", refused.code, refused.data),)))
    copy_in(programme, list(made.values()))
    tally.registered = len(made)
    return tally


def _made(programme: Programme, one: Incoming, key: str) -> Made:
    now = clock.now()
    at = one.at or now
    problems = [*one.problems, *_untimely(at, now, calendar_of(programme))]
    if problems:
        at = now  # the answers are checked all the same
    answers, found = arrived(programme, _opening(programme), key, one.answers)
    problems += found
    command = Command(
        id=key_from_source(programme.id, f"opening\n{one.source}"),
        case=key,
        transition=_opening(programme),
        answers=answers,
        secret=os.urandom(32),
    )
    try:
        decision = decide(
            programme, None, command, importer(programme), at, calendar_of(programme)
        )
    except FieldsRefused as refused:
        known = {problem.field for problem in problems}
        rest = [problem for problem in refused.problems if problem.field not in known]
        raise FieldsRefused([*problems, *rest]) from None
    if problems:
        raise FieldsRefused(problems)
    return Made(decision, applied(None, decision.fact))


def _untimely(at: datetime, now: datetime, calendar: Calendar) -> Iterator[FieldProblem]:
    """Yield what is wrong with the time of receipt; days that nobody announced count nothing."""
    if at > now:
        yield FieldProblem(TIME, "date.future")
    elif at.astimezone(calendar.zone).date() < calendar.first:
        yield FieldProblem(TIME, "date.too_early", {"first": calendar.first.isoformat()})


def _opening(programme: Programme) -> str:
    return programme.opening[0].name


def _refuse_changed(
    programme: Programme, one: Incoming, made: Made | None, known: records.Opening | None
) -> None:
    """Refuse a row that is known, or came before in the file, with another content."""
    if one.problems:
        raise FieldsRefused(one.problems)
    if made is not None:
        personal = {p.field: (p.value, p.salt) for p in made.decision.private}
        known = records.Opening(made.decision.fact, personal)
    if known is None or not same_content(programme, known.fact, known.personal, one.answers):
        raise ResentDifferent(id=one.source)
