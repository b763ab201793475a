"""Welcome: the page for people who open the address of this door in a browser.

It says how to begin; every example on it is an address of this very site that answers.

Terms    developer 开发者 · try it 试一试
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.api.open311.asking import MOST_BODY
from luoshi.api.open311.discovery import PAGE, SPECIFICATION
from luoshi.api.open311.door import CONTACT, Door, door
from luoshi.api.open311.listing import MOST, SPAN
from luoshi.api.open311.services import Service, services_of
from luoshi.store.programmes import offered

TEST = "/open311/test/v2/"
MEGABYTE = 1_000_000


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Say how to read, how to send in, where a key comes from and what else there is."""
    context = {
        "base": request.build_absolute_uri(PAGE),
        "test": request.build_absolute_uri(TEST),
        "specification": SPECIFICATION,
        "door": door(),
        "contact": door().contact if door().contact != CONTACT else "",
        "service": _example(door()),
        "most": MOST,
        "days": SPAN.days,
        "megabytes": MOST_BODY // MEGABYTE,
    }
    return render(request, "open311/welcome.html", context)


def _example(known: Door) -> Service | None:
    """Return a service to try: the first with a category, so that there is something to ask."""
    programmes = next(iter(known.jurisdictions.values()), tuple(offered()))
    found = services_of(one for name, one in offered().items() if name in programmes).values()
    return next((one for one in found if one.category), next(iter(found), None))
