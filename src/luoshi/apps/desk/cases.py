"""Views of one case: the page, its print, its files, and a look at a masked answer."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luoshi.actions import clock
from luoshi.actions.acts import query_code
from luoshi.actions.files import ending_of, open_file
from luoshi.actions.unmasking import unmask
from luoshi.apps.desk.casepage import CasePage, page_of, undo_of
from luoshi.apps.desk.refusals import sentence_of
from luoshi.apps.desk.telling import Told
from luoshi.apps.look.posted import posted
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor, Sight
from luoshi.kernel.errors import CaseNotFound, Refused
from luoshi.kernel.programme import FieldType
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView

OPENED = "desk.opened"
DONE = "luoshi-done"
"""Cookie with the fact of the step just taken, told once: a session would cost a write each."""


@require_GET
@staff
def case(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the case."""
    page = page_of(case_numbered(number, actor, clock.now()))
    return show_case(request, page)


def show_case(request: HttpRequest, page: CasePage, **more: object) -> HttpResponse:
    """Return the page of a case with what the last step came to, told once."""
    view = page.view
    opened = request.session.pop(OPENED, "") == page.number
    done = request.COOKIES.get(DONE)
    fact = view.timeline[-1].fact
    undo = undo_of(view, fact) if done == fact.id else None
    context = {
        "page": page,
        "code": query_code(view.case.id) if opened else "",
        "done": page.timeline[0] if done == fact.id else None,
        "undo": undo,
    }
    response = render(request, "desk/case.html", context | more)
    if done:
        response.delete_cookie(DONE, path=COOKIE_PATH)
    return response


COOKIE_PATH = "/desk/"
COOKIE_SECONDS = 300


def tell_done(response: HttpResponse, fact: str) -> HttpResponse:
    """Let the page that *response* leads to say what the step came to."""
    response.set_cookie(
        DONE,
        fact,
        max_age=COOKIE_SECONDS,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_GET
@staff
def printed(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the case as it goes on paper."""
    page = page_of(case_numbered(number, actor, clock.now()))
    return render(request, "desk/print.html", {"page": page, "now": page.view.now})


@require_GET
@staff
def file(request: HttpRequest, actor: Actor, number: str, key: UUID) -> FileResponse:  # noqa: ARG001
    """Hand out a file that an answer visible to this person names."""
    view = case_numbered(number, actor, clock.now())
    attachment = view.attachments.get(str(key))
    if attachment is None or str(key) not in _visible_files(view):
        raise Http404
    is_image = attachment.kind == "image"
    return FileResponse(
        open_file(attachment),
        as_attachment=not is_image,
        filename=f"{view.number}-{str(key)[-6:]}{ending_of(attachment)}",
        content_type=attachment.media_type,
    )


def _visible_files(view: CaseView) -> set[str]:
    fields = view.programme.fields
    return {
        str(key)
        for entry in view.timeline
        for answer in entry.answers
        if fields[answer.field].type is FieldType.FILES and answer.sight is Sight.WHOLE
        for key in (answer.value if isinstance(answer.value, list) else ())
    }


@staff
@posted("desk:case", "number")
def shown(request: HttpRequest, actor: Actor, number: str, field: str) -> HttpResponse:
    """Show a masked answer once, for a reason that is written down."""
    view = case_numbered(number, actor, clock.now())
    told = next((one for one in page_of(view).about if one.field == field and one.masked), None)
    if told is None:
        raise CaseNotFound
    try:
        value = unmask(view.case.id, field, request.POST.get("reason", ""), actor)
    except CaseNotFound:
        raise
    except Refused as refused:
        return _masked(request, view, told, error=sentence_of(refused))
    return _masked(request, view, told, value=value)


def _masked(
    request: HttpRequest, view: CaseView, told: Told, value: str = "", error: str = ""
) -> HttpResponse:
    context = {"number": view.number, "one": told, "value": value, "error": error}
    if request.headers.get("HX-Request"):
        return render(request, "desk/parts/masked.html", context)
    return render(request, "desk/masked_page.html", context, status=422 if error else 200)
