"""The door of the boards: members of staff with a post, each with what they may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.programme import Programme, Relation
from luoshi.store.directory import actor_of
from luoshi.store.programmes import ProgrammeUnknown, offered

View = Callable[..., HttpResponseBase]

OUTSIDE = (Relation.REQUESTER, Relation.SYSTEM)


def staff(view: View) -> View:
    """Let *view* be called with the actor after the request, for those who hold a post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        translation.activate(request.user.language)
        actor = actor_of(request.user)
        request.actor = actor  # type: ignore[attr-defined]  # for the header of the page
        if not programmes_of(actor):
            raise PermissionDenied
        try:
            response = view(request, actor, *args, **kwargs)
        except (CaseNotFound, ProgrammeUnknown) as unseen:
            raise Http404 from unseen
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def programmes_of(actor: Actor) -> list[Programme]:
    """Return the programmes in which *actor* holds a post."""
    held = {post.role for post in actor.posts}
    return [
        programme
        for programme in offered().values()
        if any(
            role.name in held and role.relation not in OUTSIDE for role in programme.roles.values()
        )
    ]
