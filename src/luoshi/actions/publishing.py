"""Publishing: keep the public view of a case in step with what a person has approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from shapely.geometry import shape

from luoshi.actions import clock
from luoshi.kernel.case import Case
from luoshi.kernel.fact import Fact, Json, instant
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import PublicCase, is_published, public_photos, public_view
from luoshi.store.directory import directory
from luoshi.store.models import Area, Attachment, PublicRow
from luoshi.store.pairs import pairs_of


def refresh_public(programme: Programme, case: Case, facts: Iterable[Fact], number: str) -> None:
    """Write, or take down, the public view of *case* as it is after the last act."""
    if not is_published(programme, case):
        PublicRow.objects.filter(case=case.id).delete()
        return
    history = tuple(facts)
    view = public_view(programme, case, history, number, _place(programme, case))
    view = replace(view, values=with_pictures_alone(programme, view.values))
    lon, lat = _point(programme, view)
    PublicRow.objects.update_or_create(
        case=case.id,
        defaults={
            "number": number,
            "programme": programme.id,
            "category": str(_shown(programme, view, FieldType.CODE)),
            "place": view.place,
            "state": view.state,
            "kind": programme.states[view.state].kind.value,
            "opened": view.opened,
            "updated": changed_at(programme, history),
            "promised": view.promise.by,
            "fulfilled": view.promise.fulfilled,
            "lon": lon,
            "lat": lat,
            "published": clock.now(),
            "subject": str(_shown(programme, view, FieldType.LINE)),
            "grams": pairs_of(" ".join(str(value) for value in view.values.values())),
            "view": {
                "values": dict(view.values),
                "steps": [[instant(step.at), step.state] for step in view.steps],
            },
        },
    )


def with_pictures_alone(programme: Programme, values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the published answers without files that are no pictures: those may name anybody."""
    keys = public_photos(programme, values)
    if not keys:
        return dict(values)
    found = Attachment.objects.filter(id__in=keys, kind="image", deleted=None)
    pictures = {str(key) for key in found.values_list("id", flat=True)}
    gone = set(keys) - pictures
    return {
        name: [key for key in value if key not in gone] if isinstance(value, list) else value
        for name, value in values.items()
    }


def changed_at(programme: Programme, facts: Iterable[Fact]) -> datetime | None:
    """Return when the case of *facts* ended; while it runs, when it last changed its state."""
    changed: datetime | None = None
    had_ended = False
    for fact in facts:
        state = programme.states.get(fact.target)
        has_ended = state is not None and state.kind.is_end
        if fact.source != fact.target and not (had_ended and has_ended):
            changed = fact.at
        had_ended = has_ended
    return changed


def _point(programme: Programme, view: PublicCase) -> tuple[float | None, float | None]:
    """Return the point if the programme shows it, else one inside the area that is published."""
    shown = _shown(programme, view, FieldType.POINT)
    if isinstance(shown, Mapping):
        return float(str(shown["lon"])), float(str(shown["lat"]))
    return inside_of(view.place) if view.place else (None, None)


def inside_of(area: str) -> tuple[float | None, float | None]:
    """Return the longitude and latitude of a point inside the area with the code *area*."""
    row = Area.objects.filter(code=area, valid_to=None).first()
    if row is None:
        return None, None
    point = shape(row.polygon).representative_point()
    return round(point.x, 5), round(point.y, 5)


def _place(programme: Programme, case: Case) -> str:
    level = programme.publication.place
    code = str(case.values.get(programme.field_of(FieldType.AREA)) or "")
    return directory().ancestor(code, level) if level and code else ""


def _shown(programme: Programme, view: PublicCase, kind: FieldType) -> object:
    return next(
        (value for name, value in view.values.items() if programme.fields[name].type is kind), ""
    )
