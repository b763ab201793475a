"""Incoming rows: cells of a table become answers of a programme.

Times without a zone are local. A choice may be written by its code or by its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from hashlib import sha256

from luoshi.actions.bulk import Incoming
from luoshi.formats.columns import ID, TIME, Columns
from luoshi.formats.tables import TableRow
from luoshi.kernel.programme import Choice, FieldType, Programme

SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
LISTED = (FieldType.CHOICE, FieldType.CODE)


def incoming(
    programme: Programme,
    rows: Iterable[TableRow],
    columns: Columns,
    zone: tzinfo,
    use_time: bool = True,
) -> Iterator[Incoming]:
    """Yield *rows* as they are registered: one answer for each column that holds a field."""
    words = {
        name: _by_label(programme.lists[programme.fields[name].choices])
        for name in columns.fields
        if name in programme.fields and programme.fields[name].type in LISTED
    }
    for row in rows:
        yield _one(row, columns, words, zone, use_time)


def _one(
    row: TableRow,
    columns: Columns,
    words: Mapping[str, Mapping[str, str]],
    zone: tzinfo,
    use_time: bool,
) -> Incoming:
    answers: dict[str, object] = {}
    for name, column in columns.fields.items():
        cell = row.cells.get(column, "")
        if not name.startswith("@") and cell.strip():
            answers[name] = words[name].get(cell.strip(), cell) if name in words else cell
    at, problem = None, row.problem
    if use_time and TIME in columns.fields:
        at, unreadable = _time(row.cells.get(columns.fields[TIME], ""), zone)
        problem = problem or unreadable
    return Incoming(row.number, _source(row, columns), answers, at, problem)


def _source(row: TableRow, columns: Columns) -> str:
    """Return the number at the source; a row without one is known by its whole content."""
    given = row.cells.get(columns.fields.get(ID, ""), "").strip()
    if given:
        return given
    text = "\n".join(f"{name}={value}" for name, value in sorted(row.cells.items()))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _time(text: str, zone: tzinfo) -> tuple[datetime | None, str]:
    clean = text.strip()
    if not clean:
        return None, ""
    try:
        found = SLASHED.fullmatch(clean)
        if found:
            moment = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
        else:
            moment = datetime.fromisoformat(clean)
    except ValueError:
        return None, f"time {clean[:40]!r} cannot be read; write 2026-03-06 09:30"
    return moment if moment.tzinfo else moment.replace(tzinfo=zone), ""


def _by_label(choices: Mapping[str, Choice]) -> dict[str, str]:
    return {word: code for code, choice in choices.items() for word in choice.labels.values()}
