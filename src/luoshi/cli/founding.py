"""``luoshi import areas | units | staff``: whose place this is, and who works there."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installation, migrate
from luoshi.cli.options import FrameName
from luoshi.cli.tables import said

if TYPE_CHECKING:
    from _csv import Writer

    from luoshi.actions.founding import Founded

Outlines = Annotated[
    Path,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="GeoJSON of polygons."),
]
Table = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="CSV (.gz) or XLSX.")
]
Passwords = Annotated[
    Path | None,
    typer.Option("--passwords", help="Where first passwords go; default FILE.passwords.csv."),
]


def areas(file: Outlines, frame: FrameName = "cgcs2000") -> None:
    """Take in areas, with their outlines; those known already are left alone.

    Each feature has the properties code, parent, level (city, county, town, community or grid),
    name_zh and name_en. Nothing is taken in while one thing is wrong.

    Example: luoshi import areas areas.geojson --frame gcj02
    """
    from luoshi.formats.coordinates import frame_named
    from luoshi.formats.geojson import read_areas

    shapes = read_areas(file.read_bytes(), frame_named(frame), file=file.name)
    with installation():
        migrate()
        from luoshi.actions import clock
        from luoshi.actions.founding import found_areas

        _told(found_areas(shapes, clock.now().date(), file.name), "areas")


def units(file: Table) -> None:
    """Take in units; those known already are left alone.

    Columns: code, parent, kind, name_zh, name_en, phone.

    Example: luoshi import units units.csv
    """
    from luoshi.formats.tables import read_table

    fits = {"code", "name_zh"}.issubset
    with installation(), said(read_table(file, fits)) as table:
        migrate()
        from luoshi.actions.founding import found_units

        _told(found_units(table.rows, file.name), "units")


def staff(file: Table, passwords: Passwords = None) -> None:
    """Take in accounts and their posts; accounts known already are left alone.

    Columns: username, name, email, role, unit, area; a row for each post. Each new account gets a
    first password; they are written into a file that only you can read.

    Example: luoshi import staff staff.csv --passwords first-passwords.csv
    """
    from luoshi.formats.tables import read_table

    out = passwords or file.with_name(f"{file.name}.passwords.csv")
    if out.exists():
        raise typer.BadParameter(f"{out} is there already", param_hint="--passwords")
    fits = {"username", "name", "role"}.issubset
    with installation(), said(read_table(file, fits)) as table, _kept(out) as kept:
        migrate()
        from luoshi.actions.founding import found_staff

        found = found_staff(table.rows, file.name)
        kept.writerows(found.passwords.items())
    _told(found, "accounts")
    if found.passwords:
        typer.echo(f"first passwords: {out}; hand them out, then delete the file", err=True)
    else:
        out.unlink()


@contextmanager
def _kept(out: Path) -> Iterator[Writer]:
    """Open a file for passwords before there are any; take it away when something is wrong."""
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("username", "password"))
        try:
            yield rows
        except BaseException:
            out.unlink()
            raise


def _told(found: Founded, what: str) -> None:
    typer.echo(f"{found.added} {what} taken in, {found.known} known already")
