"""Running time: how far has each of the four kinds of time got at an instant?

Each kind is a ruler laid along the world's time. ``mark_at`` reads the ruler at an instant,
``instant_at`` finds the first instant at which it shows a mark. The difference of two marks is the
time that ran between them. Every other rule about clocks is arithmetic on marks.

Terms    mark 刻度: running time since the ruler's own beginning
Units    marks are microseconds. In day kinds a counting day is always 86 400 s long and passes
         evenly between its midnights, even where the clocks are changed on it
Not here limits, pauses, extensions, lights (``kernel.clock``)
"""

from datetime import UTC, date, datetime, timedelta

from luoshi.kernel.calendar import MICROSECOND, Calendar
from luoshi.kernel.duration import Duration, Unit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
DAY = ONE_DAY // MICROSECOND
MINUTE = timedelta(minutes=1) // MICROSECOND


def in_utc(instant: datetime) -> datetime:
    """Return *instant* in UTC, where subtraction and comparison mean what they say.

    Raises:
        ValueError: *instant* is naive (a programming error).
    """
    if instant.tzinfo is None:
        raise ValueError(f"an instant must know its zone: {instant!r}")
    return instant.astimezone(UTC)


def length_of(duration: Duration) -> int:
    """Return the length of *duration* on the ruler of its own unit."""
    if duration.unit.is_hours:
        return duration.total_minutes * MINUTE
    return duration.amount * DAY


def counts_from(start: datetime, unit: Unit, calendar: Calendar) -> datetime:
    """Return the instant from which time counts for something that begins at *start*.

    Hours count at once. In day kinds the day of the event is not counted (Civil Code art. 201):
    they count from the following midnight.
    """
    if unit.is_hours:
        return in_utc(start)
    return calendar.opens(calendar.day_of(in_utc(start)) + ONE_DAY)


def mark_at(instant: datetime, unit: Unit, calendar: Calendar) -> int:
    """Return the mark that the ruler of *unit* shows at *instant*; it never falls.

    Raises:
        CalendarNotCovered: *instant* is before the calendar, or too far beyond it.
    """
    at = in_utc(instant)
    if unit is Unit.URGENT_HOUR:
        return (at - EPOCH) // MICROSECOND
    day = calendar.day_of(at)
    if unit is Unit.NATURAL_DAY:
        return day.toordinal() * DAY + _passed(day, at, calendar)
    worked = calendar.is_working_or_assumed(day)
    if unit is Unit.WORK_DAY:
        before = (calendar.worked_through(day) - worked) * DAY
        return before + (_passed(day, at, calendar) if worked else 0)
    return calendar.office_before(day) + (_office_passed(day, at, calendar) if worked else 0)


def instant_at(mark: int, unit: Unit, calendar: Calendar) -> datetime:
    """Return the first instant, in UTC, at which the ruler of *unit* shows *mark*.

    Raises:
        CalendarNotCovered: That is before the calendar, or too far beyond it.
    """
    if unit is Unit.URGENT_HOUR:
        return EPOCH + mark * MICROSECOND
    if not mark:  # nothing was worked yet: the ruler's own beginning
        return calendar.opens(calendar.first)
    if unit is Unit.WORK_HOUR:
        return _office_instant(mark, calendar)
    number, part = divmod(mark, DAY)
    if unit is Unit.NATURAL_DAY:
        return _within(date.fromordinal(number), part, calendar)
    if part:
        return _within(calendar.nth_worked(number + 1), part, calendar)
    return calendar.opens(calendar.nth_worked(number) + ONE_DAY)


def _passed(day: date, at: datetime, calendar: Calendar) -> int:
    """Return how much of *day* has passed at *at*, as a part of 86 400 s."""
    opens, closes = calendar.opens(day), calendar.opens(day + ONE_DAY)
    return DAY * ((at - opens) // MICROSECOND) // ((closes - opens) // MICROSECOND)


def _within(day: date, part: int, calendar: Calendar) -> datetime:
    """Return the first instant at which *part* of 86 400 s of *day* have passed."""
    opens, closes = calendar.opens(day), calendar.opens(day + ONE_DAY)
    length = (closes - opens) // MICROSECOND
    return opens + -(-length * part // DAY) * MICROSECOND


def _office_passed(day: date, at: datetime, calendar: Calendar) -> int:
    return sum(
        (min(max(at, start), end) - start) // MICROSECOND for start, end in calendar.windows(day)
    )


def _office_instant(mark: int, calendar: Calendar) -> datetime:
    day = calendar.office_day(mark)
    left = (mark - calendar.office_before(day)) * MICROSECOND
    for start, end in calendar.windows(day)[:-1]:
        if left <= end - start:
            return start + left
        left -= end - start
    return calendar.windows(day)[-1][0] + left
