"""Feeds: what was published last, for readers of feeds; by area and category like the page.

Terms    feed 订阅源
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.views.decorators.http import conditional_page, require_safe

from luoshi.apps.look.language import words
from luoshi.apps.look.published import shown
from luoshi.apps.public.cases import asked_in, sought
from luoshi.kernel.programme import FieldType
from luoshi.store.directory import directory
from luoshi.store.programmes import offered
from luoshi.store.public_queries import PublicView, published

ENTRIES = 50
SUMMARY = 500
SECONDS = 300
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Feed = type[Atom1Feed] | type[Rss201rev2Feed]


@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """Published cases, the newest first, as Atom 1.0."""
    return _answered(request, Atom1Feed)


@require_safe
@conditional_page
def rss(request: HttpRequest) -> HttpResponse:
    """Published cases, the newest first, as RSS 2.0."""
    return _answered(request, Rss201rev2Feed)


def _answered(request: HttpRequest, kind: Feed) -> HttpResponse:
    given = asked_in(request)
    asked = {name: value for name, value in given.items() if value}
    page = f"{reverse('public:newest')}?{urlencode(asked)}".rstrip("?")
    feed = kind(
        title=gettext("Published matters"),
        link=request.build_absolute_uri(page),
        description=gettext("What was reported and what became of it."),
        author_name=_author(),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
        feed_guid=f"tag:{request.get_host().partition(':')[0]},2026:{page}",
    )
    for row in published(sought(given), limit=ENTRIES).rows:
        _add(feed, row, request)
    content = feed.writeString("utf-8").encode()
    answer = HttpResponse(content, content_type=feed.content_type)
    patch_cache_control(answer, public=True, max_age=SECONDS)
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def _author() -> str:
    """Return who runs the house; a feed must name somebody."""
    known = directory().operator
    return words(known.labels) if known else gettext("Luoshi")


def _add(feed: SyndicationFeed, view: PublicView, request: HttpRequest) -> None:
    row = shown(view)
    address = request.build_absolute_uri(reverse("public:case", args=[view.number]))
    host = request.get_host().partition(":")[0]
    feed.add_item(
        title=_clean(row.subject),
        link=address,
        description=_clean(Truncator(_reply(view) or row.state).chars(SUMMARY)),
        unique_id=f"tag:{host},{view.opened:%Y-%m-%d}:{view.number}",
        unique_id_is_permalink=False,
        pubdate=view.published,
        updateddate=view.published,
        categories=[word for word in (row.programme, row.category, row.place) if word],
    )


def _reply(view: PublicView) -> str:
    """Return the published text, which is where the answer stands."""
    programme = offered().get(view.programme)
    fields = programme.fields if programme else {}
    texts = (
        str(value)
        for name, value in view.values.items()
        if name in fields and fields[name].type is FieldType.TEXT
    )
    return next(texts, "")


def _clean(text: str) -> str:
    """Return *text* without signs that no XML document may hold."""
    return NO_XML.sub("", text)
