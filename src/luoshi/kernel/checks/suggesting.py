"""Suggesting: what may be suggested has a field or a step that it helps with."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.names import unknown
from luoshi.kernel.checks.rule import Rule
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import FieldType, Programme


def suggestions_help_somebody(programme: Programme) -> Iterator[Problem]:
    """Every kind of suggestion that is switched on has something that it helps to decide."""
    wanted, steps = programme.suggest, programme.transitions.values()
    for kind, is_on, helps, what in (
        ("category", wanted.category, programme.field_of(FieldType.CODE), "field of type code"),
        ("unit", wanted.unit, programme.holder_field, "field with holder: true"),
        ("area", wanted.area, programme.field_of(FieldType.AREA), "field of type area"),
        ("similar", wanted.similar, any(step.follows for step in steps), "step that follows"),
        ("topics", wanted.topics, programme.title_field, "field of type line"),
        ("urgency", wanted.urgency, programme.title_field, "field of type line"),
    ):
        if is_on and not helps:
            said = f"there is no {what} that this could help with; add one, or switch it off"
            yield Problem("suggest.useless", said, f"suggest.{kind}")


def heat_is_of_topics(programme: Programme) -> Iterator[Problem]:
    """How hot topics are ranked is said only where there are some."""
    if programme.heat and not programme.suggest.topics:
        said = "no topics are looked for here; switch suggest.topics on, or leave heat out"
        yield Problem("suggest.useless", said, "heat")


def hints_are_about_texts(programme: Programme) -> Iterator[Problem]:
    """The answers that are looked through exist and are texts."""
    for index, name in enumerate(programme.suggest.hints):
        yield from _fitting(programme, name, f"suggest.hints[{index}]", FieldType.TEXT)


def topics_find_their_fields(programme: Programme) -> Iterator[Problem]:
    """What takes topics has a line and a text for them, and asks for both when it is opened."""
    takes = programme.takes_topics
    if takes is None:
        return
    yield from _fitting(programme, takes.title, "takes_topics.title", FieldType.LINE)
    yield from _fitting(programme, takes.details, "takes_topics.details", FieldType.TEXT)
    asked = {need.field for step in programme.opening[:1] for need in step.needs}
    for key, name in (("title", takes.title), ("details", takes.details)):
        if name in programme.fields and name not in asked:
            said = f"{name!r} is not asked when a case is opened; name a field that is"
            yield Problem("suggest.useless", said, f"takes_topics.{key}")


def _fitting(programme: Programme, name: str, path: str, kind: FieldType) -> Iterator[Problem]:
    yield from unknown("field", path, name, programme.fields)
    field = programme.fields.get(name)
    if field is not None and field.type is not kind:
        said = f"{name!r} is a {field.type}; name a field of type {kind}"
        yield Problem("field.type", said, path)


RULES: tuple[Rule, ...] = (
    suggestions_help_somebody,
    heat_is_of_topics,
    hints_are_about_texts,
    topics_find_their_fields,
)
