"""Calendars: which days are worked, and in which hours?

Built once from the State Council's yearly notices, a calendar answers by table: "is this a working
day", "how many working days up to here", "which is the n-th" cost the same for tomorrow and for a
day in ten years' time. Nothing is looked up anywhere.

Terms    working day 工作日 · rest day 休息日 · make-up working day 调休上班日
         · office hours 工作时间 · notice 放假安排通知
         · provisional 暂定 (counted on a year that is not announced yet)
Units    civil days in the calendar's zone; office time in microseconds
Source   State Council notices, one or more a year, named in ``Calendar.notices``
Not here limits and lights (``kernel.clock``); reading a calendar file (``formats.calendars``)
"""

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from luoshi.kernel.errors import CalendarNotCovered

ASSUMED_YEARS = 30
"""How far beyond the published years days are assumed; further than that is refused."""

DAYS_PER_YEAR = 366
DAYS_PER_WEEK = 7
WORKED_PER_WEEK = 5
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)

Window = tuple[time, time]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Season:
    """Office windows that hold from one day of the year until the next season begins.

    Args:
        begins: Month and day, e.g. ``(6, 1)``.
        windows: Opening and closing wall times, in order, not overlapping; none over midnight.

    Raises:
        ValueError: There is no window, or the windows are out of order, or there is no such day.
    """

    begins: tuple[int, int]
    windows: tuple[Window, ...]
    length: int = field(init=False, repr=False, compare=False)
    """Microseconds that the windows are open, by the clock on the wall."""

    def __post_init__(self) -> None:
        date(2000, *self.begins)  # a leap year: 29 February may begin a season
        edges = [edge for window in self.windows for edge in window]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(f"office windows must be in order and not overlap: {self.windows}")
        walls = [(_on_the_wall(end) - _on_the_wall(start)) for start, end in self.windows]
        object.__setattr__(self, "length", sum(walls, timedelta()) // MICROSECOND)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Office hours through the year (工作时间), local configuration.

    Args:
        seasons: At least one, in the order of the year.

    Raises:
        ValueError: There is no season, or they are out of order.

    Example:
        >>> OfficeHours((Season((1, 1), ((time(9), time(17)),)),)).on(date(2026, 7, 1))
        ((datetime.time(9, 0), datetime.time(17, 0)),)
    """

    seasons: tuple[Season, ...]

    def __post_init__(self) -> None:
        begins = [season.begins for season in self.seasons]
        if not begins or any(a >= b for a, b in pairwise(begins)):
            raise ValueError(f"seasons must be in the order of the year: {begins}")

    def season_on(self, day: date) -> Season:
        """Return the season in force on *day*; the last one runs on into the new year."""
        begun = [s for s in self.seasons if s.begins <= (day.month, day.day)]
        return begun[-1] if begun else self.seasons[-1]

    def on(self, day: date) -> tuple[Window, ...]:
        """Return the windows in force on *day*."""
        return self.season_on(day).windows


@dataclass(frozen=True, slots=True)
class Notice:
    """An official notice that fixes the working days of a year (放假安排通知)."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, repr=False)
class Calendar:
    """The working days of one country or place.

    Monday to Friday are worked and the weekend is not, but for the days named. Years beyond
    ``last`` are not announced: ``is_working`` refuses them; the counting functions assume plain
    Monday to Friday, for at most 30 years, and ``is_published`` tells which it was.

    Args:
        name: Name of the calendar, e.g. ``"cn"``.
        zone: The zone whose midnights separate its days.
        first: First published day; nothing before it can be counted.
        last: Last published day.
        rest_days: Days off, though Monday to Friday (weekend days may be named too).
        work_days: Make-up working days, though Saturday or Sunday.
        office: Office hours of a working day.
        notices: By year, the notices it rests on.

    Raises:
        ValueError: ``last`` is before ``first``, or a day is both off and worked.

    Example:
        >>> nine = OfficeHours((Season((1, 1), ((time(9), time(17)),)),))
        >>> demo = Calendar("demo", ZoneInfo("Asia/Shanghai"), date(2026, 1, 1),
        ...                 date(2026, 12, 31), frozenset(), frozenset(), nine)
        >>> demo.working_day_after(date(2026, 3, 6), 1)  # a Friday
        datetime.date(2026, 3, 9)
    """

    name: str
    zone: ZoneInfo
    first: date
    last: date
    rest_days: frozenset[date]
    work_days: frozenset[date]
    office: OfficeHours
    notices: Mapping[int, tuple[Notice, ...]] = field(default_factory=dict, hash=False)
    _worked: "array[int]" = field(init=False, compare=False)
    """Ordinals of the working days, in order."""
    _through: "array[int]" = field(init=False, compare=False)
    """For each day from ``first``: working days up to and with it."""
    _office: "array[int]" = field(init=False, compare=False)
    """Microseconds of office time before the n-th working day."""
    _opens: dict[date, datetime] = field(init=False, compare=False, default_factory=dict)
    """Beginnings of days that were asked for; at most one for each day, as with ``_windows``."""
    _windows: dict[date, tuple[Span, ...]] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        both = sorted(self.rest_days & self.work_days)
        if self.last < self.first or both:
            raise ValueError(f"calendar {self.name}: {self.first} to {self.last}, both: {both}")
        worked = array("l", _worked_ordinals(self))
        object.__setattr__(self, "_worked", worked)
        object.__setattr__(self, "_through", _counts(self.first.toordinal(), worked))
        lengths = map(self._office_time, map(date.fromordinal, worked))
        object.__setattr__(self, "_office", array("q", accumulate(lengths, initial=0)))

    def __repr__(self) -> str:
        return f"<Calendar {self.name}, {self.first} to {self.last}, {self.zone}>"

    def is_published(self, day: date) -> bool:
        """Whether *day* lies in the years that have been announced."""
        return self.first <= day <= self.last

    def is_working(self, day: date) -> bool:
        """Whether *day* is a working day, by the notices.

        Raises:
            CalendarNotCovered: The year of *day* is not published; never a guess.
        """
        if not self.is_published(day):
            raise self._not_covered(day)
        return self.is_working_or_assumed(day)

    def is_working_or_assumed(self, day: date) -> bool:
        """Like ``is_working``, but assuming Monday to Friday beyond the last published day.

        Raises:
            CalendarNotCovered: *day* is before the first day, or 30 years beyond the last.
        """
        at = self._index(day)
        return self._through[at] > (self._through[at - 1] if at else 0)

    def worked_through(self, day: date) -> int:
        """Return how many working days there are from ``first`` up to and with *day*.

        Raises:
            CalendarNotCovered: As ``is_working_or_assumed``.
        """
        return self._through[self._index(day)]

    def nth_worked(self, number: int) -> date:
        """Return the *number*-th working day since ``first``, which may be assumed.

        Raises:
            CalendarNotCovered: There is none, or it lies 30 years beyond the last published day.
        """
        if not 1 <= number <= len(self._worked):
            raise self._not_covered(f"working day number {number}")
        return date.fromordinal(self._worked[number - 1])

    def working_day_after(self, day: date, number: int) -> date:
        """Return the *number*-th working day after *day*; number 0 is *day* or the next one."""
        if number:
            return self.nth_worked(self.worked_through(day) + number)
        return day if self.is_working_or_assumed(day) else self.working_day_after(day, 1)

    def day_of(self, instant: datetime) -> date:
        """Return the civil day of the aware *instant* in the calendar's zone."""
        return instant.astimezone(self.zone).date()

    def last_second(self, due: datetime) -> datetime:
        """Return *due* for whoever shows days alone: the end of a day is its last second."""
        is_whole_day = due == self.opens(self.day_of(due))
        return due - timedelta(seconds=1) if is_whole_day else due

    def opens(self, day: date) -> datetime:
        """Return the instant, in UTC, at which *day* begins."""
        known = self._opens.get(day)
        if known is None:
            known = self._opens[day] = self.instant_of(day, time.min)
        return known

    def instant_of(self, day: date, wall: time) -> datetime:
        """Return the first instant, in UTC, at which clocks on *day* show *wall* or later.

        Where clocks are put back, that is the first of the two; where they are put forward over
        *wall*, the instant of the change.
        """
        shown = datetime.combine(day, wall)
        first, second = (
            shown.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
        while first > second:  # a gap: the change is after `second`, and at `first` the latest
            middle = second + (first - second) // (2 * SECOND) * SECOND
            if middle.astimezone(self.zone).replace(tzinfo=None) >= shown:
                first = middle
            elif middle == second:
                return first
            else:
                second = middle
        return first

    def windows(self, day: date) -> tuple[Span, ...]:
        """Return the office windows of *day* as instants in UTC, whether it is worked or not."""
        known = self._windows.get(day)
        if known is None:
            known = self._windows[day] = tuple(
                (self.instant_of(day, start), self.instant_of(day, end))
                for start, end in self.office.on(day)
            )
        return known

    def office_before(self, day: date) -> int:
        """Return the microseconds of office time from ``first`` until *day* begins."""
        return self._office[self.worked_through(day) - self.is_working_or_assumed(day)]

    def office_day(self, mark: int) -> date:
        """Return the working day in which the office time since ``first`` reaches *mark*, above 0.

        Raises:
            CalendarNotCovered: It lies 30 years beyond the last published day.
        """
        return self.nth_worked(bisect_left(self._office, mark))

    def _office_time(self, day: date) -> int:
        """Return the office time of *day*, in microseconds, as if it were worked."""
        season = self.office.season_on(day)
        opens, closes = season.windows[0][0], season.windows[-1][1]
        if self._offset(day, opens, 0) == self._offset(day, closes, 1):  # clocks not changed
            return season.length
        return sum((end - start) // MICROSECOND for start, end in self.windows(day))

    def _offset(self, day: date, wall: time, fold: int) -> timedelta | None:
        return datetime.combine(day, wall.replace(fold=fold), self.zone).utcoffset()

    def _index(self, day: date) -> int:
        index = day.toordinal() - self.first.toordinal()
        if not 0 <= index < len(self._through):
            raise self._not_covered(day)
        return index

    def _not_covered(self, day: object) -> CalendarNotCovered:
        return CalendarNotCovered(
            day=str(day), calendar=self.name, first=str(self.first), last=str(self.last)
        )


def _on_the_wall(wall: time) -> datetime:
    return datetime.combine(date.min, wall)


def _worked_ordinals(calendar: Calendar) -> list[int]:
    """Return the working days, published and then assumed; ordinal 1 was a Monday."""
    first, last = calendar.first.toordinal(), calendar.last.toordinal()
    end = min(last + ASSUMED_YEARS * DAYS_PER_YEAR, date.max.toordinal() - 1)
    named = {day.toordinal(): False for day in calendar.rest_days if day <= calendar.last}
    named |= {day.toordinal(): True for day in calendar.work_days if day <= calendar.last}
    return [
        day
        for day in range(first, end + 1)
        if named.get(day, (day - 1) % DAYS_PER_WEEK < WORKED_PER_WEEK)
    ]


def _counts(first: int, worked: "array[int]") -> "array[int]":
    """Return, for each day from *first* to the last one worked, the number worked so far."""
    steps = bytearray(worked[-1] - first + 1)
    for day in worked:
        steps[day - first] = 1
    return array("l", accumulate(steps))
