"""Conditions, written as ``{field: urgency, is: urgent}``, ``{all: […]}``, ``{not: …}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any as Read

from luoshi.formats.grammar.forms import Form, Key, Several
from luoshi.formats.grammar.reading import WRONG, Reading, Schema, entries_of
from luoshi.formats.grammar.values import Flag, Name, Number, Value, Word, misfit
from luoshi.formats.yaml_file import Node
from luoshi.kernel.condition import (
    All,
    Any,
    ClockIs,
    Condition,
    CountIs,
    Drawn,
    FieldGiven,
    FieldIs,
    FieldWithin,
    Held,
    Not,
    PartsDone,
)


@dataclass(frozen=True, slots=True)
class ConditionKind:
    """A condition. Its first word says of which sort it is."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        entries = entries_of(node)
        if entries is None:
            return misfit(node, "a condition such as {field: urgency, is: urgent}", reading, path)
        sort = next((word for word in SORTS if word in entries), None)
        if sort is None:
            said = f"no condition: it needs one of the words {', '.join(SORTS)}"
            return reading.wrong("condition.unknown", said, path, node.line)
        before = len(reading.problems)
        read = SORTS[sort].read(node, reading, path)
        if len(reading.problems) > before:
            return WRONG
        return read if read is not None else self._incomplete(node, reading, path)

    def _incomplete(self, node: Node, reading: Reading, path: str) -> object:
        said = (
            "says nothing: add exactly one of is, in, given (field), is (clock), at_least (count)"
        )
        return reading.wrong("condition.incomplete", said, path, node.line)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/condition"}


CONDITION = ConditionKind()


def _of_field(read: Mapping[str, Read]) -> Condition | None:
    said = [key for key in ("is", "in", "given") if read[key] is not None]
    least, most = read["at_least"], read["at_most"]
    if not said and (least is not None or most is not None):
        return FieldWithin(read["field"], least, most)
    if len(said) != 1 or least is not None or most is not None:
        return None
    if said == ["given"]:
        return FieldGiven(read["field"], read["given"])
    return FieldIs(read["field"], tuple(read[said[0]]))


def _of_clock(read: Mapping[str, Read]) -> Condition | None:
    return ClockIs(read["clock"], tuple(read["is"])) if read["is"] else None


def _of_count(read: Mapping[str, Read]) -> Condition | None:
    least, most = read["at_least"], read["at_most"]
    if least is None and most is None:
        return None
    return CountIs(read["count"], least or 0, most)


def _joined(word: str, sort: Callable[[tuple[Condition, ...]], Condition]) -> Form:
    rule = Key(Several(CONDITION, alone=False), JOINED[word], needed=True, default=())
    return Form({word: rule}, lambda read: sort(read[word]) if read[word] else None)


class PartsWord(StrEnum):
    """How the parts of joint handling stand."""

    DONE = "done"
    OPEN = "open"


JOINED = {"all": "Every one of these holds.", "any": "At least one of these holds."}

SORTS: dict[str, Form] = {
    "field": Form(
        {
            "field": Key(Name("field"), "The field looked at.", needed=True),
            "is": Key(Several(Value()), "The answer is this one (or one of these)."),
            "in": Key(Several(Value(), alone=False), "The answer is one of these."),
            "given": Key(Flag(), "The field is answered (true) or empty (false)."),
            "at_least": Key(Number(-1e12, 1e12, fraction=True), "The number is not below this."),
            "at_most": Key(Number(-1e12, 1e12, fraction=True), "The number is not above this."),
        },
        _of_field,
    ),
    "clock": Form(
        {
            "clock": Key(Name("clock"), "The clock looked at.", needed=True),
            "is": Key(
                Several(Name()),
                "One of absent, running, overdue, paused, met, late, stopped.",
                needed=True,
            ),
        },
        _of_clock,
    ),
    "count": Form(
        {
            "count": Key(Name("transition"), "The transition that is counted.", needed=True),
            "at_least": Key(Number(0, 1000), "Taken this often or more."),
            "at_most": Key(Number(0, 1000), "Taken this often or less."),
        },
        _of_count,
    ),
    "held": Form(
        {
            "held": Key(Name("hold"), "The hold looked at.", needed=True),
            "is": Key(Flag(), "Up (true) or lifted (false).", default=True),
        },
        lambda read: Held(read["held"], read["is"]),
    ),
    "parts": Form(
        {
            "parts": Key(
                Word(PartsWord), "Whether every part is done, or one is open.", needed=True
            )
        },
        lambda read: PartsDone(read["parts"] is PartsWord.DONE) if read["parts"] else None,
    ),
    "drawn": Form(
        {
            "drawn": Key(Name(), "Name of the spot check.", needed=True),
            "share": Key(
                Number(0, 1, fraction=True), "Share of cases that are drawn: 0.2.", needed=True
            ),
        },
        lambda read: Drawn(read["drawn"], read["share"]) if read["share"] is not None else None,
    ),
    "all": _joined("all", All),
    "any": _joined("any", Any),
    "not": Form(
        {"not": Key(CONDITION, "This does not hold.", needed=True)},
        lambda read: None if read["not"] is None else Not(read["not"]),
    ),
}


def condition_schema() -> Schema:
    """Return the definition of a condition, for ``$defs``."""
    return {
        "description": "What must hold; structure, never code.",
        "oneOf": [form.schema() for form in SORTS.values()],
    }
