"""Telling: a case as the API says it. Every value comes from a ``CaseView``.

A requester is told of roles and units, never of persons, and not what a step set by itself.

Terms    timeline 办理过程
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from luoshi.api.v1.forms import form_of
from luoshi.api.v1.words import words
from luoshi.kernel.access import Sight
from luoshi.kernel.case import ClockState
from luoshi.kernel.fact import Doer
from luoshi.kernel.programme import FieldType, Programme, Relation, Transition
from luoshi.store.people import names_of
from luoshi.store.sight import Answer, CaseView, Entry

Json = dict[str, Any]


def case_told(view: CaseView) -> Json:
    """Return everything that the caller may know of the case."""
    case, programme = view.case, view.programme
    return {
        "id": case.id,
        "number": view.number,
        "programme": programme.id,
        "version": case.version,
        "title": view.title,
        "state": state_told(programme, case.state, is_public=is_requester(view)),
        "step": case.seq,
        "opened": case.opened,
        "moved": case.moved,
        "close_kind": case.close_kind,
        "numbers": dict(case.numbers),
        "holds": sorted(name for name, acts in case.holds.items() if acts),
        "is_merged": bool(case.follows),
        "answers": {name: _answer(one) for name, one in view.answers.items() if _is_told(one)},
        "clocks": [_clock(programme, one, view.now) for one in view.clocks],
        "timeline": happened(view),
        "allowed": [one.name for one in view.allowed],
        "files": files_told(view),
        "looks": _looks(view),
    }


def is_requester(view: CaseView) -> bool:
    """Return whether the caller sees the case as the one who asked for it."""
    return view.programme.roles[view.post.role].relation is Relation.REQUESTER


def happened(view: CaseView, after: int = 0) -> list[Json]:
    """Return the steps taken after the step *after*, the oldest first."""
    entries = [entry for entry in view.timeline if entry.fact.seq > after]
    names = {} if is_requester(view) else names_of(entry.doer.id for entry in entries)
    return [_happened(view, entry, names) for entry in entries]


def _happened(view: CaseView, entry: Entry, names: Mapping[str, str]) -> Json:
    fact = entry.fact
    step = view.programme.transitions.get(fact.act)
    own = set(step.sets) if step and is_requester(view) else set()
    labels = (step.done_label or step.labels) if step else {}
    return {
        "step": fact.seq,
        "transition": fact.act,
        "label": words(labels) or fact.act,
        "at": fact.at,
        "source": fact.source,
        "target": fact.target,
        "by": _doer(fact.doer, names),
        "answers": {
            one.field: _answer(one)
            for one in entry.answers
            if _is_told(one) and one.field not in own
        },
    }


def _doer(doer: Doer, names: Mapping[str, str]) -> Json:
    return {"role": doer.role, "unit": doer.unit, "name": names.get(doer.id, "")}


def _is_told(answer: Answer) -> bool:
    return answer.sight is not Sight.HIDDEN


def _answer(answer: Answer) -> Json:
    return {"value": answer.value, "sight": answer.sight.value, "deleted": answer.deleted}


def _clock(programme: Programme, one: ClockState, now: datetime) -> Json:
    return {
        "name": one.name,
        "label": clock_label(programme, one.name),
        "state": one.state,
        "due": one.due,
        "light": one.light(now).value,
        "provisional": one.provisional,
    }


def clock_label(programme: Programme, name: str) -> str:
    """Return the words of a clock; its name when the programme no longer has it."""
    clock = programme.clocks.get(name)
    return words(clock.labels) if clock else name


def visible_files(view: CaseView) -> set[str]:
    """Return the keys of the files that stand in answers the caller sees whole."""
    fields = view.programme.fields
    return {
        str(key)
        for entry in view.timeline
        for answer in entry.answers
        if fields[answer.field].type is FieldType.FILES and answer.sight is Sight.WHOLE
        for key in (answer.value if isinstance(answer.value, list) else ())
        if str(key) in view.attachments
    }


def files_told(view: CaseView) -> list[Json]:
    """Return what is known of the files the caller may see."""
    return [
        {
            "id": key,
            "kind": one.kind,
            "media_type": one.media_type,
            "size": one.size,
            "sha256": bytes(one.digest).hex(),
        }
        for key, one in view.attachments.items()
        if key in visible_files(view)
    ]


def _looks(view: CaseView) -> list[Json]:
    names = {} if is_requester(view) else names_of(one.by for one in view.unmaskings)
    return [
        {
            "field": one.field,
            "at": one.at,
            "reason": one.reason,
            "by": {"role": one.role, "unit": one.unit, "name": names.get(one.by, "")},
        }
        for one in view.unmaskings
    ]


def state_told(programme: Programme, name: str, *, is_public: bool = False) -> Json:
    """Return a state with its words: those for everybody, or those of the people at work."""
    state = programme.states.get(name)
    if state is None:
        return {"name": name, "label": name, "kind": ""}
    label = words(state.public if is_public else state.labels)
    return {"name": name, "label": label, "kind": state.kind.value}


def category_label(programme: Programme, code: str) -> str:
    """Return the words of a category; the code itself when the list no longer has it."""
    name = programme.field_of(FieldType.CODE)
    entry = programme.lists.get(programme.fields[name].choices, {}).get(code) if name else None
    return words(entry.labels) if entry else code


def step_told(programme: Programme, step: Transition, state: str = "") -> Json:
    """Return a transition with its form."""
    return {
        "name": step.name,
        "label": words(step.labels),
        "leads_to": list(programme.targets_of(step, state)),
        "rests_on": step.rests_on,
        "is_merger": bool(step.follows),
        "form": form_of(programme, step),
    }


def steps_told(view: CaseView, steps: Iterable[Transition]) -> list[Json]:
    """Return *steps* of the case in *view*, each with its form."""
    return [step_told(view.programme, step, view.case.state) for step in steps]
