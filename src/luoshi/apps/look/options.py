"""Options: what a person may choose from, flat, as a tree, or from the places we know.

Terms    option 选项 · group 分组
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from luoshi.apps.look.language import words
from luoshi.kernel.programme import Choice, Field, FieldType
from luoshi.store.directory import Place, directory

FEW = 8
"""Up to so many answers are shown all at once; more go into a list that opens."""

MOST_LISTED = 400
"""More areas than this are not listed by the finest level but by the one above."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: its code, its words, a second line of words."""

    code: str
    words: str
    more: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading; a heading of "" stands for none."""

    words: str
    options: tuple[Option, ...]
    code: str = ""

    def holds(self, code: object) -> bool:
        """Return whether *code* is one of these."""
        return any(option.code == code for option in self.options)


def groups_of(field: Field, lists: Mapping[str, Mapping[str, Choice]]) -> tuple[Group, ...]:
    """Return what may be answered to *field*; empty for a field that is not chosen from a list."""
    if field.type is FieldType.AREA:
        return area_groups()
    if field.type in (FieldType.UNIT, FieldType.UNITS):
        return _place_groups(directory().units, directory().units.values())
    return _tree(lists.get(field.choices, {})) if field.choices else ()


def area_groups() -> tuple[Group, ...]:
    """Return the areas a person may know by name: by district, the finest level left out."""
    known = directory()
    named = [place for place in known.areas.values() if place.code not in set(known.leaves)]
    listed = named or list(known.areas.values())
    if len(listed) > MOST_LISTED:
        listed = [place for place in listed if len(place.path) <= 2]  # noqa: PLR2004  down to towns
    return _place_groups(known.areas, listed)


def _place_groups(all_: Mapping[str, Place], listed: Iterable[Place]) -> tuple[Group, ...]:
    """Group places under the second level from the top, each below its parent."""
    groups: dict[str, list[Place]] = {}
    for place in listed:
        top = place.path[1] if len(place.path) > 1 else place.code
        groups.setdefault(top, []).append(place)
    return tuple(
        Group(
            words(all_[top].labels) if top in all_ else "",
            tuple(
                Option(place.code, words(place.labels), depth=max(0, len(place.path) - 1))
                for place in sorted(places, key=lambda place: (*place.path, place.code))
            ),
        )
        for top, places in sorted(groups.items())
    )


def _tree(choices: Mapping[str, Choice]) -> tuple[Group, ...]:
    """Return a list as groups: one without heading when flat, else one for each first entry."""
    children: dict[str, list[Choice]] = {}
    for choice in choices.values():
        children.setdefault(choice.parent, []).append(choice)
    if set(children) <= {""}:
        return (Group("", tuple(_option(choice, 0) for choice in choices.values())),)
    return tuple(
        Group(words(top.labels), tuple(_below(top, children, 0)), top.code)
        for top in children.get("", [])
    )


def _below(choice: Choice, children: Mapping[str, list[Choice]], depth: int) -> Iterator[Option]:
    inside = children.get(choice.code, [])
    if depth or not inside:
        yield _option(choice, depth)
    for child in inside:
        yield from _below(child, children, depth + 1)


def _option(choice: Choice, depth: int) -> Option:
    return Option(choice.code, words(choice.labels), choice.data.get("description", ""), depth)
