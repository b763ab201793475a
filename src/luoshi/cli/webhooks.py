"""``luoshi webhooks``: who is told of events, and what could not be delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installed
from luoshi.cli.options import AsJson

if TYPE_CHECKING:
    from luoshi.store.subscriptions import Told

app = typer.Typer(help="Tell other programs of events (Standard Webhooks).", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What people call the subscription.")]
Url = Annotated[str, typer.Argument(metavar="URL", help="https://… to which events are posted.")]
Account = Annotated[
    str, typer.Option("--account", help="Whose posts decide what is told; none: the public.")
]
Programmes = Annotated[
    list[str] | None, typer.Option("--programme", help="Only this programme; may be repeated.")
]
Types = Annotated[
    list[str] | None, typer.Option("--type", help="Only this type of event; may be repeated.")
]
Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Also what was sent, from then on: 2026-03-09 08:00 by the clock here, or with an "
        "offset.",
    ),
]
PLAIN = (
    "Without https:// only this machine itself is called, and only where LUOSHI_WEBHOOK_NETWORKS "
    "names it (127.0.0.0/8) to `luoshi work`, or to `luoshi demo`."
)
KEEP = "Keep the secret now: it is stored nowhere and cannot be shown again."


@app.command()
def add(
    name: Name,
    url: Url,
    account: Account = "",
    programme: Programmes = None,
    type_: Types = None,
) -> None:
    """Tell URL of events from now on, and print the secret with which they are signed.

    Example: luoshi webhooks add works https://works.example.cn/events --programme hotline
    """
    with installed():
        from luoshi.actions.webhooks import subscribe

        typer.echo(subscribe(name, url, account, programme or (), type_ or ()))
    typer.echo(KEEP, err=True)
    if not url.startswith("https://"):
        typer.echo(PLAIN, err=True)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List every subscription, with what waits for it and what was given up."""
    with installed():
        from luoshi.store.subscriptions import subscriptions

        found = subscriptions()
    if as_json:
        typer.echo(json.dumps([_document(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(_line(one))


@app.command()
def dead(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Only of this one.")] = "",
) -> None:
    """List the events that were given up, the latest first; exit status 1 if there are any."""
    with installed():
        from django.utils.timezone import localtime

        from luoshi.store.subscriptions import dead_letters

        found = dead_letters(name)
    for one in found:
        when = f"{localtime(one.settled):%Y-%m-%d %H:%M}"
        tries = f"{one.tries} tries, the last answer was {one.answer or 'none'}"
        typer.echo(f"{when} {one.name}: {one.type} {one.id}, {tries}")
    raise typer.Exit(1 if found else 0)


@app.command()
def replay(name: Name, since: Since = "") -> None:
    """Send again what was given up, or everything since an instant (kept for 30 days).

    Example: luoshi webhooks replay works --since "2026-03-09 08:00"
    """
    with installed():
        from luoshi.actions.webhooks import replay as again

        start = _instant(since) if since else None
        count = again(name, start)
    which = f" since {start.isoformat(' ', 'seconds')}" if start else ""
    typer.echo(f"{count} events{which} wait to be sent again")


def _instant(text: str) -> datetime:
    """Return the instant that *text* names, by the clock of the city where it says no offset."""
    from django.utils.timezone import localtime, make_aware

    from luoshi.formats.instants import moment_in

    moment = moment_in(text)
    if moment is None:
        raise typer.BadParameter("write it as 2026-03-09 08:00", param_hint="--since")
    return localtime(moment if moment.tzinfo else make_aware(moment))


@app.command()
def rotate(name: Name) -> None:
    """Give a subscription a new secret, and print it; the old one is good for a day more.

    Example: luoshi webhooks rotate works
    """
    with installed():
        from luoshi.actions.webhooks import rotate as turn

        typer.echo(turn(name))
    typer.echo(KEEP, err=True)


@app.command()
def end(name: Name) -> None:
    """Tell it nothing more.

    Example: luoshi webhooks end works
    """
    with installed():
        from luoshi.actions.webhooks import end as stop

        stop(name)
    typer.echo(f"{name}: ended")


@app.command()
def events() -> None:
    """Print the types of events that this installation knows."""
    with installed():
        from luoshi.formats.events import catalogue
        from luoshi.store.programmes import offered

        for one in catalogue(offered()):
            where = one["programme"] or "every programme"
            typer.echo(f"{one['type']}  {one['zh-Hans']} · {one['en']}  ({where})")


def _line(one: Told) -> str:
    from django.utils.timezone import localtime

    who = f"as {one.account}" if one.account else "the public's"
    until = f", ended {localtime(one.ended):%Y-%m-%d}: {one.why}" if one.ended else ""
    counts = f"{one.waiting} waiting, {one.dead} given up, {one.sent} sent"
    return f"{one.name}: {one.url} ({who}), {counts}{until}"


def _document(one: Told) -> Mapping[str, object]:
    return {
        "name": one.name,
        "url": one.url,
        "account": one.account,
        "waiting": one.waiting,
        "dead": one.dead,
        "sent": one.sent,
        "ended": one.ended.isoformat() if one.ended else None,
    }
