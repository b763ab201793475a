"""Options that several commands have, so that they are called and explained alike."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
FrameName = Annotated[
    str,
    typer.Option(
        "--frame",
        help="Coordinate frame of the file: cgcs2000, wgs84, gcj02 (Amap) or bd09 (Baidu).",
    ),
]
