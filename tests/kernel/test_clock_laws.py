"""Clocks against slow oracles, and what must hold of them whatever is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.kernel.sample_calendars import (
    CN,
    ZONES,
    at,
    calendars,
    day_units,
    durations,
    hour_units,
    instants,
    last_day_by_days,
    minutes,
    office_due_by_minutes,
    office_minutes,
    spells,
    units,
)

from luoshi.kernel.calendar import Calendar
from luoshi.kernel.clock import (
    Due,
    Pause,
    due_after_pause,
    due_at,
    due_many,
    elapsed,
    extended,
    share,
    warn_instant,
)
from luoshi.kernel.duration import Duration, DurationInvalid, Unit
from luoshi.kernel.errors import CalendarNotCovered
from luoshi.kernel.running_time import instant_at, length_of, mark_at

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# --- against slow oracles ------------------------------------------------------------------------


@settings(max_examples=60)
@given(minutes, st.integers(1, 1500), calendars)
def test_office_hours_run_as_counted_minute_by_minute(
    start: datetime, length: int, calendar: Calendar
) -> None:
    hours, rest = divmod(length, 60)

    found = due_at(start, Duration(hours, Unit.WORK_HOUR, rest), calendar).at

    assert found.astimezone(UTC) == office_due_by_minutes(start, length, calendar)


@settings(max_examples=60)
@given(minutes, st.integers(0, 15_000), calendars)
def test_office_time_elapsed_is_what_counting_minutes_gives(
    start: datetime, length: int, calendar: Calendar
) -> None:
    end = start + timedelta(minutes=length)

    spent = elapsed(start, end, Unit.WORK_HOUR, calendar)

    assert spent == timedelta(minutes=office_minutes(start, end, calendar))


@pytest.mark.parametrize(
    ("zone", "start", "limit"),
    [
        pytest.param("America/New_York", "2026-03-06T20:00", 900, id="clocks put forward"),
        pytest.param("America/New_York", "2026-10-30T20:00", 900, id="clocks put back"),
        pytest.param("Australia/Lord_Howe", "2026-10-01T20:00", 900, id="by half an hour"),
        pytest.param("Pacific/Apia", "2011-12-29T12:00", 900, id="a day that never was"),
        pytest.param("America/Havana", "2019-11-01T12:00", 900, id="midnight twice"),
    ],
)
def test_office_hours_run_right_through_a_change_of_clocks(
    zone: str, start: str, limit: int
) -> None:
    calendar = ZONES[zone]
    first = at(start, calendar)

    found = due_at(first, Duration(limit // 60, Unit.WORK_HOUR), calendar).at

    assert found.astimezone(UTC) == office_due_by_minutes(first, limit, calendar)


@given(instants, st.integers(0, 60), day_units, calendars)
def test_days_are_what_counting_days_gives(
    start: datetime, amount: int, unit: Unit, calendar: Calendar
) -> None:
    limit = Duration(amount, unit)
    last = last_day_by_days(calendar.day_of(start), limit, calendar)

    assert due_at(start, limit, calendar).at == calendar.opens(last + DAY)


@given(instants, st.integers(0, 500), calendars)
def test_urgent_hours_are_plain_hours(start: datetime, hours: int, calendar: Calendar) -> None:
    found = due_at(start, Duration(hours, Unit.URGENT_HOUR), calendar).at

    assert found.astimezone(UTC) - start == hours * HOUR


# --- what must always hold -----------------------------------------------------------------------


@given(instants, durations, st.integers(0, 30), calendars)
def test_a_longer_limit_is_never_due_earlier(
    start: datetime, limit: Duration, more: int, calendar: Calendar
) -> None:
    longer = Duration(limit.amount + more, limit.unit, limit.minutes)

    assert start <= due_at(start, limit, calendar).at <= due_at(start, longer, calendar).at


@given(instants, spells, durations, calendars)
def test_a_later_start_is_never_due_earlier(
    start: datetime, spell: timedelta, limit: Duration, calendar: Calendar
) -> None:
    later = due_at(start + spell, limit, calendar)

    assert due_at(start, limit, calendar).at <= later.at


@given(instants, durations, calendars)
def test_the_time_elapsed_until_due_is_the_limit(
    start: datetime, limit: Duration, calendar: Calendar
) -> None:
    due = due_at(start, limit, calendar)
    spent = elapsed(start, due.at, limit.unit, calendar)

    if limit.unit is Unit.NATURAL_DAY or not limit.amount:  # may have been moved to a working day
        assert spent >= length_of(limit) * MICROSECOND
    else:
        assert spent == length_of(limit) * MICROSECOND


@given(instants, spells, spells, units, calendars)
def test_time_elapsed_adds_up_and_never_falls(
    start: datetime, spell: timedelta, more: timedelta, unit: Unit, calendar: Calendar
) -> None:
    spent = elapsed(start, start + spell, unit, calendar)

    assert timedelta() <= spent <= elapsed(start, start + spell + more, unit, calendar)
    assert elapsed(start + spell, start, unit, calendar) == timedelta()


@given(instants, units, calendars)
def test_a_mark_is_found_again_at_or_before_the_instant_it_was_read(
    instant: datetime, unit: Unit, calendar: Calendar
) -> None:
    mark = mark_at(instant, unit, calendar)

    found = instant_at(mark, unit, calendar)

    assert found <= instant
    assert 0 <= mark_at(found, unit, calendar) - mark <= 1  # microsecond, on a day of 23 hours


@given(instants, spells, durations, calendars)
def test_a_pause_of_no_length_changes_nothing(
    start: datetime, spell: timedelta, limit: Duration, calendar: Calendar
) -> None:
    due = due_at(start, limit, calendar)
    moment = start + spell

    assert due_after_pause(due, moment, moment, limit.unit, calendar) == due


@given(instants, spells, spells, durations, calendars)
def test_a_pause_never_makes_anything_due_earlier(
    start: datetime, spell: timedelta, pause: timedelta, limit: Duration, calendar: Calendar
) -> None:
    due = due_at(start, limit, calendar)
    paused = start + spell
    moved = due_after_pause(due, paused, paused + pause, limit.unit, calendar)

    assert moved.at >= due.at
    if paused < due.at:
        assert moved.at >= paused + pause
    else:
        assert moved == due


@given(instants, spells, spells, spells, durations, calendars)
def test_a_longer_pause_is_never_due_earlier(
    start: datetime,
    spell: timedelta,
    pause: timedelta,
    more: timedelta,
    limit: Duration,
    calendar: Calendar,
) -> None:
    due = due_at(start, limit, calendar)
    paused = start + spell
    shorter = due_after_pause(due, paused, paused + pause, limit.unit, calendar)
    longer = due_after_pause(due, paused, paused + pause + more, limit.unit, calendar)

    assert shorter.at <= longer.at


@settings(max_examples=400)
@given(instants, st.floats(0, 0.9), spells, durations, calendars)
def test_what_was_left_before_a_pause_is_left_after_it(
    start: datetime, part: float, pause: timedelta, limit: Duration, calendar: Calendar
) -> None:
    due = due_at(start, limit, calendar)
    paused = start + (due.at - start) * part
    resumed = paused + pause
    left = elapsed(paused, due.unmoved or due.at, limit.unit, calendar)
    assume(left)

    moved = due_after_pause(due, paused, resumed, limit.unit, calendar)
    left_after = elapsed(resumed, moved.unmoved or moved.at, limit.unit, calendar)

    assert left_after == left


@given(instants, durations, durations, calendars)
def test_an_extension_is_never_due_earlier(
    start: datetime, limit: Duration, by: Duration, calendar: Calendar
) -> None:
    due = due_at(start, limit, calendar)
    longer = extended(due, by, calendar)

    assert longer.at >= due.at
    if by.amount:
        assert longer.at > due.at


@given(instants, spells, spells, durations, calendars)
def test_a_share_is_zero_at_the_start_one_when_due_and_never_falls(
    start: datetime, spell: timedelta, more: timedelta, limit: Duration, calendar: Calendar
) -> None:
    due = due_at(start, limit, calendar).at
    moments = (start, start + spell, start + spell + more)
    shares = [share(start, now, due, (), limit.unit, calendar) for now in moments]

    assert share(start, due, due, (), limit.unit, calendar) == 1.0
    assert shares[0] == (1.0 if due == start else 0.0)
    assert shares == sorted(shares)


@given(instants, st.floats(0, 1), spells, spells, durations, calendars)
def test_a_share_stands_still_in_a_pause_and_is_one_when_due_after_it(
    start: datetime,
    part: float,
    pause: timedelta,
    more: timedelta,
    limit: Duration,
    calendar: Calendar,
) -> None:
    due = due_at(start, limit, calendar)
    paused = start + (due.at - start) * part
    resumed = paused + pause
    moved = due_after_pause(due, paused, resumed, limit.unit, calendar).at
    lasting, ended = [Pause(paused)], [Pause(paused, resumed)]

    assert share(start, moved, moved, ended, limit.unit, calendar) == 1.0
    if limit.unit.is_hours:
        shares = {
            share(start, now, due.at, lasting, limit.unit, calendar)
            for now in (paused, resumed, resumed + more)
        }
        assert len(shares) == 1


@given(instants, st.floats(0, 0.9), spells, st.integers(1, 50), hour_units, calendars)
def test_a_share_does_not_jump_when_a_clock_runs_on(
    start: datetime,
    part: float,
    pause: timedelta,
    amount: int,
    unit: Unit,
    calendar: Calendar,
) -> None:
    due = due_at(start, Duration(amount, unit), calendar)
    paused = start + (due.at - start) * part
    resumed = paused + pause
    moved = due_after_pause(due, paused, resumed, unit, calendar)

    before = share(start, resumed, due.at, [Pause(paused)], unit, calendar)
    after = share(start, resumed, moved.at, [Pause(paused, resumed)], unit, calendar)

    assert before == after


@given(instants, st.floats(0, 1), st.floats(0, 1), spells, durations, calendars)
def test_the_light_turns_yellow_at_the_share_asked_for(
    start: datetime,
    rule: float,
    part: float,
    pause: timedelta,
    limit: Duration,
    calendar: Calendar,
) -> None:
    due = due_at(start, limit, calendar)
    paused = start + (due.at - start) * part
    pauses = [Pause(paused, paused + pause)]
    moved = due_after_pause(due, paused, paused + pause, limit.unit, calendar).at

    warn = warn_instant(start, moved, rule, limit.unit, calendar, [*pauses, Pause(moved)])

    assert start <= warn <= moved
    if limit.amount:
        reached = share(start, warn, moved, pauses, limit.unit, calendar)
        assert reached == pytest.approx(rule, abs=1e-6)


# --- many at once --------------------------------------------------------------------------------


@given(st.lists(st.tuples(instants, st.integers(0, 60)), max_size=20), calendars)
def test_many_are_due_as_each_alone(
    limits: list[tuple[datetime, int]], calendar: Calendar
) -> None:
    starts = [start for start, _ in limits]
    lengths = [length for _, length in limits]
    alone = [due_at(s, Duration(n, Unit.WORK_DAY), calendar) for s, n in limits]

    assert due_many(starts, lengths, calendar) == alone
    assert due_many([calendar.day_of(start) for start in starts], lengths, calendar) == alone


def test_many_limits_of_one_length() -> None:
    starts = [date(2026, 3, 3), at("2026-03-06T09:00"), date(2026, 12, 31)]

    assert due_many(starts, 1, CN) == [
        Due(at("2026-03-05T00:00"), provisional=False),
        Due(at("2026-03-10T00:00"), provisional=False),
        Due(at("2027-01-02T00:00"), provisional=True),
    ]


def test_many_limits_refuse_what_one_refuses() -> None:
    with pytest.raises(DurationInvalid):
        due_many([date(2026, 3, 3)], -1, CN)
    with pytest.raises(CalendarNotCovered):
        due_many([date(2000, 3, 3)], 1, CN)
    with pytest.raises(ValueError, match="zip"):
        due_many([date(2026, 3, 3)], [1, 2], CN)
