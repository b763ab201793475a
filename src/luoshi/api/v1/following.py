"""Following: a resident's own case, with number and query code, which are never in an address.

Wrong codes are counted together with those tried on the pages.

Terms    follow 查询进度 · query code 查询码
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from luoshi.actions.following import follow as follow_case
from luoshi.api.v1 import shapes
from luoshi.api.v1.caller import address_of
from luoshi.api.v1.door import anybody, caller_in
from luoshi.api.v1.files import handed_out
from luoshi.api.v1.keys import sent, tag_of
from luoshi.api.v1.told import case_told, steps_told
from luoshi.api.v1.transitions import taken
from luoshi.api.v1.written import written
from luoshi.kernel.access import requester_of
from luoshi.store.sight import CaseView

router = Router(tags=["follow"])
QueryCode = Annotated[str, StringConstraints(max_length=40)]


class Followed(shapes.Body):
    """What a requester shows: the register number, and the query code given with it."""

    number: shapes.Number
    code: QueryCode


class FollowedAct(Followed):
    """A step of a requester: rate, object, add, withdraw."""

    answers: shapes.Answers = {}


@router.post("", auth=anybody, response=shapes.Case)
def follow(request: HttpRequest, body: Followed) -> HttpResponse:
    """Your case, with number and query code. No account is needed."""
    view = let_in(request, body)
    return written(case_told(view), tag_of(view.case.seq))


@router.post("/transitions", auth=anybody, response=shapes.Steps)
def followed_transitions(request: HttpRequest, body: Followed) -> HttpResponse:
    """The steps that you may take now as the requester, each with its form."""
    view = let_in(request, body)
    told = {"step": view.case.seq, "data": steps_told(view, view.allowed)}
    return written(told, tag_of(view.case.seq))


@router.post("/transitions/{name}", auth=anybody, response=shapes.Done)
def take_followed_transition(
    request: HttpRequest, response: HttpResponse, name: shapes.Code, body: FollowedAct
) -> Any:
    """Take a step as the requester. `If-Match` and `Idempotency-Key` (a UUID) as for staff."""
    headers = sent(request, caller_in(request))
    case = let_in(request, body).case.id
    return taken(response, headers, case, requester_of(case), name, body.answers)


@router.post("/files/{key}", auth=anybody, response={200: None})
def followed_file(request: HttpRequest, key: UUID, body: Followed) -> Any:
    """The bytes of a file of your case."""
    return handed_out(let_in(request, body), key)


def let_in(request: HttpRequest, shown: Followed) -> CaseView:
    """Return the case that number and code open.

    Raises:
        Refused: ``CaseNotFound`` when they do not belong together, ``CodesExceeded``.
    """
    return follow_case(shown.number, shown.code, address_of(request))
