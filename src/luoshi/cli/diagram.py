"""``luoshi diagram``: draw a programme."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the programme.")]
Language = Annotated[str, typer.Option(help="Language of the words: zh-Hans or en.")]


def diagram(folder: Folder, *, language: Language = "zh-Hans") -> None:
    """Print the states and steps of a programme as a Mermaid diagram.

    Example: luoshi diagram programmes/hotline --language en
    """
    from luoshi.formats.diagram import mermaid
    from luoshi.formats.programmes import load_programme

    typer.echo(mermaid(load_programme(folder), language))
