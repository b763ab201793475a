"""Together: one step on several cases, each its own act.

The form is asked once; every case is decided by itself, and the page says what was done and what
was refused, with the reason. Sending the form again does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from luoshi.actions import acts, clock
from luoshi.apps.desk import words
from luoshi.apps.desk.casepage import Step
from luoshi.apps.desk.casepage import steps as steps_of
from luoshi.apps.desk.questions import Form, answers, form_of, typed
from luoshi.apps.desk.refusals import sentence_of, wrong_answers
from luoshi.apps.look.posted import posted
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound, FieldsRefused, Refused
from luoshi.kernel.programme import FieldType, Transition
from luoshi.kernel.seen import Seen
from luoshi.store.keys import is_key, new_key
from luoshi.store.programmes import calendar_of
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView

MOST = 50
"""Cases that one form may be about."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case."""

    number: str
    title: str
    state: str
    done: bool
    sentence: str = ""


@staff
@posted("desk:worklist")
def together(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask which step, ask for its answers, or take it on every case that was selected."""
    views = _views(request.POST.getlist("number"), actor)
    step = _step(views, request.POST.get("step", ""))
    if step is None or not views:
        return render(request, "desk/together.html", _choice(views))
    if "send" not in request.POST:
        return _form(request, views, step, {})
    return _done(request, actor, views, step)


def _views(numbers: Iterable[str], actor: Actor) -> list[CaseView]:
    """Return the cases among *numbers* that *actor* may see; the others are passed over."""
    views, now = [], clock.now()
    for number in list(dict.fromkeys(numbers))[:MOST]:
        try:
            views.append(case_numbered(number, actor, now))
        except CaseNotFound:
            continue
    return views


def _step(views: Iterable[CaseView], name: str) -> Transition | None:
    found = (view.programme.transitions.get(name) for view in views)
    return next(
        (one for one in found if one and not one.opens and not _has_files(views, one)), None
    )


def _has_files(views: Iterable[CaseView], step: Transition) -> bool:
    """Files are evidence of one case: a step that must have them is taken case by case."""
    kinds = (
        view.programme.fields[need.field].type
        for view in views
        for need in step.needs
        if need.required and need.field in view.programme.fields
    )
    return FieldType.FILES in kinds


def _choice(views: list[CaseView]) -> dict[str, object]:
    """Return the steps that at least one of the cases allows, with how many do."""
    many: dict[str, int] = {}
    offered: dict[str, Step] = {}
    for view in views:
        for step in steps_of(view):
            many[step.name] = many.get(step.name, 0) + 1
            offered.setdefault(step.name, step)
    return {
        "views": views,
        "steps": [(step, many[name]) for name, step in offered.items()],
        "all": len(views),
    }


def _form(
    request: HttpRequest,
    views: list[CaseView],
    step: Transition,
    given: dict[str, object],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    allowed = [view for view in views if any(one.name == step.name for one in view.allowed)]
    context = {
        "views": views,
        "allowed": len(allowed),
        "step": step.name,
        "label": words.say(step.labels),
        "act": _base(request),
        "form": _questions(allowed or views, step, given).told(errors or {}),
    }
    return render(request, "desk/together_form.html", context, status=422 if errors else 200)


def _questions(views: list[CaseView], step: Transition, given: dict[str, object]) -> Form:
    view = views[0]
    form = form_of(
        view.programme, step, Seen(None, {}, view.now), given, calendar_of(view.programme).zone
    )
    return Form(tuple(one for one in form.questions if one.widget != "files"))


def _base(request: HttpRequest) -> str:
    base = request.POST.get("act", "")
    return base if is_key(base) else new_key()


def _done(
    request: HttpRequest, actor: Actor, views: list[CaseView], step: Transition
) -> HttpResponse:
    base = _base(request)
    given = typed(views[0].programme, step, request.POST)
    results: list[Result] = []
    wrong: dict[str, str] = {}
    for view in views:
        try:
            results.append(_taken(view, step, given, base, actor))
        except FieldsRefused as refused:
            wrong |= wrong_answers(refused)
            results.append(_refused(view, refused))
        except Refused as refused:
            results.append(_refused(view, refused))
    if wrong and not any(result.done for result in results):
        return _form(request, views, step, given, wrong)
    context = {
        "results": results,
        "done": sum(result.done for result in results),
        "label": words.say(step.labels),
    }
    return render(request, "desk/together_done.html", context)


def _taken(
    view: CaseView, step: Transition, given: dict[str, object], base: str, actor: Actor
) -> Result:
    sent = answers(view.programme, given, calendar_of(view.programme).zone)
    asked = acts.Request(
        step.name,
        {name: value for name, value in sent.items() if value},
        case=view.case.id,
        act=str(uuid5(UUID(base), view.case.id)),
    )
    outcome = acts.act(asked, actor)
    state = view.programme.states[outcome.case.state]
    return Result(view.number, view.title, words.say(state.labels), done=True)


def _refused(view: CaseView, refused: Refused) -> Result:
    state = view.programme.states[view.case.state]
    sentence = sentence_of(refused, view.programme) or gettext("This is not possible now")
    return Result(view.number, view.title, words.say(state.labels), done=False, sentence=sentence)
