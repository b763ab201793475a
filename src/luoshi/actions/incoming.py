"""Incoming rows: cells of a table become answers of a programme.

Times without a zone are local. A choice may be written by its code or by its label, a point as two
columns or as ``longitude, latitude`` in one; its frame is declared, and converted here, once.

Terms    coordinate frame 坐标系
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from hashlib import sha256

from luoshi.actions.deciding import Incoming
from luoshi.formats.columns import ID, LAT, LON, TIME, Columns
from luoshi.formats.coordinates import Frame, NotANumber, OutOfBounds, Swapped, stored_point
from luoshi.formats.instants import moment_in
from luoshi.formats.tables import TableRow
from luoshi.kernel.errors import FieldProblem
from luoshi.kernel.programme import FieldType, Programme

BETWEEN = re.compile(r"[,，;；\s]+")
LISTED = (FieldType.CHOICE, FieldType.CODE)
EARLIEST = 1900


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one table.

    Args:
        zone: In which times without a zone are written.
        use_time: Whether cases were received when the table says, or only now.
        frame: Coordinate frame of its points.
    """

    programme: Programme
    columns: Columns
    zone: tzinfo
    use_time: bool = True
    frame: Frame = Frame.CGCS2000

    def incoming(self, rows: Iterable[TableRow]) -> Iterator[Incoming]:
        """Yield *rows* as they are registered: one answer for each column that holds a field."""
        return (self._one(row) for row in rows)

    def _one(self, row: TableRow) -> Incoming:
        problems = [FieldProblem("", "row.unreadable", {"reason": row.problem})]
        problems = problems if row.problem else []
        answers: dict[str, object] = {
            name: self._words[name].get(cell.strip(), cell) if name in self._words else cell
            for name, cell in self._filled(row)
        }
        problems += self._place(row, answers)
        at = None
        if self.use_time and TIME in self.columns.fields:
            at, wrong = instant_in(row.cells.get(self.columns.fields[TIME], ""), self.zone)
            problems += wrong
        source, wrong = self._source(row)
        return Incoming(row.number, source, answers, at, (*problems, *wrong))

    def _filled(self, row: TableRow) -> Iterator[tuple[str, str]]:
        for name, column in self.columns.fields.items():
            cell = row.cells.get(column, "")
            if not name.startswith("@") and cell.strip():
                yield name, cell

    @cached_property
    def _words(self) -> Mapping[str, Mapping[str, str]]:
        """Codes by label, for each column with a choice."""
        fields = self.programme.fields
        listed = [n for n in self.columns.fields if n in fields and fields[n].type in LISTED]
        lists = {name: self.programme.lists[fields[name].choices] for name in listed}
        return {
            name: {word: code for code, choice in of.items() for word in choice.labels.values()}
            for name, of in lists.items()
        }

    def _place(self, row: TableRow, answers: dict[str, object]) -> list[FieldProblem]:
        """Put the point of *row* in place of its text; return what is wrong with it."""
        name = self.columns.point
        cells = [row.cells.get(self.columns.fields.get(half, ""), "") for half in (LON, LAT)]
        if name in answers and not any(cells):
            cells = BETWEEN.split(str(answers[name]).strip(" ()（）[]"))
        if not name or not any(cell.strip() for cell in cells):
            return []
        try:
            lon, lat = stored_point(*_pair(cells), self.frame)
        except (NotANumber, OutOfBounds):
            return [FieldProblem(name, "point.invalid")]
        except Swapped:
            return [FieldProblem(name, "point.order")]
        answers[name] = {"lon": lon, "lat": lat}
        return []

    def _source(self, row: TableRow) -> tuple[str, list[FieldProblem]]:
        """Return the number at the source; a row without one is known by its whole content."""
        given = row.cells.get(self.columns.fields.get(ID, ""), "").strip()
        if not given:
            text = "\n".join(f"{name}={value}" for name, value in sorted(row.cells.items()))
            return sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), []
        whole = given.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        return whole, [FieldProblem(ID, "text.control")] if whole != given else []


def _pair(cells: list[str]) -> tuple[str, str]:
    if len(cells) != len((LON, LAT)):
        raise NotANumber(value=cells)
    return cells[0].strip(), cells[1].strip()


def instant_in(text: str, zone: tzinfo) -> tuple[datetime | None, list[FieldProblem]]:
    """Return the instant that *text* names (``None`` when it is empty), or what is wrong with it.

    Args:
        text: ISO 8601, or as people write it.
        zone: Where it was written, unless it says so itself.
    """
    clean = text.strip()
    if not clean:
        return None, []
    moment = moment_in(clean)
    if moment is None or moment.year < EARLIEST:
        reason = f"time {clean[:40]!r} cannot be read; write 2026-03-06 09:30"
        return None, [FieldProblem(TIME, "row.unreadable", {"reason": reason})]
    return moment if moment.tzinfo else moment.replace(tzinfo=zone), []
