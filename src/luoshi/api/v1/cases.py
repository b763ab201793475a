"""Cases: lists of them, and one of them.

Terms    case 事项 · cursor 翻页位置 · sparse fields 字段筛选
"""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from luoshi.actions import clock
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import caller_in, reading
from luoshi.api.v1.errors import invalid
from luoshi.api.v1.keys import tag_of
from luoshi.api.v1.listed import page_told
from luoshi.api.v1.told import case_told
from luoshi.api.v1.written import written
from luoshi.store.directory import directory
from luoshi.store.programmes import offered
from luoshi.store.queries import ENDED, OPEN, Wanted, case_numbered, is_cursor, worklist

router = Router(tags=["cases"])
FIELDS = frozenset(shapes.CaseRow.model_fields)


class Filters(BaseModel):
    """What a list of cases is narrowed down to."""

    programme: shapes.Code = ""
    state: shapes.Code = ""
    kind: Literal["", "open", "ended"] = ""
    unit: shapes.Code = ""
    area: shapes.Code = ""
    category: shapes.Code = ""
    due_before: shapes.Moment | None = None


class Paging(BaseModel):
    """Which part of a list is wanted, and which of its columns."""

    after: shapes.Cursor = ""
    limit: shapes.Limit = 50
    fields: shapes.Words = ""


@router.get("", auth=reading, response=shapes.CasePage)
def list_cases(
    request: HttpRequest, filters: Query[Filters], paging: Query[Paging]
) -> HttpResponse:
    """Cases you may see: open ones with the most urgent first, ended ones with the latest first.

    A unit or area stands for all below it too. Scope: `read`.
    """
    actor, now = caller_in(request).actor, clock.now()
    columns = columns_in(paging.fields)
    if paging.after and not is_cursor(paging.after):
        raise invalid("query.after", "this is not the `next` of a page")
    page = worklist(actor, wanted_by(filters), now, paging.after, paging.limit)
    return written(page_told(page, actor, columns))


@router.get("/{number}", auth=reading, response=shapes.Case)
def read_case(request: HttpRequest, number: shapes.Number) -> HttpResponse:
    """One case as you may see it. The `ETag` is its step. Scope: `read`."""
    view = case_numbered(number, caller_in(request).actor, clock.now())
    return written(case_told(view), tag_of(view.case.seq))


def wanted_by(filters: Filters) -> Wanted:
    """Return the question for ``queries.worklist``."""
    known = directory()
    ended = filters.kind == "ended" or (not filters.kind and _ends(filters.state))
    return Wanted(
        kinds=ENDED if ended else OPEN,
        programme=filters.programme,
        states=(filters.state,) if filters.state else (),
        units=_below(known.below_unit, filters.unit),
        areas=_below(known.below_area, filters.area),
        category=filters.category,
        due_before=filters.due_before,
    )


def _ends(state: str) -> bool:
    found = {one.states[state].kind.is_end for one in offered().values() if state in one.states}
    return found == {True}


def _below(below: Any, code: str) -> tuple[str, ...]:
    """Return *code* with what lies below it; one that does not exist stands for itself alone."""
    return tuple(sorted(below.get(code, {code}))) if code else ()


def columns_in(text: str) -> frozenset[str]:
    """Return the columns that ``fields`` names; all of them when it names none.

    Raises:
        RequestInvalid: A row has no such column.
    """
    wanted = frozenset(word.strip() for word in text.split(",") if word.strip())
    if wanted - FIELDS:
        raise invalid("query.fields", f"a row has these: {', '.join(sorted(FIELDS))}")
    return wanted or FIELDS
