"""Calendar files: from ``calendars/cn.yaml`` to a ``Calendar``, or every mistake with its line.

A calendar file names its zone and office hours and, for each year, the notices that announced its
holidays and what they say. Days are written ``2026-02-14``, runs ``2026-02-15..2026-02-23``.

Terms    off 放假 · worked 调休上班 · notice 放假安排通知 · office hours 工作时间
Not here what a calendar means (``kernel.calendar``)
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, Event
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from luoshi.kernel.calendar import Calendar, Notice, OfficeHours, Season, Window
from luoshi.kernel.errors import LuoshiError, Problem

MOST_BYTES = 1_000_000
LONGEST_RUN = 60
"""Days; a longer run is a slip of the pen."""
SATURDAY = 5
DECEMBER = 12

_RUN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*\.\.\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_BEGINS = re.compile(r"([0-9]{2})-([0-9]{2})")
_WINDOW = re.compile(r"([0-9]{2}:[0-9]{2})\s*-\s*([0-9]{2}:[0-9]{2})")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")

Read = TypeVar("Read")


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
        CalendarInvalid: The file is not sound; every problem names its line.
        OSError: The file cannot be read.
    """
    return read_calendar(path.read_bytes(), path.name)


def read_calendar(content: bytes, file: str) -> Calendar:
    """Read the *content* of a calendar file, called *file* in complaints.

    Raises:
        CalendarInvalid: The content is not sound; every problem names its line.
    """
    reading = _Reading(file)
    root = reading.document(content)
    calendar = reading.calendar(root) if root else None
    if calendar is None or reading.problems:
        raise CalendarInvalid(file, sorted(reading.problems, key=lambda problem: problem.line))
    return calendar


@dataclass(slots=True)
class _Year:
    """What the notices of one year say."""

    notices: list[Notice] = field(default_factory=list)
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """One reading of one file, gathering everything that is wrong with it."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    named: set[date] = field(default_factory=set)

    def complain(
        self, code: str, message: str, path: str = "", node: Node | Event | None = None
    ) -> None:
        line = node.start_mark.line + 1 if node else 0
        self.problems.append(Problem(f"calendar.{code}", message, path, self.file, line))

    # What YAML says. Nodes are never turned into objects: each keeps its line and its letters.

    def document(self, content: bytes) -> Node | None:
        """Return the root of the document, or ``None`` having complained."""
        if len(content) > MOST_BYTES:
            self.complain("too_long", f"the file is longer than {MOST_BYTES} bytes")
            return None
        try:
            text = content.decode()
            for event in YAML(typ="safe", pure=True).parse(text):
                if isinstance(event, AliasEvent):
                    self.complain("alias", "write it out: aliases are not read", "", event)
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
        except (UnicodeDecodeError, YAMLError, RecursionError) as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            line = mark.line + 1 if mark else 0
            message = f"this is not YAML in UTF-8: {error}"
            self.problems.append(Problem("calendar.unreadable", message, "", self.file, line))
            return None
        if root is None:
            self.complain("empty", "the file is empty")
        return None if self.problems else root

    def pairs(self, node: Node | None, path: str) -> Iterator[tuple[str, Node]]:
        """Yield the entries of a mapping; one that is given twice is complained of."""
        if not isinstance(node, MappingNode):
            self.unexpected("named entries are", path, node)
            return
        seen = set()
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else "?"
            if name in seen:
                self.complain("twice", "this is given twice", _below(path, name), key)
            seen.add(name)
            yield name, value

    def entries(self, node: Node, path: str, required: str, also: str = "") -> dict[str, Node]:
        """Return the entries of a mapping; unknown and missing ones are complained of."""
        given = dict(self.pairs(node, path))
        known = [*required.split(), *also.split()]
        for name in given.keys() - known:
            message = f"there is no such entry; known are {', '.join(known)}"
            self.complain("unknown", message, _below(path, name), given[name])
        if isinstance(node, MappingNode):
            for name in [name for name in required.split() if name not in given]:
                self.complain("missing", "this entry is missing", _below(path, name), node)
        return given

    def items(self, node: Node | None, path: str) -> Iterator[tuple[str, Node]]:
        """Yield the items of a list, each with its path."""
        if isinstance(node, SequenceNode):
            yield from ((f"{path}[{index}]", item) for index, item in enumerate(node.value))
        else:
            self.unexpected("a list is", path, node)

    def word(self, node: Node | None, path: str) -> str:
        """Return a word or a sentence, which is not empty unless complained of."""
        text = str(node.value).strip() if isinstance(node, ScalarNode) else ""
        if not text:
            self.unexpected("a word is", path, node)
        return text

    def unexpected(self, expected: str, path: str, node: Node | None) -> None:
        if node is not None:  # what is missing was complained of by `entries`
            self.complain("unexpected", f"{expected} expected here", path, node)

    def parsed(
        self, node: Node | None, path: str, parse: Callable[[str], Read], example: str
    ) -> Read | None:
        """Return what *parse* makes of a word, or ``None`` having complained."""
        text = self.word(node, path)
        try:
            return parse(text) if text else None
        except (ValueError, LookupError, OSError):
            self.complain("value", f"cannot read {text!r}; write e.g. {example}", path, node)
            return None

    # What a calendar says.

    def calendar(self, root: Node) -> Calendar | None:
        given = self.entries(root, "", "name zone office_hours years")
        name = self.word(given.get("name"), "name")
        zone = self.parsed(given.get("zone"), "zone", ZoneInfo, "Asia/Shanghai")
        office = self.office(given.get("office_hours"), "office_hours")
        years = self.years(given.get("years"))
        if zone is None or office is None or not years or self.problems:
            return None
        return Calendar(
            name=name,
            zone=zone,
            first=date(min(years), 1, 1),
            last=date(max(years), 12, 31),
            rest_days=frozenset(day for year in years.values() for day in year.off),
            work_days=frozenset(day for year in years.values() for day in year.worked),
            office=office,
            notices={number: tuple(year.notices) for number, year in years.items()},
        )

    def office(self, node: Node | None, path: str) -> OfficeHours | None:
        seasons = [self.season(item, below) for below, item in self.items(node, path)]
        try:
            return OfficeHours(tuple(season for season in seasons if season))
        except ValueError as error:
            if node is not None and all(seasons):
                self.complain("office_hours", str(error), path, node)
            return None

    def season(self, node: Node, path: str) -> Season | None:
        given = self.entries(node, path, "begins windows")
        begins = self.parsed(given.get("begins"), f"{path}.begins", _begins, "06-01")
        windows = [
            self.parsed(item, below, _window, "08:30-12:00")
            for below, item in self.items(given.get("windows"), f"{path}.windows")
        ]
        if begins is None or not all(windows):
            return None
        try:
            return Season(begins, tuple(window for window in windows if window))
        except ValueError as error:
            self.complain("office_hours", str(error), path, node)
            return None

    def years(self, node: Node | None) -> dict[int, _Year]:
        years = {}
        for name, value in self.pairs(node, "years"):
            path = _below("years", name)
            if _YEAR.fullmatch(name):
                years[int(name)] = self.year(int(name), value, path)
            else:
                self.complain("year", "a year is expected, e.g. 2026", path, value)
        if node is not None and not years:
            self.complain("no_year", "there is no year", "years", node)
        for number in range(min(years, default=0), max(years, default=0)):
            if number not in years:
                self.complain("gap", f"the year {number} is missing between others", "years", node)
        return years

    def year(self, number: int, node: Node, path: str) -> _Year:
        year = _Year()
        given = self.entries(node, path, "notices holidays")
        for below, item in self.items(given.get("notices"), f"{path}.notices"):
            year.notices.append(self.notice(item, below))
        if "notices" in given and not year.notices:
            message = "name the notice that announced this year: without it the days are a guess"
            self.complain("no_notice", message, f"{path}.notices", given["notices"])
        for below, item in self.items(given.get("holidays"), f"{path}.holidays"):
            self.holiday(year, number, item, below)
        if "holidays" in given and not year.off:
            message = "there is no day off in this year"
            self.complain("no_holiday", message, f"{path}.holidays", given["holidays"])
        return year

    def notice(self, node: Node, path: str) -> Notice:
        given = self.entries(node, path, "title url")
        title = self.word(given.get("title"), f"{path}.title")
        url = self.parsed(given.get("url"), f"{path}.url", _address, "https://www.gov.cn/…")
        return Notice(title, url or "")

    def holiday(self, year: _Year, number: int, node: Node, path: str) -> None:
        given = self.entries(node, path, "name off", "worked")
        self.word(given.get("name"), f"{path}.name")
        year.off += self.days(number, given.get("off"), f"{path}.off")
        for day, item in self.named_days(number, given.get("worked"), f"{path}.worked"):
            if day.weekday() < SATURDAY:
                message = f"{day} is no Saturday or Sunday: it is worked anyway, leave it out"
                self.complain("weekday_worked", message, f"{path}.worked", item)
            year.worked.append(day)

    def days(self, number: int, node: Node | None, path: str) -> list[date]:
        return [day for day, _ in self.named_days(number, node, path)]

    def named_days(self, number: int, node: Node | None, path: str) -> Iterator[tuple[date, Node]]:
        """Yield each day of a list of days and runs, having complained of what cannot be."""
        for below, item in self.items(node, path):
            for day in self.parsed(item, below, _run, "2026-02-15..2026-02-23") or ():
                if day in self.named:
                    message = f"{day} is named a second time: is it off or worked, and for what?"
                    self.complain("contradiction", message, below, item)
                elif day.year != number and (day.year, day.month) != (number - 1, DECEMBER):
                    message = f"{day} is neither in {number} nor in the December before"
                    self.complain("other_year", message, below, item)
                self.named.add(day)
                yield day, item


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found


def _run(text: str) -> list[date]:
    """Return the days of ``2026-02-15..2026-02-23``, or the one day."""
    first, last = (date.fromisoformat(day) for day in _ends(_match(_RUN, text)))
    if not 0 <= (last - first).days < LONGEST_RUN:
        raise ValueError(text)
    return [first + timedelta(days=after) for after in range((last - first).days + 1)]


def _ends(run: re.Match[str]) -> tuple[str, str]:
    return run[1], run[2] or run[1]


def _begins(text: str) -> tuple[int, int]:
    month, day = map(int, _match(_BEGINS, text).groups())
    date(2000, month, day)
    return month, day


def _window(text: str) -> Window:
    start, end = map(time.fromisoformat, _match(_WINDOW, text).groups())
    return start, end


def _address(text: str) -> str:
    return _match(re.compile(r"https?://[^\s<>\"]+"), text)[0]
