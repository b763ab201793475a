"""The door of the desk: who may come in, and as whom.

Every view of the desk passes here. Somebody who is not signed in is asked to; somebody without any
post is told so; a case that a person may not know of is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import translation

from luoshi.actions.own_account import LanguageUnknown, choose_language
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.directory import actor_of
from luoshi.store.programmes import ProgrammeUnknown
from luoshi.store.turns import posts_held

View = Callable[..., HttpResponseBase]

LANGUAGE_AT_SIGN_IN = "desk.language"


def staff(view: View) -> View:
    """Let *view* be called with the actor after the request, for members of staff alone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        with suppress(LanguageUnknown):
            choose_language(request.user, _switched_to(request) or request.user.language)
        translation.activate(request.user.language)
        actor = actor_of(request.user)
        request.actor = actor  # type: ignore[attr-defined]  # for the header of the page
        if not posts_held(actor):
            return render(request, "desk/no_post.html", status=403)
        try:
            response = view(request, actor, *args, **kwargs)
        except (CaseNotFound, ProgrammeUnknown) as unseen:
            raise Http404 from unseen
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def _switched_to(request: HttpRequest) -> str:
    """Return the language that was chosen since signing in, once; empty when none was."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen == request.session.setdefault(LANGUAGE_AT_SIGN_IN, chosen):
        return ""
    request.session[LANGUAGE_AT_SIGN_IN] = chosen
    return chosen


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": resolve_url("account_login")})
    return redirect_to_login(request.get_full_path())
