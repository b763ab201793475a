"""``luoshi demo``: an invented city with weeks of history, to try everything at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from luoshi.cli.beside import worker_beside
from luoshi.cli.installation import installation, ready
from luoshi.cli.options import AsJson
from luoshi.cli.serve import Host, Port, Workers, answer_to, listen, refuse_taken
from luoshi.kernel.programme import label

if TYPE_CHECKING:
    from luoshi.demo.building import Plan
    from luoshi.demo.city import City

Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or only build it.")]
Days = Annotated[int, typer.Option(min=1, max=365, help="How many days of history.")]
Cases = Annotated[int, typer.Option(min=1, max=1_000_000, help="How many cases.")]
Seed = Annotated[int, typer.Option(help="The same seed draws the same city.")]
Services = Annotated[int, typer.Option(min=0, max=1000, help="Cases of each other service.")]

PLATFORM = {
    "editor": "专项编辑、系统管理员 Editor of programmes, administrator",
    "publisher": "公开审核员 Publication officer",
}
"""Words for roles that belong to no service."""


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 2,
    *,
    serve: Serve = True,
    days: Days = 60,
    cases: Cases = 2000,
    services: Services = 30,
    seed: Seed = 2,
    as_json: AsJson = False,
) -> None:
    """Build the demonstration city unless it is there, tell who can sign in, and serve it.

    Example: luoshi demo --days 10 --cases 200 --port 8080
    """
    if serve:
        answer_to(host)
        refuse_taken(host, port)
    with installation():
        ready()
        from luoshi.demo.building import Plan
        from luoshi.demo.city import build_city

        city = build_city(seed)
        password = _prepared(Plan(days=days, cases=cases, services=services, seed=seed), city)
        document = _document(city, password)
        typer.echo(json.dumps(document, ensure_ascii=False) if as_json else _told(document))
        if serve:
            with worker_beside():
                listen(host, port, workers)


def _prepared(plan: Plan, city: City) -> str:
    """Build what is not built yet; return the password with which everybody signs in."""
    from django.conf import settings

    from luoshi.actions import organisation
    from luoshi.demo.building import is_built, refuse_other
    from luoshi.demo.password import kept_password

    there = is_built(city)
    if not there:
        refuse_other(str(settings.LUOSHI.home))
    password, is_fresh = kept_password(settings.LUOSHI.home)
    if not there:
        _build(plan, city, password)
    elif is_fresh:  # the file was lost
        organisation.set_passwords([one.username for one in city.staff.people], password)
    return password


def _build(plan: Plan, city: City, password: str) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from luoshi.actions import clock
    from luoshi.demo.building import built

    console = Console(stderr=True)
    console.print(f"Playing {plan.days} days with {plan.cases} cases: about a minute, once.")
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Telling the story", total=plan.cases)
        for so_far in built(plan, city, password, clock.now()):
            progress.update(bar, completed=so_far.cases, description=f"{so_far.until:%Y-%m-%d}")


def _document(city: City, password: str) -> dict[str, object]:
    """Return what there is, and who can sign in: of every service one person for each role."""
    from dataclasses import asdict

    from luoshi.actions import organisation
    from luoshi.demo.accounts import samples
    from luoshi.store.programmes import offered

    size = organisation.size()
    return {
        "cases": size.cases,
        "facts": size.facts,
        "areas": size.areas,
        "units": size.units,
        "staff": size.staff,
        "password": password,
        "accounts": [asdict(one) for one in samples(city, offered(), organisation.standing())],
    }


def _told(document: Mapping[str, Any]) -> str:
    lines = [
        "",
        "安澜市 · 演示 DEMONSTRATION: an invented city, "
        "{cases} cases, {units} units, {staff} staff. Enter no real personal data.".format(
            **document
        ),
    ]
    for service, people in groupby(document["accounts"], key=lambda one: one["service"]):
        lines += ["", f"  {_service(service)}", *map(_person, people)]
    lines += ["", f"  密码 password (the same for all): {document['password']}", ""]
    return "\n".join(lines)


def _service(service: str) -> str:
    from luoshi.store.programmes import offered

    if not service:
        return "平台 Platform"
    labels = offered()[service].labels
    return f"{label(labels, 'zh-Hans')} {label(labels, 'en')}"


def _person(one: Mapping[str, Any]) -> str:
    """Return a line: user name, role, unit, and how many cases wait for them."""
    waiting = f" · {one['waiting']} 件 waiting" if one["waiting"] else ""
    return (
        f"    {one['username']:<28} {_role(one['service'], one['role'])}, {one['unit']}{waiting}"
    )


def _role(service: str, role: str) -> str:
    from luoshi.store.programmes import offered

    if not service:
        return PLATFORM.get(role, role)
    labels = offered()[service].roles[role].labels
    return f"{label(labels, 'zh-Hans')} {label(labels, 'en')}"
