"""Typed: what came with a form, as it was typed, and the answer that is meant by it.

A field is one control, or several of one name, or two for a point; a browser writes times without
a zone. What is wrong with an answer is said by the kernel: nothing is judged here.

Terms    form 表单 · answer 填报内容
Units    moments are typed in a zone that the caller names; points are degrees
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from django.utils.datastructures import MultiValueDict

from luoshi.kernel.programme import Field, FieldType

SEVERAL = (FieldType.CHOICES, FieldType.UNITS, FieldType.FILES)
MINUTES = "%Y-%m-%dT%H:%M"
"""How a browser's input writes a moment."""


def typed_in(post: MultiValueDict[str, str], field: Field) -> object:
    """Return what *post* says of *field*: text, a list, or a pair of texts for a point."""
    if field.type in SEVERAL:
        return [one for one in post.getlist(field.name) if one]  # a browser sends ""
    if field.type is FieldType.POINT:
        return {half: post.get(f"{field.name}.{half}", "") for half in ("lon", "lat")}
    return post.get(field.name, "")


def meant_by(field: Field, typed: object, zone: tzinfo) -> object:
    """Return the answer that is meant by what was *typed*; ``None`` for a point left empty."""
    if field.type is FieldType.POINT and isinstance(typed, Mapping):
        return typed if any(str(half).strip() for half in typed.values()) else None
    if field.type is FieldType.MOMENT and typed:
        return _with_zone(str(typed), zone)
    return typed


def _with_zone(text: str, zone: tzinfo) -> str:
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return (given if given.tzinfo else given.replace(tzinfo=zone)).isoformat()


def shown_again(text: str, zone: tzinfo) -> str:
    """Return a moment as the browser's input takes it; what is none stays as it is."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return text
    return given.astimezone(zone).strftime(MINUTES) if given.tzinfo else text
