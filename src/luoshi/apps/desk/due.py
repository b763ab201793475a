"""The board of what is near due and late: by light and unit, with the list below it.

It shows units and matters, and never people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luoshi.actions import clock
from luoshi.apps.desk import words
from luoshi.apps.desk.listing import DUE, Filters, line, wanted
from luoshi.apps.desk.pages import ROWS, narrowing
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.store import queries
from luoshi.store.lateness import Lateness, lateness


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit on the board."""

    code: str
    name: str
    late: int
    near: int


@require_GET
@staff
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what is late or near due."""
    filters = replace(Filters.read(request.GET), tab=DUE)
    now = clock.now()
    asked = wanted(filters, actor, now)
    counted = lateness(actor, replace(asked, units=()), now)
    page = queries.worklist(actor, asked, now, filters.after, ROWS)
    context = {
        "filters": filters,
        "late": sum(counted.late.values()),
        "near": sum(counted.near.values()),
        "is_more": counted.is_more,
        "unit_lines": _unit_lines(counted),
        "lines": [line(row, now) for row in page.rows],
        "next": filters.query(after=page.next) if page.next else "",
        "first": filters.query(after=""),
        **narrowing(actor, filters),
    }
    return render(request, "desk/due.html", context)


def _unit_lines(counted: Lateness) -> list[UnitLine]:
    return [
        UnitLine(
            code,
            words.unit_name(code) if code else "",
            counted.late.get(code, 0),
            counted.near.get(code, 0),
        )
        for code in counted.units
    ]
