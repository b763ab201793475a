"""Telling: what is published of a case, as a request of the standard.

Terms    status 状态 · public label 公开状态
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.urls import reverse

from luoshi.api.open311.asking import Ask
from luoshi.api.open311.services import Service, code_of
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import public_photos
from luoshi.store.directory import directory
from luoshi.store.programmes import promised_by
from luoshi.store.public_requests import Listed

OPEN, CLOSED = "open", "closed"
EXTENDED = {"open": "in_progress", "waiting": "in_progress", "done": "closed", "void": "cancelled"}
"""Finer states by the kind of a state; the first state of a case is ``open``."""


def status_of(kind: str) -> str:
    """Return the status of the standard for a kind of state."""
    return CLOSED if kind in ("done", "void") else OPEN


def extended_of(programme: Programme, state: str) -> str:
    """Return the finer status of *state*."""
    if any(step.target == state for step in programme.opening):
        return OPEN
    known = programme.states.get(state)
    return EXTENDED[known.kind.value] if known else OPEN


def public_words(ask: Ask, programme: Programme, state: str) -> str:
    """Return what the public is told of *state*."""
    known = programme.states.get(state)
    return ask.words(known.public) if known else ""


def request_out(ask: Ask, services: Mapping[str, Service], row: Listed) -> dict[str, object]:
    """Return *row* with every field of the standard; ``None`` where nothing is said."""
    code = code_of(services, row.programme, row.category)
    service = services.get(code)
    programme = ask.programmes()[row.programme]
    photos = photos_of(ask, programme, row)
    replies = "\n".join(_texts(programme, row))
    out: dict[str, object] = {
        "service_request_id": row.number,
        "status": status_of(row.kind),
        "status_notes": replies or public_words(ask, programme, row.state) or None,
        "service_name": ask.words(service.name) if service else ask.words(programme.labels),
        "service_code": code,
        "description": row.subject or None,
        "agency_responsible": _agency(ask, programme, row),
        "service_notice": None,
        "requested_datetime": row.opened,
        "updated_datetime": row.updated or row.opened,
        "expected_datetime": promised_by(programme, row.expected),
        "address": _address(ask, row),
        "address_id": row.place or None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": next(iter(photos), None),
    }
    if ask.is_extended:
        out["extended_attributes"] = {
            "status": extended_of(programme, row.state),
            "status_label": public_words(ask, programme, row.state),
            "is_published": row.view is not None,
            "media_urls": photos,
        }
    return out


def photos_of(ask: Ask, programme: Programme, row: Listed) -> list[str]:
    """Return the addresses of the photographs that a person released with a published case."""
    return [
        ask.request.build_absolute_uri(reverse("public:photo", args=[row.number, key]))
        for key in public_photos(programme, row.values)
    ]


def _texts(programme: Programme, row: Listed) -> Iterator[str]:
    """Yield the texts that a person wrote for the public."""
    for name, value in row.values.items():
        field = programme.fields.get(name)
        if field and field.type is FieldType.TEXT and value:
            yield str(value)


def _agency(ask: Ask, programme: Programme, row: Listed) -> str | None:
    code = str(row.values.get(programme.holder_field) or "")
    unit = directory().units.get(code)
    return ask.words(unit.labels) if unit else None


def _address(ask: Ask, row: Listed) -> str | None:
    area = directory().areas.get(row.place)
    return ask.words(area.labels) if area else None
