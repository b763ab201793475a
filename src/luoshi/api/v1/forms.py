"""Forms: what a transition asks for, as JSON Schema (draft 2020-12).

A schema says which shape an answer has. Whether there is such a unit, whether the point lies in
the city, whether a condition holds: that is judged when the step is taken.

Terms    form 表单 · answer 填报值
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from luoshi.api.v1.words import words
from luoshi.kernel.answers import MOST, MOST_EMAIL
from luoshi.kernel.programme import Choice, Field, FieldType, Programme, Transition

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
MOST_LABELLED = 60
"""Choices up to so many stand in the form with their words; longer lists in the programme."""

Json = dict[str, Any]


def form_of(programme: Programme, transition: Transition) -> Json:
    """Return the form of *transition*: an object with one property for each question."""
    properties: dict[str, Json] = {}
    always = set()
    for need in transition.needs:
        if need.when is None and need.required:
            always.add(need.field)
        shape = properties.setdefault(need.field, property_of(programme, need.field))
        if need.when is not None:
            shape["x-asked-sometimes"] = True
    return {
        "$schema": SCHEMA,
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name in always],
        "additionalProperties": False,
    }


def property_of(programme: Programme, name: str) -> Json:
    """Return the shape of the answer to one question."""
    field = programme.fields[name]
    shape: Json = {"title": words(field.labels)}
    if field.hint:
        shape["description"] = words(field.hint)
    if field.personal:
        shape |= {"x-personal": True, "x-purpose": words(field.purpose)}
    if field.choices:
        shape["x-list"] = field.choices
    return shape | SHAPES[field.type](field, programme.lists.get(field.choices, {}))


def _text(field: Field, _: Mapping[str, Choice]) -> Json:
    shape: Json = {"type": "string", "maxLength": int(field.most or MOST[field.type])}
    return shape | ({"minLength": int(field.least)} if field.least else {})


def _email(_: Field, __: Mapping[str, Choice]) -> Json:
    return {"type": "string", "format": "email", "maxLength": MOST_EMAIL}


def _choice(_: Field, choices: Mapping[str, Choice]) -> Json:
    shape: Json = {"type": "string", "enum": list(choices)}
    if len(choices) <= MOST_LABELLED:
        shape["x-labels"] = {code: words(one.labels) for code, one in choices.items()}
    return shape


def _choices(field: Field, choices: Mapping[str, Choice]) -> Json:
    return _several(field, _choice(field, choices))


def _several(field: Field, items: Json) -> Json:
    shape: Json = {"type": "array", "items": items, "uniqueItems": True}
    return shape | ({"maxItems": int(field.most)} if field.most else {})


def _number(field: Field, _: Mapping[str, Choice]) -> Json:
    bounds = {"minimum": field.least, "maximum": field.most}
    return {"type": "number"} | {name: at for name, at in bounds.items() if at is not None}


def _point(_: Field, __: Mapping[str, Choice]) -> Json:
    return {
        "type": "object",
        "properties": {
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
        },
        "required": ["lon", "lat"],
    }


def _plain(**shape: str) -> Callable[[Field, Mapping[str, Choice]], Json]:
    return lambda _, __: {"type": "string", **shape}


def _units(field: Field, _: Mapping[str, Choice]) -> Json:
    return _several(field, {"type": "string", "x-codes": "/api/v1/units"})


def _files(field: Field, _: Mapping[str, Choice]) -> Json:
    return _several(field, {"type": "string", "format": "uuid", "x-codes": "/api/v1/uploads"})


SHAPES: Mapping[FieldType, Callable[[Field, Mapping[str, Choice]], Json]] = {
    FieldType.LINE: _text,
    FieldType.TEXT: _text,
    FieldType.NAME: _text,
    FieldType.ADDRESS: _text,
    FieldType.PHONE: _plain(),
    FieldType.EMAIL: _email,
    FieldType.CODE: _choice,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: lambda _, __: {"type": "boolean"},
    FieldType.NUMBER: _number,
    FieldType.DATE: _plain(format="date"),
    FieldType.MOMENT: _plain(format="date-time"),
    FieldType.POINT: _point,
    FieldType.UNIT: _plain(**{"x-codes": "/api/v1/units"}),
    FieldType.UNITS: _units,
    FieldType.CASE: _plain(**{"x-codes": "the number of a case"}),
    FieldType.AREA: _plain(**{"x-codes": "/api/v1/areas"}),
    FieldType.FILES: _files,
}
"""How each type of field is written as a schema."""
