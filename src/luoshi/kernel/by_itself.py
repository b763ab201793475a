"""By itself: what happens to a case in a scenario without anybody who acts on it.

A worker climbs the rungs that have come due, with the steps that the system takes for them; the
unit that has a part of joint handling comes to an end with it.

Terms    rung 级 · part 协办件
Not here what a rung is (``ladder``), how a real worker climbs (``luoshi.actions.climbing``)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from luoshi.kernel.access import SYSTEM_ACTOR
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, applied
from luoshi.kernel.errors import CalendarNotCovered, Refused
from luoshi.kernel.fact import Fact, derived_key
from luoshi.kernel.ladder import SYSTEM, DueRung, climbed, due_rungs, rule_of
from luoshi.kernel.noted import noted
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Command, decide

PART_ENDED = "@end_part"


def ticked(programme: Programme, case: Case, now: datetime, calendar: Calendar) -> Iterator[Fact]:
    """Yield what a worker does to *case* at *now*: nothing, where no rung has come due."""
    while due := due_rungs(case, now):
        for fact in _climbed(programme, case, due[0], max(now, case.moved), calendar):
            case = applied(case, fact)
            yield fact


def _climbed(
    programme: Programme, case: Case, rung: DueRung, now: datetime, calendar: Calendar
) -> Iterator[Fact]:
    key = derived_key(case.id, f"{case.seq} {rung.clock} {rung.name}")
    fact = climbed(case, rung, key, now)
    yield fact
    rule = rule_of(programme, rung)
    if rule is None or not rule.do:
        return
    command = Command(derived_key(key, rule.do), case.id, rule.do)
    try:
        yield decide(programme, applied(case, fact), command, SYSTEM_ACTOR, now, calendar).fact
    except (Refused, CalendarNotCovered):
        return  # as in earnest: a step that cannot be taken then is not taken


def part_ended(case: Case, unit: str, how: str, now: datetime) -> Fact | None:
    """Return the fact that the part of *unit* is over; ``None`` if it has none that is open.

    Args:
        case: The case that the part belongs to.
        unit: Code of the unit.
        how: ``done`` or ``void``.
        now: Instant of it.
    """
    key = next((key for key in case.open_parts if case.parts[key].unit == unit), "")
    if not key:
        return None
    effect = {"does": "end_part", "case": key, "how": how}
    return noted(case, derived_key(key, how), PART_ENDED, now, SYSTEM, effects=(effect,))
