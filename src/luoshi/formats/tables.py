"""Tables: CSV and XLSX, in and out.

What comes in is hostile: what a file is, is read from its first bytes; the encoding is recognised
(UTF-8, UTF-16, GB18030, Big5), ``.gz`` is unpacked, sizes are limited, and a row that cannot be
read is named without stopping the rest. What goes out is opened in a spreadsheet: a cell that it
would take for a formula is defused with an apostrophe.

Not here  how bytes become text (``formats.encodings``); workbooks (``formats.workbooks``)
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from luoshi.formats.cells import defused, text_out, undefused
from luoshi.formats.encodings import encoding_of, lines_of, sample_of
from luoshi.formats.workbooks import Fits, Line, Opened, open_workbook
from luoshi.kernel.errors import LuoshiError

MOST_FIELD = 5_000_000
"""Characters of the longest cell that is read."""

REPORT = ("row", "reason")
"""First columns of a report of broken rows; they are no part of the table."""

GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNREADABLE = (OSError, EOFError, csv.Error, zlib.error, ValueError)


class TableInvalid(LuoshiError):
    """The file is no table that can be read."""

    code = "table.invalid"
    template = "{file}: {reason}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table.

    Attributes:
        number: Its number in the file; the header is 1.
        cells: Its cells, by column.
        problem: Why it cannot be used; empty when it can.
        raw: Its cells in order, also those that no column is for.
    """

    number: int
    cells: dict[str, str]
    problem: str = ""
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table opened for reading, row by row. Use it in a ``with`` block: it holds a file.

    Attributes:
        encoding: How the text was read; ``xlsx`` for a workbook.
        note: Which sheet of a workbook was read, where it has others; empty where it has none.
    """

    columns: tuple[str, ...]
    rows: Iterator[TableRow]
    encoding: str = ""
    close: Callable[[], None] = field(default=lambda: None)
    note: str = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.note and isinstance(error, LuoshiError):
            error.add_note(self.note)
        self.close()


def read_table(path: Path, fits: Fits = any) -> Table:
    """Open the table in *path*: CSV (also with semicolons or tabs, also packed by gzip) or XLSX.

    Of a workbook the first sheet is read. Where its columns are not those meant, and those of one
    other sheet are, that one is.

    Args:
        path: The file.
        fits: Whether columns of these names are those meant; without it, whether there are any.

    Raises:
        TableInvalid: It is not there, is no table, has no header, or a column twice. Rows raise it
            too, when the file breaks off.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
        if start.startswith(OLD_EXCEL):
            raise TableInvalid(file=path.name, reason="is an old workbook; save it as .xlsx")
        if start.startswith(ZIP) or path.suffix.lower() in (".xlsx", ".xlsm"):
            return _sheet(path, open_workbook(path, lambda header: fits(_own(_named(header)))))
        return _csv(path, is_packed=start.startswith(GZIP))
    except UNREADABLE as reason:
        raise TableInvalid(file=path.name, reason=f"cannot be read ({reason})") from reason


def _sheet(path: Path, book: Opened) -> Table:
    if not book.others:
        return _table(path, book.lines, "xlsx", book.close)
    others = ", ".join(map(repr, book.others))
    note = (
        f"the sheet {book.sheet!r} was read; the workbook also has {others}. If another one is "
        "meant, make it the first, or save it as CSV"
    )
    try:
        return replace(_table(path, book.lines, "xlsx", book.close), note=note)
    except TableInvalid as error:
        error.add_note(note)
        raise


def _csv(path: Path, *, is_packed: bool) -> Table:
    with _opened(path, is_packed=is_packed) as file:
        sample = sample_of(file)
    encoding = encoding_of(sample)
    csv.field_size_limit(MOST_FIELD)
    file = _opened(path, is_packed=is_packed)
    dialect = _dialect(sample.decode(encoding, errors="replace"))
    reader = csv.reader(lines_of(file, encoding), dialect, strict=True)
    return _table(path, _csv_lines(reader), encoding, file.close)


def _opened(path: Path, *, is_packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if is_packed else path.open("rb")


def _dialect(sample: str) -> type[csv.Dialect]:
    head = sample.lstrip("\r\n").partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t，", key=head.count)

    return Found


def _csv_lines(reader: Iterator[list[str]]) -> Iterator[Line]:
    while True:
        try:
            yield next(reader), ""
        except StopIteration:
            return
        except csv.Error as reason:
            yield [], str(reason)


def _table(path: Path, lines: Iterator[Line], encoding: str, close: Callable[[], None]) -> Table:
    try:
        columns = _columns(path, *next(lines, ([], "")))
    except BaseException:
        close()
        raise
    names = _own(columns)
    is_report = names != columns
    return Table(names, _rows(path, lines, names, is_report=is_report), encoding, close)


def _own(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return *columns* without those that a report of broken rows has before them."""
    return columns[len(REPORT) :] if columns[: len(REPORT)] == REPORT else columns


def _columns(path: Path, header: Sequence[str], problem: str) -> tuple[str, ...]:
    if problem:
        raise TableInvalid(file=path.name, reason=f"its header cannot be read ({problem})")
    columns = _named(header)
    if not any(columns):
        raise TableInvalid(file=path.name, reason="has no header row; put column names first")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise TableInvalid(file=path.name, reason=f"has columns twice: {', '.join(twice)}")
    return columns


def _named(header: Sequence[str]) -> tuple[str, ...]:
    columns = tuple(name.strip().lstrip("\ufeff") for name in header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    return columns


def _rows(
    path: Path, lines: Iterator[Line], columns: Sequence[str], *, is_report: bool
) -> Iterator[TableRow]:
    number = 1
    try:
        for number, (line, problem) in enumerate(lines, start=2):
            cells = [undefused(cell) for cell in line[len(REPORT) :]] if is_report else line
            if problem or any(map(str.strip, cells)):
                yield _row(number, columns, cells, problem)
    except UNREADABLE as reason:
        raise TableInvalid(
            file=path.name, reason=f"breaks off after row {number} ({reason})"
        ) from reason


def _row(number: int, columns: Sequence[str], cells: Sequence[str], problem: str) -> TableRow:
    found = dict(zip(columns, cells, strict=False))
    more = any(cells[len(columns) :])
    if not problem and (more or len(cells) < len(columns)):
        problem = f"{len(cells)} cells for {len(columns)} columns"
    if not problem and tuple(cells) == tuple(columns):
        problem = "the header again"
    return TableRow(number, found, problem, tuple(cells))


def write_csv(out: IO[str], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table to *out*; the caller opens it with ``utf-8-sig`` so that Excel reads it.

    Returns:
        How many rows were written.
    """
    writer = csv.writer(out)
    writer.writerow([defused(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([None if cell is None else defused(text_out(cell)) for cell in row])
        count += 1
    return count
