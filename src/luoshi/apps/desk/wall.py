"""The wall on the screen: ask to see who reported, decide on it, and look once.

Terms    whistle-blower 举报人 · reveal 揭示 · two-person rule 双人核准
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.actions import clock, wall
from luoshi.apps.desk import words
from luoshi.apps.desk.refusals import sentence_of
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor, posts_of
from luoshi.kernel.errors import CaseNotFound, Refused
from luoshi.store.keys import is_key
from luoshi.store.people import names_of
from luoshi.store.programmes import calendar_of
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView
from luoshi.store.turns import posts_held
from luoshi.store.walls import walled_fields

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to look, as the page lists it."""

    id: str
    who: str
    reason: str
    at: str
    by: str
    state: str
    mine: bool


def kept_apart(view: CaseView) -> frozenset[str]:
    """Return the names of the answers of the case in *view* that stand behind the wall."""
    rule = view.programme.wall
    if rule is None or not set(rule.fields) & set(view.case.sealed):
        return frozenset()
    gone = {a.field for entry in view.timeline for a in entry.answers if a.deleted}
    return walled_fields(view.case.id) if gone & set(rule.fields) else frozenset()


def roles_at(view: CaseView, actor: Actor) -> tuple[bool, bool]:
    """Return whether *actor* may ask to look behind the wall, and whether they may grant it."""
    rule = view.programme.wall
    mine = {post.role for post in posts_of(actor, view.programme, view.case)}
    return (bool(rule and mine & set(rule.asked_by)), bool(rule and mine & set(rule.granted_by)))


@require_http_methods(["GET", "POST"])
@staff
def who(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the requests to see who reported; ask, decide, or look."""
    view = case_numbered(number, actor, clock.now())
    if not any(roles_at(view, actor)) or not kept_apart(view):
        raise CaseNotFound
    if request.method == "GET":
        return _page(request, view, actor)
    try:
        seen = _done(request, view, actor)
    except CaseNotFound:
        raise
    except Refused as refused:
        return _page(request, view, actor, error=sentence_of(refused))
    if seen is None:
        return redirect("desk:who", number)
    return _page(request, view, actor, seen=seen)


def _done(request: HttpRequest, view: CaseView, actor: Actor) -> Mapping[str, object] | None:
    """Do what was sent; return who reported when this was the look."""
    sent, reveal = request.POST.get("do"), request.POST.get("reveal", "")
    if sent == "ask":
        wall.ask(view.case.id, actor, request.POST.get("reason", ""))
        return None
    if not is_key(reveal):
        raise CaseNotFound
    if sent == "look":
        return wall.look(reveal, actor)
    wall.decide(reveal, actor, grant=sent == "grant")
    return None


def _page(
    request: HttpRequest,
    view: CaseView,
    actor: Actor,
    error: str = "",
    seen: Mapping[str, object] | None = None,
) -> HttpResponse:
    may_ask, may_grant = roles_at(view, actor)
    fields = view.programme.fields
    context = {
        "number": view.number,
        "title": view.title,
        "kept": [words.say(fields[name].labels) for name in sorted(kept_apart(view))],
        "seen": [(words.say(fields[name].labels), value) for name, value in (seen or {}).items()],
        "asked": _asked(view, actor),
        "may_ask": may_ask,
        "may_grant": may_grant,
        "error": error,
        "typed": request.POST.get("reason", "") if error else "",
    }
    return render(request, "desk/who.html", context, status=UNPROCESSABLE if error else 200)


def _asked(view: CaseView, actor: Actor) -> list[Asked]:
    found = wall.asked_about(view.case.id)
    names = names_of([one.asked_by for one in found] + [one.granted_by for one in found])
    calendar = calendar_of(view.programme)
    return [
        Asked(
            id=str(one.id),
            who=names.get(one.asked_by, ""),
            reason=one.reason,
            at=words.when(one.asked, calendar, view.now),
            by=names.get(one.granted_by, ""),
            state=wall.state_of(one, view.now),
            mine=one.asked_by == actor.id,
        )
        for one in found
    ]


@require_GET
@staff
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the requests that wait for this person to decide."""
    if not decides(actor):
        raise CaseNotFound
    lines = []
    for one in wall.waiting(actor):
        held = one.asked.astimezone()
        lines.append({"number": one.number, "reason": one.reason, "at": f"{held:%F %H:%M}"})
    return render(request, "desk/reveals.html", {"lines": lines})


def decides(actor: Actor) -> bool:
    """Return whether *actor* holds a role that may grant a look behind some wall."""
    return any(
        programme.wall is not None and role.name in programme.wall.granted_by
        for programme, role in posts_held(actor)
    )
