"""Sections ``roles`` and ``states``: who plays a part, and where a case may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.values import Labels, Name, Text, Word
from luoshi.kernel.programme import Relation, Role, State, StateKind

ROLE = Form(
    {
        "relation": Key(
            Word(Relation), "How a person in this role is related to a case.", default=Relation.ANY
        ),
        "labels": Key(
            Labels(), "What the role is called.", needed=True, default={}, judged_later=True
        ),
    }
)


def role_of(name: str, read: Mapping[str, Any]) -> Role:
    """Return the role *name*."""
    return Role(name=name, labels=read["labels"], relation=read["relation"])


ROLES = Table(ROLE, role_of)

STATE = Form(
    {
        "kind": Key(
            Word(StateKind),
            "What it means for the person who waits: open, waiting, done "
            "or void (the last two are ends).",
            needed=True,
            stand_in=StateKind.OPEN,
        ),
        "turn": Key(Several(Name("role")), "Roles whose turn it is (not at an end).", default=()),
        "labels": Key(
            Labels(),
            "What those who work with it call it.",
            needed=True,
            default={},
            judged_later=True,
        ),
        "public": Key(
            Labels(), "What everybody else is told.", needed=True, default={}, judged_later=True
        ),
        "unclocked": Key(Text(), "Why no clock runs here.", default=""),
    }
)


def state_of(name: str, read: Mapping[str, Any]) -> State:
    """Return the state *name*."""
    return State(
        name=name,
        labels=read["labels"],
        public=read["public"],
        kind=read["kind"],
        turn=read["turn"],
        unclocked=read["unclocked"],
    )


STATES = Table(STATE, state_of)
