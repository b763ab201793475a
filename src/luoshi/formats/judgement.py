"""Judgement: everything that is the matter with a folder of programmes, scenarios included.

What ``luoshi check`` says. A programme whose own text is not sound is not played: its scenarios
would only repeat what is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from luoshi.formats.calendars import CalendarInvalid, load_calendar
from luoshi.formats.programmes import programme_folders, read_programme
from luoshi.formats.scenarios import problems_of_scenarios
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Programme


@dataclass(slots=True)
class Judgement:
    """What was looked at, and what was found.

    Attributes:
        calendars: Folder of calendar files.
        programmes: Names of the folders that were judged.
    """

    calendars: Path
    programmes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: dict[str, Calendar | None] = field(default_factory=dict)

    def judge(self, folder: Path) -> None:
        """Read, prove and play the programme in *folder*; add what is the matter with it."""
        self.programmes.append(folder.name)
        read = read_programme(folder)
        self.problems += read.problems
        if read.programme is None or read.problems:
            return
        calendar = self.calendar_of(read.programme, read.lines.get("calendar", 1), folder)
        if calendar is not None:
            self.problems += problems_of_scenarios(folder, read.programme, calendar)

    def calendar_of(self, programme: Programme, line: int, folder: Path) -> Calendar | None:
        """Return the calendar that *programme* counts by; ``None`` after saying what is wrong."""
        name = programme.calendar
        if name not in self.known:
            self.known[name] = self._loaded(name)
        if self.known[name] is None:
            found = sorted(path.stem for path in self.calendars.glob("*.yaml"))
            said = f"calendar {name!r} is not there; known: {', '.join(found) or 'none'}"
            file = f"{folder.name}/programme.yaml"
            self.problems.append(Problem("calendar.unknown", said, "calendar", file, line))
        return self.known[name]

    def _loaded(self, name: str) -> Calendar | None:
        path = self.calendars / f"{name}.yaml"
        if not path.is_file():
            return None
        try:
            return load_calendar(path)
        except CalendarInvalid as invalid:
            self.problems += invalid.problems
            return None


def judged(root: Path, calendars: Path) -> Judgement:
    """Return the judgement on every programme below *root* (or on *root* itself)."""
    judgement = Judgement(calendars)
    if not root.is_dir():
        said = "there is no such folder; name the folder of the programmes"
        judgement.problems.append(Problem("folder.missing", said))
        return judgement
    folders = list(programme_folders(root))
    if not folders:
        said = "holds no programme; make a folder in it with a programme.yaml"
        judgement.problems.append(Problem("folder.empty", said))
    for folder in folders:
        judgement.judge(folder)
    return judgement
