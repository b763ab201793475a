"""Matters: what the comparison of cases and the search for hot topics read of them.

Texts come whole, for computing alone; whoever shows anything of them asks ``queries`` first who is
looking.

Terms    matter 事项 · window 时间范围
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from luoshi.store.queries import Scope, Wanted, conditions_within
from luoshi.store.statement import cursor

LATEST = datetime(9999, 1, 1, tzinfo=UTC)
NO_KEY = "ffffffff-ffff-ffff-ffff-ffffffffffff"


@dataclass(frozen=True, slots=True)
class Matter:
    """One case as it is compared with others."""

    id: str
    number: str
    programme: str
    opened: datetime
    category: str
    area: str
    point: tuple[float, float] | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands now: enough to know whether another may still be the same matter."""

    kind: str
    moved: datetime
    follows: str


COLUMNS = "id, number, programme, opened, category, area, lon, lat"


def opened_before(
    programmes: Sequence[str], at: datetime, key: str, fields: Sequence[str], limit: int
) -> list[Matter]:
    """Return cases opened before another one that nobody has merged, the latest first."""
    with cursor() as run:
        run.execute(
            f"SELECT {COLUMNS} FROM luoshi_case WHERE (opened, id) < (%s, %s) "
            "AND programme = ANY(%s) AND follows IS NULL AND kind <> 'void' "
            "ORDER BY opened DESC, id DESC LIMIT %s",
            (at, key, list(programmes), limit),
        )
        return _matters(run.fetchall(), fields)


def opened_since(
    programmes: Sequence[str], at: datetime, fields: Sequence[str], limit: int
) -> list[Matter]:
    """Return cases opened from *at* on, the earliest first."""
    with cursor() as run:
        run.execute(
            f"SELECT {COLUMNS} FROM luoshi_case WHERE opened >= %s AND programme = ANY(%s) "
            "AND follows IS NULL AND kind <> 'void' ORDER BY opened, id LIMIT %s",
            (at, list(programmes), limit),
        )
        return _matters(run.fetchall(), fields)


def opened_between(
    scope: Scope,
    programme: str,
    window: tuple[datetime, datetime],
    fields: Sequence[str],
    limit: int,
) -> list[Matter]:
    """Return cases in *scope* opened in *window* (end excluded), the latest first."""
    if scope.is_empty:
        return []
    part, values = conditions_within(scope, Wanted(programme=programme))
    with cursor() as run:
        run.execute(
            f"SELECT {COLUMNS} FROM luoshi_case WHERE {part} "
            "AND opened >= %(first)s AND opened < %(last)s "
            "ORDER BY opened DESC, id DESC LIMIT %(limit)s",
            values | {"first": window[0], "last": window[1], "limit": limit},
        )
        return _matters(run.fetchall(), fields)


def _matters(rows: Sequence[tuple[object, ...]], fields: Sequence[str]) -> list[Matter]:
    texts = texts_of([str(row[0]) for row in rows], fields)
    return [
        Matter(
            str(key),
            str(number),
            str(programme),
            opened,  # type: ignore[arg-type]  # the column says so
            str(category),
            str(area),
            None if lon is None or lat is None else (float(str(lon)), float(str(lat))),
            texts.get(str(key), {}),
        )
        for key, number, programme, opened, category, area, lon, lat in rows
    ]


def texts_of(cases: Iterable[str], fields: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the latest answers to *fields* that are still kept, by case and field."""
    found: dict[str, dict[str, str]] = {}
    with cursor() as run:
        run.execute(
            "SELECT DISTINCT ON (case_id, field) case_id, field, value FROM luoshi_personal "
            "WHERE case_id = ANY(%s::uuid[]) AND field = ANY(%s) AND value IS NOT NULL "
            "ORDER BY case_id, field, seq DESC",
            (list(cases), list(fields)),
        )
        for key, field, value in run.fetchall():
            found.setdefault(str(key), {})[field] = str(json.loads(value))
    return found


def standing(cases: Sequence[str]) -> dict[str, Standing]:
    """Return how each of *cases* stands now."""
    with cursor() as run:
        run.execute(
            "SELECT id, kind, moved, follows FROM luoshi_case WHERE id = ANY(%s::uuid[])",
            (list(cases),),
        )
        return {
            str(key): Standing(kind, moved, str(follows or ""))
            for key, kind, moved, follows in run.fetchall()
        }
