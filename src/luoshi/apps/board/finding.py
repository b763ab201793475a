"""Finding: of the hot topics that the worker found, what a person may see.

Somebody who may see all cases of the programme sees the topics as they were found. Others see
the part of each that consists of cases they may see, if that still is a topic.

Terms    hot topic 热点问题 · heat 热度 · growth 增长
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from luoshi.actions.topic_boards import ask, parameters_of, within_reach
from luoshi.insight.topics.period import Period
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Programme
from luoshi.kernel.publication import without_small
from luoshi.store.directory import directory
from luoshi.store.programmes import calendar_of
from luoshi.store.queries import scope_of
from luoshi.store.topic_boards import Behind, Found, Kept, Term, kept_topics, visible

MOST_BEHIND = 60
"""Cases behind a topic that are listed."""


@dataclass(frozen=True, slots=True)
class Hot:
    """One topic on the board.

    Attributes:
        heat: As it was found among all cases; ``None`` for somebody who sees a part of them.
        terms: What the heat adds up from, those that count; none for somebody who sees a part.
        earlier, later: Cases of the first and of the second half of the period.
        areas: Cases by area, small counts hidden (``None``).
        behind: The latest cases behind it, the latest first.
    """

    rank: int
    name: str
    heat: float | None
    terms: tuple[Term, ...]
    first: date
    last: date
    place: str
    description: str
    cases: int
    requesters: int
    earlier: int
    later: int
    areas: Mapping[str, int | None]
    behind: tuple[Behind, ...]

    @property
    def trend(self) -> str:
        """``up``, ``down`` or ``even``."""
        if self.later > self.earlier:
            return "up"
        return "down" if self.later < self.earlier else "even"

    @property
    def sign(self) -> str:
        """The number of its first case: by it the topic is found again."""
        return self.behind[-1].number


@dataclass(frozen=True, slots=True)
class Board:
    """The topics of a period.

    Attributes:
        looked_at: Cases among which they were found.
        is_cut: There were more cases than are looked at.
        made: When they were found; ``None`` while the worker has not looked yet.
        is_part: Only a part of the cases is theirs to see.
    """

    topics: tuple[Hot, ...]
    looked_at: int = 0
    is_cut: bool = False
    made: datetime | None = None
    is_part: bool = False


def board_of(programme: Programme, period: Period, actor: Actor, now: datetime) -> Board:
    """Return the hot topics of *programme* as far as *actor* may see the cases behind them."""
    period = within_reach(period)
    ask(programme, period)
    kept = kept_topics(programme.id, period.first, period.last)
    if kept is None or kept.made is None:
        return Board(())
    scope = scope_of(actor, [programme])
    is_part = programme.id not in scope.whole
    found = kept.topics
    if is_part:
        cases = [one.case for topic in kept.topics for one in topic.behind]
        found = tuple(_parts(kept, visible(scope, programme.id, cases), programme))
    half = _half(period, now.astimezone(calendar_of(programme).zone).date())
    topics = tuple(
        _hot(programme, rank, topic, half, is_part=is_part)
        for rank, topic in enumerate(found, start=1)
    )
    return Board(topics, kept.looked_at, kept.is_cut, kept.made, is_part)


def _parts(kept: Kept, seen: frozenset[str], programme: Programme) -> Iterator[Found]:
    """Yield the topics of cases *seen*; their words are those of such a case, or none."""
    least = parameters_of(programme)
    for topic in kept.topics:
        behind = tuple(one for one in topic.behind if one.case in seen)
        several = len({one.who for one in behind}) >= least.least_requesters
        if len(behind) == len(topic.behind):
            yield topic
        elif len(behind) >= least.least_messages and several:
            yield replace(topic, behind=behind, name=behind[0].title, place="", description="")


def _half(period: Period, today: date) -> date:
    """Return the first day of the second half of the part of *period* that is over."""
    last = max(period.first, min(period.last, today))
    return period.first + (last - period.first) / 2 + timedelta(days=1)


def _hot(programme: Programme, rank: int, topic: Found, half: date, *, is_part: bool) -> Hot:
    late = sum(one.opened >= half for one in topic.behind)
    return Hot(
        rank=rank,
        name=topic.name,
        heat=None if is_part else topic.heat,
        terms=() if is_part else tuple(filter(_counts, topic.terms)),
        first=topic.behind[0].opened,
        last=topic.behind[-1].opened,
        place=topic.place,
        description=topic.description,
        cases=len(topic.behind),
        requesters=len({one.who for one in topic.behind}),
        earlier=len(topic.behind) - late,
        later=late,
        areas=_areas(topic.behind, programme.publication.hide_counts_below),
        behind=topic.behind[::-1],
    )


def _counts(term: Term) -> bool:
    """Is there something to say of *term*? That there are no votes is not."""
    return bool(term.points) or (term.name == "growth" and term.weight > 0)


def _areas(behind: Iterable[Behind], hide_below: int) -> dict[str, int | None]:
    """Count by the finest areas that people know by name, not the grids themselves.

    Where all of these counts are too small to be shown, by the areas around them.
    """
    known = directory().areas
    grids = set(directory().leaves)
    places = [one.area for one in behind if one.area in known]
    places = [(known[code].parent or code) if code in grids else code for code in places]
    while True:
        counts = without_small(Counter(places), hide_below)
        wider = [known[code].parent or code for code in places]
        if any(n is not None for n in counts.values()) or wider == places:
            return counts
        places = wider
