"""Scenarios: a department's own examples, played by the same rules as real cases.

A scenario says who does what when, what is refused, and what holds at the end. It may go on
``after`` another one. Nothing here knows a file: scenarios are values, playing them is pure.

Terms    scenario 情景 · step 步骤 · expectation 预期 · coverage 覆盖
Units    instants are aware; the reader of files puts the calendar's zone to those without one
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from luoshi.kernel.access import Actor, Post, holder_of
from luoshi.kernel.by_itself import part_ended, ticked
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case, applied, fold
from luoshi.kernel.errors import (
    CalendarNotCovered,
    CaseNotFound,
    FieldsRefused,
    HeldBack,
    InterestConflict,
    Refused,
)
from luoshi.kernel.fact import Fact, moment
from luoshi.kernel.programme import Programme, Relation
from luoshi.kernel.publication import is_published
from luoshi.kernel.transition import Command, decide

CASE = "00000000-0000-7000-8000-000000000000"
SECRET = bytes(32)
"""Scenarios hold invented people only: their salts need no randomness."""

OWN = (Relation.OWN_UNIT, Relation.OWN_AREA)
"""Relations by which some people see a case and others do not."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in a scenario, written ``role``, ``role@unit`` or ``role@unit:person``.

    Without a unit a role of the own unit acts for the unit that handles the case.
    """

    role: str
    place: str = ""
    person: str = ""

    def __str__(self) -> str:
        """Return who it is, as the file writes it."""
        at = f"@{self.place}" if self.place else ""
        return f"{self.role}{at}{':' + self.person if self.person else ''}"


class Ended(StrEnum):
    """How a part of joint handling came to an end."""

    DONE = "done"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a scenario, or something that happens by itself (then ``do`` is empty).

    Attributes:
        refused: Code of the refusal that is expected; empty when the act is allowed.
        fields: Fields that are named by a refusal of answers.
        times: How often it is done in a row.
        tick: Rungs that have come due are climbed.
        part: Unit whose part of joint handling is over; ``how`` it ended.
    """

    at: datetime
    by: Who = Who("")
    do: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    refused: str = ""
    fields: tuple[str, ...] = ()
    times: int = 1
    tick: bool = False
    part: str = ""
    how: Ended = Ended.DONE
    path: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What holds at the end of a scenario; what is not said is not looked at.

    Attributes:
        at: Instant of looking; that of the last step unless said.
        due, light, clocks: Due instant, light and state, by clock.
        provisional: Exactly those clocks whose due instant is provisional.
        count: How often transitions were taken.
        climbed: Exactly the rungs climbed, by clock.
        exempt: Exactly what does not count in an assessment.
    """

    at: datetime | None = None
    state: str = ""
    due: Mapping[str, datetime] = field(default_factory=dict)
    light: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    provisional: tuple[str, ...] | None = None
    count: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    published: bool | None = None
    climbed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exempt: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One example: what came before (``after``), what is done, and what must hold then."""

    name: str
    steps: tuple[Step, ...]
    after: str = ""
    then: Expected = Expected()
    path: str = ""


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


def uncovered(programme: Programme, played: Iterable[Played]) -> Iterator[tuple[str, str]]:
    """Yield what no scenario shows: the place in the programme, and what is missing.

    Every transition is taken in some scenario, every rule of a transition refuses in some, and
    each general refusal (wrong state, not yours, answers missing, not to be seen) is shown once.
    """
    all_played = list(played)
    taken = frozenset[str]().union(*(one.taken for one in all_played))
    refused = frozenset[tuple[str, str]]().union(*(one.refused for one in all_played))
    for step in programme.transitions.values():
        place = f"transitions.{step.name}"
        if step.name not in taken:
            yield place, f"no scenario takes {step.name!r}; write one that does"
        for key, rule, code in (
            ("when", step.when, "transition.condition"),
            ("at_most", step.at_most, "transition.too_often"),
            ("not_same_person_as", step.not_same_person_as, "transition.same_person"),
        ):
            if rule and (step.name, code) not in refused:
                yield f"{place}.{key}", f"no scenario shows {step.name!r} refused with {code}"
    yield from _provisions_unseen(programme, refused)
    for code in ("transition.wrong_state", "transition.not_yours", "fields.refused"):
        if code not in {found for _, found in refused}:
            yield "transitions", f"no scenario shows a step refused with {code}; write one"


def _provisions_unseen(
    programme: Programme, refused: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield the holds, the rule on interests and the closed doors that no scenario shows."""
    for hold in programme.holds.values():
        if hold.blocks and not any((step, HeldBack.code) in refused for step in hold.blocks):
            said = f"no scenario shows a step refused with {HeldBack.code} for {hold.name!r}"
            yield f"holds.{hold.name}.blocks", said
    shown = {code for _, code in refused}
    if programme.complained_of and InterestConflict.code not in shown:
        yield "complained_of", f"no scenario shows a step refused with {InterestConflict.code}"
    own = any(role.relation in OWN for role in programme.roles.values())
    if own and CaseNotFound.code not in shown:
        yield "roles", f"no scenario shows somebody refused with {CaseNotFound.code}; write one"


def instant_of(text: str, calendar: Calendar) -> datetime:
    """Return the instant *text*; without a zone it is in that of *calendar*."""
    given = moment(text)
    return given if given.tzinfo else given.replace(tzinfo=calendar.zone)
