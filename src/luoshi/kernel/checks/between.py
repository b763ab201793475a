"""Between: do programmes that rest on each other fit together?

A part of joint handling is a case of another programme: that programme must exist, the system must
be able to open the part with what it is given, and to end it when it is waived.

Terms    part 协办件 · carried 带入
Not here what one programme says by itself (``checks.provisions``)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from luoshi.kernel.checks.provisions import by_system
from luoshi.kernel.checks.rule import nearest
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Programme, StateKind, Transition
from luoshi.kernel.provision import Parts


def problems_between(programme: Programme, others: Mapping[str, Programme]) -> tuple[Problem, ...]:
    """Return what is the matter with the way in which *programme* rests on others.

    Args:
        programme: A sound programme.
        others: Every programme there is, by id; each sound by itself.
    """
    return tuple(
        problem
        for step in programme.transitions.values()
        if step.opens_parts is not None
        for problem in _of_parts(programme, step, step.opens_parts, others)
    )


def _of_parts(
    programme: Programme, step: Transition, parts: Parts, others: Mapping[str, Programme]
) -> Iterator[Problem]:
    place = f"transitions.{step.name}.opens_parts"
    child = others.get(parts.programme)
    if child is None:
        said = f"there is no programme {parts.programme!r}; {nearest(parts.programme, others)}"
        yield Problem("part.unknown", said, f"{place}.programme")
        return
    yield from _opening(programme, parts, child, place)
    if any(one.waives for one in programme.transitions.values()):
        yield from _waiving(child, place)


def _opening(
    programme: Programme, parts: Parts, child: Programme, place: str
) -> Iterator[Problem]:
    """Yield what keeps the system from opening a part: it takes the first step that opens."""
    first = child.opening[0]
    if not by_system(child, first):
        said = f"{child.id!r} is opened by {first.name!r}, which is not for the system"
        yield Problem("part.not_system", f"{said}; give it a role of relation system", place)
    given = {*parts.carries, child.holder_field}
    for need in first.needs:
        if need.required and need.when is None and need.field not in given:
            said = f"{first.name!r} of {child.id!r} asks for {need.field!r}, which is not carried"
            yield Problem("part.not_carried", f"{said}; add it to carries", f"{place}.carries")
    asked = {need.field for need in first.needs}
    for index, name in enumerate(parts.carries):
        yield from _carried(programme, child, name, asked, f"{place}.carries[{index}]")


def _carried(
    programme: Programme, child: Programme, name: str, asked: set[str], place: str
) -> Iterator[Problem]:
    if name not in asked:
        said = f"the step that opens {child.id!r} does not ask for {name!r}; take it out"
        yield Problem("part.in_vain", said, place)
        return
    here, there = programme.fields[name], child.fields[name]
    if here.type is not there.type:
        said = (
            f"{name!r} is a {here.type} here and a {there.type} in {child.id!r}; make them alike"
        )
        yield Problem("part.type", said, place)
    if here.personal and not there.personal:
        said = f"{name!r} is personal here and would be kept for good in {child.id!r}"
        yield Problem("part.not_personal", f"{said}; make it personal there, too", place)


def _waiving(child: Programme, place: str) -> Iterator[Problem]:
    """Yield every state in which the system could not end a part that is no longer needed."""
    for state in child.states.values():
        ways = (step for step in child.from_state(state.name) if _voids(child, step, state.name))
        if not state.kind.is_end and next(ways, None) is None:
            said = (
                f"a part can be waived while {child.id!r} is in {state.name!r}, which the system "
                "cannot leave for a void end; add a step for it that asks for nothing"
            )
            yield Problem("part.not_voidable", said, place)


def _voids(child: Programme, step: Transition, state: str) -> bool:
    """Whether the system can always end a part by *step*."""
    asks = any(need.required for need in step.needs)
    ends = child.states[child.target_of(step, state)].kind is StateKind.VOID
    return ends and by_system(child, step) and not asks and step.when is None
