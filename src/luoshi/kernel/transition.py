"""Transitions: may this person take this step now, and what follows from it?

``decide`` is the only way to a new fact. It is a pure function: the same case, command, actor and
instant always give the same decision, and a refusal leaves no trace.

Terms    transition 流转 · command 操作 · decision 决定
Not here who sees what (``access``), how long a limit is (``clock``), how answers are checked (``answers``)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luoshi.kernel.access import Actor, Post, Verdict, may_see, may_take
from luoshi.kernel.answers import Wrong, checked, problem
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case
from luoshi.kernel.condition import FieldGiven, FieldIs, first_unmet, leaves, told
from luoshi.kernel.errors import (
    CaseNotFound,
    ConditionUnmet,
    FieldProblem,
    FieldsRefused,
    NotYours,
    SamePerson,
    Stale,
    TooOften,
    TransitionUnknown,
    WrongState,
)
from luoshi.kernel.fact import Doer, Fact, Json, salt_for, seal
from luoshi.kernel.programme import START, Need, Programme, Transition
from luoshi.kernel.timing import clock_effects


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asks to be done.

    Attributes:
        id: UUID of the act, made by the sender.
        case: UUID of the case (of a new one: made by the sender, so that a resend is the same case).
        secret: Random bytes from which the salts of personal answers are derived.
        seen: Step at which the actor last saw the case; ``None`` when it does not matter.
    """

    id: str
    case: str
    transition: str
    answers: Mapping[str, object] = field(default_factory=dict)
    secret: bytes = b""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Private:
    """A personal answer on its way to the side table: its digest is in the fact, it is not."""

    field: str
    value: Json
    salt: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that may be taken: the fact to append, and the personal answers to keep apart."""

    fact: Fact
    private: tuple[Private, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as conditions see it at one instant, with the answers of the step being taken."""

    case: Case | None
    answers: Mapping[str, object]
    now: datetime

    def value(self, name: str) -> object:
        given = self.answers.get(name)
        if given is not None:
            return given
        return self.case.values.get(name, self.case.sealed.get(name)) if self.case else None

    def clock(self, name: str) -> str:
        clock = self.case.clocks.get(name) if self.case else None
        return clock.told(self.now) if clock else "absent"

    def count(self, transition: str) -> int:
        return self.case.counts.get(transition, 0) if self.case else 0


def decide(
    programme: Programme,
    case: Case | None,
    command: Command,
    actor: Actor,
    now: datetime,
    calendar: Calendar,
) -> Decision:
    """Return what follows when *actor* does what *command* asks.

    Args:
        case: The case as it is; ``None`` to open one.
        now: Aware instant of the act.

    Raises:
        Refused: A child of it says which rule stands in the way and what is allowed now.
    """
    now = now.astimezone(calendar.zone)  # a time written without its zone is local
    transition = _transition(programme, case, command, actor, now)
    post = _post(programme, case, transition, actor, now)
    _separation(transition, case, actor)
    _frequency(transition, case)
    answers = answered(programme, transition, case, command.answers, now)
    given = {name: value for name, value in answers.items() if name not in transition.sets}
    _condition(programme, transition, Seen(case, given, now), actor)
    return _decision(
        programme, transition, case, command, answers, _doer(actor, post), now, calendar
    )


def allowed(
    programme: Programme, case: Case | None, actor: Actor, now: datetime
) -> tuple[Transition, ...]:
    """Return the transitions that *actor* may take now, in the order of the programme.

    A condition on an answer that the step itself asks for cannot be known yet and does not exclude.
    """
    if case is None:
        return tuple(step for step in programme.opening if may_take(programme, None, step, actor))
    return tuple(
        step
        for step in programme.from_state(case.state)
        if may_take(programme, case, step, actor)
        and not _same_person(step, case, actor)
        and not _spent(step, case)
        and _could_hold(step, case, now)
    )


def needs_of(transition: Transition, seen: Seen) -> tuple[Need, ...]:
    """Return what *transition* asks for, given what is known: conditional needs included or not."""
    return tuple(n for n in transition.needs if n.when is None or n.when.holds(seen))


def answered(
    programme: Programme,
    transition: Transition,
    case: Case | None,
    raw: Mapping[str, object],
    now: datetime,
) -> dict[str, Json]:
    """Return the checked answers of a step, with what the step sets by itself.

    Raises:
        FieldsRefused: Every answer that is missing, wrong or not asked for.
    """
    asked = {need.field for need in transition.needs}
    problems = [FieldProblem(name, "field.not_asked") for name in raw if name not in asked]
    answers: dict[str, Json] = {}
    for name in dict.fromkeys(need.field for need in transition.needs):
        rule = programme.fields[name]
        try:
            answers[name] = checked(rule, raw.get(name), programme.lists, now)
        except Wrong as wrong:
            problems.append(problem(rule, wrong))
            answers[name] = None
    faulty = {found.field for found in problems}
    problems += _missing(transition, Seen(case, answers, now), faulty)
    if problems:
        raise FieldsRefused(problems)
    given = {name: value for name, value in answers.items() if value is not None}
    return given | {name: _json(value) for name, value in transition.sets.items()}


def _missing(transition: Transition, seen: Seen, faulty: set[str]) -> Iterator[FieldProblem]:
    for need in needs_of(transition, seen):
        if need.required and need.field not in faulty and seen.answers[need.field] is None:
            yield FieldProblem(need.field, "field.missing")


def _json(value: object) -> Json:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a programme sets {value!r}, which is not a plain value")


def _transition(
    programme: Programme, case: Case | None, command: Command, actor: Actor, now: datetime
) -> Transition:
    if case is not None and not may_see(programme, case, actor):
        raise CaseNotFound
    if case is not None and command.seen is not None and command.seen != case.seq:
        raise Stale(seen=command.seen, now=case.seq, changed=case.state)
    transition = programme.transitions.get(command.transition)
    state = START if case is None else case.state
    if transition is not None and state in transition.source_states:
        return transition
    names = _names(programme, case, actor, now)
    if transition is None:
        raise TransitionUnknown(transition=command.transition, allowed=names)
    raise WrongState(transition=transition.name, state=state, allowed=names)


def _names(programme: Programme, case: Case | None, actor: Actor, now: datetime) -> str:
    return ", ".join(step.name for step in allowed(programme, case, actor, now))


def _post(
    programme: Programme, case: Case | None, transition: Transition, actor: Actor, now: datetime
) -> Post:
    verdict: Verdict = may_take(programme, case, transition, actor)
    if verdict.post is None:
        names = _names(programme, case, actor, now)
        raise NotYours(transition=transition.name, roles=" / ".join(transition.by), allowed=names)
    return verdict.post


def _separation(transition: Transition, case: Case | None, actor: Actor) -> None:
    other = _same_person(transition, case, actor)
    if other:
        raise SamePerson(transition=transition.name, other=other)


def _same_person(transition: Transition, case: Case | None, actor: Actor) -> str:
    if case is None:
        return ""
    return next(
        (step for step in transition.not_same_person_as if case.doers.get(step) == actor.id), ""
    )


def _frequency(transition: Transition, case: Case | None) -> None:
    if _spent(transition, case):
        done = case.counts[transition.name] if case else 0
        raise TooOften(transition=transition.name, at_most=transition.at_most, done=done)


def _spent(transition: Transition, case: Case | None) -> bool:
    done = case.counts.get(transition.name, 0) if case else 0
    return transition.at_most is not None and done >= transition.at_most


def _condition(programme: Programme, transition: Transition, seen: Seen, actor: Actor) -> None:
    if transition.when is None or transition.when.holds(seen):
        return
    names = _names(programme, seen.case, actor, seen.now)
    raise ConditionUnmet(
        transition=transition.name,
        reason=f"not so: {told(first_unmet(transition.when, seen))}",
        allowed=names,
    )


def _could_hold(transition: Transition, case: Case, now: datetime) -> bool:
    if transition.when is None or transition.when.holds(Seen(case, {}, now)):
        return True
    asked = {need.field for need in transition.needs}
    return bool(asked & _fields_of(transition))


def _fields_of(transition: Transition) -> set[str]:
    if transition.when is None:
        return set()
    return {
        leaf.field for leaf in leaves(transition.when) if isinstance(leaf, FieldIs | FieldGiven)
    }


def _doer(actor: Actor, post: Post) -> Doer:
    return Doer(id=actor.id, role=post.role, unit=post.unit)


def _decision(
    programme: Programme,
    transition: Transition,
    case: Case | None,
    command: Command,
    answers: Mapping[str, Json],
    doer: Doer,
    now: datetime,
    calendar: Calendar,
) -> Decision:
    private = tuple(_private(programme, command, answers))
    sealed = {one.field: seal(one.value, one.salt) for one in private}
    open_values = {name: value for name, value in answers.items() if name not in sealed}
    state = case.state if case else ""
    fact = Fact(
        id=command.id,
        case=command.case,
        seq=case.seq + 1 if case else 1,
        act=transition.name,
        at=now,
        doer=doer,
        programme=programme.id,
        version=case.version if case else programme.version,
        source=state,
        target=programme.target_of(transition, state),
        values=open_values,
        sealed=sealed,
        clocks=clock_effects(programme, transition, case, answers, now, calendar),
    )
    return Decision(fact, private)


def _private(
    programme: Programme, command: Command, answers: Mapping[str, Json]
) -> Iterable[Private]:
    for name, value in answers.items():
        if programme.fields[name].personal and value is not None:
            yield Private(name, value, salt_for(command.secret, command.id, name))
