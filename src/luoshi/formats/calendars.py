"""Calendar files: from ``calendars/cn.yaml`` to a ``Calendar``, or every mistake with its line.

A calendar file names its zone and office hours and, for each year, the notices that announced its
holidays and what they say. Days are written ``2026-02-14``, runs ``2026-02-15..2026-02-23``.

Terms    off 放假 · worked 调休上班 · notice 放假安排通知 · office hours 工作时间
Not here what a calendar means (``kernel.calendar``); what YAML is read (``formats.yaml_file``)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.reading import WRONG, Kind, Reading, Schema
from luoshi.formats.grammar.values import Name, Text
from luoshi.formats.yaml_file import Node, read_yaml
from luoshi.kernel.calendar import Calendar, Notice, OfficeHours, Season, Window
from luoshi.kernel.errors import LuoshiError, Problem

LONGEST_RUN = 60
"""Days; a longer run is a slip of the pen."""
SATURDAY = 5
DECEMBER = 12

_RUN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*\.\.\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_BEGINS = re.compile(r"([0-9]{2})-([0-9]{2})")
_WINDOW = re.compile(r"([0-9]{2}:[0-9]{2})\s*-\s*([0-9]{2}:[0-9]{2})")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class CalendarInvalid(LuoshiError):
    """A calendar file is not sound; carries every problem found, not only the first."""

    code = "calendar.invalid"
    template = "{calendar}: {count} problem(s)\n{listing}"

    def __init__(self, calendar: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        listing = "\n".join(str(problem) for problem in self.problems)
        super().__init__(calendar=calendar, count=len(self.problems), listing=listing)


def load_calendar(path: Path) -> Calendar:
    """Read the calendar file at *path*.

    Raises:
        CalendarInvalid: The file cannot be read or is not sound; every problem names its line.
    """
    node, problems = read_yaml(path, path.name)
    reading = Reading(path.name, path.parent, problems)
    said = CALENDAR.read(node, reading, "") if node else WRONG
    if isinstance(said, dict):
        _judge(said["years"], reading)
    if reading.problems or not isinstance(said, dict):
        located = map(reading.located, reading.problems)
        raise CalendarInvalid(path.name, sorted(located, key=lambda problem: problem.line))
    return _calendar(**said)


@dataclass(frozen=True, slots=True)
class _Made:
    """What *make* makes of a value; a ``ValueError`` of it becomes a problem."""

    of: Kind
    make: Callable[[Any], object]
    example: str

    def read(self, node: Node, reading: Reading, path: str) -> object:
        before = len(reading.problems)
        value = self.of.read(node, reading, path)
        if len(reading.problems) > before:
            return WRONG
        try:
            return self.make(value)
        except (ValueError, LookupError, OSError) as error:
            said = f"cannot be: {error}; write e.g. {self.example}"
            return reading.wrong("calendar.value", said, path, node.line)

    def schema(self) -> Schema:
        return {**self.of.schema(), "examples": [self.example]}


@dataclass(frozen=True, slots=True)
class _Days:
    """Days named together, and where."""

    days: tuple[date, ...]
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class _Run:
    """A day, or the days from one to another."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        days = _Made(Text(), _run, "2026-02-15..2026-02-23").read(node, reading, path)
        return _Days(days, path, node.line) if isinstance(days, tuple) else WRONG

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_RUN.pattern}$"}


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(repr(text))
    return found


def _run(text: str) -> tuple[date, ...]:
    written = _matched(_RUN, text)
    first = date.fromisoformat(written[1])
    length = (date.fromisoformat(written[2] or written[1]) - first).days + 1
    if not 1 <= length <= LONGEST_RUN:
        raise ValueError(f"{text!r} has {length} days")
    return tuple(first + timedelta(days=after) for after in range(length))


def _begins(text: str) -> tuple[int, int]:
    month, day = _matched(_BEGINS, text).groups()
    return int(month), int(day)


def _window(text: str) -> Window:
    start, end = _matched(_WINDOW, text).groups()
    return time.fromisoformat(start), time.fromisoformat(end)


def _address(text: str) -> str:
    return _matched(_ADDRESS, text)[0]


def _season(said: Mapping[str, Any]) -> Season:
    return Season(said["begins"], said["windows"])


NOTICE = Form(
    {
        "title": Key(Text(), "Title of the notice, as it is.", needed=True),
        "url": Key(
            _Made(Text(), _address, "https://www.gov.cn/…"), "Where it was published.", needed=True
        ),
    },
    lambda said: Notice(**said),
)
HOLIDAY = Form(
    {
        "name": Key(Text(), "Name of the holiday.", needed=True),
        "off": Key(Several(_Run()), "Days without work.", needed=True, default=()),
        "worked": Key(Several(_Run()), "Weekend days worked in exchange.", default=()),
    }
)
YEAR = Form(
    {
        "notices": Key(
            Several(NOTICE, alone=False),
            "The notices that announced the year; without one its days are a guess.",
            needed=True,
            default=(),
            judged_later=True,
        ),
        "holidays": Key(
            Several(HOLIDAY, alone=False),
            "What they say.",
            needed=True,
            default=(),
            judged_later=True,
        ),
    }
)
SEASON = Form(
    {
        "begins": Key(_Made(Text(), _begins, "06-01"), "Its first day.", needed=True),
        "windows": Key(
            Several(_Made(Text(), _window, "08:30-12:00")), "Office windows.", needed=True
        ),
    }
)
CALENDAR = Form(
    {
        "name": Key(Name("calendar"), "What programmes call it.", needed=True),
        "zone": Key(
            _Made(Text(), ZoneInfo, "Asia/Shanghai"), "Time zone of its midnights.", needed=True
        ),
        "office_hours": Key(
            _Made(
                Several(_Made(SEASON, _season, "08:30-12:00, 13:30-17:30")),
                OfficeHours,
                "seasons in the order of the year",
            ),
            "Office hours by season; local configuration.",
            needed=True,
        ),
        "years": Key(
            Table(YEAR, names=_YEAR),
            "The years announced.",
            needed=True,
            default={},
            judged_later=True,
        ),
    }
)


def _judge(years: Mapping[str, Mapping[str, Any]], reading: Reading) -> None:
    """Report what each line says well enough, but not all of them together."""
    reading.problems.extend(_missing(years))
    named: dict[date, int] = {}
    for year, said in years.items():
        for days in _named(said, "off"):
            reading.problems.extend(_misnamed(year, days, named, reading.file))
        for days in _named(said, "worked"):
            reading.problems.extend(_misnamed(year, days, named, reading.file))
            reading.problems.extend(_worked_anyway(days, reading.file))


def _named(year: Mapping[str, Any], word: str) -> Iterator[_Days]:
    for holiday in year["holidays"]:
        yield from holiday[word]


def _missing(years: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield the years that have no notice or no holidays, or are not there."""
    if not years:
        yield Problem("calendar.no_year", "there is no year", "years")
    for year, said in years.items():
        for word in ("notices", "holidays"):
            if not said[word]:
                message = f"none is named: without {word} the days of {year} are a guess"
                yield Problem(f"calendar.no_{word}", message, f"years.{year}.{word}")
    numbers = sorted(int(year) for year in years if _YEAR.fullmatch(year))
    for number in range(*((numbers[0], numbers[-1]) if numbers else (0, 0))):
        if number not in numbers:
            message = f"{number} is missing, though years before and after it are there"
            yield Problem("calendar.gap", message, "years")


def _misnamed(year: str, days: _Days, named: dict[date, int], file: str) -> Iterator[Problem]:
    """Yield the days that were named before, or belong to another year; keep them all."""
    for day in days.days:
        if day in named:
            message = f"{day} was named before, on line {named[day]}: is it off or worked?"
            yield Problem("calendar.contradiction", message, days.path, file, days.line)
        elif str(day.year) != year and (str(day.year + 1), day.month) != (year, DECEMBER):
            message = f"{day} is neither in {year} nor in the December before it"
            yield Problem("calendar.other_year", message, days.path, file, days.line)
        named.setdefault(day, days.line)


def _worked_anyway(days: _Days, file: str) -> Iterator[Problem]:
    for day in days.days:
        if day.weekday() < SATURDAY:
            message = f"{day} is no Saturday or Sunday: it is worked anyway, leave it out"
            yield Problem("calendar.worked_anyway", message, days.path, file, days.line)


def _calendar(
    name: str, zone: ZoneInfo, office_hours: OfficeHours, years: Mapping[str, Mapping[str, Any]]
) -> Calendar:
    """Return the calendar of a file without problems."""
    return Calendar(
        name=name,
        zone=zone,
        first=date(int(min(years)), 1, 1),
        last=date(int(max(years)), 12, 31),
        rest_days=_all_days(years, "off"),
        work_days=_all_days(years, "worked"),
        office=office_hours,
        notices={int(year): said["notices"] for year, said in years.items()},
    )


def _all_days(years: Mapping[str, Mapping[str, Any]], word: str) -> frozenset[date]:
    return frozenset(
        day for said in years.values() for days in _named(said, word) for day in days.days
    )
