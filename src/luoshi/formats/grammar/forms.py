"""Kinds made of others: forms (known keys), tables (free keys) and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from luoshi.formats.grammar.reading import WRONG, Kind, Reading, Schema, below, entries_of, nearest
from luoshi.formats.grammar.values import NAME, misfit
from luoshi.formats.yaml_file import Node


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a form.

    Attributes:
        says: One sentence for the reference page.
        needed: The key must be there.
        default: Value when it is absent.
        stand_in: Value that stands for one that cannot be read, so that reading can go on and find
            the other problems; the default where not given.
        judged_later: A missing key is reported by ``kernel.checks``, not here.
    """

    kind: Kind
    says: str
    needed: bool = False
    default: object = None
    stand_in: object = WRONG
    judged_later: bool = False

    @property
    def fallback(self) -> object:
        return self.default if self.stand_in is WRONG else self.stand_in


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping with known keys; unknown ones are refused with the nearest known word."""

    keys: Mapping[str, Key]
    build: Callable[[Mapping[str, Any]], object] = field(default=dict)

    def read(self, node: Node, reading: Reading, path: str) -> object:
        entries = entries_of(node)
        if entries is None:
            return misfit(node, f"a mapping of {', '.join(self.keys)}", reading, path)
        self._unknown(entries, reading, path)
        return self.build(
            {key: self._one(key, rule, node, reading, path) for key, rule in self.keys.items()}
        )

    def _unknown(self, entries: Mapping[str, Node], reading: Reading, path: str) -> None:
        for key, node in entries.items():
            if key not in self.keys:
                said = f"the key {key!r} is not known here; {nearest(key, self.keys)}"
                reading.wrong("key.unknown", said, path, node.key_line)

    def _one(self, key: str, rule: Key, node: Node, reading: Reading, path: str) -> object:
        entry = (entries_of(node) or {}).get(key)
        if entry is None:
            if rule.needed and not rule.judged_later:
                said = f"the key {key!r} is missing: {rule.says}"
                reading.wrong("key.missing", said, path, node.key_line or node.line)
                return rule.fallback
            return rule.default
        where = below(path, key)
        reading.lines[where] = entry.key_line or entry.line
        value = rule.kind.read(entry, reading, where)
        return rule.fallback if value is WRONG else value

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {key: described(rule) for key, rule in self.keys.items()},
            "required": [key for key, rule in self.keys.items() if rule.needed],
            "additionalProperties": False,
        }


def described(rule: Key) -> Schema:
    """Return the schema of one key with its sentence and its default."""
    schema = {**rule.kind.schema(), "description": rule.says}
    plain = isinstance(rule.default, str | int | float | bool) and rule.default != ""
    return {**schema, "default": rule.default} if plain else schema


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping from names that the file invents to things of one kind.

    Attributes:
        build: Makes the thing from its name and what was read; by default what was read.
    """

    of: Kind
    build: Callable[[str, Any], object] = field(default=lambda _name, read: read)
    names: re.Pattern[str] = NAME

    def read(self, node: Node, reading: Reading, path: str) -> object:
        entries = entries_of(node)
        if entries is None:
            return misfit(node, "a mapping of names", reading, path)
        return dict(self._built(entries, reading, path))

    def _built(
        self, entries: Mapping[str, Node], reading: Reading, path: str
    ) -> list[tuple[str, object]]:
        built = []
        for name, entry in entries.items():
            where = below(path, name)
            reading.lines[where] = entry.key_line
            if not self.names.fullmatch(name):
                said = f"{name!r} is no name; use {self.names.pattern}"
                reading.wrong("name.invalid", said, where, entry.key_line)
            read = self.of.read(entry, reading, where)
            if read is not WRONG:
                built.append((name, self.build(name, read)))
        return built

    def schema(self) -> Schema:
        return {
            "type": "object",
            "patternProperties": {f"^{self.names.pattern}$": self.of.schema()},
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Several:
    """A list; one thing alone may be written without brackets."""

    of: Kind
    alone: bool = True

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if isinstance(node.value, list):
            read = [
                self._item(item, reading, f"{path}[{index}]")
                for index, item in enumerate(node.value)
            ]
        elif self.alone:
            read = [self._item(node, reading, f"{path}[0]")]
        else:
            return misfit(node, "a list", reading, path)
        return tuple(value for value in read if value is not WRONG)

    def _item(self, node: Node, reading: Reading, path: str) -> object:
        reading.lines[path] = node.line
        return self.of.read(node, reading, path)

    def schema(self) -> Schema:
        several: Schema = {"type": "array", "items": self.of.schema()}
        return {"anyOf": [self.of.schema(), several]} if self.alone else several
