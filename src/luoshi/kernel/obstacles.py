"""Obstacles: everything that may stand between a person and a step, one function for each.

A refusal says who, what and why, and what is allowed now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from luoshi.kernel.access import Actor, Post, Verdict, may_see, may_take
from luoshi.kernel.answers import missing
from luoshi.kernel.case import Case
from luoshi.kernel.condition import (
    Condition,
    FieldGiven,
    FieldIs,
    FieldWithin,
    first_unmet,
    leaves,
)
from luoshi.kernel.errors import (
    CaseNotFound,
    ConditionUnmet,
    FieldsRefused,
    HeldBack,
    InterestConflict,
    NotYours,
    SamePerson,
    Stale,
    TooOften,
    TransitionUnknown,
    WrongState,
)
from luoshi.kernel.fact import Json
from luoshi.kernel.programme import PREVIOUS, START, Programme, Transition
from luoshi.kernel.provision import Need
from luoshi.kernel.seen import Seen


def allowed(
    programme: Programme, case: Case | None, actor: Actor, now: datetime
) -> tuple[Transition, ...]:
    """Return the transitions that *actor* may take now, in the order of the programme.

    A condition on an answer that the step itself asks for cannot be known yet: all may be well.
    """
    if case is None:
        return tuple(step for step in programme.opening if may_take(programme, None, step, actor))
    return tuple(
        step
        for step in programme.from_state(case.state)
        if may_take(programme, case, step, actor)
        and not _same_person(step, case, actor)
        and not _spent(step, case)
        and not _held_by(programme, step, case)
        and has_object(step, case)
        and could_hold(step, case, now)
    )


def needs_of(transition: Transition, seen: Seen) -> tuple[Need, ...]:
    """Return what *transition* asks for, given what is known."""
    return tuple(n for n in transition.needs if n.when is None or n.when.holds(seen))


def transition_asked(
    programme: Programme,
    case: Case | None,
    name: str,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> Transition:
    """Return the transition called *name*, if the case stands where it starts.

    Args:
        programme: The programme of the case.
        case: The case as it is; ``None`` to open one.
        name: The step that is asked for.
        seen: Step at which the actor last saw the case; ``None`` when it does not matter.
        actor: Who asks.
        now: Aware instant of the act.

    Raises:
        CaseNotFound: *actor* may not know of the case, or there is none.
        Stale: The case has moved on since the actor saw it.
        TransitionUnknown: There is no such step.
        WrongState: It starts elsewhere.
    """
    if case is not None and not may_see(programme, case, actor):
        raise CaseNotFound
    if case is not None and seen is not None and seen != case.seq:
        raise Stale(seen=seen, now=case.seq, changed=case.state)
    transition = programme.transitions.get(name)
    state = START if case is None else case.state
    if transition is not None and state in transition.source_states:
        return transition
    names = _names(programme, case, actor, now)
    if transition is None:
        raise TransitionUnknown(transition=name, allowed=names)
    raise WrongState(transition=transition.name, state=state, allowed=names)


def _names(programme: Programme, case: Case | None, actor: Actor, now: datetime) -> str:
    return ", ".join(step.name for step in allowed(programme, case, actor, now)) or "nothing"


def post_for(
    programme: Programme, case: Case | None, transition: Transition, actor: Actor, now: datetime
) -> Post:
    """Return the post by which *actor* takes *transition*.

    Raises:
        NotYours: They hold none.
    """
    verdict: Verdict = may_take(programme, case, transition, actor)
    if verdict.post is None:
        names = _names(programme, case, actor, now)
        raise NotYours(transition=transition.name, roles=" / ".join(transition.by), allowed=names)
    return verdict.post


def separate(transition: Transition, case: Case | None, actor: Actor) -> None:
    """Refuse who did the other step that this one must be kept apart from.

    Raises:
        SamePerson: That is so.
    """
    other = _same_person(transition, case, actor)
    if other:
        raise SamePerson(transition=transition.name, other=other)


def _same_person(transition: Transition, case: Case | None, actor: Actor) -> str:
    doers = case.doers if case else {}
    return next(
        (step for step in transition.not_same_person_as if doers.get(step) == actor.id), ""
    )


def seldom_enough(transition: Transition, case: Case | None) -> None:
    """Refuse a step that was taken as often as it may be.

    Raises:
        TooOften: That is so.
    """
    if _spent(transition, case):
        done = _times(transition, case)
        raise TooOften(transition=transition.name, at_most=transition.at_most, done=done)


def _spent(transition: Transition, case: Case | None) -> bool:
    return transition.at_most is not None and _times(transition, case) >= transition.at_most


def _times(transition: Transition, case: Case | None) -> int:
    return case.counts.get(transition.name, 0) if case else 0


def not_held(programme: Programme, transition: Transition, case: Case | None) -> None:
    """Refuse a step while a hold that blocks it is up.

    Raises:
        HeldBack: That is so.
    """
    hold = _held_by(programme, transition, case)
    if hold:
        raise HeldBack(transition=transition.name, hold=hold)


def _held_by(programme: Programme, transition: Transition, case: Case | None) -> str:
    holds = case.holds if case else {}
    rules = programme.holds.items()
    return next(
        (name for name, rule in rules if transition.name in rule.blocks and holds.get(name)), ""
    )


def without_interest(
    programme: Programme,
    transition: Transition,
    case: Case | None,
    answers: Mapping[str, Json],
) -> None:
    """Refuse to give the case, or a part of it, to the unit that it complains of (回避).

    Raises:
        InterestConflict: That is so.
    """
    if not programme.complained_of:
        return
    before = case.values if case else {}
    unit = answers.get(programme.complained_of) or before.get(programme.complained_of)
    given = [answers.get(programme.holder_field)]
    if transition.opens_parts:
        helpers = answers.get(transition.opens_parts.units)
        given += helpers if isinstance(helpers, list) else [helpers]
    if unit and unit in given:
        raise InterestConflict(unit=str(unit))


def phases_complete(programme: Programme, transition: Transition, seen: Seen) -> None:
    """Refuse to enter a phase without everything that it and the phases before it need.

    Raises:
        FieldsRefused: Names what is lacking; old answers count.
    """
    state = seen.case.state if seen.case else ""
    before, after = (
        programme.phase_of(state),
        programme.phase_of(target_of(programme, transition, seen.case)),
    )
    if after <= before:
        return
    lacking = lacking_for(programme, after, seen)
    if lacking:
        raise FieldsRefused([missing(programme.fields[name]) for name in lacking])


def lacking_for(programme: Programme, phase: int, seen: Seen) -> tuple[str, ...]:
    """Return the fields that are still missing before the case may enter the phase at *phase*."""
    needs = [need for rule in programme.phases[: phase + 1] for need in rule.needs]
    return tuple(
        dict.fromkeys(
            need.field
            for need in needs
            if (need.when is None or need.when.holds(seen)) and seen.value(need.field) is None
        )
    )


def condition_met(programme: Programme, transition: Transition, seen: Seen, actor: Actor) -> None:
    """Refuse a step whose condition does not hold.

    Raises:
        ConditionUnmet: With the smallest part that does not hold.
    """
    if transition.when is None or transition.when.holds(seen):
        return
    names = _names(programme, seen.case, actor, seen.now)
    raise ConditionUnmet(
        transition=transition.name,
        reason=f"not so: {first_unmet(transition.when, seen)}",
        allowed=names,
    )


def has_object(transition: Transition, case: Case) -> bool:
    """Return whether there is what the step would lift, count again, waive, undo or move."""
    return (
        all(case.holds.get(name) for name in transition.lifts)
        and case.exempt >= {*transition.counts_again}
        and not (transition.waives and not case.open_parts)
        and not (transition.leaves and not case.follows)
        and not (transition.follows and case.followers)
    )


def could_hold(transition: Transition, case: Case, now: datetime) -> bool:
    """Return whether the condition holds, or may hold by an answer that the step asks for."""
    if transition.when is None or transition.when.holds(Seen(case, {}, now)):
        return True
    asked = {need.field for need in transition.needs}
    return bool(asked & _fields_of(transition.when))


def _fields_of(condition: Condition) -> set[str]:
    return {
        leaf.field
        for leaf in leaves(condition)
        if isinstance(leaf, FieldIs | FieldGiven | FieldWithin)
    }


def target_of(programme: Programme, transition: Transition, case: Case | None) -> str:
    """Return the state in which *transition* ends; going back, the one the case came from."""
    if transition.target == PREVIOUS and case is not None:
        origin = case.came_from.get(case.state, case.state)
        if origin in programme.states:  # a later version may have dropped it
            return origin
    return programme.target_of(transition, case.state if case else "")
