"""The API as a whole: its routers, its errors, its description.

Terms    router 路由
"""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from luoshi.api.v1 import (
    cases,
    exports,
    files,
    following,
    places,
    programmes,
    registering,
    searching,
    suggestions,
    transitions,
    unmaskings,
    uploads,
    worklists,
)
from luoshi.api.v1.openapi import described
from luoshi.api.v1.problems import understand
from luoshi.api.v1.written import Renderer

ABOUT = """\
Everything that the screens of Luoshi (落实) can do, for other programs, with the same rights.
Staff send `Authorization: Bearer TOKEN` (`luoshi tokens add`, or the city's identity server) or
use their session; residents need no account to open a case and to follow it with number and
query code.
"""


class V1(NinjaAPI):
    """Version 1. Its description says what ninja cannot know: errors, headers, who may come in."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Return the description (OpenAPI 3.1)."""
        return described(super().get_openapi_schema(*args, **kwargs), self)


api = V1(
    title="Luoshi",
    version="1.0.0",
    description=ABOUT,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    renderer=Renderer(),
)
understand(api)
api.add_router("/cases", cases.router)
api.add_router("/cases", transitions.router)
api.add_router("/cases", files.router)
api.add_router("/cases", unmaskings.router)
api.add_router("/cases", suggestions.of_cases)
api.add_router("/programmes", programmes.router)
api.add_router("/programmes", registering.router)
api.add_router("/areas", places.areas)
api.add_router("/units", places.units)
api.add_router("/worklists", worklists.router)
api.add_router("/suggestions", suggestions.router)
api.add_router("/search", searching.router)
api.add_router("/exports", exports.router)
api.add_router("/uploads", uploads.router)
api.add_router("/follow", following.router)
