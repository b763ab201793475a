"""Calendars, instants and slow oracles for the tests of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from luoshi.formats.calendars import load_calendar
from luoshi.kernel.calendar import Calendar, OfficeHours, Season
from luoshi.kernel.duration import Duration, Unit


def announced(calendar: Calendar, last: date) -> Calendar:
    """Return *calendar* as it was before any year after *last* was announced."""
    return replace(
        calendar,
        last=last,
        rest_days=frozenset(day for day in calendar.rest_days if day <= last),
        work_days=frozenset(day for day in calendar.work_days if day <= last),
    )


CN = announced(
    load_calendar(Path(__file__).parents[2] / "calendars" / "cn.yaml"), date(2026, 12, 31)
)
DAY_SHIFT = OfficeHours((Season((1, 1), ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))),))
NIGHT_SHIFT = OfficeHours((Season((1, 1), ((time(0, 30), time(5)), (time(22), time(23, 30)))),))


def plain(
    zone: str, office: OfficeHours = DAY_SHIFT, first: int = 2007, last: int = 2026
) -> Calendar:
    """Return a calendar without holidays."""
    none: frozenset[date] = frozenset()
    days = date(first, 1, 1), date(last, 12, 31)
    return Calendar(zone, ZoneInfo(zone), *days, none, none, office)


def at(text: str, calendar: Calendar = CN) -> datetime:
    """Read a wall time in the zone of *calendar*."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


ZONES = {
    name: plain(name, NIGHT_SHIFT)
    for name in (
        "America/New_York",
        "America/Havana",  # clocks change at midnight
        "America/Sao_Paulo",  # a day that begins at 01:00
        "Australia/Lord_Howe",  # by half an hour
        "Pacific/Apia",  # 30 December 2011 never was
        "Asia/Shanghai",
    )
}
CALENDARS = (CN, *ZONES.values())
WITHOUT_LOST_DAYS = [each for each in CALENDARS if each.name != "Pacific/Apia"]
"""A day of no length is counted, but no time passes on it: that is tried by hand."""

minutes = st.datetimes(datetime(2007, 1, 3), datetime(2027, 6, 30)).map(  # noqa: DTZ001
    lambda wall: wall.replace(second=0, microsecond=0, tzinfo=UTC)
)
instants = st.datetimes(datetime(2007, 1, 3), datetime(2027, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
units = st.sampled_from(Unit)
day_units = st.sampled_from((Unit.WORK_DAY, Unit.NATURAL_DAY))
hour_units = st.sampled_from((Unit.URGENT_HOUR, Unit.WORK_HOUR))
calendars = st.sampled_from(WITHOUT_LOST_DAYS)
durations = st.one_of(
    st.builds(Duration, st.integers(0, 60), day_units),
    st.builds(Duration, st.integers(0, 60), hour_units, st.integers(0, 59)),
)
spells = st.timedeltas(timedelta(), timedelta(days=40))


def is_worked(day: date, calendar: Calendar) -> bool:
    """Tell from the lists alone whether *day* is worked, beyond the published years too."""
    if day in calendar.work_days:
        return True
    return day.isoweekday() <= 5 and day not in calendar.rest_days


def is_open(instant: datetime, calendar: Calendar) -> bool:
    """Tell from the clock on the wall whether the office is open."""
    local = instant.astimezone(calendar.zone)
    windows = calendar.office.on(local.date())
    inside = any(start <= local.time() < end for start, end in windows)
    return inside and is_worked(local.date(), calendar)


def office_due_by_minutes(start: datetime, minutes_left: int, calendar: Calendar) -> datetime:
    """Walk minute by minute until the office was open for so many minutes."""
    moment = start.astimezone(UTC)
    while minutes_left:
        minutes_left -= is_open(moment, calendar)
        moment += timedelta(minutes=1)
    return moment


def office_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Count the minutes between two instants in which the office is open."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    count = (last - first) // timedelta(minutes=1)
    return sum(is_open(first + timedelta(minutes=n), calendar) for n in range(count))


def last_day_by_days(start: date, limit: Duration, calendar: Calendar) -> date:
    """Walk day by day to the last day of a limit of days."""
    day, left = start, limit.amount
    while left:
        day += timedelta(days=1)
        left -= limit.unit is Unit.NATURAL_DAY or is_worked(day, calendar)
    while not is_worked(day, calendar):
        day += timedelta(days=1)
    return day
