"""Publishing: keep the public view of a case in step with what a person has approved."""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.actions import clock
from luoshi.kernel.case import Case
from luoshi.kernel.fact import Fact, instant
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import PublicCase, is_published, public_view
from luoshi.store.directory import directory
from luoshi.store.models import PublicRow
from luoshi.store.pairs import pairs_of


def refresh_public(programme: Programme, case: Case, facts: Iterable[Fact], number: str) -> None:
    """Write, or take down, the public view of *case* as it is after the last act."""
    if not is_published(programme, case):
        PublicRow.objects.filter(case=case.id).delete()
        return
    view = public_view(programme, case, facts, number, _place(programme, case))
    PublicRow.objects.update_or_create(
        case=case.id,
        defaults={
            "number": number,
            "programme": programme.id,
            "category": str(_shown(programme, view, FieldType.CODE)),
            "place": view.place,
            "state": view.state,
            "opened": view.opened,
            "published": clock.now(),
            "subject": str(_shown(programme, view, FieldType.LINE)),
            "grams": pairs_of(" ".join(str(value) for value in view.values.values())),
            "view": {
                "values": dict(view.values),
                "steps": [[instant(step.at), step.state] for step in view.steps],
            },
        },
    )


def _place(programme: Programme, case: Case) -> str:
    level = programme.publication.place
    code = str(case.values.get(programme.field_of(FieldType.AREA)) or "")
    return directory().ancestor(code, level) if level and code else ""


def _shown(programme: Programme, view: PublicCase, kind: FieldType) -> object:
    return next(
        (value for name, value in view.values.items() if programme.fields[name].type is kind), ""
    )
