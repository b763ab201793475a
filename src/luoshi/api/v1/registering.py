"""Registering: to open a case, on somebody's behalf or for oneself, without an account.

Terms    register 登记 · query code 查询码
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status

from luoshi.actions import acts
from luoshi.api.v1 import shapes
from luoshi.api.v1.caller import Caller
from luoshi.api.v1.door import anybody, caller_in, staff_in
from luoshi.api.v1.errors import NotSignedIn, ScopeMissing
from luoshi.api.v1.keys import sent, tag_of
from luoshi.api.v1.transitions import done
from luoshi.kernel.access import ANYBODY, Actor, may_take
from luoshi.kernel.errors import NotYours, TransitionUnknown
from luoshi.kernel.programme import Programme, Transition
from luoshi.store.programmes import programme_of
from luoshi.store.tokens import ACT

router = Router(tags=["programmes"])


class Registration(shapes.Body):
    """A case to be opened.

    ``case`` is its key, made by the sender (UUIDv7), so that files can be sent before; sent again,
    it is the same case. ``transition`` chooses among several ways to open one.
    """

    answers: shapes.Answers = {}
    case: shapes.Code = ""
    transition: shapes.Code = ""


Opened = {200: shapes.Done, 201: shapes.Done}


@router.post("/{programme}/cases", auth=anybody, response=Opened)
def register(
    request: HttpRequest, response: HttpResponse, programme: shapes.Code, body: Registration
) -> Any:
    """Open a case. Staff need the scope `act`; residents need no account and get a query code.

    201, or 200 when the same was received before. `Idempotency-Key` or `case` make it safe to send
    again.
    """
    caller, found = caller_in(request), programme_of(programme)
    is_staff = staff_in(request, ACT) is not None
    step, actor = opening_for(found, caller, body.transition, is_staff=is_staff)
    headers = sent(request, caller)
    case = body.case or headers.act("case")
    act = headers.act("act") if headers.key else case  # as the pages do: one key for both
    asked = acts.Request(step.name, body.answers, case, act)
    outcome = acts.register(found.id, asked, actor)
    response.headers["ETag"] = tag_of(outcome.case.seq)
    response.headers["Location"] = f"/api/v1/cases/{outcome.number}"
    return Status(200 if outcome.resent else 201, done(outcome))


def opening_for(
    programme: Programme, caller: Caller, name: str, *, is_staff: bool
) -> tuple[Transition, Actor]:
    """Return the step by which *caller* opens a case, and as whom.

    Staff do it by a post of their own where they hold one, else like everybody.

    Raises:
        Refused: There is no such step, or it is not theirs.
    """
    steps = [one for one in programme.opening if name in ("", one.name)]
    if not steps:
        raise TransitionUnknown(transition=name, allowed=_names(programme))
    held = {post.role for post in caller.actor.posts} if is_staff else set()
    for step in steps:
        if held & set(step.by):
            return step, caller.actor
    for step in steps:
        if may_take(programme, None, step, ANYBODY):
            return step, ANYBODY
    raise _refusal(caller, steps[0], is_staff=is_staff)


def _names(programme: Programme) -> str:
    return ", ".join(step.name for step in programme.opening)


def _refusal(caller: Caller, step: Transition, *, is_staff: bool) -> Exception:
    if not caller.is_known:
        return NotSignedIn()
    if not is_staff and ACT not in caller.scopes:
        return ScopeMissing(scope=ACT, held=", ".join(sorted(caller.scopes)) or "none")
    return NotYours(transition=step.name, roles=" / ".join(step.by), allowed="")
