"""Listing: published cases as requests of the standard; to an application, its own as well.

Terms    request 诉求 · page 页
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from luoshi.actions import clock
from luoshi.api.open311.asking import Ask, Told, answering
from luoshi.api.open311.posting import ROOT, posted
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.api.open311.services import Service, categories_of, services_of
from luoshi.api.open311.telling import request_out
from luoshi.formats.open311 import (
    ParameterWrong,
    box_in,
    degrees,
    instant_in,
    listed,
    metres,
    whole,
)
from luoshi.kernel.fact import instant, moment
from luoshi.store.keys import is_key
from luoshi.store.programmes import calendars
from luoshi.store.public_requests import (
    Listed,
    Near,
    Range,
    count_in,
    requests_in,
    requests_numbered,
)

MOST = 1_000
"""Requests of one answer."""

SPAN = timedelta(days=90)
FURTHEST = 10_000
"""Requests that may lie before a page that is asked by its number."""

KINDS = {"open": ("open", "waiting"), "closed": ("done", "void")}
LINKS = {"X-Next-Page-URL": "next", "X-Previous-Page-URL": "prev"}
MOST_METRES = 100_000
RADIUS = 500.0


@answering("GET", "HEAD", "POST")
def requests(ask: Ask) -> Told:
    """GET requests by any of their properties; POST a new one."""
    if ask.request.method == "POST":
        return posted(ask)
    services = services_of(ask.programmes().values())
    numbers = listed(ask.one("service_request_id"))
    if numbers:
        rows = _numbered(ask, services, numbers)
        return Told(ROOT, [request_out(ask, services, row) for row in rows])
    return _listed(ask, services)


@answering("GET", "HEAD")
def request(ask: Ask, number: str) -> Told:
    """GET one request: an array of one."""
    services = services_of(ask.programmes().values())
    rows = _numbered(ask, services, (number,))
    if not rows:
        raise Stop(404, Problem("case.not_found", "service_request_id"))
    return Told(ROOT, [request_out(ask, services, row) for row in rows])


def own(ask: Ask) -> str:
    """Return who of the facts asks; empty when no good key is shown."""
    application = ask.application()
    return application.doer if application else ""


def programmes_of(services: Mapping[str, Service]) -> tuple[str, ...]:
    """Return the programmes that have a service here: no other case is told of."""
    return tuple(dict.fromkeys(service.programme.id for service in services.values()))


def _numbered(ask: Ask, services: Mapping[str, Service], numbers: Sequence[str]) -> list[Listed]:
    return requests_numbered(numbers, programmes_of(services), own(ask))


def _listed(ask: Ask, services: Mapping[str, Service]) -> Told:
    range_ = _range(ask, services)
    size = whole("page_size", ask.one("page_size"), 1, MOST)
    page = whole("page", ask.one("page"), 1, FURTHEST) or 1
    is_paged = bool(size or ask.one("page") or range_.after)
    size = size or MOST
    offset = 0 if range_.after else (page - 1) * size
    if offset + size > FURTHEST + MOST:
        raise Stop(400, Problem("range.far", "page"))
    rows = requests_in(range_, size + is_paged, offset)
    headers = _headers(ask, range_, rows, page, size) if is_paged else {}
    return Told(ROOT, [request_out(ask, services, row) for row in rows[:size]], headers)


def _range(ask: Ask, services: Mapping[str, Service]) -> Range:
    zone = next(iter(calendars().values())).zone
    given = {
        name: instant_in(name, ask.one(name), zone)
        for name in ("start_date", "end_date", "updated_after", "updated_before")
    }
    changed = _span(given["updated_after"], given["updated_before"])
    is_bound = given["start_date"] or given["end_date"]
    start, end = (None, None) if changed and not is_bound else _window(given)
    return Range(
        programmes=programmes_of(services),
        services=_services(ask, services),
        kinds=_kinds(ask),
        start=start,
        end=end,
        changed_from=changed[0] if changed else None,
        changed_to=changed[1] if changed else None,
        box=box_in(ask.one("bbox")),
        near=_near(ask),
        application=own(ask),
        after=_after(ask.one("after")),
    )


def _window(given: Mapping[str, datetime | None]) -> tuple[datetime, datetime]:
    return span(given["start_date"], given["end_date"], clock.now())


def _span(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime] | None:
    return span(start, end, clock.now()) if start or end else None


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the window asked for: 90 days at most, from *start*; the last ones without any."""
    try:
        if start is None:
            end = end or now
            return end - SPAN, end
        return start, min(end or now, start + SPAN)
    except OverflowError:
        raise ParameterWrong("start_date", "date.invalid") from None


def _services(ask: Ask, services: Mapping[str, Service]) -> tuple[tuple[str, str], ...]:
    """Return pairs of programme and category; a service that is unknown has no requests."""
    wanted = listed(ask.one("service_code"))
    if not wanted:
        return ()
    pairs = [pair for one in wanted if one in services for pair in categories_of(services[one])]
    return tuple(pairs) or (("", ""),)


def _kinds(ask: Ask) -> tuple[str, ...]:
    wanted = [status.lower() for status in listed(ask.one("status"))]
    if not set(wanted) <= set(KINDS):
        raise ParameterWrong("status", "status.unknown")
    return tuple(kind for status in wanted for kind in KINDS[status])


def _near(ask: Ask) -> Near | None:
    lat = degrees("lat", ask.one("lat"), 90)
    long = degrees("long", ask.one("long", "lon"), 180)
    radius = metres("radius", ask.one("radius"), MOST_METRES)
    if lat is not None and long is not None:
        return Near(long, lat, RADIUS if radius is None else radius)
    if lat is None and long is None:
        return None
    raise ParameterWrong("long" if long is None else "lat", "field.missing")


def _after(cursor: str) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, _, case = cursor.partition("_")
    try:
        if is_key(case):
            return moment(at).astimezone(UTC), case
    except (ValueError, OverflowError):
        pass
    raise ParameterWrong("after", "id.invalid")


def _headers(
    ask: Ask, range_: Range, rows: Sequence[Listed], page: int, size: int
) -> dict[str, str]:
    """Return where the pages beside this one are.

    The next one is told by its place, not by its number: what comes in meanwhile shifts nothing.
    """
    count = min(count_in(replace(range_, after=None)), MOST)
    pages = -(-count // size)
    headers = {
        "X-Result-Count": str(count),
        "X-Page-Count": str(pages),
        "X-Page-Size": str(size),
    }
    if len(rows) > size:
        last = rows[size - 1]
        after = f"{instant(last.opened)}_{last.case}"
        headers["X-Next-Page-URL"] = _address(ask, after=after, page_size=str(size), page="")
    if page > 1 and not range_.after:
        before = page - 1 if rows else min(page - 1, max(pages, 1))  # from beyond the end: back
        headers["X-Previous-Page-URL"] = _address(ask, page=str(before))
    return headers | _links(headers)


def _links(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the same places as every client of the web reads them (RFC 8288)."""
    found = [f'<{headers[name]}>; rel="{rel}"' for name, rel in LINKS.items() if name in headers]
    return {"Link": ", ".join(found)} if found else {}


def _address(ask: Ask, **changes: str) -> str:
    """Return the address asked, with other parameters and without the key."""
    given = ask.request.GET.copy()
    for name in ("api_key", "after"):
        given.pop(name, None)
    for name, value in changes.items():
        given[name] = value
        if not value:
            del given[name]
    return ask.request.build_absolute_uri(f"{ask.request.path}?{given.urlencode()}")
