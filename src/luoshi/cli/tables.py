"""Tables: a word on the sheet that was read, where a workbook has several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from luoshi.formats.tables import Table


def said(table: Table) -> Table:
    """Return *table*, and say which sheet it is if the workbook has others."""
    if table.note:
        typer.echo(f"luoshi: {table.note}", err=True)
    return table
