"""Published cases: process and result of what was settled, redacted, never a contact.

Terms    published case 公开件
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from luoshi.actions import clock
from luoshi.apps.look.answers import Said, choice_words, said_answers
from luoshi.apps.look.files import file_response
from luoshi.apps.look.language import words
from luoshi.apps.look.options import Group, area_groups, groups_of
from luoshi.apps.look.promise import promise_words
from luoshi.apps.look.published import category_field, shown
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.directory import directory
from luoshi.store.programmes import offered
from luoshi.store.public_queries import (
    PublicView,
    Sought,
    published,
    published_counts,
    published_numbered,
    published_photo,
)

ASKED = ("category", "place", "q")
MOST_WORDS = 60
COUNTS_SECONDS = 600
PHOTO_SECONDS = 300
"""As long as a copy may be shown after a case was taken down."""

ANY = "00000000-0000-0000-0000-000000000000"


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Published cases, the newest first, by category, place and words."""
    given = asked_in(request)
    page = published(sought(given), request.GET.get("after", "")[: MOST_WORDS * 2])
    asked = {name: value for name, value in given.items() if value}
    here = reverse("public:newest")
    context = {
        "rows": [shown(row) for row in page.rows],
        "given": given,
        "categories": _categories(),
        "areas": area_groups(),
        "counts": _counts(),
        "feed": f"{reverse('public:atom')}?{urlencode(asked)}".rstrip("?"),
        "later": f"{here}?{urlencode({**asked, 'after': page.next})}" if page.next else "",
        "earlier": f"{here}?{urlencode(asked)}".rstrip("?") if request.GET.get("after") else "",
    }
    return render(request, "public/newest.html", context)


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One published case: its steps and its answer."""
    try:
        view = published_numbered(number[:60])
    except CaseNotFound:
        raise Http404 from None
    programme = offered().get(view.programme)
    if programme is None:
        raise Http404
    context = {
        "row": shown(view),
        "said": _said(programme, view),
        "steps": _steps(programme, view),
        "promise": promise_words(view.promise, clock.now()),
    }
    return render(request, "public/case.html", context)


@require_safe
def photo(request: HttpRequest, number: str, key: UUID) -> FileResponse:  # noqa: ARG001
    """A photograph that was released with a published case; gone when the case is taken down."""
    try:
        found = published_photo(number[:60], key)
    except CaseNotFound:
        raise Http404 from None
    response = file_response(found)
    patch_cache_control(response, public=True, max_age=PHOTO_SECONDS)
    return response


def _said(programme: Programme, view: PublicView) -> list[Said]:
    """Return the published answers, without those that already stand in the heading."""
    headed = {FieldType.CODE, FieldType.LINE}
    values = {
        name: value
        for name, value in view.values.items()
        if name in programme.fields and programme.fields[name].type not in headed
    }
    at = reverse("public:photo", args=[view.number, ANY])
    return said_answers(programme, values, at.removesuffix(f"{ANY}/"))


def _steps(programme: Programme, view: PublicView) -> list[tuple[datetime, str]]:
    """Return the public history; steps that the public label does not tell apart become one."""
    steps: list[tuple[datetime, str]] = []
    for step in view.steps:
        state = programme.states.get(step.state)
        told = words(state.public) if state else ""
        if told and (not steps or steps[-1][1] != told):
            steps.append((step.at, told))
    return steps[::-1]


def _publishing() -> list[Programme]:
    return [one for one in offered().values() if one.publication.when is not None]


def _categories() -> tuple[Group, ...]:
    groups: dict[str, Group] = {}
    for programme in _publishing():
        field = category_field(programme)
        for group in groups_of(field, programme.lists) if field else ():
            groups.setdefault(group.code, group)
    return tuple(groups.values())


def _counts() -> list[tuple[str, int | None]]:
    """Return how many cases of each first category are published; ``None`` where too few."""
    told: list[tuple[str, int | None]] = []
    for programme in _publishing():
        field = category_field(programme)
        if field is not None:
            counts = _counted(programme)
            told += [
                (choice_words(programme, field, code), n) for code, n in counts.items() if code
            ]
    return sorted(told, key=lambda one: (one[1] is None, -(one[1] or 0)))


def _counted(programme: Programme) -> dict[str, int | None]:
    """Return the counts, at most ten minutes old: counting looks at everything ever published."""
    key = f"public/counts/{programme.id}"
    counts: dict[str, int | None] | None = cache.get(key)
    if counts is None:
        counts = published_counts(programme)
        cache.set(key, counts, COUNTS_SECONDS)
    return counts


def asked_in(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks for, in words that a database may hold."""
    given = {name: request.GET.get(name, "").replace("\0", "") for name in ASKED}
    return {name: words[:MOST_WORDS] for name, words in given.items()}


def sought(given: Mapping[str, str]) -> Sought:
    """Return what a reader looks for by category, place and words."""
    categories: set[str] = set()
    for group in _categories() if given["category"] else ():
        inside = {option.code for option in group.options}
        if given["category"] == group.code:
            categories |= inside | {group.code}
        elif given["category"] in inside:
            categories.add(given["category"])
    below = directory().below_area.get(given["place"], frozenset())
    return Sought(
        categories=frozenset(categories),
        places=below or frozenset({given["place"]} if given["place"] else ()),
        words=given["q"],
    )
