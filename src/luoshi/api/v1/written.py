"""Writing: what a route answers, as JSON.

The routes that are asked most often answer with what they have built, as it is: nothing looks at
every value again. A test holds them to the shapes that the description promises.

Units    instants are RFC 3339 in UTC, to the millisecond
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

JSON = "application/json; charset=utf-8"
View = Callable[..., HttpResponse]
TO_MILLISECONDS = 23
"""Signs of ``2026-03-09T09:00:00.123``."""

_encoder = NinjaJSONEncoder(ensure_ascii=False)


def written(body: object, tag: str = "") -> HttpResponse:
    """Return the answer that says *body*, with the entity tag *tag*."""
    response = HttpResponse(text(body), content_type=JSON)
    if tag:
        response.headers["ETag"] = tag
    return response


def text(body: object) -> bytes:
    """Return *body* as JSON."""
    try:
        return orjson.dumps(body, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except TypeError:  # a number of more than 64 bits
        return _encoder.encode(body).encode()


def _plain(value: Any) -> Any:
    if type(value) is datetime and value.tzinfo is UTC:
        return f"{value.isoformat()[: -len('+00:00')][:TO_MILLISECONDS]}Z"
    return _encoder.default(value)


def for_all(view: View) -> View:
    """Let the answer of *view* be kept, and asked for anew only if it has changed.

    For what holds no case. It differs by caller, so nobody on the way may hand it on.
    """
    kept: View = cache_control(private=True, no_cache=True)(conditional_page(view))
    return kept


class Renderer(BaseRenderer):
    """Writes what the other routes answer, after it was fitted to its shape."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        """Return *data* as JSON."""
        return text(data)
