"""Progress of a case in plain words, for the person who waits.

Staff are never named: a step was taken by a role in a unit.

Terms    progress 办理进度 · timeline 办理过程 · provisional 暂定
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from luoshi.apps.look.answers import Said, said_answers
from luoshi.apps.look.language import words
from luoshi.apps.look.promise import promise_words
from luoshi.kernel.access import Sight, holder_of
from luoshi.kernel.case import ClockState
from luoshi.kernel.condition import ClockIs, leaves
from luoshi.kernel.fact import Doer
from luoshi.kernel.programme import Programme, Relation, StateKind, Transition
from luoshi.kernel.publication import promise_of
from luoshi.store.directory import directory
from luoshi.store.sight import CaseView, Entry


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline."""

    title: str
    who: str
    at: datetime
    state: str
    said: list[Said]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that must happen, and by when."""

    label: str
    due: datetime
    light: str
    provisional: bool
    paused: bool
    limit: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a masked answer."""

    what: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything that the page of a followed case tells."""

    state: str
    kind: StateKind
    turn: str
    unit: str
    promise: str
    promise_light: str
    awaited: tuple[Awaited, ...]
    windows: tuple[Awaited, ...]
    steps: tuple[Step, ...]
    actions: tuple[Transition, ...]
    looks: tuple[Look, ...]


def progress_of(view: CaseView) -> Progress:
    """Return what *view* tells its requester, in the language of the page."""
    programme, case = view.programme, view.case
    state = programme.states[case.state]
    running = [one for key, one in case.clocks.items() if "#" not in key]
    return Progress(
        state=words(state.public),
        kind=state.kind,
        turn=gettext(" or ").join(words(programme.roles[role].labels) for role in state.turn),
        unit="" if programme.seeks_holder(case.state) else unit_words(holder_of(programme, case)),
        promise=promise_words(promise_of(programme, case.clocks), view.now),
        promise_light=_light_of_promise(view),
        awaited=tuple(
            _awaited(view, one)
            for one in running
            if _runs(one, "duty") and not _is_said(programme, one)
        ),
        windows=tuple(
            _awaited(view, one)
            for one in running
            if _runs(one, "window") and view.now < one.due and _is_mine(view, one)
        ),
        steps=tuple(
            _step(view, entry)
            for entry in reversed(view.timeline)
            if entry.fact.act in view.programme.transitions
        ),
        actions=view.allowed,
        looks=tuple(
            Look(
                words(programme.fields[one.field].labels),
                _role_words(programme, one.role, one.unit),
                one.at,
                one.reason,
            )
            for one in view.unmaskings
            if one.field in programme.fields
        ),
    )


def unit_words(code: str) -> str:
    """Return the name of a unit."""
    unit = directory().units.get(code)
    return words(unit.labels) if unit else ""


def _runs(one: ClockState, kind: str) -> bool:
    return one.kind == kind and one.state in ("running", "paused")


def _light_of_promise(view: CaseView) -> str:
    one = view.case.clocks.get(view.programme.publication.promise)
    return one.light(view.now).value if one and one.state == "running" else "done"


def _is_said(programme: Programme, one: ClockState) -> bool:
    """Is it the promise, and told in a sentence of its own?"""
    return promise_of(programme, {one.name: one}).by is not None


def _is_mine(view: CaseView, one: ClockState) -> bool:
    """Is it a window in which the requester may do something?"""
    roles = view.programme.roles.values()
    mine = {role.name for role in roles if role.relation is Relation.REQUESTER}
    return any(
        isinstance(leaf, ClockIs) and leaf.clock == one.name
        for step in view.programme.transitions.values()
        if step.when is not None and mine & set(step.by)
        for leaf in leaves(step.when)
    )


def _awaited(view: CaseView, one: ClockState) -> Awaited:
    clock = view.programme.clocks.get(one.name)
    return Awaited(
        label=words(clock.labels) if clock else one.name,
        due=one.due,
        light=one.light(view.now).value,
        provisional=one.provisional,
        paused=one.state == "paused",
        limit=one.limit,
    )


def _step(view: CaseView, entry: Entry) -> Step:
    programme, fact = view.programme, entry.fact
    transition = programme.transitions.get(fact.act)
    labels = (transition.done_label or transition.labels) if transition else {}
    files = reverse("intake:case", args=[view.number]) + "files/"
    order = {name: place for place, name in enumerate(programme.fields)}
    answers = sorted(entry.answers, key=lambda one: order.get(one.field, 0))
    own = set(transition.sets) if transition else set()
    shown = [one for one in answers if one.sight is not Sight.HIDDEN and one.field not in own]
    given = {one.field: one.value for one in shown}
    gone = {one.field for one in entry.answers if one.deleted}
    state = programme.states.get(fact.target)
    return Step(
        title=words(labels) or fact.act,
        who=doer_words(programme, fact.doer),
        at=fact.at,
        state=words(state.public) if state and fact.source != fact.target else "",
        said=said_answers(programme, given, files, gone),
        opens=fact.seq == 1,
    )


def doer_words(programme: Programme, doer: Doer) -> str:
    """Return who took a step, as the requester may know it: role and unit, never a person."""
    return _role_words(programme, doer.role, doer.unit)


def _role_words(programme: Programme, name: str, unit: str) -> str:
    role = programme.roles.get(name)
    if role is not None and role.relation is Relation.REQUESTER:
        return gettext("You")
    parts = [unit_words(unit), words(role.labels) if role else ""]
    return " · ".join(part for part in parts if part)
