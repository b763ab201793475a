"""Views of lists: the worklist, how much is in it, and a case by its number."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from luoshi.actions import clock
from luoshi.apps.desk import choosing, words
from luoshi.apps.desk.listing import TABS, Filters, line, mixed_roles, wanted
from luoshi.apps.desk.opening import openings
from luoshi.apps.desk.stepping import GONE
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store import queries
from luoshi.store.search import find
from luoshi.store.turns import posts_held

ROWS = 20
FOUND = 50
"""Cases that a search shows at most, the latest first."""

COUNTED = 999
"""A tab says how many it holds up to here, and "999+" beyond."""


@require_GET
@staff
def worklist(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the worklist, or go to the case whose number was typed."""
    filters, now = Filters.read(request.GET), clock.now()
    if filters.words:
        with suppress(CaseNotFound):
            found = queries.case_numbered(filters.words, actor, now)
            return redirect("desk:case", found.number)
        page = find(actor, filters.words, now, FOUND)
    else:
        page = queries.worklist(actor, wanted(filters, actor, now), now, filters.after, ROWS)
    context = {
        "filters": filters,
        "lines": [line(row, now) for row in page.rows],
        "next": filters.query(after=page.next) if page.next else "",
        "first": filters.query(after=""),
        "table": filters.query(after="", words=""),
        "found": bool(filters.words),
        "tabs": [(name, filters.query(tab=name, after="", words="")) for name in TABS],
        "missing": bool(filters.words) and not page.rows,
        "gone": request.session.pop(GONE, ""),
        **narrowing(actor, filters),
    }
    template = "desk/parts/rows.html" if _moves(request) else "desk/worklist.html"
    return render(request, template, context)


def _moves(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "rows"


def narrowing(actor: Actor, filters: Filters) -> dict[str, object]:
    """Return what the list can be narrowed down by."""
    programmes = list({one.id: one for one, _ in posts_held(actor)}.values())
    chosen = [one for one in programmes if filters.programme in ("", one.id)]
    return {
        "programmes": programmes,
        "states": _states(chosen),
        "categories": _categories(chosen, filters.category),
        "units": choosing.units(filters.unit),
        "areas": choosing.areas(filters.area),
        "roles": mixed_roles(actor, filters.programme),
        "openings": [(programme, step) for programme, step in openings(actor)],
    }


def _states(programmes: list[Programme]) -> dict[str, str]:
    return {
        state.name: words.say(state.labels)
        for programme in programmes
        for state in programme.states.values()
    }


def _categories(programmes: list[Programme], chosen: str) -> list[choosing.Option]:
    return [
        option
        for programme in programmes
        if (name := programme.field_of(FieldType.CODE))
        for option in choosing.options(programme, programme.fields[name], chosen)
    ]


@require_GET
@staff
def counts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say how many cases each tab holds, counting no further than needed."""
    filters, now = Filters.read(request.GET), clock.now()
    found = {}
    for name in TABS[:-1]:
        asked = wanted(Filters.read(request.GET.dict() | {"tab": name}), actor, now)
        found[name] = queries.count_upto(actor, asked, COUNTED + 1)
    told = {name: f"{COUNTED}+" if many > COUNTED else str(many) for name, many in found.items()}
    return render(request, "desk/parts/counts.html", {"counts": told, "filters": filters})
