"""Names: every field, role, state, clock, list and transition that is named exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from luoshi.kernel.checks.rule import Rule, clocks_named, conditions_of, nearest, need_path
from luoshi.kernel.condition import ClockIs, CountIs, FieldGiven, FieldIs, FieldWithin, leaves
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import PREVIOUS, SAME, START, Programme, Transition


def unknown(
    kind: str, path: str, name: str, known: Collection[str], among: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield a problem if *name* is not in *known*; *among* are further words to suggest."""
    if name not in known:
        said = f"{kind} {name!r} is not defined; {nearest(name, [*known, *among])}"
        yield Problem(f"{kind}.unknown", said, path)


def lists_of_fields_exist(programme: Programme) -> Iterator[Problem]:
    """A field names an existing list."""
    for field in programme.fields.values():
        if field.choices:
            yield from unknown("list", f"fields.{field.name}.list", field.choices, programme.lists)


def parents_in_lists_exist(programme: Programme) -> Iterator[Problem]:
    """An entry's parent is an entry, and nobody is their own ancestor."""
    for name, choices in programme.lists.items():
        for choice in choices.values():
            place = f"lists.{name}.{choice.code}"
            if choice.parent:
                yield from unknown("entry", place, choice.parent, choices)
            above, seen = choice.parent, {choice.code}
            while above in choices and above not in seen:
                seen.add(above)
                above = choices[above].parent
            if above in seen:
                said = f"{choice.code!r} lies below itself; give it another parent"
                yield Problem("entry.circle", said, place)


def roles_exist(programme: Programme) -> Iterator[Problem]:
    """Every role that is named exists."""
    for path, role in _roles_named(programme):
        yield from unknown("role", path, role, programme.roles)


def _roles_named(programme: Programme) -> Iterator[tuple[str, str]]:
    for field in programme.fields.values():
        for role in sorted(field.seen_by):
            yield f"fields.{field.name}.seen_by", role
    for state in programme.states.values():
        for index, role in enumerate(state.turn):
            yield f"states.{state.name}.turn[{index}]", role
    for step in programme.transitions.values():
        for index, role in enumerate(step.by):
            yield f"transitions.{step.name}.by[{index}]", role
    for notice in programme.notices:
        yield f"notices.{notice.name}.to", notice.to


def states_exist(programme: Programme) -> Iterator[Problem]:
    """Every state that a transition names exists; words of their own stand where they may."""
    for word in (START, SAME, PREVIOUS):
        if word in programme.states:
            said = f"{word!r} has a meaning of its own; name the state otherwise"
            yield Problem("state.reserved", said, f"states.{word}")
    for step in programme.transitions.values():
        base = f"transitions.{step.name}"
        for index, state in enumerate(step.source_states):
            yield from unknown("state", f"{base}.from[{index}]", state, {*programme.states, START})
        yield from unknown("state", f"{base}.to", step.target, {*programme.states, SAME, PREVIOUS})
        yield from _start_alone(step)


def _start_alone(step: Transition) -> Iterator[Problem]:
    base = f"transitions.{step.name}"
    if step.opens and len(step.source_states) > 1:
        said = "opens a case and therefore starts from nothing else; make two transitions of it"
        yield Problem("start.not_alone", said, f"{base}.from")
    if step.opens and step.target in (SAME, PREVIOUS):
        yield Problem("start.same", "opens a case; name the state it leads to", f"{base}.to")


def somebody_takes_each_step(programme: Programme) -> Iterator[Problem]:
    """Every transition has a source and somebody who may take it."""
    for step in programme.transitions.values():
        base = f"transitions.{step.name}"
        if not step.by:
            said = "nobody may take it; name the roles under by"
            yield Problem("transition.nobody", said, f"{base}.by")
        if not step.source_states:
            said = "starts nowhere; name the states under from"
            yield Problem("transition.nowhere", said, f"{base}.from")


def fields_exist(programme: Programme) -> Iterator[Problem]:
    """Every field that is asked for, set or shown exists, and none is asked for twice alike."""
    for step in programme.transitions.values():
        for need in step.needs:
            yield from unknown("field", need_path(step, need), need.field, programme.fields)
        for name in step.sets:
            yield from unknown(
                "field", f"transitions.{step.name}.sets.{name}", name, programme.fields
            )
        if step.extends:
            place = f"transitions.{step.name}.extends.by_field"
            yield from unknown("field", place, step.extends.by_field, programme.fields)
    for index, name in enumerate(programme.publication.show):
        yield from unknown("field", f"publish.show[{index}]", name, programme.fields)


def clocks_exist(programme: Programme) -> Iterator[Problem]:
    """Every clock that a transition touches, or that is the promise, exists."""
    for step in programme.transitions.values():
        for path, clock in clocks_named(step):
            yield from unknown("clock", path, clock.partition(".")[0], programme.clocks)
    if programme.publication.promise:
        yield from unknown(
            "clock", "publish.promise", programme.publication.promise, programme.clocks
        )


def steps_exist(programme: Programme) -> Iterator[Problem]:
    """Every transition that is named exists."""
    for step in programme.transitions.values():
        for index, name in enumerate(step.not_same_person_as):
            place = f"transitions.{step.name}.not_same_person_as[{index}]"
            yield from unknown("transition", place, name, programme.transitions)
    for notice in programme.notices:
        for index, name in enumerate(notice.on):
            place = f"notices.{notice.name}.on[{index}]"
            yield from unknown("transition", place, name, programme.transitions)


def conditions_name_what_exists(programme: Programme) -> Iterator[Problem]:
    """Every field, clock and transition that a condition looks at exists."""
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            match leaf:
                case FieldIs(field) | FieldGiven(field) | FieldWithin(field):
                    yield from unknown("field", path, field, programme.fields)
                case ClockIs(clock):
                    yield from unknown("clock", path, clock, programme.clocks)
                case CountIs(transition):
                    yield from unknown("transition", path, transition, programme.transitions)


RULES: tuple[Rule, ...] = (
    lists_of_fields_exist,
    parents_in_lists_exist,
    roles_exist,
    states_exist,
    somebody_takes_each_step,
    fields_exist,
    clocks_exist,
    steps_exist,
    conditions_name_what_exists,
)
