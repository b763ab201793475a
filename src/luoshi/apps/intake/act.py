"""What a requester may do with a case: add, withdraw, rate, ask to reopen.

Whatever the programme allows now; each is a small form made from what the step asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from luoshi.actions.acts import Request
from luoshi.actions.acts import act as acted
from luoshi.actions.sentences import refusal_sentence
from luoshi.apps.intake.checking import receive
from luoshi.apps.intake.entrance import followed_case
from luoshi.apps.look.language import words
from luoshi.apps.look.questions import answers_in, asked_by, questions_of, required_by
from luoshi.kernel.access import requester_of
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, Refused
from luoshi.kernel.programme import SAME, Programme, StateKind, Transition
from luoshi.store.keys import new_key
from luoshi.store.sight import CaseView

UNPROCESSABLE = 422
CONFLICT = 409


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, transition: str) -> HttpResponse:
    """Ask what the step needs, and take it."""
    try:
        view = followed_case(request, number)
    except CaseNotFound:
        return redirect("intake:follow")
    step = next((one for one in view.allowed if one.name == transition), None)
    if request.method != "POST":
        if step is None:
            return redirect("intake:case", view.number)
        return _form(request, view, step, {}, [], "", 200)
    return _taken(request, view, transition)


def _taken(request: HttpRequest, view: CaseView, name: str) -> HttpResponse:
    step = view.programme.transitions.get(name)
    if step is None:
        return redirect("intake:case", view.number)
    answers = answers_in(request.POST, view.programme, asked_by(step))
    problems = receive(request, view.programme, asked_by(step), view.case.id, answers)
    if problems:
        return _form(request, view, step, answers, problems, "", UNPROCESSABLE)
    try:
        acted(_wanted(request, view, step, answers), requester_of(view.case.id))
    except FieldsRefused as refused:
        return _form(request, view, step, answers, refused.problems, "", UNPROCESSABLE)
    except Refused as refused:
        return _form(request, view, step, answers, [], refusal_sentence(refused), CONFLICT)
    messages.success(request, gettext("Done: %(step)s") % {"step": words(step.labels)})
    return redirect("intake:case", view.number)


def _wanted(
    request: HttpRequest, view: CaseView, step: Transition, answers: Mapping[str, object]
) -> Request:
    """A step that moves the case is refused when the case has moved since the person looked."""
    seen = request.POST.get("seen", "")
    moves = step.target != SAME and seen.isascii() and seen.isdigit()
    return Request(
        transition=step.name,
        answers={name: value for name, value in answers.items() if value},
        case=view.case.id,
        act=request.POST.get("act") or new_key(),
        seen=int(seen[:9]) if moves else None,
    )


def _form(
    request: HttpRequest,
    view: CaseView,
    step: Transition,
    answers: Mapping[str, object],
    problems: Iterable[FieldProblem],
    refusal: str,
    status: int,
) -> HttpResponse:
    files = reverse("intake:case", args=[view.number]) + "files/"
    asked = questions_of(view.programme, asked_by(step), required_by(step), answers, problems)
    questions = [replace(one, pictures=files) for one in asked]
    context = {
        "view": view,
        "step": step,
        "questions": questions,
        "problems": [one for one in questions if one.problem],
        "refusal": refusal,
        "act": request.POST.get("act") or new_key(),
        "ends": _ends_in_nothing(view.programme, step),
    }
    return render(request, "intake/act.html", context, status=status)


def _ends_in_nothing(programme: Programme, step: Transition) -> bool:
    """Does the step end the matter without a result? Then it is confirmed in clear words."""
    target = programme.states.get(step.target)
    return target is not None and target.kind is StateKind.VOID
