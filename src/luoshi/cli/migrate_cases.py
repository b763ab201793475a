"""``luoshi migrate-cases``: let open cases go on under another version of their programme."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installed
from luoshi.cli.options import AsJson
from luoshi.cli.telling import telling

if TYPE_CHECKING:
    from luoshi.actions.moving import Plan
    from luoshi.kernel.programme import Programme

ProgrammeId = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Programme, e.g. hotline.")]
From = Annotated[str, typer.Option("--from", help="Version the cases are under.")]
To = Annotated[
    str, typer.Option("--to", help="Version they go on under; default: the one offered.")
]
Maps = Annotated[list[str] | None, typer.Option("--map", help="old_state=new_state.")]
Go = Annotated[bool, typer.Option("--go", help="Do it; without this it is only looked at.")]
Undo = Annotated[str, typer.Option("--undo", help="Take back the run with this key.")]


def migrate_cases(
    programme: ProgrammeId,
    from_: From = "",
    to: To = "",
    map_: Maps = None,
    undo: Undo = "",
    *,
    go: Go = False,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two versions and where open cases would go; with --go move them.

    Every move is a fact of its case, and the whole run can be taken back with --undo.

    Example: luoshi migrate-cases task --from 2026.1 --map parked=in_progress
    """
    with installed():
        document = _undone(undo) if undo else _moved(programme, from_, to, _states(map_), go=go)
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else _told(document))


def _states(maps: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in maps or []:
        old, equals, new = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not old=new", param_hint="--map")
        pairs[old.strip()] = new.strip()
    return pairs


def _moved(
    programme: str, old: str, new: str, mapping: Mapping[str, str], *, go: bool
) -> dict[str, object]:
    from luoshi.actions import clock
    from luoshi.actions.moving import move_all, planned
    from luoshi.store.programmes import programme_of, take_up

    before, after = programme_of(programme, old), programme_of(programme, new)
    plan = planned(before, after, mapping)
    if go:
        take_up(clock.now())
        with telling() as told:
            for plan in move_all(before, after, mapping, "command line"):
                if not plan.moved:
                    typer.echo(f"run {plan.run}; to take it back: --undo {plan.run}", err=True)
                told(f"Moved {plan.moved:,} cases")
    return _document(plan, before, after, done=go)


def _undone(run: str) -> dict[str, object]:
    from luoshi.actions.moving import Plan, move_back

    plan = Plan(run)
    with telling() as told:
        for plan in move_back(run, "command line"):
            told(f"Taken back {plan.moved:,} cases")
    return {"run": run, "moved_back": plan.moved, "acted_on_since": plan.passed}


def _document(plan: Plan, before: Programme, after: Programme, *, done: bool) -> dict[str, object]:
    from luoshi.kernel.versions import differences

    return {
        "programme": before.id,
        "from": before.version,
        "to": after.version,
        "differences": [
            f"{one.kind} {one.section}.{one.name}" for one in differences(before, after)
        ],
        "states": [
            {"from": old, "to": new, "cases": count}
            for (old, new), count in sorted(plan.states.items())
        ],
        "nowhere_to_go": plan.homeless,
        "moved": plan.moved,
        "run": plan.run if done else "",
    }


def _told(document: Mapping[str, object]) -> str:
    return "\n".join(f"{name}: {_listed(value)}" for name, value in document.items())


def _listed(value: object) -> str:
    if isinstance(value, list):
        return "".join(f"\n  {_listed(one)}" for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items()) or "none"
    return str(value)
