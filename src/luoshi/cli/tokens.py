"""``luoshi tokens``: what programs show to the API. A token is printed once, when it is made."""

from __future__ import annotations

from typing import Annotated

import typer

from luoshi.cli.installation import installed

app = typer.Typer(help="Tokens for programs that use the API.", no_args_is_help=True)

AccountName = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whom the program acts as.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for.")]
Scopes = Annotated[
    list[str], typer.Option("--scope", help="read, act or export; can be given several times.")
]
Days = Annotated[int, typer.Option("--days", help="After how many days it expires.")]


@app.command()
def add(account: AccountName, name: Name, scope: Scopes = ["read"], days: Days = 90) -> None:  # noqa: B006  typer copies it
    """Make a token with which a program acts as ACCOUNT, and print it: it is told this once.

    Example: luoshi tokens add zhang.example "weekly figures" --scope read --scope export --days 30
    """
    with installed():
        from luoshi.actions.tokens import add_token

        typer.echo(add_token(account, name, scope, days))
    typer.echo("Keep it now: it is stored nowhere and cannot be shown again.", err=True)


@app.command("list")
def list_() -> None:
    """List the tokens that were ever made."""
    with installed():
        from django.utils.timezone import localtime

        from luoshi.store.tokens import tokens

        for one in tokens():
            last = localtime(one.revoked or one.expires)
            until = f"{'revoked ' if one.revoked else ''}{last:%Y-%m-%d}"
            typer.echo(f"{one.username} {one.name}: {', '.join(one.scopes)}, until {until}")


@app.command()
def revoke(account: AccountName, name: Name) -> None:
    """Take a token of ACCOUNT back; it opens nothing from the next request on.

    Example: luoshi tokens revoke zhang.example "weekly figures"
    """
    with installed():
        from luoshi.actions.tokens import revoke_token

        revoke_token(account, name)
    typer.echo(f"{account} {name}: revoked")
