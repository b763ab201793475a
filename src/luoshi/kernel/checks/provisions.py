"""Provisions: holds can be lifted, parts and mergers work out, phases and walls mean something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from luoshi.kernel.checks.names import unknown
from luoshi.kernel.checks.rule import Rule, conditions_of, need_path
from luoshi.kernel.condition import Held, leaves
from luoshi.kernel.errors import Problem
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import RATING, FieldType, Programme, Relation, Transition

NAMES_UNITS = frozenset({FieldType.UNIT, FieldType.UNITS})


def provisions_name_what_exists(programme: Programme) -> Iterator[Problem]:
    """Every hold, number, close kind, field, role and step that a provision names exists."""
    for step in programme.transitions.values():
        yield from _named_by(programme, step)
    for hold in programme.holds.values():
        for index, name in enumerate(hold.blocks):
            place = f"holds.{hold.name}.blocks[{index}]"
            yield from unknown("transition", place, name, programme.transitions)
    for path, condition in conditions_of(programme):
        for leaf in leaves(condition):
            if isinstance(leaf, Held):
                yield from unknown("hold", path, leaf.hold, programme.holds)


def _named_by(programme: Programme, step: Transition) -> Iterator[Problem]:
    base = f"transitions.{step.name}"
    for kind, key, names, known in (
        ("hold", "raises", step.raises, programme.holds),
        ("hold", "lifts", step.lifts, programme.holds),
        ("number", "numbers", step.numbers, programme.numbers),
        ("clock", "exempts", step.exempts, {*programme.clocks, RATING}),
        ("clock", "counts_again", step.counts_again, {*programme.clocks, RATING}),
    ):
        for index, name in enumerate(names):
            yield from unknown(kind, f"{base}.{key}[{index}]", name, known)
    if step.close_kind:
        yield from unknown(
            "close_kind", f"{base}.close_kind", step.close_kind, programme.close_kinds
        )
    if step.for_followers:
        yield from unknown(
            "transition", f"{base}.for_followers", step.for_followers, programme.transitions
        )


def provisions_use_fitting_fields(programme: Programme) -> Iterator[Problem]:
    """The fields that provisions use exist and are of a fitting type."""
    for path, name, types in _fields_used(programme):
        yield from unknown("field", path, name, programme.fields)
        field = programme.fields.get(name)
        if field is not None and types and field.type not in types:
            said = f"{name!r} is a {field.type}; name a field of type {' or '.join(sorted(types))}"
            yield Problem("field.type", said, path)


def _fields_used(programme: Programme) -> Iterator[tuple[str, str, frozenset[FieldType]]]:
    """Yield the place, the name and the types that fit; no types mean that any does."""
    if programme.complained_of:
        yield "complained_of", programme.complained_of, frozenset({FieldType.UNIT})
    for step in programme.transitions.values():
        yield from _fields_of_step(step)
    for clock in programme.clocks.values():
        for index, limit in enumerate(clock.limits):
            if limit.until:
                place = f"clocks.{clock.name}.limits[{index}].until"
                yield place, limit.until, frozenset({FieldType.DATE})
    yield from _fields_of_ends(programme)


def _fields_of_step(step: Transition) -> Iterator[tuple[str, str, frozenset[FieldType]]]:
    base, any_type = f"transitions.{step.name}", frozenset[FieldType]()
    if step.opens_parts:
        yield f"{base}.opens_parts.units", step.opens_parts.units, NAMES_UNITS
        for index, name in enumerate(step.opens_parts.carries):
            yield f"{base}.opens_parts.carries[{index}]", name, any_type
    if step.waives:
        yield f"{base}.waives", step.waives, frozenset({FieldType.UNIT})
    if step.follows:
        yield f"{base}.follows", step.follows, frozenset({FieldType.CASE})


def _fields_of_ends(programme: Programme) -> Iterator[tuple[str, str, frozenset[FieldType]]]:
    any_type = frozenset[FieldType]()
    for kind in programme.close_kinds.values():
        for index, name in enumerate(kind.words):
            yield f"close_kinds.{kind.name}.words[{index}]", name, any_type
        if kind.review:
            yield f"close_kinds.{kind.name}.review", kind.review, frozenset({FieldType.DATE})
    for phase in programme.phases:
        for index, need in enumerate(phase.needs):
            yield f"phases.{phase.name}.needs[{index}]", need.field, any_type


def steps_ask_for_what_they_use(programme: Programme) -> Iterator[Problem]:
    """A step asks for the units, the main case and the words that its provisions rest on."""
    for step in programme.transitions.values():
        asked = {need.field for need in step.needs if need.required}
        kind = programme.close_kinds.get(step.close_kind)
        wanted: list[tuple[str, Iterable[str]]] = [
            ("opens_parts.units", [step.opens_parts.units] if step.opens_parts else []),
            ("waives", filter(None, [step.waives])),
            ("follows", filter(None, [step.follows])),
            ("close_kind", [*kind.words, *filter(None, [kind.review])] if kind else []),
        ]
        for key, names in wanted:
            for name in names:
                if name not in asked:
                    said = f"rests on {name!r}, which the step does not ask for; add it to needs"
                    yield Problem("step.not_asked", said, f"transitions.{step.name}.{key}")


def a_day_is_there_to_run_until(programme: Programme) -> Iterator[Problem]:
    """A clock that runs until a given day starts where that day is known."""
    at_opening = [_certain(step) for step in programme.opening]
    always = set.intersection(*at_opening) if at_opening else set()
    for clock in programme.clocks.values():
        days = {limit.until for limit in clock.limits if limit.until}
        for step in programme.transitions.values():
            for day in sorted(days - _certain(step) - always):
                if clock.name in step.starts:
                    said = f"clock {clock.name!r} runs until {day!r}, which is not known here"
                    place = f"transitions.{step.name}.starts"
                    yield Problem("clock.no_day", f"{said}; add it to needs", place)


def _certain(step: Transition) -> set[str]:
    return {need.field for need in step.needs if need.required and need.when is None}


def holds_go_up_and_come_down(programme: Programme) -> Iterator[Problem]:
    """What is put up can be lifted, is put up somewhere, and does not block its own lifting."""
    raised = {name for step in programme.transitions.values() for name in step.raises}
    for hold in programme.holds.values():
        place = f"holds.{hold.name}"
        lifting = {s.name for s in programme.transitions.values() if hold.name in s.lifts}
        if hold.name not in raised:
            said = f"hold {hold.name!r} is never put up; add it to the raises of a step"
            yield Problem("unused.hold", said, place)
        elif not lifting:
            said = f"hold {hold.name!r} is never lifted; add it to the lifts of a step"
            yield Problem("hold.never_lifted", said, place)
        if lifting and lifting <= set(hold.blocks):
            said = "blocks every step that lifts it; take one of them out of blocks"
            yield Problem("hold.blocks_itself", said, f"{place}.blocks")


def what_counts_again_was_exempt(programme: Programme) -> Iterator[Problem]:
    """Only what some step exempts can count again."""
    exempted = {name for step in programme.transitions.values() for name in step.exempts}
    for step in programme.transitions.values():
        for index, name in enumerate(step.counts_again):
            if name not in exempted:
                said = f"{name!r} is never exempt; add it to the exempts of a step"
                place = f"transitions.{step.name}.counts_again[{index}]"
                yield Problem("exemption.never_given", said, place)


def further_numbers_can_be_written(programme: Programme) -> Iterator[Problem]:
    """Patterns of further numbers work out, and each is given by some step."""
    given = {name for step in programme.transitions.values() for name in step.numbers}
    for name, pattern in programme.numbers.items():
        try:
            NumberPattern.parse(pattern)
        except ValueError as error:
            yield Problem("number.invalid", f"{error}; mend the pattern", f"numbers.{name}")
        if name not in given:
            said = f"number {name!r} is never given; add it to the numbers of a step"
            yield Problem("unused.number", said, f"numbers.{name}")


def phases_do_not_overlap(programme: Programme) -> Iterator[Problem]:
    """A phase names existing states, each in one phase only."""
    taken: dict[str, str] = {}
    for phase in programme.phases:
        for index, state in enumerate(phase.states):
            place = f"phases.{phase.name}.states[{index}]"
            yield from unknown("state", place, state, programme.states)
            if state in taken:
                said = f"{state!r} belongs to phase {taken[state]!r} already; name it once"
                yield Problem("phase.twice", said, place)
            taken[state] = phase.name


def close_kinds_close(programme: Programme) -> Iterator[Problem]:
    """A close kind is said by steps that end the case, and by at least one of them."""
    used = {step.close_kind for step in programme.transitions.values()}
    for name in programme.close_kinds.keys() - used:
        said = f"no step closes a case as {name!r}; add close_kind to one, or remove it"
        yield Problem("unused.close_kind", said, f"close_kinds.{name}")
    for step in programme.transitions.values():
        target = programme.states.get(step.target)
        if step.close_kind and target is not None and not target.kind.is_end:
            said = f"closes a case, but {target.name!r} is no end; lead it to one"
            yield Problem("close_kind.not_end", said, f"transitions.{step.name}.close_kind")


def the_wall_stands(programme: Programme) -> Iterator[Problem]:
    """What is walled off exists and is personal, and known roles ask for it and grant it."""
    wall = programme.wall
    if wall is None:
        return
    for index, name in enumerate(wall.fields):
        yield from unknown("field", f"wall.fields[{index}]", name, programme.fields)
        field = programme.fields.get(name)
        if field is not None and not field.personal:
            said = f"{name!r} is not personal; only personal fields are kept apart"
            yield Problem("wall.not_personal", said, f"wall.fields[{index}]")
    for key, roles in (("asked_by", wall.asked_by), ("granted_by", wall.granted_by)):
        for index, role in enumerate(roles):
            yield from unknown("role", f"wall.{key}[{index}]", role, programme.roles)


def followers_are_taken_along_by_the_system(programme: Programme) -> Iterator[Problem]:
    """The step that merged cases take is one that the system may take."""
    for step in programme.transitions.values():
        other = programme.transitions.get(step.for_followers)
        if other is not None and not by_system(programme, other):
            said = f"{other.name!r} is not for the system; add a role of relation system to its by"
            place = f"transitions.{step.name}.for_followers"
            yield Problem("followers.not_system", said, place)


def by_system(programme: Programme, step: Transition) -> bool:
    """Return whether the system may take *step*."""
    roles = (programme.roles.get(role) for role in step.by)
    return any(role is not None and role.relation is Relation.SYSTEM for role in roles)


def asked_needs_are_not_doubled(programme: Programme) -> Iterator[Problem]:
    """No field is needed twice by one step under the same condition."""
    for step in programme.transitions.values():
        for index, need in enumerate(step.needs):
            if need in step.needs[:index]:
                said = f"asks for {need.field!r} twice; remove one of the two"
                yield Problem("need.twice", said, need_path(step, need))


RULES: tuple[Rule, ...] = (
    provisions_name_what_exists,
    provisions_use_fitting_fields,
    steps_ask_for_what_they_use,
    a_day_is_there_to_run_until,
    holds_go_up_and_come_down,
    what_counts_again_was_exempt,
    further_numbers_can_be_written,
    phases_do_not_overlap,
    close_kinds_close,
    the_wall_stands,
    followers_are_taken_along_by_the_system,
    asked_needs_are_not_doubled,
)
