"""Tables: CSV and XLSX, in and out. What comes in is hostile, what goes out is opened in a spreadsheet.

In: the encoding is recognised (UTF-8, UTF-16, GB18030 国标), ``.gz`` is unpacked, sizes are limited, and a row
that cannot be read is reported without stopping the rest. Out: a cell that a spreadsheet would take
for a formula is defused with an apostrophe.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

from openpyxl import Workbook, load_workbook

from luoshi.kernel.errors import LuoshiError

SAMPLE = 1_000_000
MOST_FIELD = 5_000_000
MOST_UNPACKED = 4_000_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TableInvalid(LuoshiError):
    """The file is no table that can be read."""

    code = "table.invalid"
    template = "{file}: {reason}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file (the header is 1), and its cells by column."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table opened for reading, row by row.

    Attributes:
        size: Bytes (CSV) or rows (XLSX) altogether, for a progress bar.
        encoding: How the text was read.
    """

    columns: tuple[str, ...]
    rows: Iterator[TableRow]
    encoding: str = ""


def read_table(path: Path) -> Table:
    """Open the table in *path* (``.csv``, ``.csv.gz``, ``.xlsx``).

    Raises:
        TableInvalid: It is not there, is no table, has no header, or a column twice.
    """
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _xlsx(path)
        return _csv(path)
    except (OSError, EOFError, csv.Error, zipfile.BadZipFile, KeyError, ValueError) as reason:
        raise TableInvalid(file=path.name, reason=f"cannot be read ({reason})") from reason


def encoding_of(sample: bytes) -> str:
    """Return the encoding of text that begins with *sample*: UTF-8 where possible, else GB18030."""
    for mark, name in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _csv(path: Path) -> Table:
    raw = _opened(path)
    sample = raw.read(SAMPLE)
    raw.close()
    encoding = encoding_of(sample)
    text = io.TextIOWrapper(_opened(path), encoding=encoding, errors="surrogateescape", newline="")
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader(text, _dialect(sample.decode(encoding, errors="replace")))
    columns = _columns(path, next(reader, []))
    return Table(columns, _csv_rows(reader, columns), encoding)


def _opened(path: Path) -> gzip.GzipFile | io.BufferedReader:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")


def _dialect(sample: str) -> type[csv.Dialect]:
    head = sample.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Found


def _csv_rows(reader: Iterator[list[str]], columns: Sequence[str]) -> Iterator[TableRow]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as reason:
            yield TableRow(number, {}, str(reason))
            continue
        if cells:
            yield _row(number, columns, cells)


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> TableRow:
    found = dict(zip(columns, cells, strict=False))
    if len(cells) != len(columns):
        return TableRow(number, found, f"{len(cells)} cells for {len(columns)} columns")
    return TableRow(number, found)


def _columns(path: Path, header: Sequence[object]) -> tuple[str, ...]:
    columns = tuple(str(name or "").strip().lstrip("\ufeff") for name in header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not any(columns):
        raise TableInvalid(file=path.name, reason="has no header row; put column names first")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise TableInvalid(file=path.name, reason=f"has columns twice: {', '.join(twice)}")
    return columns


def _xlsx(path: Path) -> Table:
    with zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise TableInvalid(file=path.name, reason="unpacks to more than is taken")
    book = load_workbook(path, read_only=True, data_only=True)
    lines = book.worksheets[0].iter_rows(values_only=True)
    columns = _columns(path, next(lines, ()))
    return Table(columns, _xlsx_rows(lines, columns), "xlsx")


def _xlsx_rows(lines: Iterable[tuple[object, ...]], columns: Sequence[str]) -> Iterator[TableRow]:
    for number, line in enumerate(lines, start=2):
        cells = [_cell_text(cell) for cell in line[: len(columns)]]
        if any(cells):
            yield _row(number, columns, cells + [""] * (len(columns) - len(cells)))


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def defused(cell: object) -> object:
    """Return *cell* so that no spreadsheet takes it for a formula.

    Example:
        >>> defused("=1+1"), defused("路灯"), defused(-3)
        ("'=1+1", '路灯', -3)
    """
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def write_csv(out: IO[str], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table to *out*; the caller opens it with ``utf-8-sig`` so that Excel reads it.

    Returns:
        How many rows were written.
    """
    writer = csv.writer(out)
    writer.writerow([defused(name) for name in columns])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  the last number is the count
        writer.writerow([defused(_out(cell)) for cell in row])
    return count


def write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table to the workbook *path*; returns how many rows were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Luoshi")
    sheet.append([defused(name) for name in columns])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  the last number is the count
        sheet.append([_printable(defused(_out(cell))) for cell in row])
    book.save(path)
    return count


def _out(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else cell


def _printable(cell: object) -> object:
    if isinstance(cell, str):
        return "".join(sign for sign in cell if sign.isprintable() or sign in "\n\t")
    return cell
