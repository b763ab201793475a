"""Unmaskings: to look at a masked answer once, for a reason that is written down.

Terms    unmasking 查看联系方式
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, StringConstraints

from luoshi.actions import clock
from luoshi.actions.unmasking import unmask
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import acting, caller_in
from luoshi.store.queries import case_numbered

router = Router(tags=["cases"])


class Looking(shapes.Body):
    """Which answer is wanted, and why; the person concerned will read it."""

    field: shapes.Code
    reason: Annotated[str, StringConstraints(max_length=1000)]


class Shown(BaseModel):
    """The whole of a masked answer."""

    field: str
    value: str


@router.post("/{number}/unmaskings", auth=acting, response={201: Shown})
def look(request: HttpRequest, number: shapes.Number, body: Looking) -> dict[str, Any]:
    """Look at a masked answer. It is logged, and the person concerned is told. Scope: `act`."""
    actor = caller_in(request).actor
    view = case_numbered(number, actor, clock.now())  # who may not know of it learns nothing
    value = unmask(view.case.id, body.field, body.reason, actor)
    return {"field": body.field, "value": value}
