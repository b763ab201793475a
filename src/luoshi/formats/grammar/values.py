"""Kinds of single values: text, numbers, days, lengths of time, words and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luoshi.formats.grammar.reading import WRONG, Reading, Schema, nearest
from luoshi.formats.yaml_file import Node
from luoshi.kernel.duration import Duration, DurationInvalid, Period
from luoshi.kernel.limit import UNLIMITED

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
PROGRAMME_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def misfit(node: Node, wanted: str, reading: Reading, path: str) -> object:
    """Report that the value is of another type than *wanted*."""
    return reading.wrong("type", f"is {node.kind}; write {wanted}", path, node.line)


@dataclass(frozen=True, slots=True)
class Text:
    """Words on one or more lines."""

    most: int = 2000

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if not isinstance(node.value, str) or not node.value.strip():
            return misfit(node, "text (numbers in quotes)", reading, path)
        if len(node.value) > self.most:
            return reading.wrong(
                "text.too_long", f"is longer than {self.most} characters", path, node.line
            )
        return node.value.strip()

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if isinstance(node.value, bool):
            return node.value
        return misfit(node, "true or false", reading, path)

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds; whole unless ``fraction``."""

    least: float = 0
    most: float = 1_000_000_000
    fraction: bool = False

    def read(self, node: Node, reading: Reading, path: str) -> object:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return misfit(node, f"a number from {self.least} to {self.most}", reading, path)
        if not self.least <= value <= self.most or (
            isinstance(value, float) and not self.fraction
        ):
            whole = "number" if self.fraction else "whole number"
            said = f"is {node.text}; write a {whole} from {self.least} to {self.most}"
            return reading.wrong("number.range", said, path, node.line)
        return value

    def schema(self) -> Schema:
        kind = "number" if self.fraction else "integer"
        return {"type": kind, "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day, ``2026-10-01``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        try:
            if isinstance(node.value, str):
                return date.fromisoformat(node.value)
        except ValueError:
            pass
        return reading.wrong(
            "date.invalid", f"{node.text!r} is no day; write it as 2026-10-01", path, node.line
        )

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class LengthOfTime:
    """A length of time with its unit: a ``Duration`` (clocks) or a ``Period`` (retention).

    Attributes:
        none: Word that may stand in its place, where there is none; read as it is.
    """

    parse: Callable[[str], Duration | Period]
    example: str
    none: str = ""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if self.none and node.text == self.none:
            return self.none
        try:
            return self.parse(str(node.text))
        except DurationInvalid as invalid:
            otherwise = f"; or {self.none}, if there is no limit" if self.none else ""
            said = f"{invalid}{otherwise}"
            return reading.wrong("duration.invalid", said, path, node.line)

    def schema(self) -> Schema:
        return {"type": "string", "examples": [self.example, *filter(None, [self.none])]}


LIMIT = LengthOfTime(Duration.parse, "5 working days")
LIMIT_OR_NONE = LengthOfTime(Duration.parse, "5 working days", none=UNLIMITED)
KEEP = LengthOfTime(Period.parse, "2 years")


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few known words."""

    words: type[StrEnum]

    def read(self, node: Node, reading: Reading, path: str) -> object:
        try:
            return self.words(str(node.text))
        except ValueError:
            known = [word.value for word in self.words]
            said = f"{node.text!r} is not known here; {nearest(str(node.text), known)}"
            return reading.wrong("word.unknown", said, path, node.line)

    def schema(self) -> Schema:
        return {"enum": [word.value for word in self.words]}


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a thing that the file defines: small letters, digits, underscores."""

    of: str = ""
    pattern: re.Pattern[str] = NAME

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if isinstance(node.value, str) and self.pattern.fullmatch(node.value):
            return node.value
        return misfit(node, "a name: small letters, digits and _", reading, path)

    def schema(self) -> Schema:
        schema: Schema = {"type": "string", "pattern": f"^{self.pattern.pattern}$"}
        return {**schema, "description": f"Name of a {self.of}."} if self.of else schema


@dataclass(frozen=True, slots=True)
class Value:
    """Any single value: text, a number, true or false."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if isinstance(node.value, str | int | float | bool):
            return node.value
        return misfit(node, "one value", reading, path)

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}


LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
REQUIRED_LANGUAGES = ("zh-Hans", "en")


@dataclass(frozen=True, slots=True)
class Labels:
    """Words for people by language tag. That none is missing is judged by ``kernel.checks``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if not isinstance(node.value, dict):
            return misfit(node, "{zh-Hans: …, en: …}", reading, path)
        return {key: self._one(key, entry, reading, path) for key, entry in node.value.items()}

    def _one(self, key: str, node: Node, reading: Reading, path: str) -> str:
        """Return the words; what is wrong is reported once, and a mark stands for it."""
        reading.lines[f"{path}.{key}"] = node.line
        if not LANGUAGE.fullmatch(key):
            said = f"{key!r} is no language tag; {nearest(key, REQUIRED_LANGUAGES)}"
            reading.wrong("labels.language", said, path, node.key_line)
        read = Text().read(node, reading, f"{path}.{key}")
        return "?" if read is WRONG else str(read)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/labels"}


LABELS_SCHEMA: Schema = {
    "type": "object",
    "description": "Words for people, by language tag; Chinese and English are needed.",
    "patternProperties": {f"^{LANGUAGE.pattern}$": Text().schema()},
    "additionalProperties": False,
    "required": list(REQUIRED_LANGUAGES),
}


def one_of(words: Iterable[str]) -> str:
    """Return *words* as a phrase."""
    return ", ".join(words)
