"""Clocks: by what instant must something have happened, and how near is it?

A *limit* is data ("5 working days"); a *due instant* is what it gives for one case. Everything
here is a pure function of its arguments: computing again after a new year is announced is calling
again.

Terms    limit 时限 · due 到期 · provisional 暂定 · pause 挂账、中止 · extension 延期
         · light 红黄绿灯
Units    instants are aware; a limit of days ends at 00:00 of the next civil day, so that in time
         is always ``done < due.at``
Source   Civil Code of the PRC (2020) arts. 201 (day of the start not counted) and 203 (a last day
         that is a rest day moves to the day after); whether another law says otherwise is the
         programme's to say
Not here what starts, pauses and meets a clock (``kernel.transition``)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import repeat

from luoshi.kernel.calendar import MICROSECOND, Calendar
from luoshi.kernel.duration import Duration, Unit
from luoshi.kernel.running_time import (
    ONE_DAY,
    counts_from,
    in_utc,
    instant_at,
    length_of,
    mark_at,
)


class Light(StrEnum):
    """How near a clock is to its due instant (红黄绿灯)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Due:
    """The instant by which something must have happened.

    Attributes:
        at: Aware instant in the calendar's zone; in time is ``done < at``.
        provisional: It was counted on days that are not announced yet, or rests on one that was:
            show it as such, and compute it again when the year is published.
        unmoved: Where calendar days were counted, the instant at which counting ended, before a
            last day of rest moved it; otherwise ``None``.
    """

    at: datetime
    provisional: bool
    unmoved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a clock did not run; ``end`` is ``None`` while it lasts.

    Raises:
        ValueError: It ends before it starts, or an instant is naive (a programming error).
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        start = in_utc(self.start)
        if self.end is not None and in_utc(self.end) < start:
            raise ValueError(f"a pause cannot end before it starts: {self}")


def due_at(start: datetime, limit: Duration, calendar: Calendar) -> Due:
    """Return the instant by which *limit*, running from *start*, expires.

    - Urgent hours run on through everything; office hours run in office windows only, and start
      with the next window if *start* is outside.
    - Days do not count the day of *start*, and expire at the end of the last one. Calendar days
      whose last day is a rest day expire at the end of the next working day.
    - No days at all means: by the end of the day of *start*, or of the next working day.

    Args:
        start: Aware instant at which the limit begins to run (e.g. dispatch).
        limit: Its length and kind.
        calendar: Decides what a working day is, and in which zone.

    Raises:
        ValueError: *start* is naive (a programming error).
        CalendarNotCovered: A day before the calendar, or 30 years beyond it, is needed.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> from datetime import time
        >>> from luoshi.kernel.calendar import OfficeHours, Season
        >>> nine_to_five = OfficeHours((Season((1, 1), ((time(9), time(17)),)),))
        >>> cal = Calendar("demo", ZoneInfo("Asia/Shanghai"), date(2026, 1, 1),
        ...                date(2026, 12, 31), frozenset(), frozenset(), nine_to_five)
        >>> friday = datetime(2026, 3, 6, 16, 30, tzinfo=cal.zone)
        >>> for limit in ("2 urgent hours", "2 office hours", "2 working days", "1 calendar day"):
        ...     print(due_at(friday, Duration.parse(limit), cal).at.isoformat())
        2026-03-06T18:30:00+08:00
        2026-03-09T10:30:00+08:00
        2026-03-11T00:00:00+08:00
        2026-03-10T00:00:00+08:00
    """
    return _due_after(start, length_of(limit), limit.unit, calendar)


def due_after_pause(
    due: Due, paused: datetime, resumed: datetime, unit: Unit, calendar: Calendar
) -> Due:
    """Return when a clock is due that stood still from *paused* to *resumed*.

    What was left at the start of the pause is left at its end. Day kinds pause in whole days, and
    the rule of the first day holds again: the day of the pause is used up, the day of the
    resumption is not counted. So the limit moves by the counting days after the one, up to and
    with the other, and a pause that ends on its own day moves nothing. If the pause began on the
    last day, the end of the day of resumption (or of the next working day) is the new limit.

    A clock that was overdue when it was paused stays so: its due instant does not move. Nothing
    ever becomes due earlier.

    Args:
        due: The due instant before the pause; give ``unmoved`` too where it is known.
        paused: Instant at which it was paused.
        resumed: Instant at which it runs on.
        unit: The kind of time of the limit.
        calendar: As for ``due_at``.

    Raises:
        ValueError: It resumes before it was paused, or an instant is naive (a programming error).
        CalendarNotCovered: As ``due_at``.

    Source:
        The law has no rule of its own for this; it is Civil Code art. 201 applied again.
    """
    Pause(paused, resumed)  # refuses what is no pause
    stood = counts_from(paused, unit, calendar)
    if in_utc(paused) >= in_utc(due.at) or stood == counts_from(resumed, unit, calendar):
        return due
    counted = mark_at(due.unmoved or due.at, unit, calendar)
    left = max(counted - mark_at(stood, unit, calendar), 0)
    moved = _due_after(resumed, left, unit, calendar)
    return _later(due, moved)


def extended(due: Due, by: Duration, calendar: Calendar) -> Due:
    """Return *due* extended by *by*, which runs on from the old due instant (延期).

    Days are counted after the old last day: five working days more after a limit that ends on
    Monday end on the next Monday. An extension may be of another kind than the limit.

    Raises:
        CalendarNotCovered: As ``due_at``.
    """
    length = length_of(by)
    if not length:
        return due
    start = in_utc(due.at) if by.unit.is_hours else in_utc(due.at) - MICROSECOND
    return _later(due, _due_after(start, length, by.unit, calendar))


def elapsed(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> timedelta:
    """Return how much of a limit that began at *start* was used at *end*; never negative.

    Hour kinds give running time: the hours in between, or the office hours in between. Day kinds
    give civil time on counting days, of which the day of *start* is none: one day is always 24 h.
    Beyond the published years Monday to Friday are assumed, as in a provisional ``Due``.

    Raises:
        ValueError: An instant is naive (a programming error).
        CalendarNotCovered: As ``due_at``.
    """
    began = mark_at(counts_from(start, unit, calendar), unit, calendar)
    return max(mark_at(end, unit, calendar) - began, 0) * MICROSECOND


def share(
    start: datetime,
    now: datetime,
    due: datetime,
    pauses: Sequence[Pause],
    unit: Unit,
    calendar: Calendar,
) -> float:
    """Return which share of its time a clock has used: 0 at *start*, 1 at *due*, then more.

    Args:
        start: Instant at which the clock started.
        now: Instant asked about.
        due: Present due instant, moved by every pause that has ended.
        pauses: In order of time; the last may have no end: the share stands still meanwhile.
        unit: The kind of time of the limit.
        calendar: As for ``due_at``.

    Returns:
        The share; where no counting time lies between start and due (a limit of no days), 0.0
        before *due* and 1.0 from it on.
    """
    ended = [pause for pause in pauses if pause.end is not None]
    whole = elapsed(start, due, unit, calendar) - _stood(ended, due, unit, calendar)
    used = elapsed(start, now, unit, calendar) - _stood(pauses, now, unit, calendar)
    if not whole:
        return float(in_utc(now) >= in_utc(due))
    return used / whole


def warn_instant(
    start: datetime,
    due: datetime,
    rule: float | Duration,
    unit: Unit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
) -> datetime:
    """Return the instant from which the light is yellow, in the calendar's zone.

    Args:
        start: Instant at which the clock started.
        due: Present due instant.
        rule: A share of the whole time (0.8: when 80 % is used), or a ``Duration`` before *due* (1
            working day: as soon as no more than that is left), measured in its own kind of time.
        unit: The kind of time of the limit; a share is measured in it.
        calendar: As for ``due_at``.
        pauses: Pauses that have ended, in order of time; only a share looks at them.

    Returns:
        Never before *start*, never after *due*.

    Raises:
        ValueError: A share outside 0 to 1 (a programming error).
    """
    if isinstance(rule, Duration):
        ruler = rule.unit
        mark = mark_at(due, ruler, calendar) - length_of(rule)
    elif 0 <= rule <= 1:
        ruler = unit
        mark = _mark_of_share(start, due, rule, unit, calendar, pauses)
    else:
        raise ValueError(f"a share lies between 0 and 1: {rule}")
    began, ends = in_utc(start), in_utc(due)
    if mark <= mark_at(began, ruler, calendar):
        return began.astimezone(calendar.zone)
    return min(instant_at(mark, ruler, calendar), ends).astimezone(calendar.zone)


def light(now: datetime, warn: datetime, due: datetime) -> Light:
    """Return red from *due* on, yellow from *warn* on, else green."""
    at = in_utc(now)
    if at >= in_utc(due):
        return Light.RED
    return Light.YELLOW if at >= in_utc(warn) else Light.GREEN


def due_many(
    starts: Iterable[date], working_days: int | Iterable[int], calendar: Calendar
) -> list[Due]:
    """Return the due instants of many working-day limits, each day reckoned once.

    Args:
        starts: Civil days (or aware instants, slower) on which the limits begin.
        working_days: One length for all, or one for each.
        calendar: As for ``due_at``.

    Raises:
        ValueError: There are more starts than lengths, or fewer.
        DurationInvalid: A length is negative.
        CalendarNotCovered: As ``due_at``.
    """
    one_for_all = isinstance(working_days, int)
    lengths = repeat(working_days) if isinstance(working_days, int) else working_days
    before, due = _WorkedThrough(calendar), _DueAfterWorked(calendar)
    return [
        due[before[start] + length] if length > 0 else _due_same_day(start, length, calendar)
        for start, length in zip(starts, lengths, strict=not one_for_all)
    ]


class _WorkedThrough(dict[date, int]):
    """Working days up to and with a day (or the day of an instant), looked up once for each."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def __missing__(self, start: date) -> int:
        if isinstance(start, datetime):
            return self[self.calendar.day_of(in_utc(start))]
        self[start] = self.calendar.worked_through(start)
        return self[start]


class _DueAfterWorked(dict[int, Due]):
    """Due instants by the number of working days that must be over, reckoned once for each."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def __missing__(self, number: int) -> Due:
        ended = self.calendar.opens(self.calendar.nth_worked(number) + ONE_DAY)
        self[number] = _due(ended, Unit.WORK_DAY, self.calendar)
        return self[number]


def _due_same_day(start: date, length: int, calendar: Calendar) -> Due:
    instant = start if isinstance(start, datetime) else calendar.opens(start)
    return due_at(instant, Duration(length, Unit.WORK_DAY), calendar)


def _due_after(start: datetime, length: int, unit: Unit, calendar: Calendar) -> Due:
    """Return when *length* more of *unit* will have run from *start*; the one rule behind all."""
    if unit.is_hours:
        return _due_in_hours(start, length, unit, calendar)
    counts = counts_from(start, unit, calendar)
    if unit is Unit.WORK_DAY and not length:
        ended = counts
    else:
        ended = instant_at(mark_at(counts, unit, calendar) + length, unit, calendar)
    last = calendar.day_of(ended - MICROSECOND)
    moved = calendar.working_day_after(last, 0)
    at = ended if moved == last else calendar.opens(moved + ONE_DAY)
    due = _due(at, unit, calendar)
    if unit is Unit.WORK_DAY:
        return due
    return replace(due, unmoved=ended.astimezone(calendar.zone))


def _due_in_hours(start: datetime, length: int, unit: Unit, calendar: Calendar) -> Due:
    """Return when *length* more of an hour kind will have run; no time left is due at once."""
    began = in_utc(start)
    ended = (
        instant_at(mark_at(began, unit, calendar) + length, unit, calendar) if length else began
    )
    return _due(ended, unit, calendar)


def _due(at: datetime, unit: Unit, calendar: Calendar) -> Due:
    """Return a due instant, provisional if its day is not published and its kind needs to know."""
    unknown = calendar.day_of(at - MICROSECOND) > calendar.last
    return Due(at.astimezone(calendar.zone), unit is not Unit.URGENT_HOUR and unknown)


def _later(due: Due, moved: Due) -> Due:
    """Return *moved*, but never an instant before *due*, and provisional if either is."""
    later = moved if in_utc(moved.at) >= in_utc(due.at) else due  # of two alike, what was counted
    return replace(later, provisional=due.provisional or moved.provisional)


def _stood(pauses: Iterable[Pause], until: datetime, unit: Unit, calendar: Calendar) -> timedelta:
    """Return how much counting time fell into *pauses*, up to *until*."""
    total = timedelta()
    for pause in pauses:
        stop = in_utc(until)
        if pause.end is not None:
            stop = min(stop, counts_from(pause.end, unit, calendar))
        total += elapsed(pause.start, stop, unit, calendar)
    return total


def _mark_of_share(
    start: datetime,
    due: datetime,
    part: float,
    unit: Unit,
    calendar: Calendar,
    pauses: Iterable[Pause],
) -> int:
    """Return the mark at which *part* of the time between *start* and *due* is used."""
    ended = [(pause, pause.end) for pause in pauses if pause.end is not None]
    stood_still = _stood((pause for pause, _ in ended), due, unit, calendar)
    whole = elapsed(start, due, unit, calendar) - stood_still
    position = mark_at(counts_from(start, unit, calendar), unit, calendar)
    left = round(whole / MICROSECOND * part)
    for pause, end in ended:
        resumes = counts_from(end, unit, calendar)
        stood = mark_at(counts_from(pause.start, unit, calendar), unit, calendar)
        if position + left <= stood:
            break
        left -= max(stood - position, 0)
        position = max(position, mark_at(resumes, unit, calendar))
    return position + left
