"""The catalogue: the list of services, and what each of them asks.

Attributes are the fields that a resident is asked for and that have no parameter of their own.

Terms    attribute 附加问题 · field 表单项
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from luoshi.api.open311.asking import Ask, Told, answering
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.api.open311.services import Service, service_of, services_of
from luoshi.kernel.programme import Field, FieldType
from luoshi.store.directory import Place, directory
from luoshi.store.public_queries import named_areas

DATATYPES = {
    FieldType.LINE: "string",
    FieldType.NAME: "string",
    FieldType.PHONE: "string",
    FieldType.EMAIL: "string",
    FieldType.ADDRESS: "string",
    FieldType.CASE: "string",
    FieldType.TEXT: "text",
    FieldType.NUMBER: "number",
    FieldType.DATE: "datetime",
    FieldType.MOMENT: "datetime",
    FieldType.YES_NO: "singlevaluelist",
    FieldType.CHOICE: "singlevaluelist",
    FieldType.CODE: "singlevaluelist",
    FieldType.UNIT: "singlevaluelist",
    FieldType.AREA: "singlevaluelist",
    FieldType.CHOICES: "multivaluelist",
    FieldType.UNITS: "multivaluelist",
}
"""Every type but points and files, which have parameters of their own."""

YES_NO = (
    ("true", {"zh-Hans": "是", "en": "Yes"}),
    ("false", {"zh-Hans": "否", "en": "No"}),
)
OWN_PARAMETERS = (
    FieldType.LINE,
    FieldType.TEXT,
    FieldType.CODE,
    FieldType.POINT,
    FieldType.ADDRESS,
    FieldType.NAME,
    FieldType.PHONE,
    FieldType.EMAIL,
    FieldType.FILES,
)
"""Types whose first field is filled from a parameter of the standard."""


@lru_cache(maxsize=4096)
def fields_of(service: Service) -> tuple[Field, ...]:
    """Return the fields of *service* that are asked as attributes."""
    taken = {service.first(kind) for kind in OWN_PARAMETERS}
    asked = service.asked.items()
    return tuple(one for name, one in asked if name not in taken and one.type in DATATYPES)


def attributes_of(ask: Ask, service: Service) -> list[dict[str, object]]:
    """Return the attributes of *service* as the standard writes them."""
    found = [_attribute(ask, service, field) for field in fields_of(service)]
    if ask.door.client_id:
        found.append(_client_id(ask))
    return [{**one, "order": order} for order, one in enumerate(found, start=1)]


def _attribute(ask: Ask, service: Service, field: Field) -> dict[str, object]:
    name = ask.words(field.labels)
    hint = ask.words(field.hint)
    made: dict[str, object] = {
        "variable": True,
        "code": field.name,
        "datatype": DATATYPES[field.type],
        "required": field.name in service.required and not _follows(service, field),
        "datatype_description": hint or None,
        "order": 0,
        "description": name,
    }
    values = list(_values(ask, service, field))
    return {**made, "values": values} if values else made


def _follows(service: Service, field: Field) -> bool:
    """Does the answer follow from the point?"""
    return field.type is FieldType.AREA and bool(service.first(FieldType.POINT))


def _values(ask: Ask, service: Service, field: Field) -> Iterator[dict[str, str]]:
    yield from ({"key": key, "name": name} for key, name in _pairs(ask, service, field))


def _pairs(ask: Ask, service: Service, field: Field) -> Iterable[tuple[str, str]]:
    """Return what an answer may be, with its words; nothing where it is free."""
    match field.type:
        case FieldType.YES_NO:
            return ((key, ask.words(labels)) for key, labels in YES_NO)
        case FieldType.CHOICE | FieldType.CHOICES | FieldType.CODE:
            choices = service.programme.lists.get(field.choices, {})
            return ((code, ask.words(choice.labels)) for code, choice in choices.items())
        case FieldType.UNIT | FieldType.UNITS:
            return _places(ask, directory().units.values())
        case FieldType.AREA:
            known = directory()
            return _places(ask, (known.areas[code] for code in named_areas(known)))
        case _:
            return ()


def _places(ask: Ask, places: Iterable[Place]) -> Iterator[tuple[str, str]]:
    return ((place.code, ask.words(place.labels)) for place in places)


def _client_id(ask: Ask) -> dict[str, object]:
    return {
        "variable": True,
        "code": ask.door.client_id,
        "datatype": "string",
        "required": False,
        "datatype_description": None,
        "order": 0,
        "description": ask.door.client_id,
        "automated": "server_set",
    }


@answering("GET", "HEAD")
def services(ask: Ask) -> Told:
    """GET services: everything that may be asked for."""
    found = services_of(ask.programmes().values())
    return Told("services", [_out(ask, service) for service in found.values()])


def _out(ask: Ask, service: Service) -> dict[str, object]:
    groups = [ask.words(group) for group in service.groups]
    groups = groups or [ask.words(service.programme.labels)]
    return {
        "service_code": service.code,
        "service_name": ask.words(service.name),
        "description": _description(ask, service),
        "metadata": has_attributes(ask, service),
        "type": ask.door.kind_of(service.programme.id),
        "keywords": ",".join(dict.fromkeys([*groups, ask.words(service.programme.labels)])),
        "group": groups[-1],
        "groups": groups,
    }


def _description(ask: Ask, service: Service) -> str:
    """A column ``description`` of the list is written in Chinese alone."""
    written = service.choice.data.get("description", "") if service.choice else ""
    if written and ask.language != "en":
        return written
    about = service.programme.about if not service.category else {}
    return ask.words(about) or ask.words(service.name)


def has_attributes(ask: Ask, service: Service) -> bool:
    """Does *service* ask anything beyond the parameters of the standard?"""
    return bool(ask.door.client_id or fields_of(service))


@answering("GET", "HEAD")
def definition(ask: Ask, code: str) -> Told:
    """GET one service: what it asks; 404 where it asks nothing further."""
    service = service_of(ask, code)
    if not has_attributes(ask, service):
        raise Stop(404, Problem("service.plain", "service_code"))
    value = {"service_code": service.code, "attributes": attributes_of(ask, service)}
    return Told("service_definition", value)
