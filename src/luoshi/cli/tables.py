"""Tables: opened for a command, with a word on the sheet that was read where there are several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from luoshi.formats.tables import Table


def opened(file: Path, fits: Callable[[Sequence[str]], bool]) -> Table:
    """Open the table in *file*; *fits* knows the columns that are meant.

    Raises:
        TableInvalid: It cannot be read.
    """
    from luoshi.formats.tables import read_table

    table = read_table(file, fits)
    if table.note:
        typer.echo(f"luoshi: {table.note}", err=True)
    return table
