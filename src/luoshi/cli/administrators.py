"""``luoshi administrators``: who may make tokens and webhooks on the screens."""

from __future__ import annotations

from typing import Annotated

import typer

from luoshi.cli.installation import installed

app = typer.Typer(help="Who may open doors to other programs.", no_args_is_help=True)

AccountName = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Sign-in name.")]


@app.command()
def add(account: AccountName) -> None:
    """Let ACCOUNT make tokens and webhooks on the screens; it sees no more cases for it.

    Example: luoshi administrators add zhang.example
    """
    with installed():
        from luoshi.actions.administrators import make_administrator

        make_administrator(account)
    typer.echo(f"{account}: administrator")


@app.command()
def remove(account: AccountName) -> None:
    """Let ACCOUNT no longer do so; what it made goes on.

    Example: luoshi administrators remove zhang.example
    """
    with installed():
        from luoshi.actions.administrators import make_administrator

        make_administrator(account, wanted=False)
    typer.echo(f"{account}: no administrator")


@app.command("list")
def list_() -> None:
    """List the administrators."""
    with installed():
        from luoshi.actions.administrators import administrators

        for name in administrators():
            typer.echo(name)
