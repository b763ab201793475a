"""Timing: what a transition does to the clocks of a case.

The arithmetic of limits is in ``clock``; here it is applied to a programme: which rule is in
force, which stages it has, how an extension or a pause moves the due instant.

Terms    start 起算 · meet 完成 · pause 中止 · resume 恢复 · stop 终止 · extend 延期
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, ClockState
from luoshi.kernel.clock import Due, Pause, due_after_pause, due_at, extended, warn_instant
from luoshi.kernel.condition import Answers
from luoshi.kernel.duration import Duration, Unit
from luoshi.kernel.errors import ConditionUnmet
from luoshi.kernel.fact import ClockEffect, Json
from luoshi.kernel.limit import Clock, Limit, Rung
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.provision import Extend

UNTIL = "until"
"""First word of a limit that ends on a day which an answer names."""

ONE_DAY = timedelta(days=1)


def clock_effects(
    programme: Programme,
    transition: Transition,
    case: Case | None,
    answers: Mapping[str, Json],
    now: datetime,
    calendar: Calendar,
) -> tuple[ClockEffect, ...]:
    """Return what *transition* does to the clocks of *case*, in the order stop … start.

    A clock that is not there, or no longer runs, is left alone: meeting it twice means nothing.
    What ran of a clock that is started again, and for which the limit of today has no use (there
    is none any more, or it has other stages), is stopped.
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
        rule = transition.extends
        effects.append(_extended(programme, clocks, transition, rule, values, calendar))
    effects += _continued(programme, clocks, transition.continues, now, calendar)
    for name in transition.starts:
        started = [*_started(programme.clocks[name], values, now, calendar)]
        done = {effect.clock for effect in (*effects, *started)}
        effects += (one for one in _ended(clocks, (name,), "stop") if one.clock not in done)
        effects += started
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
                unit = unit_of(clock.limit)
                due = due_after_pause(_due_of(clock), clock.paused, now, unit, calendar)
                pauses = (*clock.pauses, Pause(clock.paused, now))
                yield _moved("resume", clock, due, programme.clocks[name], pauses, calendar)


def _due_of(clock: ClockState) -> Due:
    return Due(clock.due, clock.provisional, clock.unmoved)


def _extended(
    programme: Programme,
    clocks: Mapping[str, ClockState],
    transition: Transition,
    rule: Extend,
    values: Mapping[str, Json],
    calendar: Calendar,
) -> ClockEffect:
    clock = clocks.get(rule.clock)
    if clock is None or clock.state != "running":
        raise ConditionUnmet(
            transition=transition.name, reason=f"clock {rule.clock} does not run", allowed=""
        )
    longer = _extension(programme.clocks[rule.clock], rule, clock, values, transition.name)
    due = extended(_due_of(clock), longer, calendar)
    return _moved("extend", clock, due, programme.clocks[rule.clock], clock.pauses, calendar)


def _extension(
    clock: Clock, rule: Extend, state: ClockState, values: Mapping[str, Json], transition: str
) -> Duration:
    asked = values.get(rule.by_field)
    amount = int(asked) if isinstance(asked, int | float) else 0
    most = clock.most_extension
    unit = most.unit if most else unit_of(state.limit)
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
    for name, words, due in _targets(clock, limit, values, now, calendar):
        told = _Told("start", name, words, limit.source)
        yield _effect(told, clock, now, due, (), calendar)


def _targets(
    clock: Clock, limit: Limit, values: Mapping[str, Json], now: datetime, calendar: Calendar
) -> Iterator[tuple[str, str, Due]]:
    """Yield name, limit in words and due instant of a clock or of each of its stages."""
    if limit.within is not None:
        yield clock.name, str(limit.within), due_at(now, limit.within, calendar)
    if limit.until and values.get(limit.until):
        day = date.fromisoformat(str(values[limit.until]))
        at = datetime.combine(day + ONE_DAY, time.min, calendar.zone)
        yield clock.name, f"{UNTIL} {day}", Due(max(at, now), provisional=False)
    for stage in limit.stages:
        yield f"{clock.name}.{stage.name}", str(stage.within), due_at(now, stage.within, calendar)


def _continued(
    programme: Programme,
    clocks: Mapping[str, ClockState],
    names: tuple[str, ...],
    now: datetime,
    calendar: Calendar,
) -> Iterator[ClockEffect]:
    """Start clocks again with what was left of them when they ended; a late one stays late."""
    for name in names:
        for clock in list(stages_of(clocks, name)):
            if clock.ended is not None:
                unit = unit_of(clock.limit)
                due = due_after_pause(
                    _due_of(clock), clock.ended, max(now, clock.ended), unit, calendar
                )
                told = _Told("start", clock.name, clock.limit, clock.rests_on)
                yield _effect(told, programme.clocks[name], now, due, (), calendar)


def unit_of(limit: str) -> Unit:
    """Return the kind of time of a limit in words, as a clock carries it."""
    if limit.startswith(UNTIL):
        return Unit.NATURAL_DAY
    return Duration.parse(limit).unit


def _moved(
    does: str,
    clock: ClockState,
    due: Due,
    rule: Clock,
    pauses: tuple[Pause, ...],
    calendar: Calendar,
) -> ClockEffect:
    told = _Told(does, clock.name, clock.limit, clock.rests_on)
    return _effect(told, rule, clock.started, due, pauses, calendar)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is done to which clock, under which limit, in words."""

    does: str
    name: str
    limit: str
    rests_on: str


def _effect(
    told: _Told,
    clock: Clock,
    start: datetime,
    due: Due,
    pauses: tuple[Pause, ...],
    calendar: Calendar,
) -> ClockEffect:
    unit = unit_of(told.limit)
    yellow = clock.warn.left or clock.warn.share or 1.0
    return ClockEffect(
        clock=told.name,
        does=told.does,
        due=due.at,
        warn=warn_instant(start, due.at, yellow, unit, calendar, pauses),
        provisional=due.provisional,
        unmoved=due.unmoved,
        limit=told.limit,
        rests_on=told.rests_on,
        kind=clock.kind.value,
        rungs=tuple(
            (rung.name, _rung_at(rung, start, due, unit, pauses, calendar))
            for rung in clock.ladder
        ),
    )


def _rung_at(
    rung: Rung,
    start: datetime,
    due: Due,
    unit: Unit,
    pauses: tuple[Pause, ...],
    calendar: Calendar,
) -> datetime:
    if rung.after is not None:
        return extended(due, rung.after, calendar).at
    return warn_instant(start, due.at, rung.before or rung.share or 1.0, unit, calendar, pauses)
