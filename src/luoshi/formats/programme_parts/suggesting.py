"""Sections ``suggest``, ``heat``, ``takes_topics``: what the machine may suggest, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several
from luoshi.formats.grammar.values import Flag, Name, Number
from luoshi.kernel.provision import Suggest, TakesTopics


def _suggest(read: Mapping[str, Any]) -> Suggest:
    return Suggest(**read)


SUGGEST = Form(
    {
        "category": Key(Flag(), "The category, beside the field that asks.", default=False),
        "unit": Key(Flag(), "The handling unit, beside the field that asks.", default=False),
        "area": Key(
            Flag(), "The area that a message names, beside the field that asks.", default=False
        ),
        "urgency": Key(
            Flag(), "Words of danger, with the emergency line to hand over to.", default=False
        ),
        "similar": Key(
            Flag(), "Cases that may be the same matter; a person merges them.", default=False
        ),
        "topics": Key(Flag(), "Hot topics of a period, for a board.", default=False),
        "hints": Key(
            Several(Name("field")), "Answers looked through before they are sent.", default=()
        ),
        "redaction": Key(
            Flag(), "Words for the public view, with what points at a person hidden.", default=True
        ),
    },
    _suggest,
)


def _heat(read: Mapping[str, Any]) -> dict[str, float]:
    return {name: value for name, value in read.items() if value is not None}


def _weight(says: str) -> Key:
    return Key(Number(0, 100, fraction=True), says)


HEAT = Form(
    {
        "closeness": Key(
            Number(0.01, 1, fraction=True),
            "Mean likeness that makes two groups one topic; lower joins more (0.12).",
        ),
        "least_messages": Key(Number(1, 10_000), "Smaller groups are no topic (3)."),
        "least_requesters": Key(
            Number(1, 10_000), "Topics of fewer different requesters are left out (2)."
        ),
        "most_topics": Key(Number(1, 10_000), "At most so many, the hottest first (300)."),
        "requesters": _weight("Weight of ln(1 + different requesters) (3)."),
        "days": _weight("Weight of ln(1 + different days) (1)."),
        "support": _weight("Weight of ln(1 + votes in support) (1)."),
        "opposition": _weight("Weight of ln(1 + votes against) (1)."),
        "growth": _weight("Weight of the growth, from -1 to 1 (1)."),
    },
    _heat,
)


def _takes_topics(read: Mapping[str, Any]) -> TakesTopics | None:
    return TakesTopics(title=read["title"], details=read["details"])


TAKES_TOPICS = Form(
    {
        "title": Key(Name("field"), "Field for the name of the topic.", needed=True, default=""),
        "details": Key(
            Name("field"), "Field for its description and case numbers.", needed=True, default=""
        ),
    },
    _takes_topics,
)
