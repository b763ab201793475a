"""The period looked at: a year, a quarter, a month, or from one day to another."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from luoshi.kernel.errors import LuoshiError

_YEAR = re.compile(r"(\d{4})$")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])$")
_MONTH = re.compile(r"(\d{4})-(\d{2})$")
MONTHS = 12
QUARTER = 3


class PeriodRefused(LuoshiError):
    """What was given is no period."""

    code = "topics.period_refused"
    template = "{given!r} is no period: give 2025, 2025Q1, 2025-03, 2025-03-01..2025-03-31, or all"


@dataclass(frozen=True, slots=True)
class Period:
    """From *first* to *last*, both included."""

    first: date
    last: date

    def __contains__(self, at: datetime) -> bool:
        return self.first <= at.date() <= self.last


def period_of(given: str) -> Period:
    """The period that *given* names.

    Raises:
        PeriodRefused: It names none.

    Example:
        >>> period_of("2025Q1").last
        datetime.date(2025, 3, 31)
    """
    try:
        found = _period(given.strip())
    except ValueError as reason:
        raise PeriodRefused(given=given) from reason
    if found is None or found.last < found.first:
        raise PeriodRefused(given=given)
    return found


def _period(given: str) -> Period | None:
    if given == "all":
        return Period(date.min, date.max)
    if year := _YEAR.match(given):
        return _months(int(year[1]), 1, MONTHS)
    if quarter := _QUARTER.match(given):
        return _months(int(quarter[1]), QUARTER * int(quarter[2]) - QUARTER + 1, QUARTER)
    if month := _MONTH.match(given):
        return _months(int(month[1]), int(month[2]), 1)
    first, dots, last = given.partition("..")
    return Period(date.fromisoformat(first), date.fromisoformat(last)) if dots else None


def _months(year: int, first: int, count: int) -> Period:
    after = first + count
    end = date(year + (after - 1) // MONTHS, (after - 1) % MONTHS + 1, 1)
    return Period(date(year, first, 1), end - timedelta(days=1))
