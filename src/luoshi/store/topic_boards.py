"""Hot topics as the worker found them, for whoever asks ``queries`` which cases they may see.

Terms    hot topic 热点问题 · board 看板
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from luoshi.store.queries import Scope, Wanted, conditions_within
from luoshi.store.statement import cursor


@dataclass(frozen=True, slots=True)
class Behind:
    """A case behind a topic.

    Attributes:
        title: Its title, with what points at a person hidden.
        area: Code of its area, or empty.
        who: A number, the same for the same requester within the topic; never more than that.
    """

    case: str
    number: str
    title: str
    opened: date
    area: str
    who: int


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the heat of a topic, as ``luoshi.insight.topics.Part`` has it."""

    name: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it was found among all cases of the programme, its cases in the order of time."""

    name: str
    heat: float
    terms: tuple[Term, ...]
    place: str
    description: str
    behind: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a period; ``made`` is ``None`` until the worker has looked."""

    made: datetime | None
    looked_at: int
    is_cut: bool
    topics: tuple[Found, ...]


def kept_topics(programme: str, first: date, last: date) -> Kept | None:
    """Return what is kept of *programme* from *first* to *last*; ``None`` if nobody has asked."""
    with cursor() as run:
        run.execute(
            "SELECT made, looked_at, is_cut, topics::text FROM luoshi_topic_board "
            "WHERE programme = %s AND first = %s AND last = %s",
            (programme, first, last),
        )
        row = run.fetchone()
    if row is None:
        return None
    made, looked_at, is_cut, topics = row
    return Kept(made, looked_at, is_cut, tuple(map(_read, json.loads(topics))))


def written(found: Found) -> dict[str, object]:
    """Return *found* as it is kept."""
    cases = [
        [one.case, one.number, one.title, one.opened.isoformat(), one.area, one.who]
        for one in found.behind
    ]
    said = {name: getattr(found, name) for name in ("name", "heat", "place", "description")}
    return said | {"behind": cases, "terms": [list(astuple(term)) for term in found.terms]}


def _read(kept: dict[str, Any]) -> Found:
    behind = tuple(
        Behind(case, number, title, date.fromisoformat(opened), area, who)
        for case, number, title, opened, area, who in kept["behind"]
    )
    terms = tuple(Term(*term) for term in kept.get("terms", ()))  # boards of old have none
    return Found(kept["name"], kept["heat"], terms, kept["place"], kept["description"], behind)


def visible(scope: Scope, programme: str, cases: Iterable[str]) -> frozenset[str]:
    """Return which of *cases* stand in *scope*."""
    if scope.is_empty:
        return frozenset()
    part, values = conditions_within(scope, Wanted(programme=programme))
    with cursor() as run:
        run.execute(
            f"SELECT id::text FROM luoshi_case WHERE {part} AND id = ANY(%(cases)s::uuid[])",
            values | {"cases": list(cases)},
        )
        return frozenset(key for (key,) in run.fetchall())
