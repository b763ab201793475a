"""The areas as a map draws them. Public: they are names and borders, nothing else."""

from __future__ import annotations

import json

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from luoshi.store.directory import directory
from luoshi.store.public_queries import area_shapes, named_areas

SECONDS = 300


def _drawn() -> bytes:
    """Return the areas as GeoJSON."""
    known = directory()
    version = str(hash(tuple(sorted(known.areas))))
    held: bytes | None = cache.get(f"look/shapes/{version}")
    if held is None:
        features = area_shapes(named_areas(known))
        collection = {"type": "FeatureCollection", "features": features}
        held = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
        cache.set(f"look/shapes/{version}", held, SECONDS)
    return held


@require_safe
@cache_control(public=True, max_age=SECONDS)
@conditional_page
def areas(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Return the finest areas that people know by name, as GeoJSON."""
    return HttpResponse(_drawn(), content_type="application/geo+json")
