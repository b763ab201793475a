"""Reporting page by page: a few short questions, check, send, a number.

Everything asked comes from the programme; see ``offers`` and ``pages``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.actions.acts import Outcome, Request, register
from luoshi.actions.sentences import refusal_sentence
from luoshi.apps.intake.checking import checked_some, located, receive, without_doubled_place
from luoshi.apps.intake.drafts import Draft, draft_of, keep, sent, sent_of
from luoshi.apps.intake.entrance import remember
from luoshi.apps.intake.offers import Offer, offer_of, offers
from luoshi.apps.intake.pages import Page, pages_of
from luoshi.apps.look.answers import Said, said_answers
from luoshi.apps.look.files import file_response
from luoshi.apps.look.published import shown
from luoshi.apps.look.questions import Question, answers_in, questions_of
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.errors import FieldProblem, FieldsRefused, Refused
from luoshi.kernel.programme import FieldType
from luoshi.store.attached import attachment_of
from luoshi.store.public_queries import Sought, published

UNPROCESSABLE = 422
GONE = 410


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what can be reported, where to follow, what was settled lately."""
    newest = [shown(row) for row in published(Sought(), limit=4).rows]
    return render(request, "intake/home.html", {"offers": list(offers()), "newest": newest})


@never_cache
@require_safe
def start(request: HttpRequest, programme: str) -> HttpResponse:
    """What will be asked, before anything is."""
    offer = offer_of(programme)
    pages = pages_of(offer)
    return render(
        request,
        "intake/start.html",
        {
            "offer": offer,
            "pages": pages,
            "first": pages[0],
            "draft": draft_of(request, programme),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """One page of questions."""
    offer = offer_of(programme)
    pages = pages_of(offer)
    page = next((page for page in pages if page.slug == slug), None)
    if page is None:
        raise Http404
    draft = draft_of(request, programme) or Draft()
    if request.method != "POST":
        return _asked(request, offer, page, draft.answers, [], 200)
    raw = answers_in(request.POST, offer.programme, page.fields)
    problems = receive(request, offer.programme, page.fields, draft.case, raw)
    answers, wrong = checked_some(offer, page.fields, draft.case, raw)
    if problems or wrong:
        _keep_files(request, offer, page, draft, raw)
        return _asked(request, offer, page, raw, [*problems, *wrong], UNPROCESSABLE)
    draft.answers |= answers
    draft.pages = list(dict.fromkeys([*draft.pages, slug]))
    keep(request, programme, draft)
    return redirect(_after(request, offer, pages, page))


def _keep_files(
    request: HttpRequest, offer: Offer, page: Page, draft: Draft, raw: Mapping[str, object]
) -> None:
    """What has arrived is not asked for again, even when something else on the page is wrong."""
    kept = {
        name: raw[name]
        for name in page.fields
        if offer.programme.fields[name].type is FieldType.FILES and raw.get(name)
    }
    if kept:
        draft.answers |= kept
        keep(request, offer.programme.id, draft)


def _after(request: HttpRequest, offer: Offer, pages: tuple[Page, ...], page: Page) -> str:
    """Return where the person goes from *page*."""
    here = [one.slug for one in pages].index(page.slug)
    if "more" in request.POST:
        return request.get_full_path()
    if "change" in request.GET or here + 1 == len(pages):
        return reverse("intake:check", args=[offer.programme.id])
    return reverse("intake:step", args=[offer.programme.id, pages[here + 1].slug])


def _asked(
    request: HttpRequest,
    offer: Offer,
    page: Page,
    answers: Mapping[str, object],
    problems: Iterable[FieldProblem],
    status: int,
) -> HttpResponse:
    questions = _questions(offer, page, answers, problems)
    pages = pages_of(offer)
    here = [one.slug for one in pages].index(page.slug)
    context = {
        "offer": offer,
        "page": page,
        "questions": questions,
        "problems": [question for question in questions if question.problem],
        "position": here + 1,
        "total": len(pages) + 1,
        "back": _back(request, offer, pages, here),
        "has_files": any(question.control == "files" for question in questions),
    }
    return render(request, "intake/step.html", context, status=status)


def _back(request: HttpRequest, offer: Offer, pages: tuple[Page, ...], here: int) -> str:
    if "change" in request.GET:
        return reverse("intake:check", args=[offer.programme.id])
    if here:
        return reverse("intake:step", args=[offer.programme.id, pages[here - 1].slug])
    return reverse("intake:start", args=[offer.programme.id])


def _questions(
    offer: Offer,
    page: Page,
    answers: Mapping[str, object],
    problems: Iterable[FieldProblem] = (),
) -> tuple[Question, ...]:
    pictures = reverse("intake:start", args=[offer.programme.id]) + "photo/"
    made = questions_of(offer.programme, page.fields, offer.required, answers, problems)
    return tuple(replace(one, pictures=pictures) for one in made)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, programme: str) -> HttpResponse:
    """Everything at a glance, with a way to change each; then send."""
    offer = offer_of(programme)
    draft = draft_of(request, programme)
    if draft is None:
        return _lost(request, offer)
    missing = _first_incomplete(offer, draft)
    if missing:
        return redirect("intake:step", programme, missing)
    if request.method != "POST":
        return _shown(request, offer, draft, [], "")
    try:
        outcome = _registered(offer, draft)
    except FieldsRefused as refused:
        return _shown(request, offer, draft, refused.problems, "")
    except Refused as refused:
        return _shown(request, offer, draft, [], refusal_sentence(refused))
    sent(request, programme, outcome.number, outcome.code)
    remember(request, outcome.number, outcome.case.id)
    return redirect("intake:done", programme)


def _registered(offer: Offer, draft: Draft) -> Outcome:
    answers = without_doubled_place(offer.programme, draft.answers)
    asked = {name: value for name, value in answers.items() if name in offer.asked}
    wanted = Request(
        transition=offer.transition.name, answers=asked, case=draft.case, act=draft.case
    )
    return register(offer.programme.id, wanted, ANYBODY)


def _first_incomplete(offer: Offer, draft: Draft) -> str:
    """Return the slug of the first page that lacks a needed answer; empty when none does."""
    return next(
        (
            page.slug
            for page in pages_of(offer)
            for name in page.fields
            if name in offer.required and draft.answers.get(name) is None
        ),
        "",
    )


def _shown(
    request: HttpRequest,
    offer: Offer,
    draft: Draft,
    problems: Iterable[FieldProblem],
    refusal: str,
) -> HttpResponse:
    answers = located(offer.programme, draft.answers)
    sections: list[dict[str, Any]] = []
    wrong: list[Question] = []
    for page in pages_of(offer):
        wrong += [one for one in _questions(offer, page, draft.answers, problems) if one.problem]
        said: list[Said] = said_answers(
            offer.programme,
            {name: _meant(offer, answers, name) for name in page.fields},
            reverse("intake:start", args=[offer.programme.id]) + "photo/",
        )
        sections.append({"page": page, "said": said})
    pages = pages_of(offer)
    context = {
        "offer": offer,
        "sections": sections,
        "problems": wrong,
        "refusal": refusal,
        "total": len(pages) + 1,
        "back": reverse("intake:step", args=[offer.programme.id, pages[-1].slug]),
    }
    status = UNPROCESSABLE if wrong or refusal else 200
    return render(request, "intake/check.html", context, status=status)


def _meant(offer: Offer, answers: Mapping[str, object], name: str) -> object:
    """Return the answer to *name*; a box that was not ticked is a no."""
    is_box = offer.programme.fields[name].type is FieldType.YES_NO
    return bool(answers.get(name)) if is_box else answers.get(name)


def _lost(request: HttpRequest, offer: Offer) -> HttpResponse:
    """The draft is gone: already sent (then the number is shown), or the session is over."""
    if sent_of(request, offer.programme.id):
        return redirect("intake:done", offer.programme.id)
    return render(request, "intake/lost.html", {"offer": offer}, status=GONE)


@never_cache
@require_safe
def done(request: HttpRequest, programme: str) -> HttpResponse:
    """The number and the query code, to keep."""
    offer = offer_of(programme)
    found = sent_of(request, programme)
    if found is None:
        return _lost(request, offer)
    context = {"offer": offer, "number": found[0], "code": found[1]}
    return render(request, "intake/done.html", context)


@require_safe
def photo(request: HttpRequest, programme: str, key: UUID) -> FileResponse:
    """A photo of a report that is being written, for the person who writes it."""
    draft = draft_of(request, programme)
    found = attachment_of(draft.case, str(key)) if draft else None
    if found is None:
        raise Http404
    return file_response(found)
