"""Deprecation: a route that is to go says so in the description and in every answer.

Terms    deprecation 弃用 · sunset 停用
Source   RFC 9745 (Deprecation), RFC 8594 (Sunset)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.utils.http import http_date
from ninja.decorators import decorate_view
from ninja.utils import contribute_operation_callback

LEAST = timedelta(days=365)
"""How long before it goes a route must say so."""

Route = TypeVar("Route", bound=Callable[..., Any])


def going(since: date, until: date, instead: str) -> Callable[[Route], Route]:
    """Mark a route as one that goes: stands right above the function, below its router line.

    Args:
        since: From when on nobody should begin to use it.
        until: First day on which it is not there any more.
        instead: Address of what to use.

    Raises:
        ValueError: Less than a year lies between.
    """
    if until - since < LEAST:
        raise ValueError(f"a route goes a year after it was deprecated: {since} to {until}")
    headers = {
        "Deprecation": f"@{int(_instant(since).timestamp())}",
        "Sunset": http_date(_instant(until).timestamp()),
        "Link": f'<{instead}>; rel="successor-version"',
    }

    def marked(route: Route) -> Route:
        contribute_operation_callback(route, _in_description)
        decorated: Route = decorate_view(_telling(headers))(route)
        return decorated

    return marked


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _in_description(operation: Any) -> None:
    operation.deprecated = True


def _telling(headers: dict[str, str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def around(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def answered(*args: Any, **kwargs: Any) -> Any:
            response = run(*args, **kwargs)
            for name, value in headers.items():
                response.headers[name] = value
            return response

        return answered

    return around
