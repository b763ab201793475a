"""Views of advice: the suggestions for what has been typed so far. They change nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from luoshi.actions import clock
from luoshi.apps.desk.advice import advice_on, matter_of_case, matter_of_form
from luoshi.apps.desk.opening import openings
from luoshi.apps.desk.questions import typed
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.keys import is_key
from luoshi.store.queries import case_numbered


@require_POST
@staff
def for_new(request: HttpRequest, actor: Actor, programme: str) -> HttpResponse:
    """Suggest for a case that is being registered."""
    found = next((pair for pair in openings(actor) if pair[0].id == programme), None)
    if found is None:
        raise CaseNotFound
    given = typed(*found, request.POST)
    matter = matter_of_form(*found, _key(request, "case"), _key(request, "act"), given)
    return _answered(request, {"advice": advice_on(matter)})


@require_POST
@staff
def for_step(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponse:
    """Suggest for a step on a case."""
    view = case_numbered(number, actor, clock.now())
    step = next((one for one in view.allowed if one.name == name), None)
    if step is None:
        raise CaseNotFound
    given = typed(view.programme, step, request.POST)
    matter = matter_of_case(view, step, _key(request, "act"), given)
    return _answered(
        request, {"advice": advice_on(matter, view.allowed), "number": number, "on_case": True}
    )


def _key(request: HttpRequest, name: str) -> str:
    sent = request.POST.get(name, "")
    return sent if is_key(sent) else ""


def _answered(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return render(request, "desk/parts/advice_moved.html", context)
