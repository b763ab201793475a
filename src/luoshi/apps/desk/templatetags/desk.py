"""Tags of the desk: ``{% load desk %}``."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.template.context import RequestContext

from luoshi.apps.desk import words
from luoshi.apps.desk.door import posts_held
from luoshi.apps.desk.opening import openings
from luoshi.apps.desk.wall import decides

register = template.Library()


@register.inclusion_tag("desk/parts/nav.html", takes_context=True)
def desk_nav(context: RequestContext) -> dict[str, object]:
    """Show where one can go at the desk."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    return {
        "openings": openings(actor) if actor else (),
        "decides": decides(actor) if actor else False,
        "here": match.url_name if match else "",
    }


@register.inclusion_tag("desk/parts/account.html", takes_context=True)
def desk_account(context: RequestContext) -> dict[str, object]:
    """Show who is signed in, as what, and for which unit."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    roles = {role.name: words.say(role.labels) for _, role in posts_held(actor)} if actor else {}
    units = dict.fromkeys(post.unit for post in actor.posts if post.unit) if actor else {}
    return {
        "user": request.user,
        "roles": list(roles.values()),
        "units": [words.unit_name(unit) for unit in units],
    }


@register.filter
def entry(found: Mapping[str, object], name: str) -> object:
    """``{{ counts|entry:name }}``: one entry, empty when there is none."""
    return found.get(name, "")
