"""The whole report in one request: for people without JavaScript, programs, and work offline.

Nothing is kept in a session. The key of the case comes with the form, so that sending twice is the
same case and is answered with the same number and query code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from luoshi.actions.acts import Outcome, Request, register
from luoshi.actions.paces import Pace
from luoshi.actions.sentences import problem_sentence, refusal_sentence
from luoshi.apps.intake.checking import receive, without_doubled_place
from luoshi.apps.intake.entrance import client_of
from luoshi.apps.intake.offers import Offer, offer_of
from luoshi.apps.intake.pages import pages_of
from luoshi.apps.look.posted import posted
from luoshi.apps.look.questions import answers_in, questions_of
from luoshi.formats.forms import TooManyFields, form_in
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.errors import FieldProblem, FieldsRefused, Refused
from luoshi.store.keys import new_key

FORM = "application/x-www-form-urlencoded"
CREATED = 201
CONFLICT = 409
UNPROCESSABLE = 422
TOO_MANY = 429
PACE = Pace()
"""How fast reports come in from each address."""


@require_safe
def whole_form(request: HttpRequest, programme: str) -> HttpResponse:
    """Every question on one page."""
    return _form(request, offer_of(programme), new_key(), {}, [], "", 200)


@csrf_exempt  # nothing the sender's browser holds is used: anybody may open a case
@posted("intake:all", "programme")
def send(request: HttpRequest, programme: str) -> HttpResponse:
    """Register everything at once; answers in JSON to whoever accepts only that."""
    offer, form = offer_of(programme), _form_sent(request)
    case = form.get("case") or new_key()
    answers = answers_in(form, offer.programme, offer.asked)
    wait = _wait_for(request)
    if wait:
        return _too_fast(request, offer, case, answers, wait)
    problems = _files_in(request, offer, case, answers)
    if problems:
        return _refused(request, offer, case, answers, FieldsRefused(problems))
    try:
        outcome = _registered(offer, case, answers)
    except Refused as refused:
        return _refused(request, offer, case, answers, refused)
    return _confirmed(request, offer, outcome)


def _wait_for(request: HttpRequest) -> int:
    """Return for how many seconds whoever sends from this address has to wait."""
    most = settings.LUOSHI.reports_a_minute
    return PACE.wait(client_of(request), most) if most else 0


def _too_fast(
    request: HttpRequest, offer: Offer, case: str, answers: Mapping[str, object], wait: int
) -> HttpResponse:
    """Ask for patience; what was typed stays in the form, to be sent again."""
    sentence = gettext(
        "Many reports have just come from your connection. Please wait a minute and send yours "
        "again: what you have written is still here."
    )
    response: HttpResponse
    if _wants_json(request):
        told = {"code": "report.too_fast", "message": sentence, "problems": []}
        response = JsonResponse(told, status=TOO_MANY)
    else:
        response = _form(request, offer, case, answers, [], sentence, TOO_MANY)
    response.headers["Retry-After"] = str(wait)
    return response


def _form_sent(request: HttpRequest) -> MultiValueDict[str, str]:
    """Return the form; one without files is read by our own reader, which is much faster."""
    if request.content_type != FORM or request.encoding not in (None, "utf-8"):
        return request.POST
    try:
        return MultiValueDict(form_in(request.body, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS))
    except TooManyFields:
        raise TooManyFieldsSent from None


def _files_in(
    request: HttpRequest, offer: Offer, case: str, answers: dict[str, object]
) -> list[FieldProblem]:
    if request.content_type == FORM:
        return []
    return receive(request, offer.programme, offer.asked, case, answers)


def _registered(offer: Offer, case: str, answers: Mapping[str, object]) -> Outcome:
    given = without_doubled_place(offer.programme, {k: v for k, v in answers.items() if v})
    wanted = Request(transition=offer.transition.name, answers=given, case=case, act=case)
    return register(offer.programme.id, wanted, ANYBODY)


def _wants_json(request: HttpRequest) -> bool:
    return bool(request.META.get("HTTP_ACCEPT", "").startswith("application/json"))


def _confirmed(request: HttpRequest, offer: Offer, outcome: Outcome) -> HttpResponse:
    if _wants_json(request):
        told = {
            "case": outcome.case.id,
            "number": outcome.number,
            "code": outcome.code,
            "resent": outcome.resent,
        }
        status = 200 if outcome.resent else CREATED
        return HttpResponse(json.dumps(told), content_type="application/json", status=status)
    context = {"offer": offer, "number": outcome.number, "code": outcome.code}
    return render(request, "intake/done.html", context)


def _refused(
    request: HttpRequest,
    offer: Offer,
    case: str,
    answers: Mapping[str, object],
    refused: Refused,
) -> HttpResponse:
    problems = refused.problems if isinstance(refused, FieldsRefused) else ()
    status = UNPROCESSABLE if problems else CONFLICT
    if _wants_json(request):
        return JsonResponse(_told(refused, problems), status=status)
    sentence = "" if problems else refusal_sentence(refused)
    return _form(request, offer, case, answers, problems, sentence, status)


def _told(refused: Refused, problems: Iterable[FieldProblem]) -> dict[str, Any]:
    return {
        "code": refused.code,
        "message": refusal_sentence(refused),
        "problems": [
            {"field": one.field, "code": one.code, "message": problem_sentence(one)}
            for one in problems
        ],
    }


def _form(
    request: HttpRequest,
    offer: Offer,
    case: str,
    answers: Mapping[str, object],
    problems: Iterable[FieldProblem],
    refusal: str,
    status: int,
) -> HttpResponse:
    problems = list(problems)
    if any(one.field == "id" for one in problems):
        case = new_key()
    sections = [
        (
            page,
            questions_of(offer.programme, page.fields, offer.required, answers, problems),
        )
        for page in pages_of(offer)
    ]
    wrong = [one for _, questions in sections for one in questions if one.problem]
    context = {
        "offer": offer,
        "case": case,
        "sections": sections,
        "problems": wrong,
        "refusal": refusal,
    }
    return render(request, "intake/all.html", context, status=status)
