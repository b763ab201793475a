"""Opening: register a request on somebody's behalf, while they are on the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luoshi.actions import acts, clock
from luoshi.actions.suggested import switches
from luoshi.apps.desk import words
from luoshi.apps.desk.advice import advice_on, matter_of_form, suggested_in
from luoshi.apps.desk.cases import OPENED
from luoshi.apps.desk.questions import answers, form_of, typed
from luoshi.apps.desk.receiving import received
from luoshi.apps.desk.refusals import sentence_of, wrong_answers
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, Refused
from luoshi.kernel.programme import FieldType, Programme, Transition
from luoshi.kernel.seen import Seen
from luoshi.store.keys import is_key, new_key
from luoshi.store.programmes import calendar_of, programme_of
from luoshi.store.queries import case_numbered
from luoshi.store.records import fact_known, given_with
from luoshi.store.turns import posts_held

CARRIED = (FieldType.CHOICE, FieldType.CODE)
"""Types of answers that an address may fill in beforehand (``?channel=phone``)."""


@dataclass(frozen=True)
class Blank:
    """A registration under way."""

    programme: Programme
    step: Transition
    case: str
    act: str
    given: dict[str, object]


def openings(actor: Actor) -> list[tuple[Programme, Transition]]:
    """Return what *actor* may register on somebody's behalf, by a post of their own."""
    return [
        (programme, step)
        for programme in {one.id: one for one, _ in posts_held(actor)}.values()
        for step in programme.opening
        if {role.name for one, role in posts_held(actor) if one.id == programme.id} & set(step.by)
    ]


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, actor: Actor, programme: str) -> HttpResponse:
    """Show the form of registration, or register."""
    wanted = programme_of(programme)
    step = next((one for known, one in openings(actor) if known.id == wanted.id), None)
    if step is None:
        raise CaseNotFound
    now = clock.now()
    if request.method == "POST":
        return _registered(request, actor, _sent(request, wanted, step), now)
    begun = {n: v for n, v in typed(wanted, step, request.GET).items() if _carried(wanted, n, v)}
    return _asked(request, Blank(wanted, step, new_key(), new_key(), begun), now)


def _carried(programme: Programme, name: str, value: object) -> bool:
    return bool(value) and programme.fields[name].type in CARRIED


def _sent(request: HttpRequest, programme: Programme, step: Transition) -> Blank:
    case, act = request.POST.get("case", ""), request.POST.get("act", "")
    return Blank(
        programme,
        step,
        case if is_key(case) else new_key(),
        act if is_key(act) else new_key(),
        typed(programme, step, request.POST),
    )


def _registered(request: HttpRequest, actor: Actor, blank: Blank, now: datetime) -> HttpResponse:
    before = fact_known(blank.act)
    problems: list[FieldProblem] = []
    if before is None:
        problems = received(request.FILES, blank.programme, blank.case, blank.given, actor)
    sent = answers(blank.programme, blank.given, calendar_of(blank.programme).zone)
    if before is not None:
        sent |= given_with(before, request.FILES)
    try:
        if problems:
            raise FieldsRefused(problems)
        said = suggested_in(request.POST, blank.case, blank.act)
        asked = acts.Request(blank.step.name, sent, case=blank.case, act=blank.act, suggested=said)
        outcome = acts.register(blank.programme.id, asked, actor)
    except Refused as refused:
        wrong = wrong_answers(refused)
        return _asked(request, blank, now, wrong, "" if wrong else sentence_of(refused))
    return _opened(request, actor, outcome)


def _opened(request: HttpRequest, actor: Actor, outcome: acts.Outcome) -> HttpResponse:
    request.session[OPENED] = outcome.number
    try:
        case_numbered(outcome.number, actor, clock.now())
    except CaseNotFound:  # somebody who may register but not follow
        del request.session[OPENED]
        told = {"number": outcome.number, "code": outcome.code}
        return render(request, "desk/opened.html", told)
    return redirect("desk:case", outcome.number)


def _asked(
    request: HttpRequest,
    blank: Blank,
    now: datetime,
    errors: Mapping[str, str] | None = None,
    sentence: str = "",
) -> HttpResponse:
    zone = calendar_of(blank.programme).zone
    form = form_of(blank.programme, blank.step, Seen(None, {}, now), blank.given, zone)
    matter = matter_of_form(blank.programme, blank.step, blank.case, blank.act, blank.given)
    wanted = switches(blank.programme.id)
    context = {
        "advice": advice_on(matter),
        "advice_wanted": wanted.category or wanted.unit or wanted.area or wanted.urgency,
        "programme": words.say(blank.programme.labels),
        "label": words.say(blank.step.labels),
        "rests_on": blank.step.rests_on,
        "blank": blank,
        "form": form.told(errors or {}),
        "sentence": sentence,
    }
    return render(request, "desk/new.html", context, status=422 if errors or sentence else 200)
