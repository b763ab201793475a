"""Answers as people read them back: labels instead of codes, words instead of keys.

Terms    answer 填报值
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from luoshi.apps.look.language import day_words, moment_words, words
from luoshi.kernel.fact import moment
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.directory import Place, directory


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: its question, and what was said. ``files`` are addresses."""

    name: str
    label: str
    text: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Was anything answered?"""
        return bool(self.text or self.files)


def said_answers(
    programme: Programme,
    answers: Mapping[str, object],
    files_at: str = "",
    deleted: Iterable[str] = (),
) -> list[Said]:
    """Return *answers* in the order given; *files_at* is the address below which files lie."""
    gone = set(deleted)
    return [
        _said(programme, programme.fields[name], value, files_at, is_gone=name in gone)
        for name, value in answers.items()
        if name in programme.fields
    ]


def _said(
    programme: Programme, field: Field, value: object, files_at: str, *, is_gone: bool
) -> Said:
    label = words(field.labels)
    if is_gone:
        return Said(field.name, label, gettext("deleted, its time was over"))
    if field.type is FieldType.FILES and isinstance(value, list):
        return Said(field.name, label, files=tuple(f"{files_at}{key}/" for key in value))
    return Said(field.name, label, answer_words(programme, field, value))


def answer_words(programme: Programme, field: Field, value: object) -> str:
    """Return one answer in words; empty when there is none."""
    if value is None or value in ("", []):
        return ""
    if field.type in CHOSEN:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(choice_words(programme, field, str(code)) for code in codes)
    if field.type is FieldType.UNITS and isinstance(value, list):
        return ", ".join(_place_words(directory().units, str(code)) for code in value)
    told = WORDS.get(field.type)
    return told(value) if told else str(value)


CHOSEN = (FieldType.CODE, FieldType.CHOICE, FieldType.CHOICES)


def choice_words(programme: Programme, field: Field, code: str) -> str:
    """Return the words of a choice, with the heading it stands under."""
    choices = programme.lists.get(field.choices, {})
    choice = choices.get(code)
    if choice is None:
        return code
    above = choices.get(choice.parent)
    own = words(choice.labels)
    return f"{words(above.labels)} › {own}" if above else own


def area_words(code: str) -> str:
    """Return the name of an area, with those it lies in.

    The city itself is left out, and so is a name with which the next one begins.
    """
    areas = directory().areas
    place = areas.get(code)
    if place is None:
        return code
    path = [words(areas[one].labels) for one in (*place.path, code) if one in areas]
    path = path[1:] or path
    pairs = zip(path, [*path[1:], ""], strict=True)
    return " › ".join(name for name, inner in pairs if not inner.startswith(name))


def point_words(point: object) -> str:
    """Return the coordinates of a point."""
    if not isinstance(point, Mapping):
        return ""
    return f"{float(str(point['lon'])):.5f}, {float(str(point['lat'])):.5f}"


def _place_words(places: Mapping[str, Place], code: str) -> str:
    place = places.get(code)
    return words(place.labels) if place else code


WORDS: Mapping[FieldType, Callable[[object], str]] = {
    FieldType.YES_NO: lambda value: gettext("Yes") if value is True else gettext("No"),
    FieldType.POINT: point_words,
    FieldType.AREA: lambda value: area_words(str(value)),
    FieldType.UNIT: lambda value: _place_words(directory().units, str(value)),
    FieldType.MOMENT: lambda value: moment_words(moment(str(value))),
    FieldType.DATE: lambda value: day_words(date.fromisoformat(str(value))),
}
"""How an answer is written, where it is not written as it stands."""
