"""Make a hot topic a case of its own 每月一题: a person completes a draft and registers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from luoshi.actions import acts, clock
from luoshi.actions.sentences import refusal_sentence
from luoshi.apps.board.finding import Hot
from luoshi.apps.board.topics import read_period, seen_programmes, takers, topic_of
from luoshi.apps.look.language import listed
from luoshi.apps.look.questions import answers_in, asked_by, questions_of, required_by
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, Refused
from luoshi.kernel.programme import Programme, Transition
from luoshi.store.keys import is_key, new_key
from luoshi.store.programmes import calendar_of

NUMBERS = 40
"""Numbers of cases that a draft names."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A case under way, made from a topic."""

    programme: Programme
    step: Transition
    case: str
    act: str


@require_http_methods(["GET", "POST"])
@staff
def monthly(request: HttpRequest, actor: Actor, programme: str) -> HttpResponse:
    """Show the form with a draft made from the topic, or register the case."""
    taker = next((one for one in takers(actor) if one.id == programme), None)
    if taker is None or taker.takes_topics is None:
        raise CaseNotFound
    draft = Draft(taker, taker.opening[0], _key(request, "case"), _key(request, "act"))
    if request.method == "POST":
        return _registered(request, actor, draft)
    hot = _topic(request, actor)
    fields, takes = taker.fields, taker.takes_topics
    most = int(fields[takes.title].most or len(hot.name))
    begun: dict[str, object] = {
        takes.title: hot.name[:most],
        takes.details: _draft(hot, int(fields[takes.details].most or 0)),
    }
    return _asked(request, draft, begun)


def _key(request: HttpRequest, name: str) -> str:
    sent = request.POST.get(name, "")
    return sent if is_key(sent) else new_key()


def _topic(request: HttpRequest, actor: Actor) -> Hot:
    source = next(
        (one for one in seen_programmes(actor) if one.id == request.GET.get("from")), None
    )
    if source is None:
        raise CaseNotFound
    now = clock.now()
    today = now.astimezone(calendar_of(source).zone).date()
    period, _ = read_period(request.GET.get("period", ""), today)
    return topic_of(source, period, request.GET.get("case", ""), actor, now)


def _draft(hot: Hot, most: int) -> str:
    """Return the description of a topic with the numbers of the cases behind it."""
    numbers = listed(one.number for one in hot.behind[:NUMBERS])
    told = gettext("%(n)d requests of %(who)d requesters, from %(first)s to %(last)s.") % {
        "n": hot.cases,
        "who": hot.requesters,
        "first": hot.first.isoformat(),
        "last": hot.last.isoformat(),
    }
    behind = gettext("Requests behind it: %(numbers)s") % {"numbers": numbers}
    text = "\n".join(filter(None, [hot.place, hot.description, told, behind]))
    return text[:most] if most else text


def _registered(request: HttpRequest, actor: Actor, draft: Draft) -> HttpResponse:
    given = answers_in(request.POST, draft.programme, asked_by(draft.step))
    sent = {name: value for name, value in given.items() if value not in ("", None, [])}
    asked = acts.Request(draft.step.name, sent, case=draft.case, act=draft.act)
    try:
        outcome = acts.register(draft.programme.id, asked, actor)
    except FieldsRefused as refused:
        return _asked(request, draft, given, refused.problems)
    except Refused as refused:
        return _asked(request, draft, given, sentence=refusal_sentence(refused))
    return redirect("desk:case", outcome.number)


def _asked(
    request: HttpRequest,
    draft: Draft,
    given: Mapping[str, object],
    problems: tuple[FieldProblem, ...] = (),
    sentence: str = "",
) -> HttpResponse:
    names, required = asked_by(draft.step), required_by(draft.step)
    questions = questions_of(draft.programme, names, required, given, problems)
    context = {
        "draft": draft,
        "questions": questions,
        "problems": [one for one in questions if one.problem],
        "sentence": sentence,
    }
    status = 422 if problems or sentence else 200
    return render(request, "board/monthly.html", context, status=status)
