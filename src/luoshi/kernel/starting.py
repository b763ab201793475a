"""Starting: what a clock is given when a case is opened, reckoned from as little as possible.

``timing`` computes it for any step of any case. When a clock starts with a new case, days depend
on the civil day alone, and hours are marks at fixed distances from the mark of the start. What is
neither is asked of ``timing``.

Terms    start 起算 · rung 预警升级 · mark 刻度
Units    instants are aware, in the calendar's zone; offsets are microseconds on a ruler
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from luoshi.kernel.calendar import MICROSECOND, Calendar
from luoshi.kernel.clock import Due, extended
from luoshi.kernel.condition import Answers
from luoshi.kernel.duration import Duration, Unit
from luoshi.kernel.fact import ClockEffect, Json
from luoshi.kernel.limit import Clock, Limit, Rung
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.running_time import instant_at, length_of, mark_at
from luoshi.kernel.timing import clock_effects

ONE_DAY = timedelta(days=1)
Effects = tuple[ClockEffect, ...]


class Starting:
    """What starting one clock gives a case that is being opened.

    Args:
        programme: The programme of the case.
        step: The step that opens it.
        clock: One of the clocks that the step starts.
        calendar: The calendar that the programme names.
    """

    def __init__(
        self, programme: Programme, step: Transition, clock: Clock, calendar: Calendar
    ) -> None:
        self.programme, self.clock, self.calendar = programme, clock, calendar
        self.step = replace(
            step, starts=(clock.name,), stops=(), meets=(), pauses=(), resumes=(), continues=()
        )
        self._ways = {id(limit): self._way(limit) for limit in clock.limits}
        self._days: dict[tuple[int, date], Effects | None] = {}

    def effects(self, answers: Mapping[str, Json], now: datetime) -> Effects:
        """Return what ``timing.clock_effects`` returns for this clock.

        Args:
            answers: The checked answers of the opening step.
            now: Instant of the opening, in the calendar's zone.
        """
        limit = self.clock.limit_on(now.date(), Answers(answers))
        return () if limit is None else self._ways[id(limit)](limit, answers, now)

    def _way(self, limit: Limit) -> Callable[[Limit, Mapping[str, Json], datetime], Effects]:
        lengths = [stage.within for stage in limit.stages]
        lengths += [limit.within] if limit.within is not None else []
        if limit.until:
            return self._asked
        if all(not length.unit.is_hours for length in lengths):
            return self._by_day
        within = limit.within
        if within is None or limit.stages or not _is_even(self.clock, within):
            return self._asked
        hours = _Hours.of(self.clock, within, limit.source, self.calendar)
        return lambda _, __, now: (hours.effect(now),)

    def _asked(self, _: Limit, answers: Mapping[str, Json], now: datetime) -> Effects:
        return clock_effects(self.programme, self.step, None, answers, now, self.calendar)

    def _by_day(self, limit: Limit, answers: Mapping[str, Json], now: datetime) -> Effects:
        """Return the effects of a limit in days: the same for every instant of a day.

        Unless one of them falls on that day: nothing is due, or told of, before it starts.
        """
        key = id(limit), now.date()
        if key not in self._days:
            found = self._asked(limit, answers, now)
            opens = self.calendar.opens(now.date() + ONE_DAY)
            later = all(at >= opens for effect in found for at in _instants(effect))
            self._days[key] = found if later else None
        known = self._days[key]
        return self._asked(limit, answers, now) if known is None else known


def _instants(effect: ClockEffect) -> list[datetime]:
    return [at for at in (effect.due, effect.warn) if at] + [at for _, at in effect.rungs]


def _is_even(clock: Clock, length: Duration) -> bool:
    """Return whether everything before the end of a limit of hours is measured on its ruler."""
    others = [rung.before for rung in clock.ladder if rung.before]
    others += [clock.warn.left] if clock.warn.left else []
    return bool(length_of(length)) and all(other.unit is length.unit for other in others)


@dataclass(frozen=True)
class _Hours:
    """A limit of hours, as distances from the mark at which its clock starts.

    Attributes:
        length: Of the limit; ``warn`` and ``rungs`` are where something is told on the way, or,
            on another ruler, how long after the end.
        like: The effect, but for its instants.
        known: Ends of days after the end, by what they are after.
    """

    calendar: Calendar
    unit: Unit
    length: int
    warn: int
    rungs: tuple[tuple[str, int | Duration], ...]
    like: ClockEffect
    known: dict[tuple[Duration, date], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, clock: Clock, within: Duration, source: str, calendar: Calendar) -> _Hours:
        """Take a limit apart that is so long *within*."""
        length = length_of(within)
        yellow = clock.warn.left or clock.warn.share or 1.0
        return cls(
            calendar=calendar,
            unit=within.unit,
            length=length,
            warn=_offset(yellow, length),
            rungs=tuple((rung.name, _rung_offset(rung, length, within)) for rung in clock.ladder),
            like=ClockEffect(
                clock=clock.name,
                does="start",
                limit=str(within),
                rests_on=source,
                kind=clock.kind.value,
            ),
        )

    def effect(self, now: datetime) -> ClockEffect:
        """Return what the clock is given when it starts at *now*."""
        start = mark_at(now, self.unit, self.calendar)
        due = self._at(start + self.length)
        last = self.calendar.day_of(due - MICROSECOND)
        like = self.like
        return ClockEffect(
            clock=like.clock,
            does=like.does,
            due=due,
            warn=self._told(self.warn, start, now, due),
            provisional=self.unit is not Unit.URGENT_HOUR and last > self.calendar.last,
            limit=like.limit,
            rests_on=like.rests_on,
            kind=like.kind,
            rungs=tuple(
                (
                    name,
                    self._told(rule, start, now, due)
                    if isinstance(rule, int)
                    else self._after(due, last, rule),
                )
                for name, rule in self.rungs
            ),
        )

    def _told(self, offset: int, start: int, now: datetime, due: datetime) -> datetime:
        """Return the instant at *offset*: never before the start, which stands for itself."""
        if offset == self.length:
            return due
        return now if offset <= 0 else self._at(start + offset)

    def _after(self, due: datetime, last: date, rule: Duration) -> datetime:
        """Return the instant so long after *due*; days are counted after its *last* day."""
        found = self.known.get((rule, last))
        if found is None:
            found = extended(Due(due, provisional=False), rule, self.calendar).at
            if not rule.unit.is_hours:
                self.known[rule, last] = found
        return found

    def _at(self, mark: int) -> datetime:
        found = instant_at(mark, self.unit, self.calendar)
        return found.astimezone(self.calendar.zone)


def _offset(rule: float | Duration, length: int) -> int:
    """Return how far from the start a share of *length* is, or what lies before its end."""
    return length - length_of(rule) if isinstance(rule, Duration) else round(length * rule)


def _rung_offset(rung: Rung, length: int, within: Duration) -> int | Duration:
    after = rung.after
    if after is not None:
        is_apart = after.unit is not within.unit and length_of(after)
        return after if is_apart else length + length_of(after)
    return _offset(rung.before or rung.share or 1.0, length)
