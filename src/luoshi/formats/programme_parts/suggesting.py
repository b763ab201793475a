"""Sections ``suggest`` and ``takes_topics``: what the machine may suggest, and where topics go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several
from luoshi.formats.grammar.values import Flag, Name
from luoshi.kernel.provision import Suggest, TakesTopics


def _suggest(read: Mapping[str, Any]) -> Suggest:
    return Suggest(**read)


SUGGEST = Form(
    {
        "category": Key(Flag(), "The category, beside the field that asks.", default=False),
        "unit": Key(Flag(), "The handling unit, beside the field that asks.", default=False),
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
    },
    _suggest,
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
