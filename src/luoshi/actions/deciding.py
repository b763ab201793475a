"""Deciding about rows: what an import asks of each row, before anything is written.

It is what one person registering would be asked: the same checks, the same decision.

Terms    row 行 · source 来源 · received 收到时间
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from luoshi.actions import clock
from luoshi.actions.acts import same_content
from luoshi.actions.arrivals import arrived
from luoshi.formats.columns import TIME
from luoshi.kernel.access import Actor, Post
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, applied
from luoshi.kernel.errors import (
    CalendarNotCovered,
    FieldProblem,
    FieldsRefused,
    Refused,
    ResentDifferent,
)
from luoshi.kernel.opening import Opening
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.transition import Command, Decision
from luoshi.store.directory import Directory
from luoshi.store.keys import key_from_source
from luoshi.store.openings import Opened
from luoshi.store.programmes import calendar_of

ASKING = (FieldType.CASE, FieldType.FILES)
"""Fields whose answers are compared with what the database holds."""


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


@dataclass(frozen=True, slots=True)
class Made:
    """A case about to be written."""

    decision: Decision
    case: Case


def importer(programme: Programme) -> Actor:
    """Return who an import acts as: whoever may open a case of *programme*."""
    roles = dict.fromkeys(role for step in programme.opening for role in step.by)
    return Actor(id="import", posts=tuple(Post(role) for role in roles))


class Desk:
    """Where the rows of one import are decided about, one after the other."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.calendar = programme, calendar_of(programme)
        self.step = programme.opening[0].name
        self.point = programme.field_of(FieldType.POINT)
        self.asking = {f.name for f in programme.fields.values() if f.type in ASKING}
        self._opening = Opening(programme, self.step, importer(programme), self.calendar)

    def look_up(self, rows: Iterable[Incoming], known: Directory) -> None:
        """Find the areas of all points of *rows* at once."""
        points = (one.answers.get(self.point) for one in rows)
        known.look_up(pair for point in points for pair in _pairs(point))

    def asks(self, one: Incoming) -> bool:
        """Return whether the database must be asked about an answer."""
        return not self.asking.isdisjoint(one.answers)

    def outcome(self, one: Incoming, key: str, known: Directory) -> Made | Broken:
        """Return the case that is made of *one*, or why there is none."""
        try:
            return self._made(one, key, known)
        except FieldsRefused as refused:
            return Broken(one.row, refused.problems)
        except (Refused, CalendarNotCovered) as refused:
            return Broken(one.row, (FieldProblem("", refused.code, refused.data),))

    def known_already(
        self, one: Incoming, made: Made | None, known: Opened | None
    ) -> Broken | None:
        """Return what is wrong with a row that is known, or came before: another content."""
        if one.problems:
            return Broken(one.row, one.problems)
        if made is not None:
            personal = {p.field: (p.value, p.salt) for p in made.decision.private}
            known = Opened(made.decision.fact, personal)
        if known and same_content(self.programme, known.fact, known.personal, one.answers):
            return None
        refused = ResentDifferent(id=one.source)
        return Broken(one.row, (FieldProblem("", refused.code, refused.data),))

    def _made(self, one: Incoming, key: str, known: Directory) -> Made:
        now = clock.now()
        at = one.at or now
        problems = [*one.problems, *_untimely(at, now, self.calendar)]
        if problems:
            at = now  # the answers are checked all the same
        answers, found = arrived(self.programme, self.step, key, one.answers, known)
        problems += found
        command = Command(
            id=key_from_source(self.programme.id, f"opening\n{one.source}"),
            case=key,
            transition=self.step,
            answers=answers,
            secret=os.urandom(32),
        )
        try:
            decision = self._opening.decide(command, at)
        except FieldsRefused as refused:
            told = {problem.field for problem in problems}
            rest = [problem for problem in refused.problems if problem.field not in told]
            raise FieldsRefused([*problems, *rest]) from None
        if problems:
            raise FieldsRefused(problems)
        return Made(decision, applied(None, decision.fact))


def _pairs(point: object) -> Iterator[tuple[float, float]]:
    """Yield a point as it was read, and as it is stored."""
    if isinstance(point, dict) and all(isinstance(part, float) for part in point.values()):
        lon, lat = point["lon"], point["lat"]
        yield lon, lat
        yield round(lon, 7), round(lat, 7)


def _untimely(at: datetime, now: datetime, calendar: Calendar) -> Iterator[FieldProblem]:
    """Yield what is wrong with the time of receipt; days that nobody announced count nothing."""
    if at > now:
        yield FieldProblem(TIME, "date.future")
    elif at.astimezone(calendar.zone).date() < calendar.first:
        yield FieldProblem(TIME, "date.too_early", {"first": calendar.first.isoformat()})
