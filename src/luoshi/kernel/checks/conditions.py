"""Conditions: what they compare is possible, and what steps set by themselves is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.fields import CHOSEN
from luoshi.kernel.checks.rule import Rule, conditions_of, limit_conditions, nearest
from luoshi.kernel.condition import (
    CLOCK_STATES,
    ClockIs,
    CountIs,
    FieldGiven,
    FieldIs,
    FieldWithin,
    leaves,
)
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Field, FieldType, Programme

OF_FIELDS = (FieldIs, FieldGiven, FieldWithin)
"""Conditions that look at answers."""


def compared_values_are_possible(programme: Programme) -> Iterator[Problem]:
    """A field is compared with values that it can have."""
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if isinstance(leaf, FieldIs) and leaf.field in programme.fields:
                for value in leaf.values:
                    yield from _impossible(programme, programme.fields[leaf.field], value, path)


def values_set_are_possible(programme: Programme) -> Iterator[Problem]:
    """A transition sets values that the field can have, and none that is personal."""
    for step in programme.transitions.values():
        for name, value in step.sets.items():
            field, path = programme.fields.get(name), f"transitions.{step.name}.sets.{name}"
            if field is None:
                continue
            yield from _impossible(programme, field, value, path)
            if field.personal:
                said = f"{name!r} is personal; what a step sets by itself is public"
                yield Problem("sets.personal", said, path)


def _impossible(programme: Programme, field: Field, value: object, path: str) -> Iterator[Problem]:
    if field.type is FieldType.YES_NO and not isinstance(value, bool):
        yield _never(field, value, "write true or false", path)
    elif field.type in CHOSEN:
        known = programme.lists.get(field.choices)
        if known is not None and value not in known:
            yield _never(field, value, nearest(str(value), known), path)
    elif field.type is FieldType.NUMBER and not _is_number(value):
        yield _never(field, value, "write a number", path)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _never(field: Field, value: object, way_out: str, path: str) -> Problem:
    said = f"field {field.name!r} is never {value!r}; {way_out}"
    return Problem("condition.value", said, path)


def only_numbers_lie_between_bounds(programme: Programme) -> Iterator[Problem]:
    """Bounds are set to number fields, and leave room."""
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if not isinstance(leaf, FieldWithin):
                continue
            field = programme.fields.get(leaf.field)
            if field is not None and field.type is not FieldType.NUMBER:
                said = f"{leaf.field!r} is no number and has no bounds; use is, in or given"
                yield Problem("condition.bounds", said, path)
            least, most = leaf.at_least, leaf.at_most
            if least is not None and most is not None and least > most:
                yield Problem("condition.bounds", "at_least is more than at_most; mend one", path)


def clock_words_are_known(programme: Programme) -> Iterator[Problem]:
    """A clock is asked for a state that clocks can be in."""
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if isinstance(leaf, ClockIs):
                for word in set(leaf.states) - CLOCK_STATES:
                    said = f"a clock is never {word!r}; {nearest(word, CLOCK_STATES)}"
                    yield Problem("condition.clock", said, path)


def counts_can_be_reached(programme: Programme) -> Iterator[Problem]:
    """A transition is not expected more often than it may be taken."""
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if isinstance(leaf, CountIs):
                step = programme.transitions.get(leaf.transition)
                most = step.at_most if step else None
                if most is not None and leaf.at_least > most:
                    said = f"{leaf.transition!r} is taken at most {most} time(s); ask for no more"
                    yield Problem("condition.count", said, path)
                if leaf.at_most is not None and leaf.at_most < leaf.at_least:
                    said = "at_least is more than at_most; mend one of them"
                    yield Problem("condition.count", said, path)


def personal_values_decide_nothing(programme: Programme) -> Iterator[Problem]:
    """A condition may ask whether a personal field is given, never what it says.

    Facts know only its digest, and what is decided must be provable from facts.
    """
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if not isinstance(leaf, FieldIs | FieldWithin):
                continue
            field = programme.fields.get(leaf.field)
            if field is not None and field.personal:
                said = f"{field.name!r} is personal; ask only whether it is given"
                yield Problem("condition.personal", said, path)


def limits_look_at_answers_alone(programme: Programme) -> Iterator[Problem]:
    """Which limit applies is told by answers, not by clocks or counts."""
    for path, condition in limit_conditions(programme):
        if not all(isinstance(leaf, OF_FIELDS) for leaf in leaves(condition)):
            said = "a limit is chosen by answers alone; use field conditions"
            yield Problem("limit.condition", said, path)


def compared_fields_are_given_somewhere(programme: Programme) -> Iterator[Problem]:
    """A condition looks at fields that some transition asks for or sets."""
    given = given_fields(programme)
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if not isinstance(leaf, FieldIs | FieldGiven | FieldWithin) or leaf.field in given:
                continue
            if leaf.field in programme.fields:
                said = f"no transition asks for or sets {leaf.field!r}; add it to one"
                yield Problem("field.never_given", said, path)


def given_fields(programme: Programme) -> set[str]:
    """Return the fields that some transition asks for or sets."""
    asked = {need.field for step in programme.transitions.values() for need in step.needs}
    return asked | {name for step in programme.transitions.values() for name in step.sets}


RULES: tuple[Rule, ...] = (
    compared_values_are_possible,
    values_set_are_possible,
    only_numbers_lie_between_bounds,
    clock_words_are_known,
    counts_can_be_reached,
    personal_values_decide_nothing,
    limits_look_at_answers_alone,
    compared_fields_are_given_somewhere,
)
