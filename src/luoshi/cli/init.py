"""``luoshi init``: make this installation, or bring it up to this version."""

from __future__ import annotations

import typer

from luoshi.cli.installation import installation, ready


def init() -> None:
    """Make the home folder, the database and its tables; harmless when they exist."""
    with installation():
        from django.conf import settings

        applied = ready()
        home = settings.LUOSHI.home
    typer.echo(f"{home}: {len(applied)} migrations applied" if applied else f"{home}: up to date")
