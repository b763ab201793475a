"""Telling: the answers of a case in words and pictures, by the type of their field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from luoshi.apps.desk import words
from luoshi.apps.look.language import listed
from luoshi.kernel.access import Sight
from luoshi.kernel.answers import point_of
from luoshi.kernel.fact import Json, moment
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.bound import number_of
from luoshi.store.sight import Answer, CaseView


@dataclass(frozen=True, slots=True)
class File:
    """One attachment: pictures are shown, documents are handed out."""

    id: str
    is_image: bool
    kilobytes: int


@dataclass(frozen=True, slots=True)
class Told:
    """One answer on the screen."""

    field: str
    label: str
    text: str = ""
    files: tuple[File, ...] = ()
    point: tuple[float, float] | None = None
    masked: bool = False
    deleted: bool = False
    long: bool = False


def told(view: CaseView, answer: Answer, zone: ZoneInfo) -> Told:
    """Return *answer* as the page shows it."""
    rule = view.programme.fields[answer.field]
    return Told(
        field=rule.name,
        label=words.say(rule.labels),
        text="" if answer.value is None else _text(view.programme, rule, answer.value, zone),
        files=_files(view, rule, answer.value),
        point=point_of(answer.value) if rule.type is FieldType.POINT else None,
        masked=answer.sight is Sight.MASKED,
        deleted=answer.deleted,
        long=rule.type is FieldType.TEXT,
    )


def _text(programme: Programme, rule: Field, value: Json, zone: ZoneInfo) -> str:
    if rule.type is FieldType.MOMENT:
        return _moment(str(value), zone)
    if rule.type is FieldType.POINT:
        point = point_of(value)
        return f"{point[0]:.5f}, {point[1]:.5f}" if point else ""
    if rule.choices:
        entries = value if isinstance(value, list) else [value]
        return listed(_entry(programme, rule, one) for one in entries)
    return _plain(rule, value)


def _plain(rule: Field, value: Json) -> str:
    match rule.type:
        case FieldType.UNIT:
            return words.unit_name(str(value))
        case FieldType.UNITS:
            codes = value if isinstance(value, list) else [value]
            return listed(words.unit_name(str(code)) for code in codes)
        case FieldType.CASE:
            return number_of(str(value))
        case FieldType.AREA:
            return words.area_name(str(value), levels=4)
        case FieldType.YES_NO:
            return gettext("yes") if value else gettext("no")
        case FieldType.FILES:
            return ""
    return str(value)


def _moment(text: str, zone: ZoneInfo) -> str:
    at: datetime = moment(text).astimezone(zone)
    return f"{at:%F %H:%M}"


def _entry(programme: Programme, rule: Field, value: Json) -> str:
    entry = programme.lists.get(rule.choices, {}).get(str(value))
    return words.say(entry.labels) if entry else str(value)


def _files(view: CaseView, rule: Field, value: Json) -> tuple[File, ...]:
    if rule.type is not FieldType.FILES or not isinstance(value, list):
        return ()
    found = (view.attachments.get(str(key)) for key in value)
    return tuple(
        File(str(one.id), one.kind == "image", -(-one.size // 1024)) for one in found if one
    )
