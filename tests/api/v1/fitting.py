"""Fitting: is an answer of the API what its shape in the description makes of it?

The routes asked most often answer without looking at every value again. Here it is looked at, as
the framework would have done it, after every answer that a test gets.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from ninja.responses import NinjaJSONEncoder

from luoshi.api.v1.site import api

JSON = "application/json"
ROUTES = [
    (method, re.compile(re.sub(r"{[^}]+}", "[^/]+", router.prefix + path)), one.response_models)
    for router in api._get_bound_routers()
    for path, view in router.path_operations.items()
    for one in view.operations
    for method in one.methods
]


def assert_fits(method: str, path: str, answer: Any) -> None:
    """Refuse an answer that is more, less or other than its shape."""
    if answer.headers.get("Content-Type", "").partition(";")[0] != JSON:
        return
    place = urlsplit(path).path
    shapes = [s for asked, route, s in ROUTES if asked == method and route.fullmatch(place)]
    shape = shapes[0].get(answer.status_code) if shapes else None
    if shape is not None:
        told = json.loads(answer.content)
        assert _fitted(shape, told) == told


def _fitted(shape: Any, told: Any) -> Any:
    made = shape.model_validate({"response": told}).model_dump(exclude_unset=True)
    return json.loads(NinjaJSONEncoder().encode(made["response"]))
