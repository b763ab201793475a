"""Where commands look that need no database: programmes and calendars beside the source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import luoshi

BESIDE = Path(luoshi.__file__).resolve().parents[2]

Calendars = Annotated[
    Path, typer.Option(envvar="LUOSHI_CALENDARS", help="Folder of the calendars.")
]
CALENDARS = BESIDE / "calendars"
