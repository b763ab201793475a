"""Running: which clocks may, and which must, run in each state?

Decided by abstract interpretation: for every state and clock, the set of conditions in which the
clock can be on some path there (never started, running, paused, ended), found as the least fixed
point over all transitions. What a transition's own condition says about a clock is taken into
account; whether its other conditions can hold together is not, so that a sound programme may have
to say more than it would need to, but an unsound one never passes.

Source   Cousot & Cousot (1977)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from luoshi.kernel.checks.flow import ends
from luoshi.kernel.checks.rule import CLOCK_KEYS, Rule, certain
from luoshi.kernel.condition import ClockIs
from luoshi.kernel.errors import Problem
from luoshi.kernel.limit import Clock, ClockKind
from luoshi.kernel.programme import PREVIOUS, SAME, Programme, Transition


class Hand(StrEnum):
    """What a clock can be doing."""

    NEVER = "never"
    ENDED = "ended"
    RUNNING = "running"
    PAUSED = "paused"


Hands = frozenset[Hand]
Table = Mapping[str, Hands]
"""For each clock, what it can be doing."""

NEVER: Hands = frozenset({Hand.NEVER})
RUNNING: Hands = frozenset({Hand.RUNNING})
GOING: Hands = frozenset({Hand.RUNNING, Hand.PAUSED})
TOLD = {
    "running": Hand.RUNNING,
    "overdue": Hand.RUNNING,
    "paused": Hand.PAUSED,
    "absent": Hand.NEVER,
}
"""What a condition's word says about a clock; every other word means that it has ended."""


Place = tuple[str, str]
"""A state, and the state the case came from where a step can lead back to it (else empty)."""


Found = Mapping[str, Table]
"""For each state that can be reached, what the clocks can be doing in it."""


def hands_by_state(programme: Programme) -> Found:
    """Return, for every state that can be reached, what each clock can be doing in it."""
    found: dict[Place, dict[str, Hands]] = {}
    waiting: list[Place] = []
    blank: Table = dict.fromkeys(programme.clocks, NEVER)
    for step in programme.opening:
        waiting += _joined(found, (step.target, ""), after(programme, step, blank))
    while waiting:
        place = waiting.pop()
        for step in programme.from_state(place[0]):
            before = admitted(step, found[place])
            if before is not None:
                led_to = _led_to(programme, step, place)
                waiting += _joined(found, led_to, after(programme, step, before))
    return _by_state(found)


def _led_to(programme: Programme, step: Transition, place: Place) -> Place:
    state, origin = place
    if step.target == SAME:
        return place
    target = (origin or state) if step.target == PREVIOUS else step.target
    leads_back = any(one.target == PREVIOUS for one in programme.from_state(target))
    return target, state if leads_back else ""


def _by_state(found: Mapping[Place, Table]) -> Found:
    table: dict[str, dict[str, Hands]] = {}
    for (state, _), hands in found.items():
        known = table.get(state, {})
        table[state] = {clock: known.get(clock, frozenset()) | one for clock, one in hands.items()}
    return table


def _joined(found: dict[Place, dict[str, Hands]], place: Place, table: Table) -> list[Place]:
    """Add *table* to what is known of *place*; return the place if that was news."""
    known = found.get(place)
    if known is None:
        found[place] = dict(table)
        return [place]
    news = {clock: known[clock] | hands for clock, hands in table.items()}
    if news == known:
        return []
    found[place] = news
    return [place]


def admitted(step: Transition, table: Table) -> Table | None:
    """Return what clocks can be doing when *step* is taken; ``None`` if it never can be."""
    hands = dict(table)
    for leaf in certain(step.when, ClockIs):
        hands[leaf.clock] &= {TOLD.get(word, Hand.ENDED) for word in leaf.states}
        if not hands[leaf.clock]:
            return None
    return hands


def after(programme: Programme, step: Transition, table: Table) -> dict[str, Hands]:
    """Return what clocks can be doing after *step*; the order is that of ``timing``."""
    touched = {clock for key in CLOCK_KEYS for clock in getattr(step, key)}
    moved = {
        clock: frozenset(
            moved for hand in table[clock] for moved in _moved(step, programme.clocks[clock], hand)
        )
        for clock in touched & table.keys()  # a stage that is met leaves its clock alone
    }
    return {**table, **moved}


def _moved(step: Transition, clock: Clock, hand: Hand) -> Hands:
    """Return what a clock can be doing after *step* that was doing *hand*."""
    if clock.name not in step.starts:
        return frozenset({_moved_on(step, clock.name, hand)})
    unlimited = Hand.ENDED if hand in GOING else hand
    return RUNNING | {unlimited} if clock.may_not_start else RUNNING


def _moved_on(step: Transition, clock: str, hand: Hand) -> Hand:
    if (clock in step.stops or clock in step.meets) and hand in GOING:
        hand = Hand.ENDED
    if clock in step.pauses and hand is Hand.RUNNING:
        hand = Hand.PAUSED
    resumed = clock in step.resumes and hand is Hand.PAUSED
    continued = clock in step.continues and hand is Hand.ENDED
    return Hand.RUNNING if resumed or continued else hand


def duties(programme: Programme) -> set[str]:
    """Return the clocks that can be late."""
    return {c.name for c in programme.clocks.values() if c.kind is ClockKind.DUTY}


def a_clock_runs_wherever_somebody_waits(programme: Programme, found: Found) -> Iterator[Problem]:
    """In every state that is no end a duty runs on every path, or a reason says why not."""
    pressing = duties(programme)
    for name, table in found.items():
        state = programme.states[name]
        runs = [clock for clock in pressing if table[clock] == RUNNING]
        if state.kind.is_end or runs or state.unclocked:
            continue
        maybe = sorted(clock for clock in pressing if table[clock] & RUNNING)
        but = f" ({', '.join(maybe)} only on some paths)" if maybe else ""
        said = f"no clock runs here on every path{but}; start one, or say why not under unclocked"
        yield Problem("state.unclocked", said, f"states.{name}")


def no_duty_outlives_its_case(programme: Programme, found: Found) -> Iterator[Problem]:
    """At an end no duty is still running."""
    over = ends(programme)
    for step in programme.transitions.values():
        for source in step.source_states:
            table = _before(programme, step, source, found)
            target = next((t for t in programme.targets_of(step, source) if t in over), None)
            if table is None or target is None:
                continue
            hands = after(programme, step, table)
            left = [clock for clock in sorted(duties(programme)) if hands[clock] & GOING]
            if left and source not in over:
                said = (
                    f"clock {', '.join(left)} can still be running when {target!r} is reached "
                    f"from {source!r}; add it to meets or stops"
                )
                yield Problem("clock.at_end", said, f"transitions.{step.name}")
            elif set(left) & set(step.starts):
                said = f"starts {', '.join(left)} at the end {target!r}; nobody has the turn there"
                yield Problem("clock.at_end", said, f"transitions.{step.name}.starts")


def _before(programme: Programme, step: Transition, source: str, found: Found) -> Table | None:
    if step.opens:
        return dict.fromkeys(programme.clocks, NEVER)
    return admitted(step, found[source]) if source in found else None


WANTED: Mapping[str, Hands] = {
    "resumes": frozenset({Hand.PAUSED}),
    "continues": frozenset({Hand.ENDED}),
}
"""What a clock must be doing for an effect to mean anything, where it need not be running."""


def effects_have_something_to_act_on(programme: Programme, found: Found) -> Iterator[Problem]:
    """A clock that is met, stopped, paused, resumed or extended can be running there."""
    for step in programme.transitions.values():
        tables = [found[state] for state in step.source_states if state in found]
        for key in ("meets", "stops", "pauses", "resumes", "continues"):
            wanted = WANTED.get(key, GOING)
            for index, clock in enumerate(getattr(step, key)):
                name = clock.partition(".")[0]
                if tables and not any(table[name] & wanted for table in tables):
                    said = f"clock {clock!r} never runs when this step is taken; remove it"
                    yield Problem(
                        "clock.not_running", said, f"transitions.{step.name}.{key}[{index}]"
                    )
        clock = step.extends.clock if step.extends else ""
        if clock and tables and not any(table[clock] & RUNNING for table in tables):
            said = f"clock {clock!r} never runs when this step is taken"
            yield Problem("clock.not_running", said, f"transitions.{step.name}.extends")


def every_step_can_be_taken(programme: Programme, found: Found) -> Iterator[Problem]:
    """No transition waits for a clock that never is as it wants."""
    for step in programme.transitions.values():
        tables = [found[state] for state in step.source_states if state in found]
        if tables and all(admitted(step, table) is None for table in tables):
            said = "can never be taken: no clock is ever as its condition asks; mend the condition"
            yield Problem("transition.dead", said, f"transitions.{step.name}.when")


def duties_can_be_met(programme: Programme) -> Iterator[Problem]:
    """Every duty that starts is met by some transition."""
    met = {clock for step in programme.transitions.values() for clock in step.meets}
    started = {clock for step in programme.transitions.values() for clock in step.starts}
    for clock in sorted(duties(programme) & started - met):
        said = "is started and never met; add it to the meets of the step that fulfils it"
        yield Problem("clock.never_met", said, f"clocks.{clock}")


def clocks_do_what_they_should(programme: Programme) -> Iterator[Problem]:
    """What is said about clocks holds on every path; the paths are followed once."""
    found = hands_by_state(programme)
    yield from a_clock_runs_wherever_somebody_waits(programme, found)
    yield from no_duty_outlives_its_case(programme, found)
    yield from effects_have_something_to_act_on(programme, found)
    yield from every_step_can_be_taken(programme, found)


RULES: tuple[Rule, ...] = (clocks_do_what_they_should, duties_can_be_met)
