"""The page of a case: what it is about, its clocks, what happened, and what may be done now.

Terms    timeline 办理过程 · step 办理步骤 · undo 撤销
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from luoshi.apps.desk import lights, words
from luoshi.apps.desk.noted import label_of
from luoshi.apps.desk.telling import File, Told, told
from luoshi.apps.desk.waiting import Waiting, waiting
from luoshi.kernel.access import Sight
from luoshi.kernel.answers import point_of
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.fact import ClockEffect, Fact, Json
from luoshi.kernel.programme import SAME, FieldType, Programme, Transition
from luoshi.store.people import names_of
from luoshi.store.programmes import calendar_of
from luoshi.store.sight import CaseView, Entry


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be taken now.

    Attributes:
        leads: Words of the state it leads to; empty when the state stays.
        is_first: The step that is waited for; it stands above the others.
    """

    name: str
    label: str
    leads: str = ""
    rests_on: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    seq: int
    label: str
    who: str
    role: str
    unit: str
    at: str
    to: str
    answers: tuple[Told, ...]
    clocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at a masked answer."""

    who: str
    role: str
    field: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the page of a case shows."""

    view: CaseView
    number: str
    title: str
    state: str
    kind: str
    programme: str
    seq: int
    about: tuple[Told, ...]
    files: tuple[File, ...]
    point: tuple[float, float] | None
    clocks: tuple[lights.Shown, ...]
    windows: tuple[lights.Shown, ...]
    earlier: tuple[lights.Shown, ...]
    timeline: tuple[Happened, ...]
    moves: tuple[Step, ...]
    notes: tuple[Step, ...]
    waiting: tuple[Waiting, ...]
    looks: tuple[Looked, ...]

    @property
    def first_clock(self) -> lights.Shown | None:
        """The most urgent clock that still runs."""
        return next((clock for clock in self.clocks if clock.runs), None)

    @property
    def has_steps(self) -> bool:
        """Is there anything for this person to do?"""
        return bool(self.moves or self.notes)


def page_of(view: CaseView) -> CasePage:
    """Return the page of the case in *view*."""
    calendar = calendar_of(view.programme)
    state = view.programme.states[view.case.state]
    about = tuple(_about(view, calendar))
    offered = sorted(steps(view), key=lambda step: not step.is_first)
    names = names_of([e.doer.id for e in view.timeline] + [u.by for u in view.unmaskings])
    return CasePage(
        view=view,
        number=view.number,
        title=view.title,
        state=words.say(state.labels),
        kind=state.kind.value,
        programme=words.say(view.programme.labels),
        seq=view.case.seq,
        about=tuple(one for one in about if not one.files and not one.point),
        files=tuple(file for one in about for file in one.files),
        point=point_of(view.case.values.get(view.programme.field_of(FieldType.POINT))),
        clocks=lights.of_case(view, calendar),
        windows=lights.windows_of(view, calendar),
        earlier=lights.earlier_rounds(view, calendar),
        timeline=tuple(reversed(list(happened(view, calendar, names)))),
        moves=tuple(step for step in offered if step.leads or step.is_first),
        notes=tuple(step for step in offered if not (step.leads or step.is_first)),
        waiting=waiting(view),
        looks=tuple(_looks(view, calendar, names)),
    )


def _about(view: CaseView, calendar: Calendar) -> Iterator[Told]:
    """Yield what was asked when the case was opened, and who handles it now."""
    programme = view.programme
    asked = [need.field for step in programme.opening for need in step.needs]
    for name in dict.fromkeys([programme.holder_field, *asked]):
        answer = view.answers.get(name)
        shown = answer is not None and answer.sight is not Sight.HIDDEN
        if shown and answer and name != programme.title_field:
            yield told(view, answer, calendar.zone)


def steps(view: CaseView) -> list[Step]:
    """Return the steps that may be taken now; the one that is waited for leads the way."""
    programme = view.programme
    first = _waited_for(view)
    return [
        Step(
            name=one.name,
            label=words.say(one.labels),
            leads=leads_to(programme, one, view.case.state),
            rests_on=one.rests_on,
            is_first=one.name == first,
        )
        for one in view.allowed
    ]


def _waited_for(view: CaseView) -> str:
    """Return the step whose turn it is: the only one that meets a running clock.

    Where several do, to agree or to refuse, none stands out: that choice is the person's. A step
    that leaves the state as it is (calling the requester first) is waited for where no other is.
    """
    turn = set(view.programme.states[view.case.state].turn)
    running = {name for name, clock in view.case.clocks.items() if clock.state == "running"}
    theirs = [step for step in view.allowed if set(step.by) & turn]
    moving = [step for step in theirs if step.target != SAME]
    meeting = [step for step in theirs if running & set(step.meets)]
    expected = [step for step in moving if step in meeting] or meeting or moving
    return expected[0].name if len(expected) == 1 else ""


def leads_to(programme: Programme, step: Transition, state: str) -> str:
    """Return the words of the states in which *step* can end; empty when the state stays."""
    targets = [one for one in programme.targets_of(step, state) if one != state]
    return " / ".join(words.say(programme.states[one].labels) for one in targets)


def happened(
    view: CaseView, calendar: Calendar, names: Mapping[str, str], after: int = 0
) -> Iterator[Happened]:
    """Yield the lines of the timeline in order, those after step *after*."""
    known: dict[str, Json] = {}
    for entry in view.timeline:
        if entry.fact.seq > after:
            yield _happened(view, entry, calendar, names, known)
        known |= entry.fact.values


def _happened(
    view: CaseView,
    entry: Entry,
    calendar: Calendar,
    names: Mapping[str, str],
    known: Mapping[str, Json],
) -> Happened:
    fact, programme = entry.fact, view.programme
    moved = fact.source != fact.target and bool(fact.source)
    return Happened(
        seq=fact.seq,
        label=label_of(programme, fact),
        who=names.get(fact.doer.id, ""),
        role=words.role_name(programme, fact.doer.role),
        unit=words.unit_name(fact.doer.unit) if fact.doer.unit else "",
        at=words.when(fact.at, calendar, view.now),
        to=words.say(programme.states[fact.target].labels) if moved else "",
        answers=tuple(
            told(view, one, calendar.zone)
            for one in entry.answers
            if _is_news(one.field, fact, known, view)
        ),
        clocks=tuple(_effects(view, fact, calendar)),
    )


def _is_news(field: str, fact: Fact, known: Mapping[str, Json], view: CaseView) -> bool:
    """Is an answer worth a line: neither known before, nor shown above as it is now?"""
    if fact.seq == 1:
        last = max(e.fact.seq for e in view.timeline for one in e.answers if one.field == field)
        return last > 1
    return field not in known or fact.values.get(field) != known[field]


def _effects(view: CaseView, fact: Fact, calendar: Calendar) -> Iterator[str]:
    """Yield what the step did to the clocks, but for limits that merely opened or closed."""
    for effect in fact.clocks:
        sentence = _effect(view, effect, calendar)
        if sentence:
            yield sentence


def _effect(view: CaseView, effect: ClockEffect, calendar: Calendar) -> str:
    data = {"clock": words.clock_name(view.programme, effect.clock), "due": ""}
    if effect.due is not None:
        data["due"] = words.until(effect.due, calendar, view.now)
    match effect.does:
        case "start":
            return gettext("%(clock)s: until %(due)s") % data
        case "extend":
            return gettext("%(clock)s: extended until %(due)s") % data
        case "pause":
            return gettext("%(clock)s: stands still") % data
        case "resume":
            return gettext("%(clock)s: runs on, until %(due)s") % data
        case "meet":
            return gettext("%(clock)s: done") % data
    return ""


def _looks(view: CaseView, calendar: Calendar, names: Mapping[str, str]) -> Iterator[Looked]:
    for one in view.unmaskings:
        rule = view.programme.fields.get(one.field)
        yield Looked(
            who=names.get(one.by, ""),
            role=words.role_name(view.programme, one.role),
            field=words.say(rule.labels) if rule else one.field,
            reason=one.reason,
            at=words.when(one.at, calendar, view.now),
        )


def undo_of(view: CaseView, done: Fact) -> Step | None:
    """Return a step by which this person can take back *done*, where there is one.

    It leads back to the state before, sets the same answers otherwise, or lets run again what was
    met and stops what was started.
    """
    taken = view.programme.transitions.get(done.act)
    for one in view.allowed:
        targets = view.programme.targets_of(one, view.case.state)
        leads_back = done.source not in ("", done.target) and targets == (done.source,)
        sets_back = bool(taken and one.sets and taken.sets and _opposite(one, taken))
        unwinds = bool(taken and _unwinds(one, taken))
        if one.name != done.act and (leads_back or sets_back or unwinds):
            return Step(name=one.name, label=words.say(one.labels))
    return None


def _opposite(one: Transition, taken: Transition) -> bool:
    return set(one.sets) == set(taken.sets) and dict(one.sets) != dict(taken.sets)


def _unwinds(one: Transition, taken: Transition) -> bool:
    return bool({*one.starts} & {*taken.meets} and {*one.stops} & {*taken.starts})
