"""Transitions: may this person take this step now, and what follows from it?

``decide`` is the only way to a new fact. It is a pure function: the same case, command, actor and
instant always give the same decision, and a refusal leaves no trace.

Terms    transition 流转 · command 操作 · decision 决定
Not here who sees what (``access``), how long a limit is (``clock``), how an answer is checked
         (``answers``)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luoshi.kernel.access import Actor, Post
from luoshi.kernel.answers import Wrong, checked, missing, problem
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.case import Case
from luoshi.kernel.consequences import PartOrder, effects_of, parts_of
from luoshi.kernel.errors import FieldProblem, FieldsRefused
from luoshi.kernel.fact import Doer, Fact, Json, salt_for, seal
from luoshi.kernel.obstacles import (
    condition_met,
    needs_of,
    not_held,
    phases_complete,
    post_for,
    seldom_enough,
    separate,
    target_of,
    transition_asked,
    without_interest,
)
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.seen import Seen
from luoshi.kernel.timing import clock_effects


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asks to be done.

    Attributes:
        id: UUID of the act, made by the sender.
        case: UUID of the case; of a new one made by the sender, so that a resend is the same case.
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
    """A personal answer on its way to the side table: its digest is in the fact, it is not.

    ``walled`` answers go to a store of their own.
    """

    field: str
    value: Json
    salt: bytes
    walled: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that may be taken.

    Attributes:
        fact: What is appended.
        private: Personal answers to be kept apart.
        parts: Child cases to be opened with it.
    """

    fact: Fact
    private: tuple[Private, ...] = ()
    parts: tuple[PartOrder, ...] = ()


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
        programme: The programme, in the version of the case.
        case: The case as it is; ``None`` to open one.
        command: The step and the answers, as they came from outside.
        actor: Who asks.
        calendar: The calendar that the programme names.
        now: Aware instant of the act.

    Raises:
        Refused: A child of it says which rule stands in the way and what is allowed now.
    """
    now = now.astimezone(calendar.zone)  # a time written without its zone is local
    transition = transition_asked(programme, case, command.transition, command.seen, actor, now)
    post = post_for(programme, case, transition, actor, now)
    separate(transition, case, actor)
    seldom_enough(transition, case)
    not_held(programme, transition, case)
    answers = answered(programme, transition, case, command.answers, now)
    without_interest(programme, transition, case, answers)
    given = {name: value for name, value in answers.items() if name not in transition.sets}
    condition_met(programme, transition, Seen(case, given, now), actor)
    phases_complete(programme, transition, Seen(case, answers, now))
    return _decision(
        programme, transition, case, command, answers, _doer(actor, post), now, calendar
    )


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
    lacking = _lacking(transition, Seen(case, answers, now), faulty)
    problems += [missing(programme.fields[name]) for name in lacking]
    if problems:
        raise FieldsRefused(problems)
    given = {name: value for name, value in answers.items() if value is not None}
    return given | {name: _json(value) for name, value in transition.sets.items()}


def _lacking(transition: Transition, seen: Seen, faulty: set[str]) -> Iterator[str]:
    for need in needs_of(transition, seen):
        if need.required and need.field not in faulty and seen.answers[need.field] is None:
            yield need.field


def _json(value: object) -> Json:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a programme sets {value!r}, which is not a plain value")


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
    private = tuple(_private(programme, command, answers, Seen(case, answers, now)))
    sealed = {one.field: seal(one.value, one.salt) for one in private}
    open_values = {name: value for name, value in answers.items() if name not in sealed}
    target = target_of(programme, transition, case)
    fact = Fact(
        id=command.id,
        case=command.case,
        seq=case.seq + 1 if case else 1,
        act=transition.name,
        at=now,
        doer=doer,
        programme=programme.id,
        version=case.version if case else programme.version,
        source=case.state if case else "",
        target=target,
        values=open_values,
        sealed=sealed,
        clocks=clock_effects(programme, transition, case, answers, now, calendar),
        effects=effects_of(
            transition,
            case,
            command.id,
            answers,
            ends=programme.states[target].kind.is_end,
        ),
    )
    return Decision(fact, private, parts_of(transition, case, command.id, answers))


def _private(
    programme: Programme, command: Command, answers: Mapping[str, Json], seen: Seen
) -> Iterable[Private]:
    wall = programme.wall
    walled = wall.fields if wall is not None and wall.when.holds(seen) else ()
    for name, value in answers.items():
        if programme.fields[name].personal and value is not None:
            salt = salt_for(command.secret, command.id, name)
            yield Private(name, value, salt, name in walled)
