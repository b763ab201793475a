"""Timing: what a transition does to the clocks of a case.

The arithmetic of limits is in ``clock``; here it is applied to a programme: which rule is in force,
which stages it has, how an extension or a pause moves the due instant.

Terms    start 起算 · meet 完成 · pause 中止 · resume 恢复 · stop 终止 · extend 延期
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, ClockState
from luoshi.kernel.clock import Due, due_after_pause, due_at, extended, warn_instant
from luoshi.kernel.condition import Answers
from luoshi.kernel.duration import Duration
from luoshi.kernel.errors import ConditionUnmet
from luoshi.kernel.fact import ClockEffect, Json
from luoshi.kernel.limit import Clock, Limit
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.provision import Extend


def clock_effects(
    programme: Programme,
    transition: Transition,
    case: Case | None,
    answers: Mapping[str, Json],
    now: datetime,
    calendar: Calendar,
) -> tuple[ClockEffect, ...]:
    """Return what *transition* does to the clocks of *case*, in the order stop … start.

    A clock that is not there, or no longer runs, is left alone: meeting a clock twice means nothing.
    """
    clocks = case.clocks if case else {}
    values = {**(case.values if case else {}), **answers}
    effects = [
        *_ended(clocks, transition.stops, "stop"),
        *_ended(clocks, transition.meets, "meet"),
        *_paused(clocks, transition.pauses),
        *_resumed(programme, clocks, transition.resumes, now, calendar),
    ]
    if transition.extends:
        effects.append(_extended(programme, clocks, transition, values, calendar))
    for name in transition.starts:
        effects += _started(programme.clocks[name], values, now, calendar)
    return tuple(effects)


def stages_of(clocks: Mapping[str, ClockState], name: str) -> Iterator[ClockState]:
    """Yield the clock *name*, or its stages (``name.stage``) when its limit is staged."""
    for key, clock in clocks.items():
        if key == name or key.startswith(f"{name}."):
            yield clock


def _ended(
    clocks: Mapping[str, ClockState], names: tuple[str, ...], does: str
) -> Iterator[ClockEffect]:
    for name in names:
        for clock in stages_of(clocks, name):
            if clock.state in ("running", "paused"):
                yield ClockEffect(clock.name, does)


def _paused(clocks: Mapping[str, ClockState], names: tuple[str, ...]) -> Iterator[ClockEffect]:
    for name in names:
        for clock in stages_of(clocks, name):
            if clock.state == "running":
                yield ClockEffect(clock.name, "pause")


def _resumed(
    programme: Programme,
    clocks: Mapping[str, ClockState],
    names: tuple[str, ...],
    now: datetime,
    calendar: Calendar,
) -> Iterator[ClockEffect]:
    for name in names:
        for clock in stages_of(clocks, name):
            if clock.state == "paused" and clock.paused is not None:
                unit = Duration.parse(clock.limit).unit
                before = Due(clock.due, clock.provisional)
                due = due_after_pause(before, clock.paused, now, unit, calendar)
                yield _moved("resume", clock, due, programme.clocks[name], clock.started, calendar)


def _extended(
    programme: Programme,
    clocks: Mapping[str, ClockState],
    transition: Transition,
    values: Mapping[str, Json],
    calendar: Calendar,
) -> ClockEffect:
    rule = transition.extends
    assert rule is not None
    clock = clocks.get(rule.clock)
    if clock is None or clock.state != "running":
        raise ConditionUnmet(
            transition=transition.name, reason=f"clock {rule.clock} does not run", allowed=""
        )
    longer = _extension(programme.clocks[rule.clock], rule, clock, values, transition.name)
    due = extended(Due(clock.due, clock.provisional), longer, calendar)
    return _moved("extend", clock, due, programme.clocks[rule.clock], clock.started, calendar)


def _extension(
    clock: Clock, rule: Extend, state: ClockState, values: Mapping[str, Json], transition: str
) -> Duration:
    asked = values.get(rule.by_field)
    amount = int(asked) if isinstance(asked, int | float) else 0
    most = clock.most_extension
    unit = most.unit if most else Duration.parse(state.limit).unit
    if amount < 1 or (most and amount > most.amount):
        raise ConditionUnmet(
            transition=transition,
            reason=f"an extension is 1 to {most or 'any number'}, not {amount}",
            allowed="",
        )
    return Duration(amount, unit)


def _started(
    clock: Clock, values: Mapping[str, Json], now: datetime, calendar: Calendar
) -> Iterator[ClockEffect]:
    day = now.astimezone(calendar.zone).date()
    limit = clock.limit_on(day, Answers(values))
    if limit is None:
        return
    for name, within in _targets(clock, limit):
        due = due_at(now, within, calendar)
        yield ClockEffect(
            clock=name,
            does="start",
            due=due.at,
            warn=_warn(clock, now, due, within, calendar),
            provisional=due.provisional,
            limit=str(within),
            rests_on=limit.source,
            kind=clock.kind.value,
        )


def _targets(clock: Clock, limit: Limit) -> Iterator[tuple[str, Duration]]:
    if limit.within is not None:
        yield clock.name, limit.within
    for stage in limit.stages:
        yield f"{clock.name}.{stage.name}", stage.within


def _warn(
    clock: Clock, start: datetime, due: Due, within: Duration, calendar: Calendar
) -> datetime:
    rule = clock.warn.left or clock.warn.share or 1.0
    return warn_instant(start, due.at, rule, within.unit, calendar)


def _moved(
    does: str, clock: ClockState, due: Due, rule: Clock, start: datetime, calendar: Calendar
) -> ClockEffect:
    within = Duration.parse(clock.limit)
    return ClockEffect(
        clock=clock.name,
        does=does,
        due=due.at,
        warn=_warn(rule, start, due, within, calendar),
        provisional=due.provisional,
        limit=clock.limit,
        rests_on=clock.rests_on,
        kind=clock.kind,
    )
