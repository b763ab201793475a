"""Working days, against the State Council's notices; office hours; years not announced yet."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.sample_calendars import CALENDARS, CN, DAY_SHIFT, ZONES, is_worked, plain
from tests.shared_data import shared_path

from luoshi.kernel.calendar import Calendar, OfficeHours, Season
from luoshi.kernel.errors import CalendarNotCovered

published = st.dates(CN.first, CN.last)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param("2026-02-13", True, id="the Friday before spring festival"),
        pytest.param("2026-02-14", True, id="a Saturday worked in exchange"),
        pytest.param("2026-02-16", False, id="a Monday off"),
        pytest.param("2026-02-23", False, id="the last day off"),
        pytest.param("2026-02-24", True, id="back at work"),
        pytest.param("2026-03-07", False, id="an ordinary Saturday"),
        pytest.param("2020-01-31", False, id="off by the second notice of 2020"),
        pytest.param("2020-02-03", True, id="the day after the holiday was made longer"),
        pytest.param("2007-12-29", True, id="changed by the notice of the next year"),
        pytest.param("2007-12-31", False, id="off by the notice of the next year"),
        pytest.param("2015-09-03", False, id="off in one year only"),
    ],
)
def test_working_days_follow_the_notices(day: str, *, works: bool) -> None:
    assert CN.is_working(date.fromisoformat(day)) is works


def test_every_day_of_twenty_years_agrees_with_the_published_data() -> None:
    path = shared_path("china-holidays", "working_days_2007_2027.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        expected = {
            date.fromisoformat(row["date"]): row["is_working_day"] == "1"
            for row in csv.DictReader(lines)
            if row["date"] < "2027"
        }

    assert len(expected) == 7305
    assert {day: CN.is_working(day) for day in expected} == expected


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("2026-03-16T16:00:00+00:00", "2026-03-16T15:59:59+00:00"),  # 24:00 in Shanghai
        ("2026-03-16T15:59:00+00:00", "2026-03-16T15:59:00+00:00"),
        ("2026-03-16T00:00:00+00:00", "2026-03-16T00:00:00+00:00"),  # midnight elsewhere
    ],
)
def test_the_end_of_a_day_is_told_as_its_last_second(due: str, told: str) -> None:
    assert CN.last_second(datetime.fromisoformat(due)).isoformat() == told


@pytest.mark.parametrize("day", ["2006-12-31", "2027-01-01", "2027-03-01"])
def test_a_year_that_is_not_announced_is_never_guessed(day: str) -> None:
    with pytest.raises(CalendarNotCovered) as refusal:
        CN.is_working(date.fromisoformat(day))

    assert refusal.value.code == "calendar.not_covered"
    assert refusal.value.data["last"] == "2026-12-31"


def test_beyond_the_last_year_monday_to_friday_are_assumed_when_asked_for() -> None:
    assert CN.is_working_or_assumed(date(2027, 1, 1)) is True  # a Friday, certainly a holiday
    assert CN.is_working_or_assumed(date(2027, 1, 2)) is False
    assert not CN.is_published(date(2027, 1, 1))
    assert CN.is_published(date(2026, 12, 31))
    assert CN.is_published(CN.first)


@pytest.mark.parametrize("day", [date(2006, 12, 31), date(2060, 1, 1), date.max, date.min])
def test_days_far_away_are_refused(day: date) -> None:
    with pytest.raises(CalendarNotCovered):
        CN.is_working_or_assumed(day)


@pytest.mark.parametrize("number", [0, -1, 1_000_000])
def test_there_is_no_such_working_day(number: int) -> None:
    with pytest.raises(CalendarNotCovered, match="working day number"):
        CN.nth_worked(number)


@given(published, st.integers(1, 300))
def test_the_nth_working_day_after_a_day_has_n_worked_days_behind_it(
    day: date, number: int
) -> None:
    found = CN.working_day_after(day, number)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]

    assert sum(is_worked(each, CN) for each in between) == number
    assert is_worked(found, CN)


def test_working_day_zero_is_the_day_itself_or_the_next_one() -> None:
    assert CN.working_day_after(date(2026, 2, 13), 0) == date(2026, 2, 13)
    assert CN.working_day_after(date(2026, 2, 16), 0) == date(2026, 2, 24)


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.name)
def test_office_time_of_all_days_adds_up(calendar: Calendar) -> None:
    day, total = calendar.first, 0
    while day < date(2012, 1, 5):
        assert calendar.office_before(day) == total
        if is_worked(day, calendar):
            spans = calendar.windows(day)
            total += sum((end - start) // timedelta(microseconds=1) for start, end in spans)
        day += timedelta(days=1)


def test_the_season_decides_the_office_hours() -> None:
    winter, summer = ((time(9), time(17)),), ((time(8), time(11)), (time(15), time(18)))
    hours = OfficeHours((Season((6, 1), summer), Season((10, 1), winter)))

    assert hours.on(date(2026, 5, 31)) == winter  # runs on over the new year
    assert hours.on(date(2026, 6, 1)) == summer
    assert hours.on(date(2026, 10, 1)) == winter
    assert hours.season_on(date(2026, 7, 1)).length == 6 * 3600 * 10**6


@pytest.mark.parametrize(
    "windows",
    [
        pytest.param((), id="no window"),
        pytest.param(((time(12), time(9)),), id="closes before it opens"),
        pytest.param(((time(9), time(13)), (time(12), time(17))), id="windows overlap"),
        pytest.param(((time(9), time(12)), (time(12), time(17))), id="two windows that are one"),
    ],
)
def test_office_windows_must_be_in_order(windows: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="office windows"):
        Season((1, 1), windows)


def test_seasons_must_be_days_in_the_order_of_the_year() -> None:
    nine = ((time(9), time(17)),)
    with pytest.raises(ValueError, match="order of the year"):
        OfficeHours((Season((6, 1), nine), Season((5, 1), nine)))
    with pytest.raises(ValueError, match="order of the year"):
        OfficeHours(())
    with pytest.raises(ValueError, match="day"):
        Season((2, 30), nine)


def test_a_day_cannot_be_both_off_and_worked() -> None:
    day = frozenset({date(2026, 2, 14)})
    with pytest.raises(ValueError, match="2026, 2, 14"):
        Calendar("x", CN.zone, CN.first, CN.last, day, day, DAY_SHIFT)
    with pytest.raises(ValueError, match="calendar x"):
        Calendar("x", CN.zone, CN.last, CN.first, day, frozenset(), DAY_SHIFT)


def test_named_days_outside_the_calendar_change_nothing() -> None:
    days = frozenset({date(2006, 12, 29), date(2027, 1, 1)})
    calendar = Calendar("x", CN.zone, CN.first, CN.last, days, frozenset(), DAY_SHIFT)

    assert calendar.is_working_or_assumed(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        pytest.param("Asia/Shanghai", "2026-03-01", "2026-02-28T16:00", id="no change"),
        pytest.param("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", id="begins at 01:00"),
        pytest.param(
            "America/Havana", "2019-11-03", "2019-11-03T04:00", id="midnight comes twice"
        ),
        pytest.param("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", id="a day that never was"),
        pytest.param("Pacific/Apia", "2011-12-31", "2011-12-30T10:00", id="the day after it"),
    ],
)
def test_a_day_begins_at_its_first_instant(zone: str, day: str, begins: str) -> None:
    opens = ZONES[zone].opens(date.fromisoformat(day))

    assert opens == datetime.fromisoformat(begins).replace(tzinfo=UTC)


def test_a_wall_time_that_clocks_skip_is_the_instant_of_the_change() -> None:
    new_york = ZONES["America/New_York"]

    skipped = new_york.instant_of(date(2026, 3, 8), time(2, 40))

    assert skipped == datetime(2026, 3, 8, 7, tzinfo=UTC)


@given(st.sampled_from(list(ZONES.values())), st.dates(date(2007, 1, 2), date(2026, 12, 31)))
def test_the_instant_before_a_day_begins_belongs_to_a_day_before(
    calendar: Calendar, day: date
) -> None:
    opens = calendar.opens(day)

    assert calendar.day_of(opens - timedelta(microseconds=1)) < day <= calendar.day_of(opens)


def test_calendars_are_values() -> None:
    one, same = plain("Asia/Shanghai"), plain("Asia/Shanghai")

    assert one == same
    assert hash(one) == hash(same)
    assert one.zone == ZoneInfo("Asia/Shanghai")
    assert repr(one) == "<Calendar Asia/Shanghai, 2007-01-01 to 2026-12-31, Asia/Shanghai>"
