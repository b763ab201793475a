"""``luoshi keys``: keys for other programs. A key is printed once, when it is made."""

from __future__ import annotations

from typing import Annotated

import typer

from luoshi.cli.installation import installed

app = typer.Typer(help="Keys for other programs.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What people call the application.")]
ReadOnly = Annotated[bool, typer.Option("--read-only", help="It may not open cases.")]


@app.command()
def add(name: Name, *, read_only: ReadOnly = False) -> None:
    """Make a key for the application NAME, and print it: it is told this once.

    Example: luoshi keys add "Town app"
    """
    with installed():
        from luoshi.actions.keys import add_key

        typer.echo(add_key(name, may_post=not read_only))
    typer.echo("Keep it now: it is stored nowhere and cannot be shown again.", err=True)


@app.command("list")
def list_() -> None:
    """List the applications that were ever given a key."""
    with installed():
        from django.utils.timezone import localtime

        from luoshi.store.applications import keys

        for key in keys():
            may = "posts" if key.may_post else "reads"
            until = f", revoked {localtime(key.revoked):%Y-%m-%d}" if key.revoked else ""
            typer.echo(f"{key.name}: {may}, since {localtime(key.created):%Y-%m-%d}{until}")


@app.command()
def revoke(name: Name) -> None:
    """Take the key of the application NAME back; servers that run know within seconds.

    Example: luoshi keys revoke "Town app"
    """
    with installed():
        from luoshi.actions.keys import revoke_key

        revoke_key(name)
    typer.echo(f"{name}: revoked")
