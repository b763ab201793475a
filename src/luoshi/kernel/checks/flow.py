"""Flow: one start, every state reachable, an end within reach, and always somebody's turn.

Source   the classical notion of soundness of workflow nets (van der Aalst 1998): option to
         complete, no dead steps; here decided on states alone, conditions taken as possible
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from luoshi.kernel.checks.rule import Rule
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import SAME, Programme, Relation, State, Transition

Edges = Mapping[str, set[str]]


def arcs(programme: Programme) -> Iterator[tuple[str, Transition, str]]:
    """Yield every step from state to state; ``same`` is no arc, and opening has no source."""
    for step in programme.transitions.values():
        if not step.opens and step.target != SAME:
            for source in step.source_states:
                for target in programme.targets_of(step, source):
                    yield source, step, target


def start_states(programme: Programme) -> set[str]:
    """Return the states to which opening transitions lead."""
    return {step.target for step in programme.opening}


def reach(starts: Iterable[str], edges: Edges) -> set[str]:
    """Return everything that can be reached from *starts* along *edges*, *starts* included."""
    seen, waiting = set(starts), list(starts)
    while waiting:
        for state in edges.get(waiting.pop(), ()):
            if state not in seen:
                seen.add(state)
                waiting.append(state)
    return seen


def forward(programme: Programme) -> Edges:
    """Return the states that follow on each state."""
    edges: dict[str, set[str]] = {state: set() for state in programme.states}
    for source, _, target in arcs(programme):
        edges[source].add(target)
    return edges


def backward(programme: Programme) -> Edges:
    """Return the states that lead to each state."""
    edges: dict[str, set[str]] = {state: set() for state in programme.states}
    for source, _, target in arcs(programme):
        edges[target].add(source)
    return edges


def ends(programme: Programme) -> set[str]:
    """Return the end states."""
    return {state.name for state in programme.states.values() if state.kind.is_end}


def finishable(programme: Programme) -> set[str]:
    """Return the states from which an end can be reached."""
    return reach(ends(programme), backward(programme))


def one_start(programme: Programme) -> Iterator[Problem]:
    """Opening transitions exist, and all lead to one state."""
    starts = sorted(start_states(programme))
    if not starts:
        said = "no transition opens a case; add one with from: start"
        yield Problem("start.missing", said, "transitions")
    if len(starts) > 1:
        said = f"cases start in several states ({', '.join(starts)}); let all lead to one"
        yield Problem("start.several", said, "transitions")


def every_state_is_reached(programme: Programme) -> Iterator[Problem]:
    """Every state can be reached from the start."""
    starts = start_states(programme)
    if not starts:
        return
    for state in programme.states.keys() - reach(starts, forward(programme)):
        said = "can never be reached; add a transition to it, or remove it"
        yield Problem("state.unreachable", said, f"states.{state}")


def every_state_can_end(programme: Programme) -> Iterator[Problem]:
    """From every state an end can be reached."""
    if not ends(programme):
        said = "no state is an end; give one kind: done"
        yield Problem("end.missing", said, "states")
        return
    for state in programme.states.keys() - finishable(programme):
        said = "leads to no end; add a transition towards a state of kind done or void"
        yield Problem("state.no_end", said, f"states.{state}")


def somebody_has_the_turn(programme: Programme) -> Iterator[Problem]:
    """Every state that is no end says whose turn it is."""
    for state in programme.states.values():
        if not state.kind.is_end and not state.turn:
            said = "nobody's turn; name the roles under turn"
            yield Problem("state.no_turn", said, f"states.{state.name}")


def turns_can_be_taken(programme: Programme) -> Iterator[Problem]:
    """Who has the turn has something to do there, and one of them can move the case on."""
    for state in programme.states.values():
        steps = list(programme.from_state(state.name))
        for index, role in enumerate(state.turn):
            if not any(role in step.by for step in steps):
                said = f"{role!r} has the turn and no transition to take here; give it one"
                yield Problem("turn.idle", said, f"states.{state.name}.turn[{index}]")
        if not state.kind.is_end and state.turn and not _moves_on(state, steps):
            said = "none of those whose turn it is can move the case on; let one of them"
            yield Problem("turn.stuck", said, f"states.{state.name}.turn")


def _moves_on(state: State, steps: Iterable[Transition]) -> bool:
    return any(
        step.target not in (SAME, state.name) and set(step.by) & set(state.turn) for step in steps
    )


def no_machine_runs_in_circles(programme: Programme) -> Iterator[Problem]:
    """Every cycle has a counter or a person in it."""
    tireless = {
        step.name
        for step in programme.transitions.values()
        if step.at_most is None and _by_machine(programme, step)
    }
    edges: dict[str, set[str]] = {state: set() for state in programme.states}
    for source, step, target in arcs(programme):
        if step.name in tireless:
            edges[source].add(target)
    for source, step, target in arcs(programme):
        if step.name in tireless and source in reach([target], edges):
            said = "goes round without end: no person and no at_most in the circle; add at_most"
            yield Problem("cycle.endless", said, f"transitions.{step.name}")


def _by_machine(programme: Programme, step: Transition) -> bool:
    roles = [programme.roles[role] for role in step.by]
    return all(role.relation is Relation.SYSTEM for role in roles)


RULES: tuple[Rule, ...] = (
    one_start,
    every_state_is_reached,
    every_state_can_end,
    somebody_has_the_turn,
    turns_can_be_taken,
    no_machine_runs_in_circles,
)
