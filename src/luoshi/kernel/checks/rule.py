"""What a rule is: a function from a programme to the problems that it finds.

A problem names the place in the words of the file (``transitions.route.needs[1]``); which line
that is, the reader of the file knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import TypeVar

from luoshi.kernel.condition import All, ClockIs, Condition, FieldIs
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.provision import Need

Rule = Callable[[Programme], Iterable[Problem]]
Said = TypeVar("Said", ClockIs, FieldIs)

CLOCK_KEYS = ("starts", "meets", "pauses", "resumes", "stops", "continues")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a way out for an unknown *word*: the nearest known one, or all of them."""
    words = sorted(known)
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(words)}" if words else "none is defined"


def need_path(transition: Transition, need: Need) -> str:
    """Return where *need* is written: required ones under ``needs``, the others under ``asks``."""
    key = "needs" if need.required else "asks"
    alike = [one for one in transition.needs if one.required is need.required]
    return f"transitions.{transition.name}.{key}[{alike.index(need)}]"


def clocks_named(transition: Transition) -> Iterator[tuple[str, str]]:
    """Yield the place and the name of every clock that *transition* touches."""
    base = f"transitions.{transition.name}"
    for key in CLOCK_KEYS:
        for index, clock in enumerate(getattr(transition, key)):
            yield f"{base}.{key}[{index}]", clock
    if transition.extends:
        yield f"{base}.extends.clock", transition.extends.clock


def certain(condition: Condition | None, kind: type[Said]) -> Iterator[Said]:
    """Yield what *condition* says of this *kind* whenever it holds."""
    if isinstance(condition, kind):
        yield condition
    elif isinstance(condition, All):
        for part in condition.parts:
            yield from certain(part, kind)


def conditions_of(programme: Programme) -> Iterator[tuple[str, Condition]]:
    """Yield every condition of *programme* with its place."""
    for step in programme.transitions.values():
        yield from _conditions_of_step(step)
    yield from limit_conditions(programme)
    for phase in programme.phases:
        for index, need in enumerate(phase.needs):
            if need.when is not None:
                yield f"phases.{phase.name}.needs[{index}].when", need.when
    if programme.wall is not None:
        yield "wall.when", programme.wall.when
    if programme.publication.when is not None:
        yield "publish.when", programme.publication.when


def _conditions_of_step(step: Transition) -> Iterator[tuple[str, Condition]]:
    if step.when is not None:
        yield f"transitions.{step.name}.when", step.when
    for need in step.needs:
        if need.when is not None:
            yield f"{need_path(step, need)}.when", need.when


def limit_conditions(programme: Programme) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions of the limits of *programme* with their places."""
    for clock in programme.clocks.values():
        for index, limit in enumerate(clock.limits):
            if limit.when is not None:
                yield f"clocks.{clock.name}.limits[{index}].when", limit.when
