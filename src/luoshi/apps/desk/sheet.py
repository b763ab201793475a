"""The present list as a table for a spreadsheet: what the list shows, and not a word more.

No contact is in it. Who took it, and how much, is written to the log.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from luoshi.actions import clock
from luoshi.apps.desk.listing import Filters, Line, line, wanted
from luoshi.apps.look.staff import staff
from luoshi.formats.tables import write_csv
from luoshi.kernel.access import Actor
from luoshi.store import queries

MOST = 1000
"""Rows of one table; a list of more is cut off, and says so in its last row."""

log = structlog.get_logger(__name__)


@require_GET
@staff
def table(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hand out the present list as CSV."""
    filters, now = replace(Filters.read(request.GET), words="", after=""), clock.now()
    page = queries.worklist(actor, wanted(filters, actor, now), now, limit=MOST)
    out = io.StringIO(newline="")
    write_csv(out, _columns(), _rows(page, now))
    log.info("list exported", account=actor.id, rows=len(page.rows), tab=filters.tab)
    name = f"luoshi-{filters.tab}-{now:%Y%m%d}.csv"
    return HttpResponse(
        out.getvalue().encode("utf-8-sig"),  # the mark lets spreadsheets read Chinese
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _columns() -> list[str]:
    return [
        gettext("Number"),
        gettext("Matter"),
        gettext("Category"),
        gettext("State"),
        gettext("Unit"),
        gettext("Area"),
        gettext("Opened"),
        gettext("Clock"),
        gettext("Light"),
        gettext("Until"),
    ]


def _rows(page: queries.Page, now: datetime) -> Iterator[list[str]]:
    for row in page.rows:
        yield _cells(line(row, now))
    if page.next:
        yield [gettext("Only the first %(most)d are here.") % {"most": MOST}]


def _cells(one: Line) -> list[str]:
    running = [one.clock.name, one.clock.sign, one.clock.due] if one.clock else ["", "", ""]
    shown = [one.number, one.title, one.category, one.state, one.unit, one.area, one.opened]
    return [*shown, *running]
