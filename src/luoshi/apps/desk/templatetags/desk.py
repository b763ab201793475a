"""Tags of the desk: ``{% load desk %}``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django import template
from django.template.context import RequestContext

from luoshi.actions.suggested import is_on
from luoshi.apps.desk import words
from luoshi.apps.desk.advice import dangers_of_case
from luoshi.apps.desk.opening import openings
from luoshi.apps.desk.together_with import may_merge
from luoshi.apps.desk.wall import decides
from luoshi.kernel.access import Actor
from luoshi.store.sight import CaseView
from luoshi.store.turns import posts_held

register = template.Library()


@register.inclusion_tag("desk/parts/nav.html", takes_context=True)
def desk_nav(context: RequestContext) -> dict[str, object]:
    """Show where one can go at the desk."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    return {
        "user": request.user,
        "has_post": bool(actor and posts_held(actor)),
        "openings": openings(actor) if actor else (),
        "decides": decides(actor) if actor else False,
        "has_topics": actor is not None and _has_topics(actor),
        "here": match.url_name if match else "",
    }


def _has_topics(actor: Actor) -> bool:
    return any(is_on(programme.id, "topics") for programme, _ in posts_held(actor))


@register.inclusion_tag("desk/parts/account.html", takes_context=True)
def desk_account(context: RequestContext) -> dict[str, object]:
    """Show who is signed in, as what, and for which unit."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    units = dict.fromkeys(post.unit for post in actor.posts if post.unit) if actor else {}
    return {
        "user": request.user,
        "roles": _roles(actor) if actor else [],
        "units": [words.unit_name(unit) for unit in units],
    }


def _roles(actor: Actor) -> list[str]:
    """Return what the roles of *actor* are called: each as most programmes call it."""
    called: dict[str, Counter[str]] = {}
    for _, role in posts_held(actor):
        called.setdefault(role.name, Counter())[words.say(role.labels)] += 1
    return [names.most_common(1)[0][0] for names in called.values()]


@register.inclusion_tag("desk/parts/danger.html")
def danger_now(view: CaseView) -> dict[str, object]:
    """Show words of danger in a case that can still be handed over."""
    return {"advice": dangers_of_case(view), "number": view.number}


@register.inclusion_tag("desk/parts/similar_begun.html")
def similar_panel(view: CaseView) -> dict[str, object]:
    """Show where similar cases will stand, for those who may merge or take apart."""
    return {"wanted": may_merge(view), "number": view.number}


@register.filter
def entry(found: Mapping[str, object], name: str) -> object:
    """``{{ counts|entry:name }}``: one entry, empty when there is none."""
    return found.get(name, "")
