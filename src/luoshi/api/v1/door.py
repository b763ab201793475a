"""The doors of the routes: staff with a scope, or anybody.

``around`` has found out who asks; a door says who may pass.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security.base import AuthBase

from luoshi.api.v1.caller import Caller, demand
from luoshi.kernel.errors import Refused
from luoshi.store.tokens import ACT, EXPORT, READ


class Door(AuthBase):
    """Lets members of staff pass whose token has *scope*; with no scope, everybody."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """Return the caller.

        Raises:
            Refused: It may not pass.
        """
        caller = caller_in(request)
        return demand(caller, self.scope) if self.scope else caller


def caller_in(request: HttpRequest) -> Caller:
    """Return who asks, as ``around`` has found out."""
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


def staff_in(request: HttpRequest, scope: str) -> Caller | None:
    """Return the caller if it is a member of staff who may use *scope*; else nothing."""
    try:
        return demand(caller_in(request), scope)
    except Refused:
        return None


reading, acting, exporting, anybody = Door(READ), Door(ACT), Door(EXPORT), Door("")
