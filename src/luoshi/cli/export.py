"""``luoshi export``: a table for a spreadsheet or another system; open data for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installed
from luoshi.cli.targets import refuse_other_tables, refuse_target, write_table

if TYPE_CHECKING:
    from luoshi.kernel.programme import Programme

app = typer.Typer(help="Write cases to a file.", no_args_is_help=True)

Out = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", dir_okay=False, help="FILE.csv or FILE.xlsx; replaced if it is there."
    ),
]
ProgrammeId = Annotated[
    str, typer.Option("--programme", help="Programme whose cases are written.")
]
Personal = Annotated[
    bool, typer.Option("--personal", help="Also personal answers; the file is yours to protect.")
]


@app.callback()
def export() -> None:
    """Write what Luoshi holds to a file."""


@app.command("cases")
def cases(out: Out, programme: ProgrammeId, *, personal: Personal = False) -> None:
    """Write every case of a programme as a row; personal answers only with --personal.

    Cells that a spreadsheet would take for a formula are defused. Only you can read the file.

    Example: luoshi export cases hotline.xlsx --programme hotline
    """
    refuse_other_tables(out)
    refuse_target(out)
    with installed():
        from luoshi.store.programmes import programme_of

        written = _write(out, programme_of(programme), personal=personal)
    typer.echo(f"{written} cases written to {out}")


Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", file_okay=False, help="Folder; made if need be.")
]
Base = Annotated[str, typer.Option("--base", help="Address below which the files are offered.")]


@app.command("open-data")
def open_data(folder: Folder, base: Base = "") -> None:
    """Write the published cases as CSV, GeoJSON and Parquet, with their descriptions.

    Run again, it rewrites the years that have changed and adds an increment. ``luoshi work`` does
    the same every night for the page that offers them.

    Example: luoshi export open-data /srv/open-data
    """
    with installed():
        from django.conf import settings

        from luoshi.actions import clock
        from luoshi.actions.open_data import offer

        done = offer(folder, clock.now(), base, settings.LUOSHI_DOORS.licence)
    told = f"{done.cases} cases, {done.files} files written, {done.unchanged} unchanged"
    typer.echo(f"{folder}: {told}, {done.changed} changes since the last export")


def _write(out: Path, programme: Programme, *, personal: bool) -> int:
    from luoshi.store.exports import columns

    head = columns(programme, personal=personal)
    return write_table(out, head, _rows(programme, personal=personal), encoding="utf-8-sig")


def _rows(programme: Programme, *, personal: bool) -> Iterator[Sequence[object]]:
    from rich.console import Console
    from rich.progress import track

    from luoshi.store.exports import count, exported

    console = Console(stderr=True)
    rows = track(
        exported(programme, personal=personal),
        "Writing",
        total=count(programme),
        console=console,
        disable=not console.is_terminal,
    )
    return (row.cells for row in rows)
