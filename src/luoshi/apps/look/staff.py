"""The door of every screen for staff: who may come in, and as whom.

Somebody who is not signed in is asked to; somebody without any post is told so, and shown to the
pages of administrators if they are one; a case that a person may not know of is not there.

Terms    post 岗位 · administrator 系统管理员
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import translation

from luoshi.actions.own_account import LanguageUnknown, account_of, choose_language
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.directory import actor_of
from luoshi.store.programmes import ProgrammeUnknown
from luoshi.store.turns import posts_held

View = Callable[..., HttpResponseBase]

LANGUAGE_AT_SIGN_IN = "desk.language"


def staff(view: View) -> View:
    """Let *view* be called with the actor after the request, for members of staff alone."""
    return _guarded(view, _holds_a_post)


def administrators(view: View) -> View:
    """Let *view* be called so for those who administer this installation, with or without post."""
    return _guarded(view, _administers)


def insiders(view: View) -> View:
    """Let *view* be called so for both."""
    return _guarded(view, _is_inside)


def _is_inside(request: HttpRequest, actor: Actor) -> bool:
    return _administers(request, actor) or _holds_a_post(request, actor)


def _holds_a_post(_: HttpRequest, actor: Actor) -> bool:
    return bool(posts_held(actor))


def _administers(request: HttpRequest, _: Actor) -> bool:
    return account_of(request.user).is_administrator


def _guarded(view: View, may_enter: Callable[[HttpRequest, Actor], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        actor = _entering(request)
        if not may_enter(request, actor):
            return _refused(request, actor)
        try:
            response = view(request, actor, *args, **kwargs)
        except (CaseNotFound, ProgrammeUnknown) as unseen:
            raise Http404 from unseen
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def _refused(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say that this is not for them; show who administers the installation to their work."""
    if posts_held(actor):
        raise PermissionDenied
    is_theirs = _administers(request, actor)
    return render(request, "desk/no_post.html", status=200 if is_theirs else 403)


def _entering(request: HttpRequest) -> Actor:
    """Speak the language of whoever comes in, and say who it is for the header of the page."""
    account = account_of(request.user)
    with suppress(LanguageUnknown):
        choose_language(account, _switched_to(request) or account.language)
    translation.activate(account.language)
    actor = actor_of(account)
    request.actor = actor  # type: ignore[attr-defined]
    return actor


def _switched_to(request: HttpRequest) -> str:
    """Return the language that was chosen since signing in, once; empty when none was."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen == request.session.setdefault(LANGUAGE_AT_SIGN_IN, chosen):
        return ""
    request.session[LANGUAGE_AT_SIGN_IN] = chosen
    return chosen


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = page._replace(scheme="", netloc="", fragment="").geturl()
    address = redirect_to_login(back).url if back else resolve_url("account_login")
    return HttpResponse(headers={"HX-Redirect": address})
