"""Worklists: the lists of a desk: what waits for me, what is near due, what is open, what ended.

Terms    worklist 工作列表 · my turn 轮到我 · near due 临期
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from luoshi.actions import clock
from luoshi.api.v1 import shapes
from luoshi.api.v1.cases import Filters, Paging, columns_in, wanted_by
from luoshi.api.v1.door import caller_in, reading
from luoshi.api.v1.errors import invalid
from luoshi.api.v1.listed import page_told
from luoshi.api.v1.written import written
from luoshi.kernel.access import Actor
from luoshi.store.queries import ENDED, Wanted, count_upto, is_cursor, worklist
from luoshi.store.turns import near_due, turn_of

router = Router(tags=["worklists"])
NAMES = ("mine", "due", "open", "ended")
COUNTED = 999
NOWHERE = ("",)
"""A state that no case is in: a list for somebody whose turn it never is stays empty."""

Name = Literal["mine", "due", "open", "ended"]


class Count(BaseModel):
    """How many cases a list holds; ``is_more``: there are more than were counted."""

    name: str
    count: int
    is_more: bool


class Counts(BaseModel):
    """Every worklist but that of ended cases, with its length."""

    data: list[Count]


@router.get("", auth=reading, response=Counts)
def list_worklists(request: HttpRequest) -> dict[str, Any]:
    """How many cases wait in each of your lists, counted up to 999. Scope: `read`."""
    actor, now = caller_in(request).actor, clock.now()
    return {"data": [_count(name, actor, now) for name in NAMES[:-1]]}


@router.get("/{name}", auth=reading, response=shapes.CasePage)
def read_worklist(
    request: HttpRequest, name: Name, filters: Query[Filters], paging: Query[Paging]
) -> HttpResponse:
    """One of your lists: `mine` (your turn), `due` (near due or late), `open`, `ended`.

    Scope: `read`.
    """
    actor, now = caller_in(request).actor, clock.now()
    columns = columns_in(paging.fields)
    if paging.after and not is_cursor(paging.after):
        raise invalid("query.after", "this is not the `next` of a page")
    asked = narrowed(name, wanted_by(filters), actor, now)
    page = worklist(actor, asked, now, paging.after, paging.limit)
    return written(page_told(page, actor, columns))


def _count(name: str, actor: Actor, now: datetime) -> dict[str, Any]:
    found = count_upto(actor, narrowed(name, Wanted(), actor, now), COUNTED + 1)
    return {"name": name, "count": min(found, COUNTED), "is_more": found > COUNTED}


def narrowed(name: str, wanted: Wanted, actor: Actor, now: datetime) -> Wanted:
    """Return *wanted* narrowed down to the list *name* of *actor*."""
    if name == "ended":
        return replace(wanted, kinds=ENDED)
    wanted = replace(wanted, kinds=Wanted().kinds)
    if name == "due":
        return replace(wanted, due_before=near_due(actor, now))
    return _mine(wanted, actor) if name == "mine" else wanted


def _mine(wanted: Wanted, actor: Actor) -> Wanted:
    turn = turn_of(actor, wanted.programme)
    states = tuple(one for one in turn.states if not wanted.states or one in wanted.states)
    return replace(wanted, states=states or NOWHERE, units=wanted.units or turn.units)
