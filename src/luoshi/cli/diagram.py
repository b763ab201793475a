"""``luoshi diagram``: draw a programme."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(help="Folder of the programme.")]
Language = Annotated[str, typer.Option(help="Language of the words: zh-Hans or en.")]


def diagram(folder: Folder, *, language: Language = "zh-Hans") -> None:
    """Print the states and steps of a programme as a Mermaid diagram."""
    from luoshi.formats.diagram import mermaid
    from luoshi.formats.programmes import load_programme

    typer.echo(mermaid(load_programme(folder), language))
