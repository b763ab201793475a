"""People in the story keep office hours, sleep, and rest on days of rest."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from luoshi.demo.rhythm import Rhythm
from luoshi.formats.calendars import load_calendar

CN = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def rhythm() -> Rhythm:
    return Rhythm(load_calendar(Path(__file__).parents[2] / "calendars" / "cn.yaml"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN)


@pytest.mark.parametrize(
    ("start", "hours", "then"),
    [
        pytest.param("2026-11-19T09:00", 1, "2026-11-19T10:00", id="in the morning"),
        pytest.param("2026-11-19T11:30", 1, "2026-11-19T14:00", id="over lunch"),
        pytest.param("2026-11-20T17:00", 1, "2026-11-23T09:00", id="over the week-end"),
        pytest.param("2026-09-30T17:00", 1, "2026-10-08T09:00", id="over National Day"),
        pytest.param("2026-10-09T17:00", 1, "2026-10-10T09:00", id="into a Saturday worked"),
        pytest.param("2026-11-19T03:00", 7.5, "2026-11-19T17:30", id="from the night on"),
    ],
)
def test_office_time_passes_in_offices_only(
    rhythm: Rhythm, start: str, hours: float, then: str
) -> None:
    assert rhythm.office(at(start), hours) == at(then)


@pytest.mark.parametrize(
    ("end", "hours", "before"),
    [
        pytest.param("2026-11-19T10:00", 1, "2026-11-19T09:00", id="in the morning"),
        pytest.param("2026-11-19T14:00", 1, "2026-11-19T11:30", id="over lunch"),
        pytest.param("2026-11-22T02:30", 3, "2026-11-20T14:30", id="on a Sunday night"),
        pytest.param("2026-10-06T12:00", 0, "2026-09-30T17:30", id="when people stopped to work"),
        pytest.param("2026-11-19T10:00", 0, "2026-11-19T10:00", id="while they work"),
    ],
)
def test_so_much_office_time_is_left_before_an_end(
    rhythm: Rhythm, end: str, hours: float, before: str
) -> None:
    assert rhythm.office_before(at(end), hours) == at(before)


@pytest.mark.parametrize(
    ("start", "hours", "then"),
    [
        pytest.param("2026-11-21T10:00", 2, "2026-11-21T12:00", id="a Saturday"),
        pytest.param("2026-11-21T19:30", 1, "2026-11-22T08:30", id="in the evening"),
        pytest.param("2026-11-21T02:15", 1, "2026-11-21T08:15", id="at night"),
    ],
)
def test_the_desk_works_every_day_from_eight_to_eight(
    rhythm: Rhythm, start: str, hours: float, then: str
) -> None:
    assert rhythm.desk(at(start), hours) == at(then)


def test_arrivals_follow_days_and_hours(rhythm: Rhythm) -> None:
    start, end = at("2026-09-21T12:00"), at("2026-11-20T12:00")
    found = rhythm.arrivals(random.Random(1), start, end, 20_000)
    days = Counter(instant.astimezone(CN).date() for instant in found)
    hours = Counter(instant.astimezone(CN).hour for instant in found)

    assert found == sorted(found)
    assert len(found) == 20_000
    assert start <= found[0]
    assert found[-1] <= end
    assert hours[3] * 10 < hours[9]
    assert days[date(2026, 10, 3)] < days[date(2026, 10, 13)] < days[date(2026, 10, 8)]
    assert days[date(2026, 10, 31)] < days[date(2026, 10, 10)]
