"""``luoshi staff``: who works here and as what; people who change posts, leave and come back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installed
from luoshi.cli.options import AsJson

if TYPE_CHECKING:
    from luoshi.actions.posts import Vacancy
    from luoshi.store.people import HeldPost, Member

app = typer.Typer(help="People: who they are, and the posts they hold.", no_args_is_help=True)

COLUMNS = ("username", "name", "email", "role", "unit", "area")
KEEP = "Hand it over now: it is stored nowhere and cannot be shown again."

AccountName = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Sign-in name.")]
Give = Annotated[
    list[str] | None,
    typer.Option("--give", metavar="ROLE:UNIT:AREA", help="A post that comes; repeatable."),
]
Take = Annotated[
    list[str] | None,
    typer.Option("--take", metavar="ROLE:UNIT:AREA", help="A post that goes; repeatable."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would come of it.")]
ClosedOnes = Annotated[bool, typer.Option("--closed", help="Those whose account is closed.")]
AsCsv = Annotated[
    bool, typer.Option("--csv", help="A row for each post, as `luoshi import staff` reads them.")
]


@app.command("list")
def list_(*, closed: ClosedOnes = False, as_csv: AsCsv = False, as_json: AsJson = False) -> None:
    """List who may sign in, with their posts: role:unit:area, empty for everywhere.

    Example: luoshi staff list --csv > staff.csv
    """
    with installed():
        from luoshi.store.people import members

        found = members(closed=closed)
    if as_json:
        typer.echo(json.dumps([_document(one) for one in found], ensure_ascii=False))
    elif as_csv:
        from luoshi.formats.tables import write_csv

        write_csv(sys.stdout, COLUMNS, (row for one in found for row in _rows(one)))
    else:
        for one in found:
            mark = " (administrator)" if one.is_administrator else ""
            typer.echo(f"{one.username} {one.name}{mark}: {_listed(one.posts) or 'no post'}")


@app.command()
def vacancies(*, as_json: AsJson = False) -> None:
    """List the posts that open cases wait for and nobody holds; exit status 1 if there are any."""
    with installed():
        from luoshi.actions.posts import vacancies as found_vacant

        found = found_vacant()
    if as_json:
        rows = [{"post": str(one.post), "cases": one.cases} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in found:
            typer.echo(f"{one.post}: {one.cases} open cases wait")
    raise typer.Exit(1 if found else 0)


@app.command()
def posts(
    account: AccountName, give: Give = None, take: Take = None, *, dry_run: DryRun = False
) -> None:
    """Give ACCOUNT posts and take others, at once; they count from the next page on.

    Example: luoshi staff posts li.example --take handler:roads --give handler:lamps
    """
    if not (give or take):
        raise typer.BadParameter("say what changes", param_hint="--give or --take")
    with installed():
        from luoshi.actions.staffing import change_posts

        coming, going = _posts(give, "--give"), _posts(take, "--take")
        changed = change_posts(account, coming, going, dry_run=dry_run)
    _warn(changed.vacant)
    would = "would hold" if dry_run else "holds"
    typer.echo(f"{account} {would}: {_listed(changed.posts) or 'no post'}")


@app.command()
def close(account: AccountName, *, dry_run: DryRun = False) -> None:
    """Let ACCOUNT in no more: its sessions, tokens, webhooks and posts end at once.

    What it did stays as it is, under its name.

    Example: luoshi staff close li.example --dry-run
    """
    with installed():
        from luoshi.actions.staffing import close_account

        closed = close_account(account, dry_run=dry_run)
    _warn(closed.vacant)
    typer.echo(f"{account} {closed.name}: {'would be closed' if dry_run else 'closed'}")
    ended = (
        ("posts", closed.posts),
        ("tokens", closed.tokens),
        ("webhooks", closed.subscriptions),
    )
    for what, names in ended:
        if names:
            typer.echo(f"{what} {'that would end' if dry_run else 'ended'}: {_listed(names)}")


@app.command("open")
def open_(account: AccountName, give: Give = None) -> None:
    """Let ACCOUNT in again, with the posts that you give it; print its new first password.

    Example: luoshi staff open li.example --give handler:roads
    """
    with installed():
        from luoshi.actions.staffing import open_account

        typer.echo(open_account(account, _posts(give, "--give")))
    typer.echo(KEEP, err=True)


@app.command()
def password(account: AccountName) -> None:
    """Give ACCOUNT a new first password and print it; they are signed out everywhere.

    Example: luoshi staff password li.example
    """
    with installed():
        from luoshi.actions.staffing import renew_password

        typer.echo(renew_password(account))
    typer.echo(KEEP, err=True)


def _posts(texts: Sequence[str] | None, option: str) -> list[HeldPost]:
    from luoshi.store.people import HeldPost

    found = []
    for text in texts or ():
        post = HeldPost.read(text)
        if post is None:
            raise typer.BadParameter(f"{text!r} is not role:unit:area", param_hint=option)
        found.append(post)
    return found


def _warn(vacant: Iterable[Vacancy]) -> None:
    for one in vacant:
        typer.echo(
            f"nobody else holds {one.post}: {one.cases} open cases wait for it; give it to "
            "somebody (`luoshi staff posts`)",
            err=True,
        )


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))


def _rows(one: Member) -> list[tuple[str, ...]]:
    return [
        (one.username, one.name, one.email, post.role, post.unit, post.area) for post in one.posts
    ] or [(one.username, one.name, one.email, "", "", "")]


def _document(one: Member) -> dict[str, object]:
    return {
        "username": one.username,
        "name": one.name,
        "email": one.email,
        "administrator": one.is_administrator,
        "posts": [{"role": p.role, "unit": p.unit, "area": p.area} for p in one.posts],
    }
