"""Playing: what comes of scenarios, by the same rules as of real cases; pure.

Terms    scenario 情景 · step 步骤
Units    instants are aware
Not here which rules of a programme they show (``shown``)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from luoshi.kernel.access import Actor, Post, holder_of
from luoshi.kernel.by_itself import part_ended, ticked
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, applied, fold
from luoshi.kernel.errors import (
    CalendarNotCovered,
    FieldsRefused,
    Refused,
)
from luoshi.kernel.fact import Fact
from luoshi.kernel.programme import Programme, Relation
from luoshi.kernel.publication import is_published
from luoshi.kernel.scenario import Expected, Scenario, Step, Who
from luoshi.kernel.transition import Command, decide

CASE = "00000000-0000-7000-8000-000000000000"
SECRET = bytes(32)
"""Scenarios hold invented people only: their salts need no randomness."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where a scenario and the programme disagree."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scenario.

    Attributes:
        case: The case at its end; ``None`` if it was never opened.
        taken: Transitions that were taken.
        refused: Transitions that were refused as expected, each with the code.
    """

    scenario: Scenario
    facts: tuple[Fact, ...] = ()
    taken: frozenset[str] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def case(self) -> Case | None:
        """Return the case as its facts add up."""
        return fold(self.facts) if self.facts else None


def run_scenarios(
    programme: Programme, scenarios: Iterable[Scenario], calendar: Calendar
) -> dict[str, Played]:
    """Return what comes of *scenarios*, by name, each played after the one it goes on from."""
    played: dict[str, Played] = {}
    for scenario in scenarios:
        before = played.get(scenario.after)
        played[scenario.name] = play(programme, scenario, calendar, before.facts if before else ())
    return played


def play(
    programme: Programme, scenario: Scenario, calendar: Calendar, earlier: tuple[Fact, ...] = ()
) -> Played:
    """Return what comes of *scenario* when the case so far consists of the facts *earlier*."""
    played = Played(scenario, earlier)
    case = played.case
    for step in scenario.steps:
        for time in range(step.times):
            played, case = _done(
                programme, played, case, step, calendar, last=time + 1 == step.times
            )
    then = scenario.then
    looked = then.at or (scenario.steps[-1].at if scenario.steps else None)
    if case is None or looked is None:
        return played
    wrong = tuple(
        Mismatch(f"{scenario.path}.then.{key}", said)
        for key, said in _differences(programme, case, then, looked)
    )
    return replace(played, mismatches=played.mismatches + wrong)


def actor_of(programme: Programme, who: Who, case: Case | None) -> Actor:
    """Return the person that *who* means for *case*."""
    role = programme.roles[who.role]
    person = who.person or who.role
    if role.relation is Relation.REQUESTER:
        return Actor(person, own_case=case.id if case else "")
    if role.relation is Relation.SYSTEM:
        return Actor(person, is_system=True)
    place = who.place or (holder_of(programme, case) if case else "")
    units = frozenset({place}) if role.relation is Relation.OWN_UNIT else frozenset()
    areas = frozenset({place}) if role.relation is Relation.OWN_AREA else frozenset()
    return Actor(person, (Post(who.role, unit=place, units=units, areas=areas),))


def _done(
    programme: Programme,
    played: Played,
    case: Case | None,
    step: Step,
    calendar: Calendar,
    *,
    last: bool,
) -> tuple[Played, Case | None]:
    """Return *played* and the case after *step*; a refusal is expected of its last time only."""
    if not step.do:
        return _happened(programme, played, case, step, calendar)
    command = Command(
        id=f"{CASE[:-12]}{len(played.facts) + 1:012}",
        case=CASE,
        transition=step.do,
        answers=step.answers,
        secret=SECRET,
    )
    expected = step.refused if last else ""
    try:
        actor = actor_of(programme, step.by, case)
        decision = decide(programme, case, command, actor, step.at, calendar)
    except (Refused, CalendarNotCovered) as refusal:
        return _after_refusal(played, step, refusal, expected), case
    if expected:
        wrong = Mismatch(step.path, f"{step.do!r} by {step.by} is allowed, not refused")
        played = replace(played, mismatches=(*played.mismatches, wrong))
    facts = (*played.facts, decision.fact)
    return replace(played, facts=facts, taken=played.taken | {step.do}), applied(
        case, decision.fact
    )


def _happened(
    programme: Programme, played: Played, case: Case | None, step: Step, calendar: Calendar
) -> tuple[Played, Case | None]:
    """Return *played* and the case after what *step* lets happen by itself."""
    facts: tuple[Fact, ...] = ()
    if case is not None and step.tick:
        facts = tuple(ticked(programme, case, step.at, calendar))
    elif case is not None:
        facts = tuple(filter(None, [part_ended(case, step.part, step.how, step.at)]))
    if not facts and not step.tick:
        wrong = Mismatch(step.path, f"{step.part!r} has no part that is open")
        return replace(played, mismatches=(*played.mismatches, wrong)), case
    taken = played.taken | {fact.act for fact in facts if fact.act in programme.transitions}
    for fact in facts:
        case = applied(case, fact)
    return replace(played, facts=(*played.facts, *facts), taken=taken), case


def _after_refusal(
    played: Played, step: Step, refusal: Refused | CalendarNotCovered, expected: str
) -> Played:
    named = (
        {problem.field for problem in refusal.problems}
        if isinstance(refusal, FieldsRefused)
        else set()
    )
    if refusal.code == expected and set(step.fields) <= named:
        return replace(played, refused=played.refused | {(step.do, refusal.code)})
    wanted = f"expected {expected}" if expected else "expected to be allowed"
    said = f"{step.do!r} by {step.by} is refused ({refusal.code}: {refusal}); {wanted}"
    return replace(played, mismatches=(*played.mismatches, Mismatch(step.path, said)))


def _differences(
    programme: Programme, case: Case, then: Expected, at: datetime
) -> Iterator[tuple[str, str]]:
    """Yield the key and the words for everything in *then* that is not so."""
    if then.state and case.state != then.state:
        yield "state", f"the case is {case.state!r}, not {then.state!r}"
    if then.published is not None and is_published(programme, case) is not then.published:
        yield "published", f"the case is {'not ' if then.published else ''}published"
    if then.exempt is not None and case.exempt != {*then.exempt}:
        yield "exempt", f"exempt are {sorted(case.exempt)}, not {sorted(then.exempt)}"
    yield from _clock_differences(case, then, at)
    for name, times in then.count.items():
        if case.counts.get(name, 0) != times:
            yield "count", f"{name!r} was done {case.counts.get(name, 0)} time(s), not {times}"
    for name, value in then.values.items():
        if case.values.get(name) != value:
            yield "values", f"{name!r} is {case.values.get(name)!r}, not {value!r}"


def _clock_differences(case: Case, then: Expected, at: datetime) -> Iterator[tuple[str, str]]:
    clocks = case.clocks
    told = {name: clock.told(at) for name, clock in clocks.items()}
    lights = {name: str(clock.light(at)) for name, clock in clocks.items()}
    dues = {name: _written(clock.due.astimezone(at.tzinfo)) for name, clock in clocks.items()}
    wanted = {name: _written(due.astimezone(at.tzinfo)) for name, due in then.due.items()}
    for key, expected, found in (
        ("due", wanted, dues),
        ("light", then.light, lights),
        ("clocks", then.clocks, told),
    ):
        for name, word in expected.items():
            if found.get(name, "absent") != word:
                yield key, f"clock {name!r} is {found.get(name, 'absent')}, not {word}"
    for name, rungs in then.climbed.items():
        fired = clocks[name].fired if name in clocks else ()
        if set(fired) != set(rungs):
            said = f"of clock {name!r} {sorted(fired)} were climbed, not {sorted(rungs)}"
            yield "climbed", said
    provisional = {name for name, clock in clocks.items() if clock.provisional}
    if then.provisional is not None and provisional != set(then.provisional):
        said = f"provisional are {sorted(provisional)}, not {sorted(then.provisional)}"
        yield "provisional", said


def _written(due: datetime) -> str:
    return f"due {due:%Y-%m-%dT%H:%M:%S%z}"
