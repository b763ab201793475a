"""Open data: published cases as rows, streamed; and counts of all cases, small ones hidden.

Terms    open data 开放数据 · small cell 小单元
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from luoshi.kernel.fact import Json
from luoshi.kernel.programme import Programme
from luoshi.kernel.publication import without_small
from luoshi.store.directory import directory
from luoshi.store.programmes import calendar_of
from luoshi.store.public_queries import tops_of
from luoshi.store.statement import cursor

CHUNK = 2000
FIRST = ("-infinity", "00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One published case, as open data has it."""

    number: str
    category: str
    place: str
    state: str
    kind: str
    opened: datetime
    updated: datetime | None
    promised: datetime | None
    fulfilled: datetime | None
    published: datetime
    lon: float | None
    lat: float | None
    subject: str
    values: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Year:
    """The cases opened in one civil year; ``mark`` differs when one of them has changed."""

    year: int
    count: int
    mark: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases were received: ``None`` where so few that they are hidden."""

    year: int
    by: str
    code: str
    received: int | None


def years(programme: Programme) -> list[Year]:
    """Return the years in which published cases of *programme* were opened."""
    with cursor() as run:
        run.execute(
            "SELECT extract(year FROM opened AT TIME ZONE %s)::int AS year, count(*), "
            "sum(hashtextextended(number || ' ' || published, 0))::text FROM luoshi_public "
            "WHERE programme = %s GROUP BY 1 ORDER BY 1",
            (_zone(programme), programme.id),
        )
        return [Year(*row) for row in run.fetchall()]


COLUMNS = (
    "number, category, place, state, kind, opened, updated, promised, fulfilled, published, "
    "lon, lat, subject, (view -> 'values')::text"
)


def cases_of(programme: Programme, year: int) -> Iterator[OpenCase]:
    """Yield the published cases of *programme* that were opened in *year*, the oldest first."""
    zone = _zone(programme)
    after: tuple[datetime | str, str] = FIRST
    while True:
        with cursor() as run:
            run.execute(
                f'SELECT "case", {COLUMNS} FROM luoshi_public WHERE programme = %(programme)s '
                "AND opened >= make_timestamptz(%(year)s, 1, 1, 0, 0, 0, %(zone)s) "
                "AND opened < make_timestamptz(%(year)s + 1, 1, 1, 0, 0, 0, %(zone)s) "
                'AND (opened, "case") > (%(opened)s::timestamptz, %(key)s::uuid) '
                'ORDER BY opened, "case" LIMIT %(limit)s',
                {
                    "programme": programme.id,
                    "year": year,
                    "zone": zone,
                    "opened": after[0],
                    "key": after[1],
                    "limit": CHUNK,
                },
            )
            rows = run.fetchall()
        for row in rows:
            cells: list[Any] = [*row[1:-1], json.loads(row[-1])]
            yield OpenCase(*cells)
        if len(rows) < CHUNK:
            return
        after = rows[-1][6], str(rows[-1][0])


def counts_of(programme: Programme) -> Iterator[Count]:
    """Yield how many cases, published or not, were received each year, by category and by place.

    Cells below the limit of the programme are hidden, each table by itself. No table crosses two
    of these: a cell hidden in one cannot be computed from another.
    """
    hide = programme.publication.hide_counts_below
    tables: dict[tuple[int, str], Counter[str]] = {}
    tops, known = tops_of(programme), directory()
    for year, category, area, count in _counted(programme):
        by_category = tables.setdefault((year, "category"), Counter())
        by_category[tops.get(category, category)] += count
        if programme.publication.place:
            by_place = tables.setdefault((year, "place"), Counter())
            by_place[known.ancestor(area, programme.publication.place)] += count
    for (year, by), counts in sorted(tables.items()):
        for code, received in sorted(without_small(counts, hide).items()):
            if code:
                yield Count(year, by, code, received)


def _counted(programme: Programme) -> list[tuple[int, str, str, int]]:
    with cursor() as run:
        run.execute(
            "SELECT extract(year FROM opened AT TIME ZONE %s)::int, category, area, count(*) "
            "FROM luoshi_case WHERE programme = %s GROUP BY 1, 2, 3",
            (_zone(programme), programme.id),
        )
        return run.fetchall()


def _zone(programme: Programme) -> str:
    return str(calendar_of(programme).zone)
