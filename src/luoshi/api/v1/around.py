"""What goes around every answer: who asks, how often they may, and headers for all.

Terms    rate limit 限流 · deprecation 弃用
Source   headers: RateLimit-* (IETF httpapi draft 07), Retry-After (RFC 9110), Deprecation
         (RFC 9745), Sunset (RFC 8594)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from luoshi.actions import clock
from luoshi.api.v1.caller import Caller, address_of, caller_of
from luoshi.api.v1.errors import DatabaseGone, RateExceeded
from luoshi.api.v1.problems import GONE, method_refused, problem
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.errors import Refused
from luoshi.store.rates import WINDOW_SECONDS, counted, digest_of, seconds_left

View = Callable[..., HttpResponseBase]
log = structlog.get_logger(__name__)
VARY = "Authorization, Cookie, Accept-Language"


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a client may ask, and how often it has."""

    most: int
    count: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """What every answer says about it."""
        return {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Remaining": str(max(0, self.most - self.count)),
            "RateLimit-Reset": str(self.seconds),
            "RateLimit-Policy": f"{self.most};w={WINDOW_SECONDS}",
        }


def around(view: View) -> View:
    """Let *view* know who asks, and no one ask too often."""

    @csrf_exempt  # a session is held to it in ``caller``; a token needs none
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            rate, response = _answered(view, request, args, kwargs)
        except GONE as reason:
            log.warning("database gone", path=request.path, reason=str(reason))
            return problem(DatabaseGone(seconds=30))
        for name, value in rate.headers.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Vary"] = VARY
        return response

    return answered


def _answered(
    view: View, request: HttpRequest, args: Any, kwargs: Any
) -> tuple[Rate, HttpResponseBase]:
    caller, refused = _caller(request)
    rate = rate_of(caller)
    if rate.count > rate.most:
        return rate, problem(RateExceeded(most=rate.most, seconds=rate.seconds))
    if refused is not None:
        return rate, problem(refused)
    request.caller = caller  # type: ignore[attr-defined]  # for the doors of the routes
    response = _headed(view, request, args, kwargs)
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # ninja's own is no problem
        allowed = response.headers["Allow"]
        return rate, method_refused(allowed.replace("GET", "GET, HEAD"))
    return rate, response


def _headed(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
    """Answer HEAD as GET: the server leaves the content out (RFC 9110, 9.3.2)."""
    if request.method != "HEAD":
        return view(request, *args, **kwargs)
    request.method = "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = "HEAD"


def _caller(request: HttpRequest) -> tuple[Caller, Refused | None]:
    try:
        return caller_of(request), None
    except Refused as refused:
        return Caller(ANYBODY, f"address {address_of(request)}"), refused


def rate_of(caller: Caller) -> Rate:
    """Count one request of *caller*, unless that has been done with its token."""
    now = clock.now()
    most = settings.LUOSHI.api_rate if caller.is_known else settings.LUOSHI.api_rate_public
    if caller.count:
        return Rate(most, caller.count, seconds_left(now))
    who = digest_of(settings.SECRET_KEY, caller.key, now, is_address=not caller.is_known)
    return Rate(most, counted(who, now), seconds_left(now))
