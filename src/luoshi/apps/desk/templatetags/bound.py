"""Tags of cases that belong together, of holds and of the wall: ``{% load bound %}``."""

from __future__ import annotations

from django import template
from django.template.context import RequestContext

from luoshi.apps.desk.bound import bound_page, holds_up
from luoshi.apps.desk.wall import kept_apart as names_of_walled
from luoshi.apps.desk.wall import roles_at
from luoshi.store.sight import CaseView

register = template.Library()


@register.inclusion_tag("desk/parts/bound.html", takes_context=True)
def desk_bound(context: RequestContext, view: CaseView) -> dict[str, object]:
    """Show the parts, the main case and the followers."""
    return {"bound": bound_page(view, context["request"].actor)}


@register.inclusion_tag("desk/parts/holds.html")
def desk_holds(view: CaseView) -> dict[str, object]:
    """Show what is put up and not lifted."""
    return {"holds": holds_up(view)}


@register.simple_tag
def kept_apart(view: CaseView) -> frozenset[str]:
    """Return the names of the answers that stand behind the wall."""
    return names_of_walled(view)


@register.simple_tag(takes_context=True)
def may_reveal(context: RequestContext, view: CaseView) -> bool:
    """Return whether this person may ask to look behind the wall, or grant it."""
    return any(roles_at(view, context["request"].actor))
