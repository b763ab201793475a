"""Stepping: take one step on one case: the form, and what becomes of it when it is sent.

The form carries the key of the act, so that sending it twice does it once, and the step at which
the case was seen, so that nobody overwrites what somebody else has just done. Whatever happens,
what was typed stays in the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.actions import acts, clock
from luoshi.apps.desk import words
from luoshi.apps.desk.advice import advice_on, matter_of_case, suggested_in
from luoshi.apps.desk.casepage import leads_to, page_of
from luoshi.apps.desk.cases import tell_done
from luoshi.apps.desk.hinting import Look, heeded, look, looked_at, shown, watched
from luoshi.apps.desk.proposals import decided, proposals, proposes
from luoshi.apps.desk.questions import Form, answers, form_of, known, typed
from luoshi.apps.desk.receiving import received
from luoshi.apps.desk.refusals import Refusal, refusal_of, wrong_answers
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor, may_see
from luoshi.kernel.errors import (
    CaseNotFound,
    FieldProblem,
    FieldsRefused,
    Refused,
    TransitionUnknown,
)
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.seen import Seen
from luoshi.store.keys import is_key, new_key
from luoshi.store.programmes import calendar_of, programme_of
from luoshi.store.queries import case_numbered
from luoshi.store.records import given_with
from luoshi.store.sight import CaseView

UNPROCESSABLE, CONFLICT = 422, 409
GONE = "desk.gone"
"""Number of a case that left this person's sight with their own step."""


@dataclass(frozen=True)
class Sheet:
    """A form under way: the step, who it is about, what was typed, what was said against it."""

    view: CaseView
    step: Transition
    act: str
    given: Mapping[str, object]
    refusal: Refusal | None = None
    errors: Mapping[str, str] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Zone in which moments are typed."""
        return calendar_of(self.view.programme).zone

    @property
    def is_allowed(self) -> bool:
        """May this person take the step now?"""
        return any(one.name == self.step.name for one in self.view.allowed)

    @property
    def form(self) -> Form:
        """The questions, with what was typed and what is wrong with it."""
        seen = Seen(self.view.case, {}, self.view.now)
        suggested = proposals(self.view, self.step)
        form = form_of(self.view.programme, self.step, seen, self.given, self.zone, suggested)
        return form.told(self.errors or {})


@require_http_methods(["GET", "POST"])
@staff
def step(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponse:
    """Show the form of a step, or take the step."""
    if request.method == "POST" and (taken := _taken_at_once(request, actor, number, name)):
        return taken
    view = case_numbered(number, actor, clock.now())
    transition = view.programme.transitions.get(name)
    if transition is None or transition.opens:
        raise CaseNotFound
    if request.method == "POST":
        return _taken(request, actor, view, transition)
    begun = known(transition, Seen(view.case, {}, view.now), view.programme)
    return _answered(request, Sheet(view, transition, new_key(), begun))


def _taken_at_once(
    request: HttpRequest, actor: Actor, number: str, name: str
) -> HttpResponse | None:
    """Take the step without reading the page around it, where none is needed to judge it.

    ``None`` when there are files, suggestions or hints to deal with, or when the step is refused:
    the whole page then tells what is the matter.
    """
    sent = request.POST
    if request.FILES or sent.get("suggested") or sent.get("noticed"):
        return None
    try:
        outcome = acts.act_numbered(number, partial(_plainly, sent, name), actor)
    except Refused:
        return None
    if outcome is None:
        return None
    case = outcome.case
    return moved_on(request, actor, programme_of(case.programme, case.version), outcome)


def _plainly(sent: QueryDict, name: str, programme: Programme, case: str) -> acts.Request | None:
    """Return what the form asks for; ``None`` where somebody is to look at the answers first."""
    step = programme.transitions.get(name)
    if step is None or step.opens or looked_at(programme, step) or proposes(programme, step):
        return None
    given = answers(programme, typed(programme, step, sent), calendar_of(programme).zone)
    seen = _number(sent.get("seen", ""))
    return acts.Request(name, given, case=case, act=sent.get("act", ""), seen=seen)


def _taken(
    request: HttpRequest, actor: Actor, view: CaseView, transition: Transition
) -> HttpResponse:
    act = request.POST.get("act", "")
    given = typed(view.programme, transition, request.POST)
    seen = _number(request.POST.get("seen", ""))
    sheet = Sheet(view, transition, act if is_key(act) else new_key(), given)
    seen_before = shown(request.POST, view.case.id, sheet.act)
    noticed = look(view, transition, sheet.act, given, seen_before)
    if sheet.is_allowed and noticed.holds:
        return _held_back(request, actor, sheet, noticed)
    try:
        outcome = take(request, actor, sheet, seen)
    except CaseNotFound:
        raise
    except Refused as refused:
        return _refused(request, actor, sheet, refused, seen)
    return moved_on(request, actor, view.programme, outcome)


def _held_back(request: HttpRequest, actor: Actor, sheet: Sheet, noticed: Look) -> HttpResponse:
    """Show the form again with what was noticed; the files that came with it are kept."""
    view = sheet.view
    problems = received(request.FILES, view.programme, view.case.id, sheet.given, actor)
    errors = wrong_answers(FieldsRefused(problems)) if problems else None
    return _answered(request, replace(sheet, errors=errors), look_at=noticed)


def take(request: HttpRequest, actor: Actor, sheet: Sheet, seen: int | None) -> acts.Outcome:
    """Keep the files that came with the form, and act.

    Raises:
        Refused: Nothing was changed; the files that could be kept stand in ``sheet.given``.
    """
    view, transition = sheet.view, sheet.step
    if transition.name not in view.programme.transitions:
        raise TransitionUnknown(transition=transition.name, allowed="")
    done = next((e.fact for e in view.timeline if e.fact.id == sheet.act), None)
    problems: list[FieldProblem] = []
    if sheet.is_allowed and done is None:
        problems = received(request.FILES, view.programme, view.case.id, sheet.given, actor)
    if problems:
        raise FieldsRefused(problems)
    sent = answers(view.programme, sheet.given, sheet.zone)
    if done is not None and request.FILES:
        sent |= given_with(done, request.FILES)
    asked = acts.Request(
        transition.name,
        sent,
        case=view.case.id,
        act=sheet.act,
        seen=seen,
        suggested=(
            *suggested_in(request.POST, view.case.id, sheet.act),
            *heeded(request.POST, view, transition, sheet.act, sheet.given),
            *decided(view, transition, sheet.given),
        ),
    )
    return acts.act(asked, actor)


def _refused(
    request: HttpRequest, actor: Actor, sheet: Sheet, refused: Refused, seen: int | None
) -> HttpResponse:
    view = case_numbered(sheet.view.number, actor, clock.now())
    told = refusal_of(refused, view, seen, sheet.step)
    wrong = wrong_answers(refused)
    again = Sheet(view, sheet.step, sheet.act, sheet.given, told, wrong)
    status = UNPROCESSABLE if isinstance(refused, FieldsRefused) else CONFLICT
    return _answered(request, again, status)


def _answered(
    request: HttpRequest, sheet: Sheet, status: int = 200, look_at: Look | None = None
) -> HttpResponse:
    matter = matter_of_case(sheet.view, sheet.step, sheet.act, sheet.given)
    context = {
        "advice": advice_on(matter, sheet.view.allowed) if sheet.is_allowed else None,
        "look": look_at,
        "is_watched": bool(watched(sheet.view, sheet.step)),
        "number": sheet.view.number,
        "case_id": sheet.view.case.id,
        "seq": sheet.view.case.seq,
        "sheet": sheet,
        "form": sheet.form,
        "label": words.say(sheet.step.labels),
        "leads": leads_to(sheet.view.programme, sheet.step, sheet.view.case.state),
    }
    if request.headers.get("HX-Request"):
        return render(request, "desk/parts/step.html", context)
    page = page_of(sheet.view)
    return render(request, "desk/case.html", context | {"page": page}, status=status)


def moved_on(
    request: HttpRequest, actor: Actor, programme: Programme, outcome: acts.Outcome
) -> HttpResponse:
    """Go to the case; to the list when this person may no longer see it."""
    if may_see(programme, outcome.case, actor):
        page = HttpResponseRedirect(_address_of(outcome.number))
        return tell_done(page, outcome.fact.id)
    request.session[GONE] = outcome.number
    return redirect("desk:worklist")


def _address_of(number: str) -> str:
    """Return the address of a case; ``reverse`` is asked once for all of them."""
    before, after = _around_number()
    return f"{before}{quote(number)}{after}"


@cache
def _around_number() -> tuple[str, str]:
    before, _, after = reverse("desk:case", args=["NUMBER"]).partition("NUMBER")
    return before, after


def _number(text: str) -> int | None:
    """Return the step at which the form was opened; 0, never the present one, if it is broken."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
