"""Lengths of time: what can be written, and what cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.sample_calendars import durations

from luoshi.kernel.duration import LONGEST, Duration, DurationInvalid, Period, Unit


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("5 working days", Duration(5, Unit.WORK_DAY)),
        ("1 working day", Duration(1, Unit.WORK_DAY)),
        ("3 work days", Duration(3, Unit.WORK_DAY)),
        ("7 calendar days", Duration(7, Unit.NATURAL_DAY)),
        ("7 natural days", Duration(7, Unit.NATURAL_DAY)),
        ("2 urgent hours", Duration(2, Unit.URGENT_HOUR)),
        ("4 office hours", Duration(4, Unit.WORK_HOUR)),
        ("4 working hours", Duration(4, Unit.WORK_HOUR)),
        ("10 office minutes", Duration(0, Unit.WORK_HOUR, 10)),
        ("90 urgent minutes", Duration(1, Unit.URGENT_HOUR, 30)),
        ("  5   Working  Days ", Duration(5, Unit.WORK_DAY)),
        ("0 working days", Duration(0, Unit.WORK_DAY)),
        ("2紧急工作时", Duration(2, Unit.URGENT_HOUR)),
        ("4 工作时", Duration(4, Unit.WORK_HOUR)),
        ("5个工作日", Duration(5, Unit.WORK_DAY)),
        ("7 个自然日", Duration(7, Unit.NATURAL_DAY)),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, duration: Duration) -> None:
    assert Duration.parse(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("5 days", id="which days?"),
        pytest.param("2 hours", id="which hours?"),
        pytest.param("90 minutes", id="which minutes?"),
        pytest.param("five working days", id="number in words"),
        pytest.param("-1 working days", id="negative"),
        pytest.param("1.5 office hours", id="fraction"),
        pytest.param("working days", id="no number"),
        pytest.param("5", id="no unit"),
        pytest.param("", id="nothing"),
        pytest.param("100000 working days", id="beyond all measure"),
        pytest.param("٣ working days", id="other digits"),
    ],
)
def test_what_does_not_say_how_long_is_refused(text: str) -> None:
    with pytest.raises(DurationInvalid) as refusal:
        Duration.parse(text)

    assert refusal.value.code == "duration.invalid"
    assert refusal.value.data["text"] == text
    assert "working days" in str(refusal.value)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Duration(-1, Unit.WORK_DAY),
        lambda: Duration(LONGEST + 1, Unit.WORK_DAY),
        lambda: Duration(1, Unit.WORK_DAY, 30),
        lambda: Duration(1, Unit.WORK_HOUR, 60),
        lambda: Duration(1, Unit.WORK_HOUR, -1),
        lambda: Period(months=-1),
        lambda: Period(days=LONGEST + 1),
    ],
)
def test_a_length_out_of_range_is_refused(build: object) -> None:
    assert callable(build)
    with pytest.raises(DurationInvalid):
        build()


@given(durations)
def test_a_duration_is_written_as_it_is_read(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration


def test_one_is_written_in_the_singular() -> None:
    assert str(Duration(1, Unit.WORK_DAY)) == "1 working day"
    assert str(Duration(0, Unit.URGENT_HOUR, 1)) == "1 urgent minute"
    assert str(Period.parse("1 year")) == "1 year"


def test_minutes_are_kept() -> None:
    assert Duration(1, Unit.URGENT_HOUR, 30).total_minutes == 90


@pytest.mark.parametrize(
    ("period", "kept_from", "until"),
    [
        pytest.param("5 years", "2026-11-20", "2031-11-20", id="the corresponding day"),
        pytest.param("1 year", "2024-02-29", "2025-02-28", id="no 29 February: last of month"),
        pytest.param("6 months", "2026-08-31", "2027-02-28", id="no 31st: last of month"),
        pytest.param("1 month", "2026-12-31", "2027-01-31", id="over new year"),
        pytest.param("30 days", "2026-02-01", "2026-03-03", id="days are counted"),
        pytest.param("6个月", "2026-01-15", "2026-07-15", id="months in Chinese"),
        pytest.param("3年", "2026-01-15", "2029-01-15", id="years in Chinese"),
        pytest.param("10天", "2026-01-15", "2026-01-25", id="days in Chinese"),
        pytest.param("0 days", "2026-01-15", "2026-01-15", id="not kept at all"),
    ],
)
def test_a_period_ends_on_the_corresponding_day(period: str, kept_from: str, until: str) -> None:
    end = Period.parse(period).after(date.fromisoformat(kept_from))

    assert end == date.fromisoformat(until)


def test_a_period_after_an_instant_keeps_the_wall_time() -> None:
    kept_from = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)

    assert Period.parse("1 month").after(kept_from) == datetime(2026, 2, 28, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["forever", "5", "5 working days", "2 weeks", "-1 years"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(DurationInvalid, match="years, months, days"):
        Period.parse(text)


@pytest.mark.parametrize("text", ["9000 years", "99999 months", "99999 days"])
def test_a_period_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(DurationInvalid):
        Period.parse(text).after(date(9900, 1, 1))


@given(st.integers(1, LONGEST), st.sampled_from(["month", "day"]))
def test_a_period_is_written_as_it_is_read(amount: int, word: str) -> None:
    period = Period.parse(f"{amount} {word}s")

    assert Period.parse(str(period)) == period


def test_a_period_of_two_units_says_both() -> None:
    assert str(Period(months=14, days=3)) == "14 months 3 days"
    assert str(Period(months=24)) == "2 years"
