"""The board of hot topics: by heat, with growth, where they are, and the cases behind them.

The worker finds them; this page shows what was found, and when.

Terms    hot topic 热点问题 · monthly topic 每月一题
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from luoshi.actions import clock
from luoshi.actions.suggested import is_on
from luoshi.apps.board.finding import MOST_BEHIND, Board, Hot, board_of
from luoshi.apps.look.language import words
from luoshi.apps.look.staff import staff
from luoshi.insight.topics.period import Period, PeriodRefused, period_of
from luoshi.kernel.access import Actor, may_take
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.programme import Programme
from luoshi.store.directory import directory
from luoshi.store.programmes import calendar_of, offered
from luoshi.store.public_queries import named_areas
from luoshi.store.topic_boards import Behind, Term
from luoshi.store.turns import posts_held

DAYS = 30
MOST_PERIOD = 40
QUARTER = 3


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area of a topic with a count that can be shown."""

    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term of the heat in words: what was counted, the sum, what comes out."""

    counted: str
    formula: str
    points: float


@dataclass(frozen=True, slots=True)
class Line:
    """One topic with what only the page needs.

    Attributes:
        small: Areas whose counts are too small to be shown.
        drawn: Counts by area for the map; small ones are not in it.
    """

    hot: Hot
    areas: tuple[AreaLine, ...]
    small: int
    drawn: Mapping[str, int]
    terms: tuple[TermLine, ...]

    @property
    def behind(self) -> tuple[Behind, ...]:
        """The cases that are listed."""
        return self.hot.behind[:MOST_BEHIND]

    @property
    def counts(self) -> str:
        """Counts by area for the map, as JSON."""
        return json.dumps(self.drawn)


def seen_programmes(actor: Actor) -> list[Programme]:
    """Return the programmes of which *actor* may see hot topics."""
    held = {programme.id: programme for programme, _ in posts_held(actor)}
    return [one for one in held.values() if is_on(one.id, "topics")]


@require_GET
@staff
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the hot topics of a period."""
    programmes = seen_programmes(actor)
    wanted = request.GET.get("programme", "")
    programme = next((one for one in programmes if wanted in ("", one.id)), None)
    if programme is None:
        raise CaseNotFound
    today = clock.now().astimezone(calendar_of(programme).zone).date()
    given = request.GET.get("period", "")[:MOST_PERIOD]
    period, problem = read_period(given, today)
    found = board_of(programme, period, actor, clock.now())
    if found.made is not None and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    lines = [_line(hot) for hot in found.topics]
    context = {
        "programme": programme,
        "programmes": programmes,
        "period": period_text(period),
        "periods": list(_periods(today)),
        "problem": problem,
        "lines": lines,
        "all_counts": _all_counts(lines),
        "board": found,
        "made": localized(found.made, programme) if found.made else "",
        "takers": takers(actor) if found.topics else [],
    }
    return render(request, "board/topics.html", context)


def localized(at: datetime, programme: Programme) -> str:
    """Return day and time of *at* in the zone of the service."""
    return f"{at.astimezone(calendar_of(programme).zone):%Y-%m-%d %H:%M}"


def read_period(given: str, today: date) -> tuple[Period, str]:
    """Return the period that was asked for, else the last days, with what is wrong with it."""
    latest = Period(today - timedelta(days=DAYS - 1), today)
    if not given:
        return latest, ""
    try:
        return period_of(given), ""
    except PeriodRefused:
        return latest, gettext("Write a period as 2026-03, 2026Q1 or 2026-03-01..2026-03-15.")


def period_text(period: Period) -> str:
    """Return *period* as an address carries it."""
    return f"{period.first.isoformat()}..{period.last.isoformat()}"


def _periods(today: date) -> Iterator[tuple[str, str]]:
    yield "", gettext("last 30 days")
    yield f"{today:%Y-%m}", gettext("this month")
    before = today.replace(day=1) - timedelta(days=1)
    yield f"{before:%Y-%m}", gettext("last month")
    yield f"{today.year}Q{(today.month - 1) // QUARTER + 1}", gettext("this quarter")
    yield f"{today.year}", gettext("this year")


def takers(actor: Actor) -> list[Programme]:
    """Return the programmes that take topics and in which *actor* may open a case."""
    return [
        one
        for one in offered().values()
        if one.takes_topics and any(_may_open(one, actor) for _ in one.opening[:1])
    ]


def _may_open(programme: Programme, actor: Actor) -> bool:
    held = {post.role for post in actor.posts}
    step = programme.opening[0]
    return bool(held & set(step.by)) and bool(may_take(programme, None, step, actor))


def topic_of(
    programme: Programme, period: Period, number: str, actor: Actor, now: datetime
) -> Hot:
    """Return the topic behind which the case *number* stands: ranks change from hour to hour.

    Raises:
        CaseNotFound: There is none.
    """
    found: Board = board_of(programme, period, actor, now)
    topic = next(
        (hot for hot in found.topics if any(one.number == number for one in hot.behind)), None
    )
    if topic is None:
        raise CaseNotFound
    return topic


def _line(hot: Hot) -> Line:
    known = directory()
    shown = {code: n for code, n in hot.areas.items() if n is not None}
    ordered = sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))
    on_map = set(named_areas(known))
    return Line(
        hot,
        tuple(AreaLine(words(known.areas[code].labels), n) for code, n in ordered),
        len(hot.areas) - len(shown),
        {code: n for code, n in shown.items() if code in on_map},
        tuple(map(_term, hot.terms)),
    )


def _term(term: Term) -> TermLine:
    """Put *term* of the formula of heat into words."""
    if term.name == "growth":
        counted, formula = f"{100 * term.value:+.0f} %", f"{term.weight:g} × {term.value:+.2f}"
    else:
        counted, formula = f"{term.value:.0f}", f"{term.weight:g} × ln(1 + {term.value:.0f})"
    return TermLine(f"{_counted(term.name)} {counted}", formula, term.points)


def _counted(name: str) -> str:
    return {
        "requesters": gettext("different requesters:"),
        "days": gettext("days with a request:"),
        "support": gettext("votes in support:"),
        "opposition": gettext("votes against:"),
        "growth": gettext("growth:"),
    }[name]


def _all_counts(lines: Iterable[Line]) -> str:
    counts = Counter[str]()
    for line in lines:
        counts.update(line.drawn)
    return json.dumps(counts)
