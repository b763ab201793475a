"""Helping: which steps lead to another step, and which may bring about what it waits for?

A step waits for its condition, for the holds and exemptions that it takes back, for what its phase
must have. What sets or asks for a field that is looked at, what starts or ends a clock, what is
counted, what puts up or takes down a hold, what exempts, helps; and what helps that, helps too.

Not here whether the condition can ever hold (``checks.running``)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from luoshi.kernel.checks.flow import arcs
from luoshi.kernel.checks.rule import CLOCK_KEYS
from luoshi.kernel.condition import (
    ClockIs,
    CountIs,
    FieldGiven,
    FieldIs,
    FieldWithin,
    Held,
    Leaf,
    leaves,
)
from luoshi.kernel.programme import PREVIOUS, Programme, Transition

AFTER_AN_END = 4
"""Leaving an end state counts as so many steps: most cases stay there."""


def ways_to(programme: Programme, step: Transition) -> Mapping[str, int]:
    """Return how far it is to where *step* starts, from each state from which there is a way.

    Going back to ``previous`` is no way: where it leads depends on the case.
    """
    before: dict[str, set[str]] = {state: set() for state in programme.states}
    for source, one, target in arcs(programme):
        if one.target != PREVIOUS and source in before:
            before[target].add(source)
    far: dict[str, int] = {}
    waiting = [(0, state) for state in step.source_states if state in before]
    while waiting:
        left, state = heappop(waiting)
        if state not in far:
            far[state] = left
            for source in before[state]:
                more = AFTER_AN_END if programme.states[source].kind.is_end else 1
                heappush(waiting, (left + more, source))
    return far


def helpers(programme: Programme, step: Transition) -> tuple[Transition, ...]:
    """Return the steps that may bring about what *step* waits for, directly or not."""
    found: dict[str, Transition] = {}
    waiting = [step]
    while waiting:
        wanted = waiting.pop()
        looked_at = tuple(_waits_for(programme, wanted))
        for one in programme.transitions.values():
            helps = any(_bears_on(one, leaf) for leaf in looked_at)
            exempts = not {*one.exempts}.isdisjoint(wanted.counts_again)
            if (helps or exempts) and one.name not in found and one != step:
                found[one.name] = one
                waiting.append(one)
    return tuple(found.values())


def _waits_for(programme: Programme, step: Transition) -> Iterator[Leaf]:
    """Yield what *step* looks at: its condition, the holds it lifts, what its phase must have."""
    if step.when is not None:
        yield from leaves(step.when)
    for hold in step.lifts:
        yield Held(hold)
    for phase in programme.phases[: programme.phase_of(step.target) + 1]:
        for need in phase.needs:
            yield FieldGiven(need.field)


def _bears_on(one: Transition, leaf: Leaf) -> bool:
    """Return whether what *leaf* looks at may be otherwise after the step *one*."""
    match leaf:
        case FieldIs() | FieldGiven() | FieldWithin():
            return leaf.field in one.sets or any(need.field == leaf.field for need in one.needs)
        case ClockIs():
            return any(leaf.clock in getattr(one, key) for key in CLOCK_KEYS)
        case CountIs():
            return leaf.transition == one.name
        case Held():
            return leaf.hold in one.raises or leaf.hold in one.lifts
        case _:
            return False
