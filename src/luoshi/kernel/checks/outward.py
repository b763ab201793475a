"""Outward: nothing personal is published, a person approves it, and nothing lies about unused."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.conditions import given_fields
from luoshi.kernel.checks.rule import Rule, certain, conditions_of
from luoshi.kernel.condition import ClockIs, FieldGiven, FieldIs, FieldWithin, leaves
from luoshi.kernel.errors import Problem
from luoshi.kernel.limit import ClockKind
from luoshi.kernel.programme import FieldType, Programme, Relation, StateKind, Transition


def nothing_personal_is_published(programme: Programme) -> Iterator[Problem]:
    """The public view holds no personal field."""
    for index, name in enumerate(programme.publication.show):
        field = programme.fields.get(name)
        if field is not None and field.personal:
            said = f"{name!r} is personal and never published; show a reviewed field instead"
            yield Problem("publish.personal", said, f"publish.show[{index}]")


def published_photos_are_released(programme: Programme) -> Iterator[Problem]:
    """A file that is shown was put forward for the public, by somebody who works with the case."""
    for index, name in enumerate(programme.publication.show):
        field = programme.fields.get(name)
        if field is None or field.type is not FieldType.FILES:
            continue
        asking = [
            step
            for step in programme.transitions.values()
            if any(need.field == name for need in step.needs)
        ]
        if not field.reviewed or not all(_by_staff(programme, step) for step in asking):
            said = (
                f"{name!r} may hold what people sent in; show files with reviewed: true that only "
                "steps of the staff ask for"
            )
            yield Problem("publish.unreleased", said, f"publish.show[{index}]")


def published_fields_are_given(programme: Programme) -> Iterator[Problem]:
    """What is shown can be there."""
    given = given_fields(programme)
    for index, name in enumerate(programme.publication.show):
        if name in programme.fields and name not in given:
            said = f"no transition asks for or sets {name!r}; add it to one"
            yield Problem("field.never_given", said, f"publish.show[{index}]")


def a_person_approves_publication(programme: Programme) -> Iterator[Problem]:
    """A case is published only by an act of somebody who works with it."""
    rule = programme.publication
    if rule.when is None:
        if rule.show or rule.place:
            said = "nothing says when; add when: {field: …, is: true} set by a person's step"
            yield Problem("publish.unapproved", said, "publish")
        return
    if not any(_set_by_staff(programme, leaf.field) for leaf in certain(rule.when, FieldIs)):
        said = (
            "does not rest on a person's act; ask for a field that only a step of the staff sets"
        )
        yield Problem("publish.unapproved", said, "publish.when")


def the_promise_is_of_the_whole_matter(programme: Programme) -> Iterator[Problem]:
    """The promise is one date that somebody has to keep, with which the waiting is over."""
    clock = programme.clocks.get(programme.publication.promise)
    if clock is None:
        return
    if clock.kind is ClockKind.WINDOW:
        said = f"{clock.name!r} is a window, which nobody has to keep; name a duty"
        yield Problem("promise.window", said, "publish.promise")
    elif any(limit.stages for limit in clock.limits):
        said = f"{clock.name!r} has stages, and so several dates; name a clock with one"
        yield Problem("promise.staged", said, "publish.promise")
    elif not _settles(programme, clock.name):
        said = (
            f"when {clock.name!r} is met the matter can still be open; name the clock that is met "
            "by steps to waiting or done states alone"
        )
        yield Problem("promise.partial", said, "publish.promise")


def _settles(programme: Programme, clock: str) -> bool:
    """Return whether nobody has to work on the matter any more once the clock is met."""
    targets = {
        target
        for step in programme.transitions.values()
        if clock in step.meets
        for source in step.source_states
        for target in programme.targets_of(step, source)
    }
    known = [programme.states[target] for target in targets if target in programme.states]
    return all(state.kind is not StateKind.OPEN for state in known)


def _set_by_staff(programme: Programme, field: str) -> bool:
    setters = [step for step in programme.transitions.values() if field in step.sets]
    asked = any(
        need.field == field for step in programme.transitions.values() for need in step.needs
    )
    return bool(setters) and not asked and all(_by_staff(programme, step) for step in setters)


def _by_staff(programme: Programme, step: Transition) -> bool:
    outside = (Relation.SYSTEM, Relation.REQUESTER)
    roles = [programme.roles[role] for role in step.by if role in programme.roles]
    return all(role.relation not in outside for role in roles)


def nothing_lies_unused(programme: Programme) -> Iterator[Problem]:
    """Every field, list, role and clock serves something."""
    for kind, defined, used in (
        ("field", programme.fields, _fields_used(programme)),
        ("list", programme.lists, {field.choices for field in programme.fields.values()}),
        ("role", programme.roles, _roles_used(programme)),
        ("clock", programme.clocks, _clocks_used(programme)),
    ):
        for name in defined:
            if name not in used:
                said = f"{kind} {name!r} is used nowhere; use it or remove it"
                yield Problem(f"unused.{kind}", said, f"{kind}s.{name}")


def _fields_used(programme: Programme) -> set[str]:
    """Return fields that are asked for or set; if one is only looked at, another rule says so."""
    looked_at = {
        leaf.field
        for _, condition in conditions_of(programme)
        for leaf in leaves(condition)
        if isinstance(leaf, FieldIs | FieldGiven | FieldWithin)
    }
    return given_fields(programme) | looked_at | {*programme.publication.show}


def _roles_used(programme: Programme) -> set[str]:
    used = {role for step in programme.transitions.values() for role in step.by}
    return used | {role for field in programme.fields.values() for role in field.seen_by}


def _clocks_used(programme: Programme) -> set[str]:
    """Return duties that are started, and windows that are looked at or have a ladder."""
    started = {clock for step in programme.transitions.values() for clock in step.starts}
    looked_at = {
        leaf.clock
        for _, condition in conditions_of(programme)
        for leaf in leaves(condition)
        if isinstance(leaf, ClockIs)
    }
    return {
        clock.name
        for clock in programme.clocks.values()
        if clock.name in started
        and (clock.kind is ClockKind.DUTY or clock.name in looked_at or clock.ladder)
    }


RULES: tuple[Rule, ...] = (
    nothing_personal_is_published,
    published_photos_are_released,
    published_fields_are_given,
    a_person_approves_publication,
    the_promise_is_of_the_whole_matter,
    nothing_lies_unused,
)
