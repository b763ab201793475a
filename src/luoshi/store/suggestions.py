"""What suggestions rest on, and how often they were kept: by category, never by person.

Terms    kept 采纳 · history 转办记录
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from luoshi.store.matters import texts_of
from luoshi.store.statement import cursor

MOST_ANSWERED = 40
"""Latest cases of a unit, of each sort, whose answers are compared with."""
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

    case: str
    category: str
    area: str
    unit: str
    state: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as far as routing goes: who took it, and where it led."""

    role: str
    state: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A case that a person gave another category than the one suggested, at once or later.

    ``category`` is the one that it has now.
    """

    case: str
    category: str
    decided: datetime


def measured() -> list[Measured]:
    """Return how often each kind of suggestion was kept for good, by programme and category."""
    with cursor() as run:
        run.execute(
            "SELECT programme, kind, category, count(*), "
            "count(*) FILTER (WHERE kept AND corrected IS NULL) "
            "FROM luoshi_suggestion GROUP BY programme, kind, category ORDER BY 1, 2, 3"
        )
        return [Measured(*row) for row in run.fetchall()]


def routed(programme: str, limit: int = MOST_ROUTED) -> list[RoutedRow]:
    """Return where the latest cases of *programme* went, the latest first."""
    with cursor() as run:
        run.execute(
            "SELECT id::text, category, area, unit, state FROM ("
            "SELECT id, programme, category, area, unit, state FROM luoshi_case "
            "ORDER BY opened DESC, id DESC LIMIT %s) q "
            "WHERE programme = %s AND category <> '' AND unit <> ''",
            (limit, programme),
        )
        return [RoutedRow(*row) for row in run.fetchall()]


def steps_since_routing(cases: Sequence[str], holder: str) -> dict[str, list[Taken]]:
    """Return the steps taken on each of *cases* since a unit was last named in *holder*."""
    found: dict[str, list[Taken]] = {}
    with cursor() as run:
        run.execute(
            "SELECT case_id::text, said->'by'->>1, said->>'to', said->'values'->>%s IS NOT NULL "
            "FROM (SELECT case_id, seq, body::json said FROM luoshi_fact "
            "WHERE case_id = ANY(%s::uuid[])) facts ORDER BY case_id, seq",
            (holder, list(cases)),
        )
        for case, role, state, names_unit in run.fetchall():
            taken = found.setdefault(case, [])
            taken.clear() if names_unit else taken.append(Taken(role, state))
    return found


def corrections(programme: str, since: datetime, limit: int) -> list[Correction]:
    """Return what people chose instead of the category suggested, in order, after *since*.

    Cases whose requester is kept behind a wall are left out: nothing learns from them.
    """
    with cursor() as run:
        run.execute(
            'SELECT s."case", c.category, coalesce(s.corrected, s.decided) decided '
            'FROM luoshi_suggestion s JOIN luoshi_case c ON c.id = s."case" '
            "WHERE s.programme = %s AND s.kind = 'category' AND c.category <> '' "
            "AND (NOT s.kept OR s.corrected IS NOT NULL) "
            "AND coalesce(s.corrected, s.decided) > %s "
            'AND NOT EXISTS (SELECT FROM luoshi_walled w WHERE w.case_id = s."case") '
            "ORDER BY decided, s.id LIMIT %s",
            (programme, since, limit),
        )
        return [Correction(str(case), category, at) for case, category, at in run.fetchall()]


def answered_lately(
    programme: str, unit: str, field: str, apart_from: str, limit: int = MOST_ANSWERED
) -> list[str]:
    """Return the latest answers of *unit* to *field*, the cases still open last; for comparing.

    Two indexed lookups of at most *limit* rows each: what ended last, and what is open now.
    """
    with cursor() as run:
        run.execute(
            "SELECT id FROM ((SELECT id, programme FROM luoshi_case "
            "WHERE unit = %(unit)s AND kind IN ('done', 'void') "
            "ORDER BY moved DESC, id DESC LIMIT %(limit)s) UNION ALL "
            "(SELECT id, programme FROM luoshi_case "
            "WHERE unit = %(unit)s AND kind IN ('open', 'waiting') "
            "ORDER BY coalesce(due, 'infinity'::timestamptz), id LIMIT %(limit)s)) lately "
            "WHERE programme = %(programme)s AND id <> %(own)s::uuid",
            {"unit": unit, "limit": limit, "programme": programme, "own": apart_from},
        )
        cases = [str(key) for (key,) in run.fetchall()]
    texts = texts_of(cases, [field])
    return [texts[key][field] for key in cases if key in texts]
