"""Withheld: the steps that are this person's, but have to wait, and what they wait for.

Terms    withheld 暂不能办 · remedy 须先办理的步骤
Not here what a step is refused for when it is tried all the same (``obstacles``)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from luoshi.kernel.access import Actor, may_take
from luoshi.kernel.case import Case
from luoshi.kernel.condition import (
    All,
    Any,
    ClockIs,
    Condition,
    CountIs,
    Leaf,
    Not,
    PartsDone,
    first_unmet,
)
from luoshi.kernel.errors import ConditionUnmet, Refused
from luoshi.kernel.obstacles import (
    allowed,
    condition_met,
    could_hold,
    has_object,
    not_held,
    seldom_enough,
    separate,
)
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.seen import Seen


@dataclass(frozen=True, slots=True)
class Withheld:
    """A step that has to wait.

    Attributes:
        refused: What trying it now would be answered.
        lacks: What is waited for, where it is a condition: one of these would do.
        remedies: Steps that this person may take now, and that would bring it about.
    """

    step: Transition
    refused: Refused
    lacks: tuple[Leaf, ...] = ()
    remedies: tuple[Transition, ...] = ()


def withheld(
    programme: Programme, case: Case, actor: Actor, now: datetime
) -> tuple[Withheld, ...]:
    """Return what *actor* could do with *case* if it were further on, or were not too late.

    A step that the answers rule out is not waited for: another one is meant for such a case.
    """
    open_to = allowed(programme, case, actor, now)
    names = {step.name for step in open_to}
    found = (
        (step, _refusal(programme, step, case, actor, now))
        for step in programme.from_state(case.state)
        if step.name not in names
    )
    return tuple(
        one
        for step, refused in found
        if refused
        for one in _told(step, refused, Seen(case, {}, now), open_to)
    )


def _refusal(
    programme: Programme, step: Transition, case: Case, actor: Actor, now: datetime
) -> Refused | None:
    """Return what keeps *actor* from a step that is theirs and has something to be done to."""
    if not (has_object(step, case) and may_take(programme, case, step, actor)):
        return None
    try:
        separate(step, case, actor)
        seldom_enough(step, case)
        not_held(programme, step, case)
        if not could_hold(step, case, now):
            condition_met(programme, step, Seen(case, {}, now), actor)
    except Refused as refused:
        return refused
    return None


def _told(
    step: Transition, refused: Refused, seen: Seen, open_to: tuple[Transition, ...]
) -> Iterator[Withheld]:
    if not isinstance(refused, ConditionUnmet) or step.when is None:
        yield Withheld(step, refused)
        return
    lacks = tuple(leaf for leaf in _wanted(first_unmet(step.when, seen)) if _is_waited_for(leaf))
    if lacks:
        remedies = (one for one in open_to if any(_brings(one, leaf) for leaf in lacks))
        yield Withheld(step, refused, lacks, tuple(remedies))


def _wanted(condition: Condition) -> Iterator[Leaf]:
    """Yield what is asked to be so, not what is asked not to be."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _wanted(part)
        case Not():
            return
        case _:
            yield condition


def _is_waited_for(leaf: Leaf) -> bool:
    """Is it the course of the case that is looked at, and something to strive for?"""
    match leaf:
        case ClockIs(_, states):
            return not {"met", "running"}.isdisjoint(states)
        case CountIs(_, at_least):
            return at_least > 0
        case PartsDone(done):
            return done
    return False


def _brings(step: Transition, leaf: Leaf) -> bool:
    match leaf:
        case ClockIs(clock, states):
            return "met" in states and clock in step.meets
        case CountIs(name):
            return step.name == name
    return False
