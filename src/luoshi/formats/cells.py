"""Cells: what a single cell of a table becomes on its way in or out."""

from __future__ import annotations

import re
from datetime import date, datetime, time

FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet takes for a formula, or that has been defused."""


def defused(cell: object) -> object:
    """Return *cell* so that no spreadsheet takes it for a formula.

    Example:
        >>> defused("=1+1"), defused("路灯"), defused(-3)
        ("'=1+1", '路灯', -3)
    """
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def undefused(cell: str) -> str:
    """Return what ``defused`` was given.

    Example:
        >>> undefused("'=1+1"), undefused("'s Gravenhage")
        ('=1+1', "'s Gravenhage")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def text_in(cell: object) -> str:
    """Return the value of a cell of a workbook as text.

    A date is a date again: a workbook knows only instants, and writes it as its midnight.
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def text_out(cell: object) -> object:
    """Return *cell* as it is written to a file: instants readable, nothing as an empty cell."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else cell
