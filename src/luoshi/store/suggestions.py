"""What suggestions rest on, and how often they were kept: by category, never by person.

Terms    kept 采纳 · history 转办记录
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luoshi.store.statement import cursor

MOST_ROUTED = 20_000
"""Latest cases that a suggestion of the unit rests on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How often a kind of suggestion was made and kept, for one category of one programme."""

    programme: str
    kind: str
    category: str
    offered: int
    kept: int


@dataclass(frozen=True, slots=True)
class RoutedRow:
    """One past case as far as routing goes."""

    category: str
    area: str
    unit: str
    state: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A case to which a person gave another category than the one suggested."""

    case: str
    category: str
    decided: datetime


def measured() -> list[Measured]:
    """Return how often each kind of suggestion was kept, by programme and category."""
    with cursor() as run:
        run.execute(
            "SELECT programme, kind, category, count(*), count(*) FILTER (WHERE kept) "
            "FROM luoshi_suggestion GROUP BY programme, kind, category ORDER BY 1, 2, 3"
        )
        return [Measured(*row) for row in run.fetchall()]


def routed(programme: str, limit: int = MOST_ROUTED) -> list[RoutedRow]:
    """Return where the latest cases of *programme* went, the latest first."""
    with cursor() as run:
        run.execute(
            "SELECT category, area, unit, state FROM ("
            "SELECT programme, category, area, unit, state FROM luoshi_case "
            "ORDER BY opened DESC, id DESC LIMIT %s) q "
            "WHERE programme = %s AND category <> '' AND unit <> ''",
            (limit, programme),
        )
        return [RoutedRow(*row) for row in run.fetchall()]


def corrections(programme: str, since: datetime, limit: int) -> list[Correction]:
    """Return what people chose instead of the category suggested, in order, after *since*.

    Cases whose requester is kept behind a wall are left out: nothing learns from them.
    """
    with cursor() as run:
        run.execute(
            'SELECT s."case", s.chosen, s.decided FROM luoshi_suggestion s '
            "WHERE s.programme = %s AND s.kind = 'category' AND NOT s.kept AND s.decided > %s "
            'AND NOT EXISTS (SELECT FROM luoshi_walled w WHERE w.case_id = s."case") '
            "ORDER BY s.decided, s.id LIMIT %s",
            (programme, since, limit),
        )
        return [Correction(str(case), chosen, decided) for case, chosen, decided in run.fetchall()]
