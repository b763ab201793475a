"""Section ``transitions``: the steps that somebody may take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.formats.grammar.forms import Form, Key, Several, Table
from luoshi.formats.grammar.reading import Reading, Schema
from luoshi.formats.grammar.values import (
    PROGRAMME_NAME,
    Flag,
    Labels,
    Name,
    Number,
    Text,
    Value,
)
from luoshi.formats.programme_parts.conditions import CONDITION
from luoshi.formats.yaml_file import Node
from luoshi.kernel.programme import Transition
from luoshi.kernel.provision import Extend, Need, Parts

CONDITIONAL = Form(
    {
        "field": Key(Name("field"), "The field asked for.", needed=True, default=""),
        "when": Key(CONDITION, "Asked for only when this holds."),
    }
)


@dataclass(frozen=True, slots=True)
class NeedKind:
    """A field by its name, or ``{field: …, when: …}``."""

    def read(self, node: Node, reading: Reading, path: str) -> object:
        if isinstance(node.value, dict):
            return CONDITIONAL.read(node, reading, path)
        read = Name("field").read(node, reading, path)
        return {"field": read, "when": None} if isinstance(read, str) else read

    def schema(self) -> Schema:
        return {"anyOf": [Name("field").schema(), CONDITIONAL.schema()]}


def _extend(read: Mapping[str, Any]) -> Extend:
    return Extend(clock=read["clock"], by_field=read["by_field"])


EXTEND = Form(
    {
        "clock": Key(Name("clock"), "The clock that is lengthened.", needed=True, default=""),
        "by_field": Key(
            Name("field"), "Number field that says by how much.", needed=True, default=""
        ),
    },
    _extend,
)


def _parts(read: Mapping[str, Any]) -> Parts:
    return Parts(programme=read["programme"], units=read["units"], carries=read["carries"])


PARTS = Form(
    {
        "programme": Key(
            Name("programme", PROGRAMME_NAME),
            "Programme of the child cases.",
            needed=True,
            default="",
        ),
        "units": Key(
            Name("field"),
            "Field that names the units, one child for each.",
            needed=True,
            default="",
        ),
        "carries": Key(Several(Name("field")), "Answers that a child is opened with.", default=()),
    },
    _parts,
)

CLOCK_NAMES = Several(Name("clock"))
CLOCK_OR_STAGE = Several(
    Name("clock", re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})?"))
)

TRANSITION = Form(
    {
        "labels": Key(
            Labels(),
            "The step as a command: Route, Answer.",
            needed=True,
            default={},
            judged_later=True,
        ),
        "done_label": Key(Labels(), "The step as something that happened: Routed.", default={}),
        "from": Key(
            Several(Name("state")),
            "States from which it starts; start opens a case.",
            needed=True,
            default=(),
        ),
        "to": Key(
            Name("state"),
            "State in which it ends; same leaves the state as it is, previous goes back to the "
            "state that the case came from.",
            needed=True,
            default="",
        ),
        "by": Key(Several(Name("role")), "Roles that may take it.", needed=True, default=()),
        "needs": Key(Several(NeedKind()), "Fields that must be answered.", default=()),
        "asks": Key(Several(NeedKind()), "Fields that may be answered.", default=()),
        "sets": Key(Table(Value()), "Answers that the step gives by itself.", default={}),
        "when": Key(CONDITION, "What must hold before the step may be taken."),
        "at_most": Key(Number(1, 1000), "How often it may be taken on one case."),
        "not_same_person_as": Key(
            Several(Name("transition")),
            "Who did one of these last may not take this step.",
            default=(),
        ),
        "starts": Key(CLOCK_NAMES, "Clocks that it starts.", default=()),
        "meets": Key(
            CLOCK_OR_STAGE,
            "Clocks that it meets: what was due has happened; clock.stage for one stage before "
            "the last.",
            default=(),
        ),
        "pauses": Key(CLOCK_NAMES, "Clocks that stand still from here on.", default=()),
        "resumes": Key(CLOCK_NAMES, "Paused clocks that run on.", default=()),
        "stops": Key(CLOCK_NAMES, "Clocks that no longer matter.", default=()),
        "extends": Key(EXTEND, "The clock that it lengthens."),
        "continues": Key(
            CLOCK_NAMES, "Clocks started again with what was left of them.", default=()
        ),
        "numbers": Key(
            Several(Name("number")),
            "Further numbers that it gives, each once to a case.",
            default=(),
        ),
        "raises": Key(Several(Name("hold")), "Holds that it puts up.", default=()),
        "lifts": Key(Several(Name("hold")), "Holds that it takes down.", default=()),
        "opens_parts": Key(PARTS, "Child cases that it opens, for joint handling."),
        "waives": Key(Name("field"), "Field with the unit whose part is waived.", default=""),
        "follows": Key(
            Name("field"), "Field with the main case into which this one is merged.", default=""
        ),
        "leaves": Key(Flag(), "It undoes a merger.", default=False),
        "for_followers": Key(
            Name("transition"),
            "Step that every merged case takes by the system, with the same answers.",
            default="",
        ),
        "exempts": Key(
            Several(Name()),
            "Clocks, or rating, that no longer count in an assessment; the facts stay.",
            default=(),
        ),
        "counts_again": Key(
            Several(Name()),
            "Clocks, or rating, that were exempt and count in an assessment again.",
            default=(),
        ),
        "close_kind": Key(Name(), "How the case was closed, for the figures.", default=""),
        "rests_on": Key(
            Text(),
            "Article or rule it comes from: 中文 · English, one text for both, or local.",
            needed=True,
            default="",
            judged_later=True,
        ),
    }
)


def transition_of(name: str, read: Mapping[str, Any]) -> Transition:
    """Return the transition *name*."""
    return Transition(
        name=name,
        labels=read["labels"],
        source_states=read["from"],
        target=read["to"],
        by=read["by"],
        needs=needs_of(read["needs"], required=True) + needs_of(read["asks"], required=False),
        sets=read["sets"],
        when=read["when"],
        at_most=read["at_most"],
        not_same_person_as=read["not_same_person_as"],
        starts=read["starts"],
        meets=read["meets"],
        pauses=read["pauses"],
        resumes=read["resumes"],
        stops=read["stops"],
        extends=read["extends"],
        rests_on=read["rests_on"],
        done_label=read["done_label"],
        close_kind=read["close_kind"],
        continues=read["continues"],
        numbers=read["numbers"],
        raises=read["raises"],
        lifts=read["lifts"],
        opens_parts=read["opens_parts"],
        waives=read["waives"],
        follows=read["follows"],
        leaves=read["leaves"],
        for_followers=read["for_followers"],
        exempts=read["exempts"],
        counts_again=read["counts_again"],
    )


def needs_of(read: tuple[Mapping[str, Any], ...], *, required: bool) -> tuple[Need, ...]:
    """Return the fields that a step or a phase asks for."""
    return tuple(Need(one["field"], required, one["when"]) for one in read if one["field"])


TRANSITIONS = Table(TRANSITION, transition_of)
