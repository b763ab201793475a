"""Due instants, elapsed time, pauses, extensions and lights, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.kernel.sample_calendars import (
    CN,
    ZONES,
    at,
)

from luoshi.kernel.calendar import Calendar
from luoshi.kernel.clock import (
    Due,
    Light,
    Pause,
    due_after_pause,
    due_at,
    extended,
    light,
    share,
    warn_instant,
)
from luoshi.kernel.duration import Duration, Unit
from luoshi.kernel.errors import CalendarNotCovered
from luoshi.kernel.running_time import instant_at, mark_at

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def due(start: str, limit: str) -> str:
    """Return the due wall time in China, without its zone."""
    return due_at(at(start), Duration.parse(limit), CN).at.replace(tzinfo=None).isoformat()[:16]


@pytest.mark.parametrize(
    ("start", "limit", "until"),
    [
        # working days 工作日
        ("2026-03-03T09:00", "1 working day", "2026-03-05T00:00"),  # day of the start not counted
        ("2026-03-03T00:00", "1 working day", "2026-03-05T00:00"),  # not even from its midnight
        ("2026-03-03T23:59", "1 working day", "2026-03-05T00:00"),
        ("2026-03-06T09:00", "2 working days", "2026-03-11T00:00"),  # over a weekend
        ("2026-03-07T09:00", "1 working day", "2026-03-10T00:00"),  # starts on a Saturday
        ("2026-02-12T09:00", "2 working days", "2026-02-15T00:00"),  # a Saturday worked counts
        ("2026-02-12T09:00", "3 working days", "2026-02-25T00:00"),  # across spring festival
        ("2026-12-30T09:00", "1 working day", "2027-01-01T00:00"),  # the last published day
        ("2026-03-03T09:00", "0 working days", "2026-03-04T00:00"),  # the same day
        ("2026-03-07T09:00", "0 working days", "2026-03-10T00:00"),  # or the next one worked
        # calendar days 自然日
        ("2026-03-03T09:00", "2 calendar days", "2026-03-06T00:00"),
        ("2026-03-03T09:00", "4 calendar days", "2026-03-10T00:00"),  # a Saturday: to Monday
        ("2026-02-09T09:00", "7 calendar days", "2026-02-25T00:00"),  # a holiday: to its end
        ("2026-02-07T09:00", "7 calendar days", "2026-02-15T00:00"),  # a Saturday worked: stays
        ("2026-03-07T09:00", "0 calendar days", "2026-03-10T00:00"),
        # office hours 工作时
        ("2026-03-03T09:00", "2 office hours", "2026-03-03T11:00"),
        ("2026-03-03T11:00", "2 office hours", "2026-03-03T14:30"),  # over lunch
        ("2026-03-03T11:00", "1 office hour", "2026-03-03T12:00"),  # to the minute of closing
        ("2026-03-03T17:00", "4 office hours", "2026-03-04T12:00"),
        ("2026-03-03T06:00", "30 office minutes", "2026-03-03T09:00"),  # before opening
        ("2026-03-03T12:30", "1 office hour", "2026-03-03T14:30"),  # in the lunch break
        ("2026-03-03T20:00", "1 office hour", "2026-03-04T09:30"),  # after closing
        ("2026-03-06T17:00", "1 office hour", "2026-03-09T09:00"),  # over a weekend
        ("2026-02-14T17:00", "1 office hour", "2026-02-24T09:00"),  # over spring festival
        ("2026-03-03T20:00", "0 office hours", "2026-03-03T20:00"),  # at once
        # urgent hours 紧急工作时
        ("2026-02-16T23:30", "2 urgent hours", "2026-02-17T01:30"),  # night and holiday
        ("2026-03-03T09:00", "10 urgent minutes", "2026-03-03T09:10"),
        ("2026-03-03T09:00", "0 urgent hours", "2026-03-03T09:00"),
    ],
)
def test_a_limit_ends_when_the_rule_says(start: str, limit: str, until: str) -> None:
    assert due(start, limit) == until


def test_a_start_given_in_another_zone_is_the_same_instant() -> None:
    start = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 3 March, 00:30 in China

    assert due_at(start, Duration.parse("1 working day"), CN).at == at("2026-03-05T00:00")


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        pytest.param("2026-12-30T09:00", "1 working day", False, id="last published day"),
        pytest.param("2026-12-30T09:00", "2 working days", True, id="first day not announced"),
        pytest.param("2026-12-31T15:00", "2 office hours", False, id="in the last office hours"),
        pytest.param("2026-12-31T17:00", "1 office hour", True, id="into the next year"),
        pytest.param("2026-12-29T09:00", "2 calendar days", False, id="ends on the last day"),
        pytest.param("2026-12-29T09:00", "3 calendar days", True, id="may be a holiday"),
        pytest.param("2026-12-31T23:00", "48 urgent hours", False, id="needs no calendar"),
        pytest.param("2027-03-01T09:00", "1 working day", True, id="starts beyond"),
    ],
)
def test_a_year_not_announced_makes_a_limit_provisional(
    start: str, limit: str, *, provisional: bool
) -> None:
    assert due_at(at(start), Duration.parse(limit), CN).provisional is provisional


def test_a_provisional_limit_is_reckoned_again_when_the_year_is_published() -> None:
    limit, start = Duration.parse("5 working days"), at("2026-12-28T09:00")
    holiday = frozenset({date(2027, 1, 1)})
    announced = Calendar(
        "cn",
        CN.zone,
        CN.first,
        date(2027, 12, 31),
        CN.rest_days | holiday,
        CN.work_days,
        CN.office,
    )

    assert due_at(start, limit, CN) == Due(at("2027-01-05T00:00"), provisional=True)
    assert due_at(start, limit, announced) == Due(at("2027-01-06T00:00"), provisional=False)


@pytest.mark.parametrize("limit", ["99999 working days", "99999 office hours"])
def test_a_limit_beyond_thirty_years_is_refused(limit: str) -> None:
    with pytest.raises(CalendarNotCovered):
        due_at(at("2026-03-03T09:00"), Duration.parse(limit), CN)


@pytest.mark.parametrize("limit", ["1 working day", "1 calendar day", "1 office hour"])
def test_a_start_before_the_calendar_is_refused(limit: str) -> None:
    with pytest.raises(CalendarNotCovered):
        due_at(at("2005-03-03T09:00"), Duration.parse(limit), CN)


def test_a_naive_instant_is_a_mistake() -> None:
    naive = at("2026-03-03T09:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        due_at(naive, Duration.parse("1 working day"), CN)
    with pytest.raises(ValueError, match="zone"):
        light(naive, at("2026-03-03T09:00"), at("2026-03-03T09:00"))


@pytest.mark.parametrize(
    ("limit", "paused", "resumed", "until"),
    [
        # started on Tuesday 3 March at 09:00
        ("5 working days", "2026-03-04T10:00", "2026-03-04T16:00", "2026-03-11T00:00"),
        ("5 working days", "2026-03-04T10:00", "2026-03-05T09:00", "2026-03-12T00:00"),
        ("5 working days", "2026-03-06T17:00", "2026-03-08T09:00", "2026-03-11T00:00"),
        ("5 working days", "2026-03-04T10:00", "2026-03-14T10:00", "2026-03-20T00:00"),
        ("5 working days", "2026-03-10T10:00", "2026-03-14T10:00", "2026-03-17T00:00"),
        ("5 working days", "2026-03-11T00:00", "2026-04-14T10:00", "2026-03-11T00:00"),
        ("4 calendar days", "2026-03-04T10:00", "2026-03-05T10:00", "2026-03-10T00:00"),
        ("4 calendar days", "2026-03-04T10:00", "2026-03-07T10:00", "2026-03-11T00:00"),
        ("4 calendar days", "2026-03-08T10:00", "2026-03-10T10:00", "2026-03-11T00:00"),
        ("4 office hours", "2026-03-03T10:00", "2026-03-03T20:00", "2026-03-04T11:30"),
        ("4 office hours", "2026-03-03T12:10", "2026-03-03T13:20", "2026-03-03T14:30"),
        ("2 urgent hours", "2026-03-03T10:00", "2026-03-03T20:00", "2026-03-03T21:00"),
    ],
)
def test_a_clock_runs_on_after_a_pause(limit: str, paused: str, resumed: str, until: str) -> None:
    duration = Duration.parse(limit)
    due = due_at(at("2026-03-03T09:00"), duration, CN)

    moved = due_after_pause(due, at(paused), at(resumed), duration.unit, CN)

    assert moved.at == at(until)


def test_two_pauses_over_one_weekend_are_both_counted() -> None:
    unit, start = Unit.NATURAL_DAY, at("2026-03-02T09:00")
    due = due_at(start, Duration.parse("5 calendar days"), CN)  # Saturday 7, moved to Monday 9

    once = due_after_pause(due, at("2026-03-03T09:00"), at("2026-03-04T09:00"), unit, CN)
    twice = due_after_pause(once, at("2026-03-05T09:00"), at("2026-03-07T09:00"), unit, CN)

    assert once == Due(at("2026-03-10T00:00"), provisional=False, unmoved=at("2026-03-09T00:00"))
    assert twice.at == at("2026-03-11T00:00")  # eight calendar days: Tuesday 10


@pytest.mark.parametrize("unit", [Unit.WORK_DAY, Unit.WORK_HOUR])
def test_before_anything_was_worked_the_ruler_shows_zero(unit: Unit) -> None:
    new_year = at("2007-01-02T12:00")

    assert mark_at(new_year, unit, CN) == 0
    assert instant_at(0, unit, CN) == at("2007-01-01T00:00")


def test_a_due_instant_in_the_night_never_lies_in_the_pause() -> None:
    agreed = Due(at("2026-03-03T20:00"), provisional=False)  # set by hand, outside office hours

    moved = due_after_pause(
        agreed, at("2026-03-03T18:00"), at("2026-03-03T23:00"), Unit.WORK_HOUR, CN
    )

    assert moved.at == at("2026-03-03T23:00")


def test_a_pause_into_a_year_not_announced_makes_a_limit_provisional() -> None:
    due = due_at(at("2026-12-21T09:00"), Duration.parse("5 working days"), CN)
    moved = due_after_pause(due, at("2026-12-22T09:00"), at("2027-01-20T09:00"), Unit.WORK_DAY, CN)

    assert (due.provisional, moved.provisional) == (False, True)


def test_a_pause_cannot_end_before_it_starts() -> None:
    due = due_at(at("2026-03-03T09:00"), Duration.parse("5 working days"), CN)
    with pytest.raises(ValueError, match="before it starts"):
        due_after_pause(due, at("2026-03-05T09:00"), at("2026-03-04T09:00"), Unit.WORK_DAY, CN)


@pytest.mark.parametrize(
    ("limit", "by", "until"),
    [
        # started on Tuesday 3 March at 09:00
        ("4 working days", "5 working days", "2026-03-17T00:00"),
        ("3 working days", "1 working day", "2026-03-10T00:00"),
        ("3 working days", "1 calendar day", "2026-03-10T00:00"),  # Saturday: to Monday
        ("3 working days", "2 office hours", "2026-03-09T10:30"),
        ("3 working days", "2 urgent hours", "2026-03-07T02:00"),
        ("2 office hours", "1 working day", "2026-03-05T00:00"),
        ("2 office hours", "7 office hours", "2026-03-04T10:30"),
        ("4 calendar days", "2 calendar days", "2026-03-12T00:00"),  # after the day moved to
        ("3 working days", "0 working days", "2026-03-07T00:00"),
    ],
)
def test_an_extension_runs_on_from_the_old_due_instant(limit: str, by: str, until: str) -> None:
    due = due_at(at("2026-03-03T09:00"), Duration.parse(limit), CN)

    assert extended(due, Duration.parse(by), CN).at == at(until)


def test_an_extension_of_a_provisional_limit_stays_provisional() -> None:
    due = due_at(at("2026-12-31T09:00"), Duration.parse("1 working day"), CN)

    assert extended(due, Duration.parse("2 urgent hours"), CN).provisional


@pytest.mark.parametrize(
    ("limit", "rule", "yellow"),
    [
        # started on Tuesday 3 March at 09:00
        ("5 working days", 0.8, "2026-03-10T00:00"),  # four of five are over
        ("5 working days", Duration(1, Unit.WORK_DAY), "2026-03-10T00:00"),  # one is left
        ("3 working days", Duration(1, Unit.WORK_DAY), "2026-03-06T00:00"),
        ("4 working days", Duration(1, Unit.WORK_DAY), "2026-03-07T00:00"),  # Monday is left
        ("5 working days", Duration(4, Unit.WORK_HOUR), "2026-03-10T12:00"),
        ("1 working day", Duration(5, Unit.WORK_DAY), "2026-03-03T09:00"),  # not before it starts
        ("10 urgent hours", 0.8, "2026-03-03T17:00"),
        ("10 urgent hours", 0.0, "2026-03-03T09:00"),
        ("10 urgent hours", 1, "2026-03-03T19:00"),
        ("4 office hours", 0.75, "2026-03-03T12:00"),
        ("4 office hours", Duration(0, Unit.URGENT_HOUR, 30), "2026-03-03T14:00"),
    ],
)
def test_yellow_begins_when_the_rule_says(limit: str, rule: float | Duration, yellow: str) -> None:
    start, duration = at("2026-03-03T09:00"), Duration.parse(limit)
    due = due_at(start, duration, CN).at

    assert warn_instant(start, due, rule, duration.unit, CN) == at(yellow)


@pytest.mark.parametrize(
    ("paused", "resumed", "yellow"),
    [
        pytest.param(
            "2026-03-03T14:00", "2026-03-03T16:00", "2026-03-03T14:00", id="at the share"
        ),
        pytest.param("2026-03-03T10:00", "2026-03-03T12:00", "2026-03-03T16:00", id="before it"),
        pytest.param("2026-03-03T15:00", "2026-03-03T17:00", "2026-03-03T14:00", id="after it"),
        pytest.param("2026-03-03T09:00", "2026-03-03T12:00", "2026-03-03T17:00", id="at once"),
    ],
)
def test_a_share_leaves_the_pauses_out(paused: str, resumed: str, yellow: str) -> None:
    start, limit = at("2026-03-03T09:00"), Duration.parse("10 urgent hours")
    pause = Pause(at(paused), at(resumed))
    due = due_after_pause(due_at(start, limit, CN), at(paused), at(resumed), limit.unit, CN).at

    assert warn_instant(start, due, 0.5, limit.unit, CN, [pause]) == at(yellow)


@pytest.mark.parametrize("rule", [-0.1, 1.1, float("nan")])
def test_a_share_outside_zero_to_one_is_a_mistake(rule: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        warn_instant(at("2026-03-03T09:00"), at("2026-03-04T09:00"), rule, Unit.URGENT_HOUR, CN)


@pytest.mark.parametrize(
    ("now", "shows"),
    [
        ("2026-03-09T23:59", Light.GREEN),
        ("2026-03-10T00:00", Light.YELLOW),
        ("2026-03-10T23:59", Light.YELLOW),
        ("2026-03-11T00:00", Light.RED),  # in time is before the due instant
    ],
)
def test_the_light(now: str, shows: Light) -> None:
    assert light(at(now), at("2026-03-10T00:00"), at("2026-03-11T00:00")) is shows


def test_lights_compare_instants_and_not_wall_times() -> None:
    new_york = ZONES["America/New_York"]
    due = at("2026-11-01T01:30", new_york)  # the first of the two half past ones
    now = due.replace(fold=1)

    assert light(now, due - HOUR, due) is Light.RED
    assert light(due.replace(minute=29), due - HOUR, due) is Light.YELLOW


@pytest.mark.parametrize(
    ("now", "used"),
    [
        ("2026-03-03T18:00", 0.0),  # the day of the start is not counted
        ("2026-03-04T12:00", 0.1),
        ("2026-03-07T00:00", 0.6),
        ("2026-03-08T12:00", 0.6),  # Sunday
        ("2026-03-11T00:00", 1.0),
        ("2026-03-12T00:00", 1.2),
    ],
)
def test_the_share_of_five_working_days(now: str, used: float) -> None:
    start, until = at("2026-03-03T09:00"), at("2026-03-11T00:00")

    assert share(start, at(now), until, (), Unit.WORK_DAY, CN) == pytest.approx(used)


@pytest.mark.parametrize(("now", "used"), [("2026-03-03T17:59", 0.0), ("2026-03-04T00:00", 1.0)])
def test_a_limit_of_no_days_is_used_up_at_once_when_due(now: str, used: float) -> None:
    start, until = at("2026-03-03T09:00"), at("2026-03-04T00:00")

    assert share(start, at(now), until, (), Unit.WORK_DAY, CN) == used
