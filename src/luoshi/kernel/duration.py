"""Durations: how long is a limit, and for how long is a value kept?

A *duration* is a number with one of the four kinds of time, for clocks. A *period* is years,
months or days of the civil calendar, for retention. They are not the same thing and never mix:
there is no plain "day" for a clock, because nobody could say whether Sunday counts.

Terms    limit 时限 · urgent hour 紧急工作时 (runs through nights and holidays)
         · office hour 工作时 · working day 工作日 · calendar day 自然日 · retention 保存期限
Units    whole numbers of the named unit; hour kinds may carry minutes
Source   the four kinds: digital city management practice; month ends: Civil Code (2020) art. 202
Not here when a duration is over (``kernel.clock``)
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self, TypeVar

from luoshi.kernel.errors import LuoshiError

LONGEST = 99_999
"""Largest amount accepted, so that a slip of the pen cannot overflow a date."""

MINUTES_PER_HOUR = 60

Moment = TypeVar("Moment", date, datetime)


class DurationInvalid(LuoshiError):
    """A duration or a period cannot be read, or is out of range."""

    code = "duration.invalid"
    template = (
        "cannot read the length of time {text!r}: write a whole number and one of {accepted}"
    )


class Unit(StrEnum):
    """The four kinds of time a clock can run in."""

    URGENT_HOUR = "urgent_hour"
    """紧急工作时: continuous hours, through nights, rest days and holidays."""
    WORK_HOUR = "work_hour"
    """工作时: runs only in the office hours of working days."""
    WORK_DAY = "work_day"
    """工作日: whole working days, the day of the start not counted."""
    NATURAL_DAY = "natural_day"
    """自然日: whole civil days, the day of the start not counted."""

    @property
    def is_hours(self) -> bool:
        """Whether the kind runs from the instant it starts, and not in whole days."""
        return self in (Unit.URGENT_HOUR, Unit.WORK_HOUR)


_WORD = {
    Unit.URGENT_HOUR: "urgent hour",
    Unit.WORK_HOUR: "office hour",
    Unit.WORK_DAY: "working day",
    Unit.NATURAL_DAY: "calendar day",
}
_UNIT_OF_WORD = {
    **{word: unit for unit, word in _WORD.items()},
    "work hour": Unit.WORK_HOUR,
    "working hour": Unit.WORK_HOUR,
    "work day": Unit.WORK_DAY,
    "natural day": Unit.NATURAL_DAY,
    "紧急工作时": Unit.URGENT_HOUR,
    "工作时": Unit.WORK_HOUR,
    "工作日": Unit.WORK_DAY,
    "自然日": Unit.NATURAL_DAY,
}
_UNIT_OF_MINUTES = {
    "urgent minute": Unit.URGENT_HOUR,
    "office minute": Unit.WORK_HOUR,
    "working minute": Unit.WORK_HOUR,
    "work minute": Unit.WORK_HOUR,
}
_WRITTEN = re.compile(r"\s*([0-9]{1,5})\s*个?\s*([^\s\d](?:.*\S)?)\s*")
_DURATION_WORDS = "urgent hours, office hours, working days, calendar days, urgent minutes"
_PERIOD_WORDS = "years, months, days"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of one of the four kinds of time.

    Args:
        amount: Whole hours or days of *unit*, from 0 to 99 999.
        unit: The kind of time.
        minutes: 0 to 59 more minutes; hour kinds only.

    Raises:
        DurationInvalid: The amount or the minutes are out of range.

    Example:
        >>> Duration.parse("5 working days")
        Duration(amount=5, unit=<Unit.WORK_DAY: 'work_day'>, minutes=0)
        >>> str(Duration(2, Unit.URGENT_HOUR)), str(Duration.parse("10 office minutes"))
        ('2 urgent hours', '10 office minutes')
    """

    amount: int
    unit: Unit
    minutes: int = 0

    def __post_init__(self) -> None:
        most = MINUTES_PER_HOUR - 1 if self.unit.is_hours else 0
        if not (0 <= self.amount <= LONGEST and 0 <= self.minutes <= most):
            text = f"{self.amount} {self.unit} {self.minutes} min"
            raise DurationInvalid(text=text, accepted=f"0 to {LONGEST} of {_DURATION_WORDS}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a duration as people write it: ``"5 working days"``, ``"2 urgent hours"``.

        Accepted, in the singular or plural and in any case: urgent hour, office (or work, working)
        hour, working (or work) day, calendar (or natural) day, urgent minute, office (or work,
        working) minute; and 紧急工作时, 工作时, 工作日, 自然日, with or without 个.

        Raises:
            DurationInvalid: Anything else, plain "days" and "hours" included: they do not say
                whether nights and holidays count.
        """
        amount, word = _amount_and_word(text, _DURATION_WORDS)
        if word in _UNIT_OF_WORD:
            return cls(amount, _UNIT_OF_WORD[word])
        if word in _UNIT_OF_MINUTES:
            hours, minutes = divmod(amount, MINUTES_PER_HOUR)
            return cls(hours, _UNIT_OF_MINUTES[word], minutes)
        raise DurationInvalid(text=text, accepted=_DURATION_WORDS)

    @property
    def total_minutes(self) -> int:
        """Hours and minutes together, in minutes; hour kinds only have a meaning here."""
        return self.amount * MINUTES_PER_HOUR + self.minutes

    def __str__(self) -> str:
        """Write the duration so that ``parse`` reads the same one back."""
        word = _WORD[self.unit]
        if not self.minutes:
            return _counted(self.amount, word)
        return _counted(self.total_minutes, word.replace("hour", "minute"))


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the civil calendar, for how long something is kept (保存期限).

    Args:
        months: Whole months, from 0 to 99 999; a year is twelve of them.
        days: Whole days added after the months, from 0 to 99 999.

    Raises:
        DurationInvalid: A number is out of range.

    Example:
        >>> Period.parse("6 months").after(date(2026, 8, 31))
        datetime.date(2027, 2, 28)
        >>> str(Period.parse("60 months"))
        '5 years'
    """

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.months <= LONGEST and 0 <= self.days <= LONGEST):
            text = f"{self.months} months {self.days} days"
            raise DurationInvalid(text=text, accepted=f"0 to {LONGEST} of {_PERIOD_WORDS}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"5 years"``, ``"6 months"`` or ``"30 days"`` (年, 个月, 天 too).

        Raises:
            DurationInvalid: Anything else.
        """
        amount, word = _amount_and_word(text, _PERIOD_WORDS)
        if word in ("year", "年"):
            return cls(months=12 * amount)
        if word in ("month", "月"):
            return cls(months=amount)
        if word in ("day", "天", "日"):
            return cls(days=amount)
        raise DurationInvalid(text=text, accepted=_PERIOD_WORDS)

    def after(self, moment: Moment) -> Moment:
        """Return the corresponding day (and wall time) of the month in which the period ends.

        Where that month has no such day, its last day is taken (Civil Code art. 202).

        Raises:
            DurationInvalid: The result lies beyond the year 9999.
        """
        years, month = divmod(moment.month - 1 + self.months, 12)
        year = moment.year + years
        try:
            day = min(moment.day, monthrange(year, month + 1)[1])
            return moment.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days)
        except (ValueError, OverflowError) as overflow:
            raise DurationInvalid(text=str(self), accepted="an end before 9999") from overflow

    def __str__(self) -> str:
        """Write the period so that ``parse`` reads the same one back, if it has one unit."""
        years, months = divmod(self.months, 12)
        if months:
            years, months = 0, self.months
        parts = ((years, "year"), (months, "month"), (self.days, "day"))
        return " ".join(_counted(n, word) for n, word in parts if n) or "0 days"


def _amount_and_word(text: str, accepted: str) -> tuple[int, str]:
    """Split *text* into its number and its word in the singular, small letters."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise DurationInvalid(text=text, accepted=accepted)
    word = " ".join(written[2].lower().split())
    return int(written[1]), word.removesuffix("s")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
