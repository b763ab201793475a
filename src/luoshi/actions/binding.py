"""Binding: what happens to one case carries over to those it is bound to.

A case may be a part of another (joint handling), may have parts, may have been merged into a main
case, or be one. All that are touched are locked, the main one first.

Terms    part 协办件 · main case 主件 · follower 并入件
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid5

from luoshi.actions.files import copied_to
from luoshi.actions.writing import Request, appended, decided, opened
from luoshi.kernel.access import SYSTEM_ACTOR
from luoshi.kernel.case import Case
from luoshi.kernel.consequences import PartOrder
from luoshi.kernel.fact import Json
from luoshi.kernel.noted import noted
from luoshi.kernel.obstacles import allowed
from luoshi.kernel.programme import FieldType, Programme, StateKind
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
    answers = _with_files(programme, answers, order.case)
    if programme.holder_field in asked:
        answers[programme.holder_field] = order.unit
    act = str(uuid5(UUID(decision.fact.id), f"open {order.unit}"))
    request = Request(step.name, answers, case=order.case, act=act)
    opened(programme, request, SYSTEM_ACTOR, part_of=parent.id)


def spread(programme: Programme, before: Case, after: Case, decision: Decision) -> None:
    """Carry what happened to one case over to those it is bound to.

    They are its main case, the case it is a part of, and the cases merged into it; all of them
    are locked, the main one first.
    """
    ended = programme.states[after.state].kind.is_end
    if after.part_of and ended and not programme.states[before.state].kind.is_end:
        how = "done" if programme.states[after.state].kind is StateKind.DONE else "void"
        _note(after.part_of, {"does": "end_part", "case": after.id, "how": how}, decision)
    unit = after.values.get(programme.holder_field)
    if after.part_of and unit != before.values.get(programme.holder_field):
        _note(after.part_of, {"does": "move_part", "case": after.id, "unit": unit}, decision)
    _follow(before, after, decision)
    for effect in decision.fact.effects:
        if effect["does"] == "end_part":
            _end_part(str(effect["case"]), decision)
    step = programme.transitions.get(decision.fact.act)
    if step is not None and step.for_followers:
        for follower in after.followers:
            _take_along(after, follower, step.for_followers, decision)


def touches_others(before: Case, decision: Decision) -> bool:
    """Return whether the step may have to be carried over; else ``spread`` writes nothing."""
    bound = before.part_of or before.follows or before.followers
    return bool(bound) or any("case" in effect for effect in decision.fact.effects)


def _follow(before: Case, after: Case, decision: Decision) -> None:
    """Tell the main case that another one has come to follow it, or follows it no more."""
    if before.follows == after.follows:
        return
    if after.follows:
        _note(after.follows, {"does": "followed", "case": after.id}, decision)
    if before.follows:
        _note(before.follows, {"does": "unfollowed", "case": after.id}, decision)


def _note(case: str, effect: Mapping[str, Json], decision: Decision) -> None:
    """Append to *case*, which is bound to the one that was acted on, what it has to know."""
    held = records.locked(case)
    if held is None:
        return
    there = held.case
    key = str(uuid5(UUID(decision.fact.id), f"{effect['does']} {case} {effect['case']}"))
    at = max(decision.fact.at, there.moved)
    fact = noted(there, key, f"@{effect['does']}", at, decision.fact.doer, effects=(effect,))
    appended(programme_of(there.programme, there.version), held, Decision(fact))


def _end_part(case: str, decision: Decision) -> None:
    """Void the case of a part that was waived, if its programme lets the system do so."""
    held = records.locked(case)
    if held is None:
        return
    there = held.case
    programme = programme_of(there.programme, there.version)
    for step in allowed(programme, there, SYSTEM_ACTOR, decision.fact.at):
        target = programme.states[programme.target_of(step, there.state)]
        if target.kind is StateKind.VOID:
            act = str(uuid5(UUID(decision.fact.id), f"waive {case}"))
            request = Request(step.name, case=case, act=act)
            made = decided(programme, there, request, SYSTEM_ACTOR, decision.fact.at)
            appended(programme, held, made)
            return


def _take_along(main: Case, case: str, transition: str, decision: Decision) -> None:
    """Let a merged case take its step, with the answers that the main case was given.

    What the main case says already, such as who handles it, is offered too.
    """
    held = records.locked(case)
    if held is None:
        return
    there = held.case
    programme = programme_of(there.programme, there.version)
    step = programme.transitions.get(transition)
    if step is None or there.state not in step.source_states:
        return
    asked = {need.field for need in step.needs}
    given = {**_without_files(programme, main.values), **decision.fact.values}
    given |= {one.field: one.value for one in decision.private}
    answers = {name: value for name, value in given.items() if name in asked}
    act = str(uuid5(UUID(decision.fact.id), f"along {case}"))
    request = Request(transition, _with_files(programme, answers, case), case=case, act=act)
    at = max(decision.fact.at, there.moved)
    made = decided(programme, there, request, SYSTEM_ACTOR, at)
    _follow(there, appended(programme, held, made), made)


def _without_files(programme: Programme, values: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out files: those of an earlier answer prove nothing about this one."""
    fields = programme.fields
    return {
        name: value
        for name, value in values.items()
        if name in fields and fields[name].type is not FieldType.FILES
    }


def _with_files(
    programme: Programme, answers: Mapping[str, object], case: str
) -> dict[str, object]:
    """Put copies that belong to *case* in place of the files of the case it is bound to."""
    return {
        name: copied_to(case, value) if programme.fields[name].type is FieldType.FILES else value
        for name, value in answers.items()
    }
