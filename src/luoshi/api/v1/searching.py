"""Search: cases by words in what was written, or by their number. Names are not searched."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from luoshi.actions import clock
from luoshi.api.v1 import shapes
from luoshi.api.v1.cases import columns_in
from luoshi.api.v1.door import caller_in, reading
from luoshi.api.v1.listed import page_told
from luoshi.api.v1.written import written
from luoshi.store.search import find

router = Router(tags=["search"])
Sought = Annotated[str, StringConstraints(min_length=1, max_length=100)]


@router.get("", auth=reading, response=shapes.CasePage)
def search(
    request: HttpRequest, q: Sought, limit: shapes.Limit = 20, fields: shapes.Words = ""
) -> HttpResponse:
    """Cases you may see that hold these words, the latest first. Scope: `read`."""
    actor, now = caller_in(request).actor, clock.now()
    columns = columns_in(fields)
    page = find(actor, q.replace("\0", " "), now, limit)
    return written(page_told(page, actor, columns))
