"""Judgement: everything that is the matter with a folder of programmes, scenarios included.

What ``luoshi check`` says. A programme whose own text is not sound is not played: its scenarios
would only repeat what is known. Whether programmes that rest on each other fit together is asked
when each is sound by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from pathlib import Path

from luoshi.formats.calendars import CalendarInvalid, load_calendar
from luoshi.formats.programmes import programme_folders, read_programme
from luoshi.formats.scenarios import problems_of_scenarios
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.checks.between import problems_between
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Programme

MANY = 12
"""So many programmes are judged by several processes beside each other."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One folder that was looked at, and what was found.

    Attributes:
        programme: What it says, if that is sound; ``None`` if not.
        lines: On which line of its file everything stands, by path.
    """

    folder: str
    problems: tuple[Problem, ...]
    programme: Programme | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Judgement:
    """What was looked at, and what was found.

    Attributes:
        programmes: Names of the folders that were judged.
    """

    programmes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def judged(root: Path, calendars: Path) -> Judgement:
    """Return the judgement on every programme below *root* (or on *root* itself)."""
    if not root.is_dir():
        said = "there is no such folder; name the folder of the programmes"
        return Judgement(problems=[Problem("folder.missing", said)])
    folders = list(programme_folders(root))
    if not folders:
        said = "holds no programme; make a folder in it with a programme.yaml"
        return Judgement(problems=[Problem("folder.empty", said)])
    each = _judged_each(folders, calendars)
    between = _problems_between(each) if folders != [root] else ()
    found = chain.from_iterable(one.problems for one in each)
    return Judgement([one.folder for one in each], list(dict.fromkeys([*found, *between])))


def _judged_each(folders: list[Path], calendars: Path) -> list[Judged]:
    processes = os.cpu_count() or 1
    if len(folders) < MANY or processes == 1:
        return _judged_some(folders, calendars)
    size = -(-len(folders) // processes)
    parts = [folders[start : start + size] for start in range(0, len(folders), size)]
    with ProcessPoolExecutor(processes) as pool:
        return list(chain.from_iterable(pool.map(_judged_some, parts, repeat(calendars))))


def _judged_some(folders: Iterable[Path], calendars: Path) -> list[Judged]:
    shelf = _Calendars(calendars)
    return [_judged_one(folder, shelf) for folder in folders]


def _judged_one(folder: Path, calendars: _Calendars) -> Judged:
    """Read, prove and play the programme in *folder*."""
    read = read_programme(folder)
    if read.programme is None or read.problems:
        return Judged(folder.name, read.problems)
    calendar, problems = calendars.of(read.programme.calendar)
    if calendar is None:
        file, line = f"{folder.name}/programme.yaml", read.lines.get("calendar", 1)
        said = calendars.missing(read.programme)
        missing = Problem("calendar.unknown", said, "calendar", file, line)
        return Judged(folder.name, (*problems, missing))
    problems = problems_of_scenarios(folder, read.programme, calendar)
    return Judged(folder.name, problems, read.programme, read.lines)


@dataclass(slots=True)
class _Calendars:
    """The calendars in a folder, each read once."""

    folder: Path
    known: dict[str, tuple[Calendar | None, tuple[Problem, ...]]] = field(default_factory=dict)

    def of(self, name: str) -> tuple[Calendar | None, tuple[Problem, ...]]:
        """Return the calendar *name*; ``None`` where it is not there, or with what is wrong."""
        if name not in self.known:
            self.known[name] = self._read(self.folder / f"{name}.yaml")
        return self.known[name]

    def missing(self, programme: Programme) -> str:
        """Return what to say to somebody who named a calendar that cannot be used."""
        found = sorted(path.stem for path in self.folder.glob("*.yaml"))
        known = ", ".join(found) or "none"
        return f"calendar {programme.calendar!r} is not there; known: {known}"

    def _read(self, path: Path) -> tuple[Calendar | None, tuple[Problem, ...]]:
        if not path.is_file():
            return None, ()
        try:
            return load_calendar(path), ()
        except CalendarInvalid as invalid:
            return None, tuple(invalid.problems)


def _problems_between(each: Sequence[Judged]) -> Iterator[Problem]:
    """Yield where programmes do not fit together, once each is sound by itself."""
    sound = [(one, one.programme) for one in each if one.programme is not None]
    if len(sound) < len(each):
        return
    others = {programme.id: programme for _, programme in sound}
    for one, programme in sound:
        for problem in problems_between(programme, others):
            yield _located(problem, one)


def _located(problem: Problem, one: Judged) -> Problem:
    path = problem.path
    while path and path not in one.lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    file = f"{one.folder}/programme.yaml"
    return replace(problem, file=file, line=one.lines.get(path, 1))
