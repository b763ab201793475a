"""Following a case with its number and query code.

Terms    follow 查询进度 · due 到期 · unmasking 查看联系方式
"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.actions.following import CodesExceeded
from luoshi.apps.intake import entrance
from luoshi.apps.intake.progress import progress_of
from luoshi.apps.look.files import file_response
from luoshi.apps.look.language import moment_words
from luoshi.apps.look.posted import posted
from luoshi.kernel.access import Sight
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.sight import CaseView

FORBIDDEN = 403
TOO_MANY = 429


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for number and query code."""
    number = request.POST.get("number", request.GET.get("number", "")).strip()
    if request.method != "POST":
        return _asked(request, number, "", 200)
    code = request.POST.get("code", "").strip()
    if not number or not code:
        return _asked(request, number, gettext("Please enter both the number and the code"), 422)
    try:
        view = entrance.let_in(request, number, code)
    except CaseNotFound:
        told = gettext("Number and query code do not belong together; compare them sign by sign")
        return _asked(request, number, told, FORBIDDEN)
    except CodesExceeded as many:
        told = gettext("Too many wrong codes were tried. For safety, try again after %(time)s")
        return _asked(request, number, told % {"time": moment_words(many.until)}, TOO_MANY)
    return redirect("intake:case", view.number)


def _asked(request: HttpRequest, number: str, problem: str, status: int) -> HttpResponse:
    context = {
        "number": number[:60],
        "problem": problem,
        "held": list(entrance.followed(request)),
    }
    return render(request, "intake/follow.html", context, status=status)


@posted("intake:follow")
def leave(request: HttpRequest) -> HttpResponse:
    """Forget what this browser follows: for shared computers."""
    entrance.forget(request)
    return redirect("intake:follow")


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Where the matter stands, what comes next, and what the requester may do now."""
    try:
        view = entrance.followed_case(request, number)
    except CaseNotFound:
        return redirect(f"{reverse('intake:follow')}?{urlencode({'number': number[:60]})}")
    return render(request, "intake/case.html", {"view": view, "progress": progress_of(view)})


@never_cache
@require_safe
def file(request: HttpRequest, number: str, key: UUID) -> FileResponse:
    """A photo or document of the case, if the requester may see the answer it belongs to."""
    try:
        view = entrance.followed_case(request, number)
    except CaseNotFound:
        raise Http404 from None
    if str(key) not in _visible(view):
        raise Http404
    return file_response(view.attachments[str(key)])


def _visible(view: CaseView) -> set[str]:
    """Return the keys of the files that stand in answers this person sees whole."""
    return {
        str(key)
        for entry in view.timeline
        for answer in entry.answers
        if answer.sight is Sight.WHOLE and isinstance(answer.value, list)
        for key in answer.value
        if str(key) in view.attachments
    }
