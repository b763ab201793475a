"""Programmes: folders of text, read into kernel values and judged.

A folder holds ``programme.yaml`` (what the service promises), ``scenarios.yaml`` (examples that
are run as tests), lists as CSV files and a README with the sources.

Terms    programme 专项 · problem 问题
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from luoshi.formats.grammar.reading import Reading
from luoshi.formats.programme_parts.whole import PROGRAMME
from luoshi.formats.yaml_file import read_yaml
from luoshi.kernel.check import problems_in_parts, problems_in_whole
from luoshi.kernel.errors import Problem, ProgrammeInvalid
from luoshi.kernel.programme import Programme

FILE = "programme.yaml"


@dataclass(frozen=True, slots=True)
class Read:
    """What a folder says, and everything that is the matter with it.

    Attributes:
        programme: ``None`` when the file cannot be read at all. With problems it may be
            incomplete: only good for finding more of them.
        lines: On which line of the file everything stands, by path.
    """

    programme: Programme | None
    problems: tuple[Problem, ...]
    lines: Mapping[str, int] = field(default_factory=dict)


def read_programme(folder: Path) -> Read:
    """Return the programme in *folder* with every problem of its text and of its meaning."""
    programme, reading = _text_of(folder)
    if programme is None:
        return Read(None, tuple(reading.problems))
    _named_as(folder, programme, reading)
    is_legible = not reading.problems
    reading.problems += problems_in_parts(programme)
    reading.problems += problems_in_whole(programme) if is_legible else ()
    return Read(programme, _ordered(reading), reading.lines)


def _text_of(folder: Path) -> tuple[Programme | None, Reading]:
    """Return the programme that the text says, whatever it means; none if it cannot be read."""
    file = (Path(folder.name) / FILE).as_posix()
    node, problems = read_yaml(folder / FILE, file)
    reading = Reading(file, folder, problems)
    programme = PROGRAMME.read(node, reading, "") if node is not None else None
    return programme if isinstance(programme, Programme) else None, reading


def _named_as(folder: Path, programme: Programme, reading: Reading) -> None:
    if programme.id != folder.resolve().name:
        said = f"is {programme.id!r}, but the folder is {folder.resolve().name!r}; name both alike"
        reading.wrong("id.folder", said, "id", reading.lines.get("id", 1))


def _ordered(reading: Reading) -> tuple[Problem, ...]:
    located = (reading.located(problem) for problem in reading.problems)
    return tuple(sorted(dict.fromkeys(located), key=lambda p: (p.file, p.line)))


def load_programme(folder: Path) -> Programme:
    """Return the programme in *folder*.

    Raises:
        ProgrammeInvalid: With every problem: file, line, path and a way out.
    """
    read = read_programme(folder)
    if read.programme is None or read.problems:
        raise ProgrammeInvalid(folder.name, read.problems)
    return read.programme


def kept_programme(folder: Path) -> Programme:
    """Return the programme in *folder* as it was taken up once.

    Its meaning was checked then. A check that came later does not undo what was promised to the
    cases that were opened under it.

    Raises:
        ProgrammeInvalid: The text cannot be read at all.
    """
    programme, reading = _text_of(folder)
    if programme is None or reading.problems:
        raise ProgrammeInvalid(folder.name, _ordered(reading))
    return programme


def programme_folders(root: Path) -> Iterator[Path]:
    """Yield the folders below *root* that hold a programme, by name; *root* itself may be one."""
    if (root / FILE).exists():
        yield root
        return
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and not folder.name.startswith(("_", ".")):
            yield folder


def load_programmes(root: Path) -> dict[str, Programme]:
    """Return the programmes below *root* by id.

    Raises:
        ProgrammeInvalid: With the problems of all of them.
    """
    found = [(folder, read_programme(folder)) for folder in programme_folders(root)]
    problems = [problem for _, read in found for problem in read.problems]
    if problems:
        raise ProgrammeInvalid(root.name, problems)
    return {read.programme.id: read.programme for _, read in found if read.programme}
