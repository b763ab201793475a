"""The catalogue of events: every type that this installation knows, and the shape of its data."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from luoshi.formats.events import CaseEvent, PublicEvent, catalogue, schema_of
from luoshi.store.programmes import offered

SECONDS = 600


@require_safe
@conditional_page
def events(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  Django passes it
    """Every type of event, with the JSON Schema of its data."""
    answer = JsonResponse(
        {
            "events": list(catalogue(offered())),
            "schemas": {"case": schema_of(CaseEvent), "public": schema_of(PublicEvent)},
        },
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(answer, public=True, max_age=SECONDS)
    return answer
