"""Transitions: every step that the programme lets the caller take now. A comment is a step too.

Terms    transition 流转 · merge 并案 (a transition that names the case it follows)
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from luoshi.actions import acts, clock
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import acting, caller_in, reading
from luoshi.api.v1.keys import Sent, sent, tag_of
from luoshi.api.v1.problems import problem
from luoshi.api.v1.told import happened, steps_told
from luoshi.api.v1.written import written
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import Stale, TransitionUnknown
from luoshi.store.programmes import offered
from luoshi.store.queries import case_key, case_numbered
from luoshi.store.sight import CaseView, case_seen

router = Router(tags=["transitions"])


class Act(shapes.Body):
    """The answers to the form of a step."""

    answers: shapes.Answers = {}


@router.get("/{number}/transitions", auth=reading, response=shapes.Steps)
def list_transitions(request: HttpRequest, number: shapes.Number) -> HttpResponse:
    """The steps you may take now, each with its form as JSON Schema. Scope: `read`."""
    view = case_numbered(number, caller_in(request).actor, clock.now())
    told = {"step": view.case.seq, "data": steps_told(view, view.allowed)}
    return written(told, tag_of(view.case.seq))


@router.get("/{number}/transitions/{name}", auth=reading, response=shapes.Step)
def read_transition(
    request: HttpRequest, number: shapes.Number, name: shapes.Code
) -> HttpResponse:
    """One step you may take now, with its form. Scope: `read`."""
    view = case_numbered(number, caller_in(request).actor, clock.now())
    found = [one for one in view.allowed if one.name == name]
    if not found:
        raise TransitionUnknown(transition=name, allowed=_names(view))
    return written(steps_told(view, found)[0], tag_of(view.case.seq))


def _names(view: CaseView) -> str:
    return ", ".join(one.name for one in view.allowed)


@router.post("/{number}/transitions/{name}", auth=acting, response=shapes.Done)
def take_transition(
    request: HttpRequest,
    response: HttpResponse,
    number: shapes.Number,
    name: shapes.Code,
    body: Act,
) -> Any:
    """Take a step. Scope: `act`.

    `If-Match` with the ETag you saw makes it fail with 412 when somebody was faster; the problem
    then holds what has happened since, as `changes`. With an `Idempotency-Key` it can be sent
    again.
    """
    caller = caller_in(request)
    headers = sent(request, caller)  # before the case is looked for: a 422 must not tell of it
    return taken(response, headers, case_key(number), caller.actor, name, body.answers)


def taken(
    response: HttpResponse,
    headers: Sent,
    case: str,
    actor: Actor,
    name: str,
    answers: shapes.Answers,
) -> Any:
    """Take the step *name* on the case with the key *case*, as the headers ask for it."""
    if any(step.name == name for one in offered().values() for step in one.opening):
        case_seen(case, actor, clock.now())  # who may not know of the case learns nothing here
    asked = acts.Request(name, answers, case, headers.act(f"act {case}"), headers.seen)
    try:
        outcome = acts.act(asked, actor)
    except Stale as stale:
        return _stale(stale, case_seen(case, actor, clock.now()), headers.seen or 0)
    response.headers["ETag"] = tag_of(outcome.case.seq)
    return done(outcome)


def _stale(stale: Stale, view: CaseView, seen: int) -> HttpResponse:
    response = problem(stale, changes=happened(view, after=seen))
    response.headers["ETag"] = tag_of(view.case.seq)
    return response


def done(outcome: acts.Outcome) -> dict[str, Any]:
    """Return what an act came to."""
    return {
        "id": outcome.case.id,
        "number": outcome.number,
        "act": outcome.fact.id,
        "state": outcome.fact.target,
        "step": outcome.fact.seq,
        "resent": outcome.resent,
        "code": outcome.code,
    }
