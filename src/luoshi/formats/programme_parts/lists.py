"""Section ``lists``: the words that a choice may take, in the file itself or in a CSV file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import PurePosixPath

from luoshi.formats.grammar.forms import Form, Key, Table
from luoshi.formats.grammar.reading import WRONG, Reading, Schema, entries_of
from luoshi.formats.grammar.values import LANGUAGE, REQUIRED_LANGUAGES, Labels, Name, Text, misfit
from luoshi.formats.yaml_file import Node, text_of
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Choice

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}")
CSV_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}\.csv")
MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class EntryKind:
    """One entry: its labels, and ``parent`` when the list is a tree."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        entries = entries_of(node)
        if entries is None:
            return misfit(node, "{zh-Hans: …, en: …}", reading, path)
        words = {key: entry for key, entry in entries.items() if key != "parent"}
        labels = Labels().read(Node(dict(words), node.line), reading, path)
        return labels, self._parent(entries.get("parent"), reading, path)

    def _parent(self, node: Node | None, reading: Reading, path: str) -> str:
        read = Name(pattern=CODE).read(node, reading, f"{path}.parent") if node else ""
        return "" if read is WRONG else str(read)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {"parent": Name(pattern=CODE).schema()},
            "patternProperties": {f"^{LANGUAGE.pattern}$": Text().schema()},
            "additionalProperties": False,
            "required": list(REQUIRED_LANGUAGES),
        }


def _choice(code: str, read: tuple[Mapping[str, str], str]) -> Choice:
    return Choice(code=code, labels=read[0], parent=read[1])


WRITTEN_OUT = Table(EntryKind(), _choice, CODE)
IN_FILE = Form(
    {"file": Key(Text(200), "A CSV file in the folder of the programme.", needed=True, default="")}
)


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list: its entries, or ``{file: taxonomy.csv}``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        entries = entries_of(node)
        if entries is None or not isinstance(entries.get("file", Node({}, 0)).value, str):
            return WRITTEN_OUT.read(node, reading, path)
        read = IN_FILE.read(node, reading, path)
        assert isinstance(read, dict)  # noqa: S101  a form read from a mapping
        return _from_file(read["file"], entries["file"].line, reading, path)

    def schema(self) -> Schema:
        return {"anyOf": [IN_FILE.schema(), WRITTEN_OUT.schema()]}


def _from_file(name: str, line: int, reading: Reading, path: str) -> object:
    """Return the entries of a CSV file that lies in the programme's own folder."""
    target = reading.folder / name
    if not CSV_NAME.fullmatch(name) or target.is_symlink():
        said = f"{name!r} is no CSV file in the folder of the programme; name one that is"
        return reading.wrong("list.file", said, f"{path}.file", line)
    file = str(PurePosixPath(reading.file).parent / name)
    text, problems = text_of(target, file)
    reading.files[path + "."] = file
    reading.problems += problems
    if text is None:
        return WRONG
    return {choice.code: choice for choice in _rows(text, file, reading, path)}


def _rows(text: str, file: str, reading: Reading, path: str) -> Iterator[Choice]:
    rows = csv.DictReader(StringIO(text, newline=""), strict=True)
    known: set[str] = set()
    try:
        if "code" not in (rows.fieldnames or ()):
            _row_problem(reading, file, 1, "the first line must name the columns, with 'code'")
            return
        for row in rows:
            if len(known) > MOST_ENTRIES:
                _row_problem(reading, file, rows.line_num, f"more than {MOST_ENTRIES} entries")
                return
            choice = _row(row, known, file, rows.line_num, reading)
            if choice is not None:
                reading.lines[f"{path}.{choice.code}"] = rows.line_num
                yield choice
    except csv.Error as error:
        _row_problem(reading, file, rows.reader.line_num, f"cannot be read as CSV: {error}")


def _row(
    row: Mapping[str | None, str | None], known: set[str], file: str, line: int, reading: Reading
) -> Choice | None:
    cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    code = cells.pop("code")
    if None in row or not CODE.fullmatch(code) or code in known:
        said = (
            f"{code!r} stands twice"
            if code in known
            else f"{code!r} is no code, or a cell too many"
        )
        _row_problem(reading, file, line, said)
        return None
    known.add(code)
    labels = {key: cells.pop(key) for key in LABEL_COLUMNS if cells.get(key)}
    return Choice(code=code, labels=labels, parent=cells.pop("parent", ""), data=cells)


LABEL_COLUMNS = ("zh-Hans", "zh-Hant", "en")
"""Columns that hold labels; every other column but ``code`` and ``parent`` is kept as data."""


def _row_problem(reading: Reading, file: str, line: int, said: str) -> None:
    reading.problems.append(Problem("list.row", f"{said}; mend this row", "", file, line))


LISTS = Table(ListKind())
