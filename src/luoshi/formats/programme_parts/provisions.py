"""Sections for particular provisions: holds, phases, close kinds, the wall, quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.reading import Reading, Schema
from luoshi.formats.grammar.values import Labels, Name
from luoshi.formats.programme_parts.conditions import CONDITION
from luoshi.formats.programme_parts.transitions import NeedKind, needs_of
from luoshi.formats.yaml_file import Node
from luoshi.kernel.provision import CloseKind, Hold, Phase, Quiet, Wall

CALLED = Key(Labels(), "What it is called.", needed=True, default={}, judged_later=True)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day in quotes, ``"21:00"``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        try:
            if isinstance(node.value, str):
                return time.fromisoformat(node.value)
        except ValueError:
            pass
        said = f'{node.text!r} is no time of day; write it in quotes as "21:00"'
        return reading.wrong("time.invalid", said, path, node.line)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}


HOLD = Form(
    {
        "labels": CALLED,
        "blocks": Key(
            Several(Name("transition")),
            "Steps that cannot be taken while it is up.",
            needed=True,
            default=(),
        ),
    }
)


def _hold(name: str, read: Mapping[str, Any]) -> Hold:
    return Hold(name=name, labels=read["labels"], blocks=read["blocks"])


HOLDS = Table(HOLD, _hold)

PHASE = Form(
    {
        "labels": CALLED,
        "states": Key(
            Several(Name("state")), "States that belong to it.", needed=True, default=()
        ),
        "needs": Key(
            Several(NeedKind()),
            "Fields without which it cannot be entered; those of earlier phases count too.",
            default=(),
        ),
    }
)


def _phase(name: str, read: Mapping[str, Any]) -> Phase:
    return Phase(
        name=name,
        labels=read["labels"],
        states=read["states"],
        needs=needs_of(read["needs"], required=True),
    )


PHASES = Table(PHASE, _phase)

CLOSE_KIND = Form(
    {
        "labels": CALLED,
        "words": Key(
            Several(Name("field")), "Fields that tell the requester why and what.", default=()
        ),
        "review": Key(
            Name("field"), "Date field by which the matter is looked at again.", default=""
        ),
    }
)


def _close_kind(name: str, read: Mapping[str, Any]) -> CloseKind:
    return CloseKind(name=name, labels=read["labels"], words=read["words"], review=read["review"])


CLOSE_KINDS = Table(CLOSE_KIND, _close_kind)


def _wall(read: Mapping[str, Any]) -> Wall | None:
    if read["when"] is None:
        return None
    return Wall(
        when=read["when"],
        fields=read["fields"],
        asked_by=read["asked_by"],
        granted_by=read["granted_by"],
    )


WALL = Form(
    {
        "when": Key(
            CONDITION, "Cases to which it applies, once they have become so.", needed=True
        ),
        "fields": Key(Several(Name("field")), "What is walled off.", needed=True, default=()),
        "asked_by": Key(
            Several(Name("role")), "Roles that may ask to look.", needed=True, default=()
        ),
        "granted_by": Key(
            Several(Name("role")),
            "Roles that may grant it; always another person.",
            needed=True,
            default=(),
        ),
    },
    _wall,
)


def _quiet(read: Mapping[str, Any]) -> Quiet | None:
    start, end = read["from"], read["to"]
    if not isinstance(start, time) or not isinstance(end, time):
        return None
    return Quiet(start, end, read["unless"])


QUIET = Form(
    {
        "from": Key(TimeOfDay(), "Time of day from which nobody is told.", needed=True),
        "to": Key(TimeOfDay(), "Time of day at which held-back messages go out.", needed=True),
        "unless": Key(CONDITION, "Cases for which people are told at any hour."),
    },
    _quiet,
)
