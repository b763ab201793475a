"""Histories: lives that a case could have, drawn at random and played by the real rules.

What ``check`` proves about a programme on paper is tried here on cases: nothing breaks but by a
refusal, a refusal leaves no trace, the fold of the facts is the case, every rule about who and how
often was kept, and wherever a case stands it can still reach an end.

Terms    history 办理历程 · draw 抽取
Not here where chance comes from: ``pick`` is handed in, so that a history can be drawn again
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from luoshi.kernel.access import Actor, Post, holder_of
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, applied, fold
from luoshi.kernel.checks.flow import finishable
from luoshi.kernel.checks.helping import helpers, ways_to
from luoshi.kernel.draw import AREAS, UNITS, Dice, Pick
from luoshi.kernel.errors import Refused
from luoshi.kernel.fact import Fact, body, read
from luoshi.kernel.limit import ClockKind
from luoshi.kernel.programme import Programme, Relation, Transition
from luoshi.kernel.transition import Command, Decision, decide

IDS = "00000000-0000-7000-8000-"

LONGEST = 40
"""Acts after which a history is left as it is."""

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 600, 1440, 4320, 10080, 43200))
LONG_ONES = 4
"""From this place on the pauses are hours and days."""

PEOPLE = 4

GOALS = 6
"""So many steps are drawn, of which the one taken least is what a life is led towards."""

AIMLESS, SLOW, HELPING = 3, 3, 3
"""One life in so many is led nowhere; in one of so many much time passes between the acts; once in
so many times a step is taken that may help."""

ONE_IN_TEN = 10
ONE_IN_TWENTY = 20


@dataclass(frozen=True, slots=True)
class History:
    """One life of a case.

    Attributes:
        wrong: What must never happen and did; empty when all is well.
    """

    facts: tuple[Fact, ...]
    refused: Counter[str]
    wrong: str = ""


@dataclass(slots=True)
class Player:
    """Plays random histories of one programme.

    Args:
        programme: A sound programme.
        calendar: As for ``decide``.
        pick: Where chance comes from.
    """

    programme: Programme
    calendar: Calendar
    pick: Pick
    dice: Dice = field(init=False)
    steps: tuple[Transition, ...] = field(init=False)
    opening: tuple[Transition, ...] = field(init=False)
    leaving: Mapping[str, tuple[Transition, ...]] = field(init=False)
    can_end: frozenset[str] = field(init=False)
    ways: Mapping[str, Mapping[str, int]] = field(init=False)
    helping: Mapping[str, tuple[Transition, ...]] = field(init=False)
    tried: Counter[str] = field(init=False, default_factory=Counter)
    taken: Counter[str] = field(init=False, default_factory=Counter)
    acts: int = 0

    def __post_init__(self) -> None:
        choices = {name: tuple(codes) for name, codes in self.programme.lists.items()}
        self.dice = Dice(self.pick, choices)
        self.steps = tuple(self.programme.transitions.values())
        self.opening = self.programme.opening
        self.leaving = {
            state: tuple(self.programme.from_state(state)) for state in self.programme.states
        }
        self.can_end = frozenset(finishable(self.programme))
        self.ways = {step.name: ways_to(self.programme, step) for step in self.steps}
        self.helping = {step.name: helpers(self.programme, step) for step in self.steps}

    def history(self) -> History:
        """Return one history, drawn and judged."""
        facts: list[Fact] = []
        refused: Counter[str] = Counter()
        goal = None if self.dice.one_in(AIMLESS) else self._goal()
        pauses = PAUSES[LONG_ONES:] if self.dice.one_in(SLOW) else PAUSES
        now = FIRST + timedelta(days=self.dice.pick(DAYS), minutes=self.dice.pick(24 * 60))
        case: Case | None = None
        for _ in range(LONGEST):
            if case is not None and self._is_over(case):
                break
            now = self._later(case, now, pauses)
            try:
                decision = self._act(case, now, goal)
            except Refused as refusal:
                refused[refusal.code] += 1
                continue
            self.taken[decision.fact.act] += 1
            facts.append(decision.fact)
            case = applied(case, decision.fact)
        wrong = next(self.wrongs(tuple(facts), case), "") if case is not None else ""
        return History(tuple(facts), refused, wrong)

    def wrongs(self, facts: tuple[Fact, ...], case: Case) -> Iterator[str]:
        """Yield everything that must never be so and is."""
        if fold(facts) != case:
            yield "the fold of the facts is not the case"
        if any(read(body(fact)) != fact for fact in facts):
            yield "a fact changes when it is written and read"
        yield from self._rules_broken(facts)
        if case.state not in self.can_end:
            yield f"from {case.state!r} no end can be reached"
        yield from self._clocks_wrong(case)

    def _rules_broken(self, facts: tuple[Fact, ...]) -> Iterator[str]:
        """Yield the rules about order, number and persons that *facts* break."""
        done: Counter[str] = Counter()
        doers: dict[str, str] = {}
        state = "start"
        for fact in facts:
            step = self.programme.transitions[fact.act]
            done[fact.act] += 1
            lawful = self.programme.targets_of(step, state)
            if state not in step.source_states or fact.target not in lawful:
                yield f"{fact.act!r} led from {state!r} to {fact.target!r}"
            if step.at_most is not None and done[fact.act] > step.at_most:
                yield f"{fact.act!r} was done more than {step.at_most} time(s)"
            if any(doers.get(other) == fact.doer.id for other in step.not_same_person_as):
                yield f"{fact.act!r} was done by somebody who may not"
            doers[fact.act], state = fact.doer.id, fact.target

    def _clocks_wrong(self, case: Case) -> Iterator[str]:
        going = {
            name
            for name, clock in case.clocks.items()
            if clock.kind == ClockKind.DUTY and clock.state in ("running", "paused")
        }
        state = self.programme.states[case.state]
        if state.kind.is_end and going:
            yield f"at the end {state.name!r} clocks still run: {sorted(going)}"
        if not state.kind.is_end and not state.unclocked and not going:
            yield f"in {state.name!r} no clock runs"

    def _is_over(self, case: Case) -> bool:
        ended = self.programme.states[case.state].kind.is_end
        return ended and (not self.leaving[case.state] or self.dice.one_in(4))

    def _act(self, case: Case | None, now: datetime, goal: Transition | None) -> Decision:
        """Return what follows from a random act, most often one that starts from this state."""
        step = self._step(case, goal)
        self.tried[step.name] += 1
        actor = self._actor(case, step)
        self.acts += 1
        command = Command(
            id=f"{IDS}{self.acts:012}",
            case=case.id if case else f"{IDS}{self.acts:012}",
            transition=step.name,
            answers=self._answers(step, now),
            secret=b"no secret",
        )
        return decide(self.programme, case, command, actor, now, self.calendar)

    def _goal(self) -> Transition:
        """Return the step that a life is led towards: of some drawn, the one seldom taken."""
        drawn = [self.dice.of(self.steps) for _ in range(GOALS)]
        return min(drawn, key=lambda step: self.taken[step.name])

    def _step(self, case: Case | None, goal: Transition | None) -> Transition:
        if case is None:
            return self._rarer(self.opening)
        if self.dice.one_in(ONE_IN_TWENTY):
            return self.dice.of(self.steps)
        if goal is None or self.dice.one_in(ONE_IN_TEN):
            return self._rarer(self.leaving[case.state])
        return self._rarer(self._towards(case, goal) or self.leaving[case.state])

    def _rarer(self, steps: tuple[Transition, ...]) -> Transition:
        """Return one of *steps*: of two drawn, the one that was tried less often."""
        first, second = self.dice.of(steps), self.dice.of(steps)
        return first if self.tried[first.name] <= self.tried[second.name] else second

    def _towards(self, case: Case, goal: Transition) -> tuple[Transition, ...]:
        """Return the steps that lead nearer to *goal*, or help one that does."""
        way = self.ways[goal.name]
        left = way.get(case.state, LONGEST)
        near = {step.name: self._left(way, case.state, step) for step in self.leaving[case.state]}
        wanted = {name for name, after in near.items() if after < left} if left else {goal.name}
        if self.dice.one_in(HELPING):
            helping = {one.name for name in wanted for one in self.helping[name]}
            wanted = {name for name in helping if near.get(name, LONGEST) <= left}
        return tuple(
            step
            for step in self.leaving[case.state]
            if step.name in wanted
            if step.at_most is None or case.counts.get(step.name, 0) < step.at_most
        )

    def _left(self, way: Mapping[str, int], state: str, step: Transition) -> int:
        """Return how far it still is, on *way*, after *step* from *state*."""
        return min(way.get(target, LONGEST) for target in self.programme.targets_of(step, state))

    def _actor(self, case: Case | None, step: Transition) -> Actor:
        """Return somebody, most often in a role that may take *step*."""
        stranger = self.dice.one_in(ONE_IN_TWENTY)
        name = self.dice.of(tuple(self.programme.roles)) if stranger else self.dice.of(step.by)
        role, person = self.programme.roles[name], f"person-{self.dice.pick(PEOPLE)}"
        if role.relation is Relation.REQUESTER:
            return Actor("requester", own_case=case.id if case else "")
        if role.relation is Relation.SYSTEM:
            return Actor("system", is_system=True)
        unit = holder_of(self.programme, case) if case and not stranger else self.dice.of(UNITS)
        return Actor(person, (Post(name, unit, frozenset({unit}), frozenset(AREAS)),))

    def _answers(self, step: Transition, now: datetime) -> dict[str, object]:
        answers: dict[str, object] = {}
        for need in step.needs:
            if (need.required and need.when is None) or self.dice.one_in(2):
                rule = self.programme.fields[need.field]
                answers[need.field] = self.dice.answer(rule, now)
        if self.dice.one_in(ONE_IN_TWENTY):
            return {**answers, self.dice.of(tuple(self.programme.fields)): "\0"}
        return answers

    def _later(self, case: Case | None, now: datetime, pauses: tuple[timedelta, ...]) -> datetime:
        """Return an instant from *now* on; now and then exactly one at which a clock is due."""
        if case is not None and self.dice.one_in(ONE_IN_TEN):
            running = [c.due for c in case.clocks.values() if c.state == "running"]
            ahead = tuple(due for due in running if due > now)
            if ahead:
                return self.dice.of(ahead)
        return now + self.dice.of(
            pauses[: LONG_ONES + self.dice.pick(len(pauses) - LONG_ONES + 1)]
        )
