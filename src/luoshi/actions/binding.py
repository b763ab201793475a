"""Binding: what happens to one case carries over to those it is bound to.

A case may be a part of another (joint handling), may have parts, may have been merged into a main
case, or be one. All that are touched are locked, the main one first.

Terms    part 协办件 · main case 主件 · follower 并入件
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid5

from luoshi.actions.writing import Request, appended, decided, opened
from luoshi.kernel.access import SYSTEM_ACTOR
from luoshi.kernel.case import Case, fold
from luoshi.kernel.consequences import PartOrder
from luoshi.kernel.fact import Fact, Json
from luoshi.kernel.obstacles import allowed
from luoshi.kernel.programme import Programme, StateKind
from luoshi.kernel.transition import Decision
from luoshi.store import records
from luoshi.store.programmes import programme_of


def open_part(parent: Case, decision: Decision, order: PartOrder) -> None:
    """Open the case of one assisting unit, with what it needs to know of the main one."""
    programme = programme_of(order.programme)
    known = {**parent.values, **records.personal_now(parent.id)}
    known |= {one.field: one.value for one in decision.private}
    step = programme.opening[0]
    asked = {need.field for need in step.needs}
    answers = {name: known[name] for name in order.carries if name in known and name in asked}
    if programme.holder_field in asked:
        answers[programme.holder_field] = order.unit
    act = str(uuid5(UUID(decision.fact.id), f"open {order.unit}"))
    request = Request(step.name, answers, case=order.case, act=act)
    opened(programme, request, SYSTEM_ACTOR, part_of=parent.id)


def spread(programme: Programme, before: Case, after: Case, decision: Decision) -> None:
    """Carry what happened to one case over to those it is bound to: its main case, the case it is
    a part of, and the cases merged into it. All of them are locked, the main one first."""
    ended = programme.states[after.state].kind.is_end
    if after.part_of and ended and not programme.states[before.state].kind.is_end:
        how = "done" if programme.states[after.state].kind is StateKind.DONE else "void"
        _note(after.part_of, {"does": "end_part", "case": after.id, "how": how}, decision)
    if after.follows and not before.follows:
        _note(after.follows, {"does": "followed", "case": after.id}, decision)
    if before.follows and not after.follows:
        _note(before.follows, {"does": "unfollowed", "case": after.id}, decision)
    for effect in decision.fact.effects:
        if effect["does"] == "end_part":
            _end_part(str(effect["case"]), decision)
    step = programme.transitions.get(decision.fact.act)
    if step is not None and step.for_followers:
        for follower in after.followers:
            _take_along(follower, step.for_followers, decision)


def _note(case: str, effect: Mapping[str, Json], decision: Decision) -> None:
    """Append to *case*, which is bound to the one that was acted on, what it has to know."""
    held = records.locked(case)
    if held is None:
        return
    there = fold(held.facts)
    fact = Fact(
        id=str(uuid5(UUID(decision.fact.id), f"{effect['does']} {case}")),
        case=case,
        seq=there.seq + 1,
        act=f"@{effect['does']}",
        at=max(decision.fact.at, there.moved),
        doer=decision.fact.doer,
        programme=there.programme,
        version=there.version,
        source=there.state,
        target=there.state,
        effects=(effect,),
    )
    appended(programme_of(there.programme, there.version), held, Decision(fact))


def _end_part(case: str, decision: Decision) -> None:
    """Void the case of a part that was waived, if its programme lets the system do so."""
    held = records.locked(case)
    if held is None:
        return
    there = fold(held.facts)
    programme = programme_of(there.programme, there.version)
    for step in allowed(programme, there, SYSTEM_ACTOR, decision.fact.at):
        target = programme.states[programme.target_of(step, there.state)]
        if target.kind is StateKind.VOID:
            act = str(uuid5(UUID(decision.fact.id), f"waive {case}"))
            request = Request(step.name, case=case, act=act)
            made = decided(programme, there, request, SYSTEM_ACTOR, decision.fact.at)
            appended(programme, held, made)
            return


def _take_along(case: str, transition: str, decision: Decision) -> None:
    """Let a merged case take its step, with the answers that the main case was given."""
    held = records.locked(case)
    if held is None:
        return
    there = fold(held.facts)
    programme = programme_of(there.programme, there.version)
    step = programme.transitions.get(transition)
    if step is None or there.state not in step.source_states:
        return
    asked = {need.field for need in step.needs}
    given = {**decision.fact.values, **{one.field: one.value for one in decision.private}}
    answers = {name: value for name, value in given.items() if name in asked}
    act = str(uuid5(UUID(decision.fact.id), f"along {case}"))
    request = Request(transition, answers, case=case, act=act)
    appended(programme, held, decided(programme, there, request, SYSTEM_ACTOR, decision.fact.at))
