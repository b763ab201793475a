"""Periods: what is understood, and what is refused."""

from datetime import date, datetime

import pytest

from luoshi.insight.topics.period import PeriodRefused, period_of


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025-01-05..2025-01-06", date(2025, 1, 5), date(2025, 1, 6)),
    ],
)
def test_periods(given: str, first: date, last: date) -> None:
    assert (period_of(given).first, period_of(given).last) == (first, last)


@pytest.mark.parametrize("given", ["", "spring", "2025-13", "2025Q5", "2025-02-01..2025-01-01"])
def test_what_is_no_period_is_refused(given: str) -> None:
    with pytest.raises(PeriodRefused) as refusal:
        period_of(given)
    assert refusal.value.code == "topics.period_refused"


def test_a_period_includes_its_last_day() -> None:
    assert datetime(2025, 3, 31, 23, 59) in period_of("2025-03")  # noqa: DTZ001 - local
    assert datetime(2025, 4, 1) not in period_of("2025-03")  # noqa: DTZ001 - local
