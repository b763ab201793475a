"""Finding: the hot topics of a period among the cases that a person may see.

What comes out is redacted and may be kept for some minutes; the texts it was found in are not.

Terms    hot topic 热点问题 · heat 热度 · growth 增长
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.core.cache import cache

from luoshi.actions.suggesting import text_fields
from luoshi.insight.topics import Message, Parameters, Topic, hot_topics
from luoshi.insight.topics.period import Period
from luoshi.insight.triage.personal import redact
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import without_small
from luoshi.store.directory import directory
from luoshi.store.matters import Matter, opened_between
from luoshi.store.programmes import calendar_of
from luoshi.store.queries import Scope, scope_of

MOST_CASES = 2_000
"""Cases of a period that are looked at, the latest ones."""
MOST_TOPICS = 30
MOST_BEHIND = 60
"""Cases behind a topic that are listed."""
KEPT_SECONDS = 600
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Behind:
    """A case behind a topic, its title redacted."""

    number: str
    title: str
    opened: date


@dataclass(frozen=True, slots=True)
class Hot:
    """One topic on the board.

    Attributes:
        earlier, later: Cases of the first and of the second half of the period.
        areas: Cases by area, small counts hidden (``None``).
    """

    rank: int
    name: str
    heat: float
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


@dataclass(frozen=True, slots=True)
class Board:
    """The topics of a period.

    Attributes:
        looked_at: Cases among which they were found.
        is_cut: There were more cases than are looked at.
        made: When they were found.
    """

    topics: tuple[Hot, ...]
    looked_at: int
    is_cut: bool
    made: datetime


def board_of(programme: Programme, period: Period, actor: Actor, now: datetime) -> Board:
    """Return the hot topics among the cases of *programme* that *actor* may see."""
    scope = scope_of(actor, [programme])
    sign = repr((scope, programme.id, programme.version, period.first, period.last))
    key = f"board/topics/{sha256(sign.encode()).hexdigest()}"
    held = cache.get(key)
    if isinstance(held, Board):
        return held
    found = _found(programme, period, scope, now)
    cache.set(key, found, KEPT_SECONDS)
    return found


def _found(programme: Programme, period: Period, scope: Scope, now: datetime) -> Board:
    zone = calendar_of(programme).zone
    window = _window(period, zone)
    fields = _fields(programme)
    matters = opened_between(scope, programme.id, window, list(fields), MOST_CASES + 1)
    looked_at = matters[:MOST_CASES]
    messages = [_message(programme, one, zone) for one in looked_at]
    topics = hot_topics(messages, Parameters(most_topics=MOST_TOPICS)).topics
    known = {one.number: one for one in looked_at}
    half = _half(period, now.astimezone(zone).date())
    return Board(
        topics=tuple(_hot(programme, topic, known, half) for topic in topics),
        looked_at=len(looked_at),
        is_cut=len(matters) > MOST_CASES,
        made=now,
    )


def _window(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first = min(max(period.first, FIRST_DAY), LAST_DAY)
    last = min(max(period.last, FIRST_DAY), LAST_DAY)
    return (
        datetime.combine(first, time.min, zone),
        datetime.combine(last + timedelta(days=1), time.min, zone),
    )


def _half(period: Period, today: date) -> date:
    """Return the first day of the second half of the part of *period* that is over."""
    first, last = max(period.first, FIRST_DAY), min(period.last, today)
    return first + (last - first) / 2 + timedelta(days=1)


def _fields(programme: Programme) -> dict[str, str]:
    """Return the fields that are read, and what each is for."""
    title, details = text_fields(programme)
    caller = programme.field_of(FieldType.PHONE) or programme.field_of(FieldType.NAME)
    address = programme.field_of(FieldType.ADDRESS)
    named = {title: "subject", details: "details", caller: "requester", address: "place"}
    return {name: use for name, use in named.items() if name}


def _message(programme: Programme, matter: Matter, zone: ZoneInfo) -> Message:
    texts = {use: matter.texts.get(name, "") for name, use in _fields(programme).items()}
    return Message(
        id=matter.number,
        requester=texts.get("requester", ""),
        subject=texts.get("subject", ""),
        at=matter.opened.astimezone(zone).replace(tzinfo=None),
        details=texts.get("details", ""),
        place=texts.get("place", ""),
    )


def _hot(programme: Programme, topic: Topic, known: Mapping[str, Matter], half: date) -> Hot:
    late = sum(message.at.date() >= half for message in topic.messages)
    matters = [known[message.id] for message in topic.messages]
    return Hot(
        rank=topic.rank,
        name=topic.name,
        heat=topic.heat,
        first=topic.first.date(),
        last=topic.last.date(),
        place=topic.place,
        description=topic.description,
        cases=len(topic.messages),
        requesters=topic.requesters,
        earlier=len(topic.messages) - late,
        later=late,
        areas=_areas(matters, programme.publication.hide_counts_below),
        behind=tuple(
            Behind(message.id, redact(message.subject), message.at.date())
            for message in reversed(topic.messages[-MOST_BEHIND:])
        ),
    )


def _areas(matters: Iterable[Matter], hide_below: int) -> dict[str, int | None]:
    """Count by the finest areas that people know by name: not the grids themselves."""
    known = directory()
    grids = set(known.leaves)
    counts = Counter(
        (known.areas[one.area].parent or one.area) if one.area in grids else one.area
        for one in matters
        if one.area in known.areas
    )
    return without_small(counts, hide_below)
