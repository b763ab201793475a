"""Matters: what the comparison of cases and the search for hot topics read of them.

Texts come whole, for computing alone; whoever shows anything of them asks ``queries`` first who is
looking.

Terms    matter 事项 · window 时间范围
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from luoshi.store.queries import Scope, Wanted, conditions_within
from luoshi.store.statement import cursor


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


@dataclass(frozen=True, slots=True)
class Touched:
    """A case to which something has happened: its latest fact."""

    case: str
    step: int
    at: datetime


COLUMNS = "id, number, programme, opened, category, area, lon, lat"


Place = tuple[str, str]
"""Where a reading stopped: an instant as PostgreSQL writes it, and a key."""
FIRST_PLACE: Place = ("-infinity", "00000000-0000-0000-0000-000000000000")
LAST_PLACE: Place = ("infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff")


def running_after(
    programmes: Sequence[str], place: Place, fields: Sequence[str], limit: int
) -> list[tuple[Place, Matter]]:
    """Return cases that are not over and in no other, in the order of the index of due times."""
    due = "coalesce(due, 'infinity'::timestamptz)"
    with cursor() as run:
        run.execute(
            f"SELECT {due}::text, {COLUMNS} FROM luoshi_case WHERE kind IN ('open', 'waiting') "
            f"AND ({due}, id) > (%s::timestamptz, %s::uuid) "
            "AND programme = ANY(%s) AND follows IS NULL "
            f"ORDER BY {due}, id LIMIT %s",
            (*place, list(programmes), limit),
        )
        return _placed(run.fetchall(), fields)


def ended_before(
    programmes: Sequence[str], place: Place, since: datetime, fields: Sequence[str], limit: int
) -> list[tuple[Place, Matter]]:
    """Return cases done since then and in no other, the latest first."""
    with cursor() as run:
        run.execute(
            f"SELECT moved::text, {COLUMNS} FROM luoshi_case WHERE kind IN ('done', 'void') "
            "AND (moved, id) < (%s::timestamptz, %s::uuid) AND moved >= %s AND kind = 'done' "
            "AND programme = ANY(%s) AND follows IS NULL "
            "ORDER BY moved DESC, id DESC LIMIT %s",
            (*place, since, list(programmes), limit),
        )
        return _placed(run.fetchall(), fields)


def ended_between(first: datetime, last: datetime) -> list[str]:
    """Return cases that ended from *first* until *last*."""
    with cursor() as run:
        run.execute(
            "SELECT id::text FROM luoshi_case WHERE kind IN ('done', 'void') "
            "AND moved >= %s AND moved < %s",
            (first, last),
        )
        return [key for (key,) in run.fetchall()]


def _placed(
    rows: Sequence[tuple[object, ...]], fields: Sequence[str]
) -> list[tuple[Place, Matter]]:
    matters = _matters([row[1:] for row in rows], fields)
    return [((str(row[0]), one.id), one) for row, one in zip(rows, matters, strict=True)]


def touched_since(at: datetime) -> list[Touched]:
    """Return cases to which something has happened from *at* on, the latest last."""
    with cursor() as run:
        run.execute(
            "SELECT case_id::text, max(seq), max(at) FROM luoshi_fact WHERE at >= %s "
            "GROUP BY case_id ORDER BY 3, 1",
            (at,),
        )
        return [Touched(*row) for row in run.fetchall()]


def comparable(
    cases: Sequence[str], programmes: Sequence[str], since: datetime, fields: Sequence[str]
) -> list[Matter]:
    """Return those of *cases* that are in no other, and not over or done since then."""
    with cursor() as run:
        run.execute(
            f"SELECT {COLUMNS} FROM luoshi_case WHERE id = ANY(%s::uuid[]) "
            "AND programme = ANY(%s) AND follows IS NULL "
            "AND (kind IN ('open', 'waiting') OR kind = 'done' AND moved >= %s)",
            (list(cases), list(programmes), since),
        )
        return _matters(run.fetchall(), fields)


def opened_between(
    scope: Scope,
    programme: str,
    window: tuple[datetime, datetime],
    fields: Sequence[str],
    limit: int,
) -> list[Matter]:
    """Return cases in *scope* opened in *window* (end excluded), the latest first.

    Those that were taken back 撤回 are left out.
    """
    if scope.is_empty:
        return []
    part, values = conditions_within(scope, Wanted(programme=programme))
    with cursor() as run:
        run.execute(
            f"SELECT {COLUMNS} FROM luoshi_case WHERE {part} AND kind <> 'void' "
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
            _point(lon, lat),
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


def _point(lon: object, lat: object) -> tuple[float, float] | None:
    return None if lon is None or lat is None else (float(str(lon)), float(str(lat)))
