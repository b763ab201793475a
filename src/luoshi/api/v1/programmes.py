"""Programmes: what is offered, and what each service asks for.

Everybody may see what is promised and which form opens a case; states and steps are for staff.

Terms    programme 专项 · list 选项表
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.decorators import decorate_view
from pydantic import BaseModel

from luoshi.actions import clock
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import anybody, caller_in, staff_in
from luoshi.api.v1.told import step_told
from luoshi.api.v1.words import words
from luoshi.api.v1.written import for_all, written
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.obstacles import allowed
from luoshi.kernel.programme import Programme, Transition
from luoshi.store.programmes import offered, programme_of
from luoshi.store.tokens import READ

router = Router(tags=["programmes"])
OUTSIDE: dict[str, Any] = {"states": [], "transitions": [], "roles": []}
"""What is said of the inside of a programme to those who are not staff."""


class Summary(BaseModel):
    """One programme in short."""

    id: str
    version: str
    title: str
    about: str
    owner: str
    source: str
    in_force: date
    is_open: bool


class Programmes(BaseModel):
    """Every programme that is offered. ``is_open``: you may open a case of it."""

    data: list[Summary]


class StepName(BaseModel):
    """A transition, without its form."""

    name: str
    label: str
    source: list[str]
    target: str
    by: list[str]


class Detail(Summary):
    """One programme: how to open a case of it; for staff also its states, steps and roles.

    ``promise`` is the clock whose date is promised to everybody; empty when none is.
    """

    opening: list[shapes.Step]
    clocks: list[shapes.Label]
    promise: str
    states: list[shapes.State] = []
    transitions: list[StepName] = []
    roles: list[shapes.Label] = []


class Entry(BaseModel):
    """One entry of a list; ``parent`` makes it a tree."""

    code: str
    label: str
    parent: str


class Entries(BaseModel):
    """The entries of a list, in order."""

    data: list[Entry]


@router.get("", auth=anybody, response=Programmes)
@decorate_view(for_all)
def list_programmes(request: HttpRequest) -> HttpResponse:
    """The programmes that are offered now. Public."""
    return written({"data": [_summary(request, one) for one in offered().values()]})


@router.get("/{programme}", auth=anybody, response=Detail)
@decorate_view(for_all)
def read_programme(request: HttpRequest, programme: shapes.Code) -> HttpResponse:
    """One programme, with the form that opens a case. Public; staff see states and steps too."""
    found = programme_of(programme)
    clocks = [{"code": one.name, "label": words(one.labels)} for one in found.clocks.values()]
    told = _summary(request, found) | {
        "opening": [step_told(found, step) for step in _opening(request, found)],
        "clocks": clocks,
        "promise": found.publication.promise,
    }
    return written(told | (_inside(found) if staff_in(request, READ) else OUTSIDE))


@router.get("/{programme}/lists/{name}", auth=anybody, response=Entries)
@decorate_view(for_all)
def read_list(request: HttpRequest, programme: shapes.Code, name: shapes.Code) -> HttpResponse:
    """A list from which answers are chosen, such as the categories. Public."""
    entries = programme_of(programme).lists.get(name, {})
    data = [
        {"code": one.code, "label": words(one.labels), "parent": one.parent}
        for one in entries.values()
    ]
    return written({"data": data})


def _opening(request: HttpRequest, programme: Programme) -> list[Transition]:
    """Return the steps by which the caller may open a case, by a post or like everybody."""
    caller = caller_in(request)
    now = clock.now()
    found = {step.name: step for step in allowed(programme, None, ANYBODY, now)}
    held = {post.role for post in caller.actor.posts}
    found |= {step.name: step for step in programme.opening if held & set(step.by)}
    return [step for step in programme.opening if step.name in found]


def _summary(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    return {
        "id": programme.id,
        "version": programme.version,
        "title": words(programme.labels),
        "about": words(programme.about),
        "owner": words(programme.owner),
        "source": programme.source,
        "in_force": programme.in_force,
        "is_open": bool(_opening(request, programme)),
    }


def _inside(programme: Programme) -> dict[str, Any]:
    return {
        "states": [
            {"name": one.name, "label": words(one.labels), "kind": one.kind.value}
            for one in programme.states.values()
        ],
        "transitions": [
            {
                "name": one.name,
                "label": words(one.labels),
                "source": list(one.source_states),
                "target": one.target,
                "by": list(one.by),
            }
            for one in programme.transitions.values()
        ],
        "roles": [
            {"code": one.name, "label": words(one.labels)} for one in programme.roles.values()
        ],
    }
