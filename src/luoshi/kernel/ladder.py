"""Ladders: who is told, or what happens by itself, as a clock runs on.

A rung is climbed by the system, once, at or after its instant; that is a fact like any other.
After a time in which nobody worked (a power cut, a week-end), what fell due in it is climbed in
order.

Terms    ladder 预警升级 · rung 级 · quiet hours 免打扰时段
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case
from luoshi.kernel.condition import Answers
from luoshi.kernel.fact import ClockEffect, Doer, Fact, Json
from luoshi.kernel.limit import Rung
from luoshi.kernel.noted import noted
from luoshi.kernel.programme import Programme
from luoshi.kernel.provision import Quiet

SYSTEM = Doer(id="system", role="system")
CLIMBED = "@rung"
"""Name of the act by which rungs are climbed; names of the system begin with a sign that no
transition can."""


@dataclass(frozen=True, slots=True)
class DueRung:
    """A rung whose instant has come."""

    clock: str
    name: str
    at: datetime


def due_rungs(case: Case, now: datetime) -> tuple[DueRung, ...]:
    """Return the rungs of running clocks whose instant has come, the earliest first."""
    found = [
        DueRung(key, name, at)
        for key, clock in case.clocks.items()
        if clock.state == "running"
        for name, at in clock.rungs
        if at <= now and name not in clock.fired
    ]
    return tuple(sorted(found, key=lambda rung: (rung.at, rung.clock, rung.name)))


def climbed(case: Case, rung: DueRung, act: str, now: datetime) -> Fact:
    """Return the fact that *rung* was climbed."""
    effect = ClockEffect(rung.clock, "rung", rungs=((rung.name, rung.at),))
    return noted(case, act, CLIMBED, now, SYSTEM, clocks=(effect,))


def rule_of(programme: Programme, rung: DueRung) -> Rung | None:
    """Return what *programme* says about *rung*; ``None`` when a later version dropped it."""
    clock = programme.clocks.get(rung.clock.partition(".")[0])
    return next((one for one in clock.ladder if one.name == rung.name), None) if clock else None


def not_before(
    programme: Programme, now: datetime, calendar: Calendar, values: Mapping[str, Json]
) -> datetime:
    """Return when a message of *now* may go out: at once, or at the end of the quiet hours.

    Args:
        programme: Says when people are not woken, and for what they are.
        now: When it was made.
        calendar: Says in which zone.
        values: The open answers of the case: what is urgent wakes people.
    """
    quiet = programme.quiet
    if quiet is None or (quiet.unless is not None and quiet.unless.holds(Answers(values))):
        return now
    local = now.astimezone(calendar.zone)
    return next((end for start, end in _nights(quiet, local) if start <= local < end), now)


def _nights(quiet: Quiet, local: datetime) -> Iterator[tuple[datetime, datetime]]:
    for back in (1, 0):
        day = local.date() - timedelta(days=back)
        start = datetime.combine(day, quiet.start, local.tzinfo)
        end = datetime.combine(day, quiet.end, local.tzinfo)
        yield start, end if end > start else end + timedelta(days=1)
