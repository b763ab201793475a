"""Workbooks: XLSX in and out. What comes in may be a bomb, what goes out is opened by Excel."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from luoshi.formats.cells import defused, text_in, text_out

Line = tuple[Sequence[str], str]
"""Cells of a row, and why it cannot be used; empty when it can."""

Fits = Callable[[Sequence[str]], bool]

MOST_UNPACKED = 1_000_000_000
MOST_RATIO = 200
"""A sheet packs to a tenth or a thirtieth; what packs better than this is a bomb."""

FREE = 20_000_000
"""Bytes up to which a workbook may unpack whatever its ratio."""

ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
FORMULA_TAG = re.compile(rb"<(?:\w+:)?f[ />]")
LONGEST_TAG = 40
CHUNK = 1_000_000
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML cannot hold."""

BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    SyntaxError,  # how the XML parser tells of broken XML
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
)
"""What a file that is no workbook makes its reader raise."""


class NoWorkbook(ValueError):
    """The file is no workbook, or not one that is safe to open."""


EMPTY = (None, "")
"""What is left out: a workbook holds no cell where there is nothing."""

TITLES = 4
"""Rows above the header that may hold a title or nothing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that is open, at one of its sheets.

    Attributes:
        lines: Lines of the sheet from its header on, all as long as that or longer.
        close: Closes it.
        sheet: The name of the sheet.
        others: Names of the sheets that are not read.
    """

    lines: Iterator[Line]
    close: Callable[[], None]
    sheet: str
    others: tuple[str, ...]


def open_workbook(path: Path, fits: Fits) -> Opened:
    """Open a workbook at its first sheet, or at the only other one whose columns are those meant.

    Args:
        path: The file.
        fits: Whether the columns of this header are those meant.

    Raises:
        NoWorkbook: It is none, or it unpacks to more than is taken. Lines raise it too.
    """
    files = ExitStack()
    try:
        books = []
        for values in (True, False) if _looked_into(path) else (True,):
            # Opened here: a workbook that is closed keeps its file while a sheet is half read.
            file = files.enter_context(path.open("rb"))
            books.append(load_workbook(file, read_only=True, data_only=values))
        names = [str(sheet.title) for sheet in books[0].worksheets]
        place = _meant(books[0].worksheets, fits)
        lines = _lines([book.worksheets[place] for book in books])
        return Opened(lines, files.close, names.pop(place), tuple(names))
    except BROKEN as reason:
        files.close()
        raise NoWorkbook(f"it is no workbook: {reason}") from reason


def _meant(sheets: Sequence[Any], fits: Fits) -> int:
    """Return the place of the sheet that is read."""
    if len(sheets) == 1 or fits(_names(sheets[0])):
        return 0
    found = [place for place, sheet in enumerate(sheets) if fits(_names(sheet))]
    return found[0] if len(found) == 1 else 0


def _names(sheet: Any) -> tuple[str, ...]:  # noqa: ANN401  openpyxl has no types
    sheet.reset_dimensions()
    row = _header_row(sheet)
    header = next(sheet.iter_rows(min_row=row, max_row=row, values_only=True), ())
    return tuple(text_in(value) for value in header)


def _looked_into(path: Path) -> bool:
    """Refuse a bomb, and return whether any sheet holds a formula."""
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        small = sum(entry.compress_size for entry in entries)
        if unpacked > MOST_UNPACKED or unpacked > max(FREE, small * MOST_RATIO):
            raise NoWorkbook("it unpacks to more than is taken")
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        return any(_holds_formula(packed, name) for name in sheets)


def _holds_formula(packed: zipfile.ZipFile, name: str) -> bool:
    end = b""
    with packed.open(name) as sheet:
        while part := sheet.read(CHUNK):
            if FORMULA_TAG.search(end + part):
                return True
            end = part[-LONGEST_TAG:]
    return False


def _lines(sheets: Sequence[Any]) -> Iterator[Line]:
    for sheet in sheets:
        sheet.reset_dimensions()  # a file may claim any size
    width = 0
    try:
        first = _header_row(sheets[0])
        for values, *written in zip(
            *(sheet.iter_rows(min_row=first, values_only=True) for sheet in sheets), strict=True
        ):
            cells = [text_in(value) for value in values]
            width = width or len(cells)
            cells += [""] * (width - len(cells))
            yield cells, _problem(values, cells, written[0] if written else ())
    except BROKEN as reason:
        raise NoWorkbook(f"it is damaged: {reason}") from reason


def _header_row(sheet: Any) -> int:  # noqa: ANN401  openpyxl has no types
    """Return the row of the header: above it a title may stand, alone in its row."""
    rows = sheet.iter_rows(max_row=TITLES + 1, values_only=True)
    for number, values in enumerate(rows, start=1):
        if sum(value not in EMPTY for value in values) > 1:
            return number
    return 1


def _problem(values: Sequence[object], cells: Sequence[str], written: Sequence[object]) -> str:
    """Return why a line cannot be used: a formula without a value is no empty cell."""
    for place, cell in enumerate(cells, start=1):
        if cell in ERRORS:
            return f"cell {place} holds the error {cell}"
    for place, (value, formula) in enumerate(zip(values, written, strict=False), start=1):
        if value is None and formula is not None:
            return f"the formula in cell {place} has no value; open and save the workbook"
    return ""


def write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table to the workbook *path*; return how many rows were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Luoshi")
    sheet.append([defused(name) for name in columns])
    count = 0
    for row in rows:
        sheet.append(
            [None if cell in EMPTY else _printable(defused(text_out(cell))) for cell in row]
        )
        count += 1
    book.save(path)
    return count


def _printable(cell: object) -> object:
    return UNWRITABLE.sub("", cell) if isinstance(cell, str) else cell
