"""The pages for 400, 403, 404, 500 and 503: what happened, and what to do now."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = structlog.get_logger(__name__)


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", {"status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the request could not be understood."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403: signed in, but not for this."""
    return _page(request, 403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old, or cookies are refused."""
    log.warning("form refused", path=request.path, reason=reason)
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: no such page, or none this person may know of."""
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours."""
    return _page(request, 500)


def unavailable(request: HttpRequest, reason: Exception) -> HttpResponse:
    """503: the database does not answer; browsers and machines may try again in 30 seconds."""
    log.error("database gone", path=request.path, reason=str(reason))
    response = _page(request, 503)
    response.headers["Retry-After"] = "30"
    return response
