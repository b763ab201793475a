"""Choosing: the entries of a list, of the units and of the areas, in the order of a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luoshi.apps.desk.words import say
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.directory import Place, directory

MOST_AREAS = 600
"""More areas than this are listed down to the level above the finest."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry: what is sent, what is read, and what stands above it in the tree."""

    code: str
    text: str
    above: str = ""
    depth: int = 0
    chosen: bool = False

    @property
    def indented(self) -> str:
        """The words with the place in the tree before them."""
        return "\u2003" * self.depth + self.text


@dataclass(frozen=True, slots=True)
class _Node:
    parent: str
    text: str


def options(programme: Programme, field: Field, chosen: object) -> list[Option]:
    """Return what *field* may be answered with."""
    if field.type in (FieldType.UNIT, FieldType.UNITS):
        nodes = _places(directory().units)
    elif field.type is FieldType.AREA:
        nodes = _places(listed_areas())
    else:
        entries = programme.lists.get(field.choices, {})
        nodes = {code: _Node(one.parent, say(one.labels)) for code, one in entries.items()}
    taken = set(chosen) if isinstance(chosen, list | tuple | set) else {chosen}
    return list(tree(nodes, {str(one) for one in taken if one}))


def units(chosen: str = "") -> list[Option]:
    """Return every unit."""
    return list(tree(_places(directory().units), {chosen}))


def areas(chosen: str = "") -> list[Option]:
    """Return the areas that a list shows."""
    return list(tree(_places(listed_areas()), {chosen}))


def listed_areas() -> Mapping[str, Place]:
    """Return the areas that a list shows: without the finest level when there are very many."""
    known = directory()
    if len(known.areas) <= MOST_AREAS:
        return known.areas
    finest = set(known.leaves)
    return {code: place for code, place in known.areas.items() if code not in finest}


def _places(places: Mapping[str, Place]) -> dict[str, _Node]:
    return {code: _Node(one.parent, say(one.labels) or code) for code, one in places.items()}


def tree(nodes: Mapping[str, _Node], chosen: set[str]) -> Iterator[Option]:
    """Yield *nodes* each after the one above it; one whose parent is missing stands at the top."""
    below: dict[str, list[str]] = {}
    for code, node in nodes.items():
        below.setdefault(node.parent if node.parent in nodes else "", []).append(code)
    waiting = [(code, "", 0) for code in reversed(below.get("", []))]
    while waiting:
        code, above, depth = waiting.pop()
        text = nodes[code].text
        yield Option(code, text, above, depth, code in chosen)
        path = f"{above} › {text}" if above else text
        waiting += [(child, path, depth + 1) for child in reversed(below.get(code, []))]
