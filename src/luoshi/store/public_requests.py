"""Published cases by time, service, state and place, for other programs.

Only the approved public view is read; to an application that shows its key, also how the cases
stand that it brought in itself: state, dates and category, and not a word more. The promise to
everybody is among the dates; no other clock is.

Terms    request 诉求 · window 时段 · bounding box 范围框
Units    longitude and latitude in degrees, CGCS2000; distances in metres
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, radians
from typing import Any

from luoshi.kernel.fact import Json, moment
from luoshi.store.programmes import programme_of
from luoshi.store.statement import cursor
from luoshi.store.where import Where

METRES_PER_DEGREE = 111_320.0
EARTH = 6_371_000.0
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Near:
    """A circle: everything not farther than *metres* from a point."""

    lon: float
    lat: float
    metres: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the box around the circle."""
        up = self.metres / METRES_PER_DEGREE
        across = up / max(cos(radians(self.lat)), 0.01)
        return self.lon - across, self.lat - up, self.lon + across, self.lat + up


@dataclass(frozen=True, slots=True)
class Range:
    """What is asked for; ``None`` and empty mean anything, except for *programmes*.

    Attributes:
        programmes: Only cases of these.
        services: Pairs of programme and category; empty for every category.
        kinds: Kinds of states.
        start, end: Bounds of the instant at which they were opened, both included.
        changed_from, changed_to: Bounds of the instant at which the public view last changed.
        box: West, south, east, north.
        application: Who of ``Application.doer`` also sees how its own cases stand.
        after: Instant opened and key of the case that came last before.
    """

    programmes: tuple[str, ...]
    services: tuple[tuple[str, str], ...] = ()
    kinds: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    changed_from: datetime | None = None
    changed_to: datetime | None = None
    box: tuple[float, float, float, float] | None = None
    near: Near | None = None
    application: str = ""
    after: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One case in a list. Without a *view* it is not published, and its own application asks.

    Attributes:
        expected: Instant before which everybody was promised a result that is not there yet.
    """

    case: str
    number: str
    programme: str
    category: str
    state: str
    kind: str
    opened: datetime
    updated: datetime | None
    expected: datetime | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    subject: str = ""
    view: Mapping[str, Any] | None = None

    @property
    def values(self) -> Mapping[str, Json]:
        """The published answers."""
        return self.view.get("values", {}) if self.view else {}


PUBLIC = (
    'p."case", p.number, p.programme, p.category, p.state, p.kind, p.opened, p.updated, '
    "CASE WHEN p.fulfilled IS NULL THEN p.promised END, p.place, p.lon, p.lat, p.subject, p.view"
)
OWN = "c.id, c.number, c.programme, c.category, c.state, c.kind, c.opened, {}"
CHANGED = """(SELECT max(s.at) FROM luoshi_fact s WHERE s.case_id = c.id
  AND s.body::jsonb ->> 'from' IS DISTINCT FROM s.body::jsonb ->> 'to')"""
"""When a case last came into another state."""

STANDING = f"""{OWN.format(CHANGED)}, c.version, (SELECT json_object_agg(k.name, k.due)::text
  FROM luoshi_clock k WHERE k.case_id = c.id AND k.state = 'running' AND NOT k.provisional)"""
"""How a case stands, with its version and the clocks that run to a date that is certain."""

BROUGHT = """
luoshi_fact f JOIN luoshi_case c ON c.id = f.case_id
WHERE f.doer = %(application)s AND f.doer LIKE 'app:%%' AND f.seq = 1
  AND c.programme = ANY(%(programmes)s)
"""
UNPUBLISHED = 'NOT EXISTS (SELECT 1 FROM luoshi_public p WHERE p."case" = c.id)'


def requests_in(range_: Range, limit: int, offset: int = 0) -> list[Listed]:
    """Return the cases in *range_*, the latest opened first, without the first *offset*."""
    if not range_.application or range_.box or range_.near:
        return _public(range_, limit, offset)
    most = limit + offset
    rows = [*_public(range_, most), *_own(range_, most)]
    return sorted(rows, key=lambda row: (row.opened, row.case), reverse=True)[offset:most]


def count_in(range_: Range) -> int:
    """Return how many cases lie in *range_*, counting no further than ``MOST_COUNTED``."""
    unbounded = replace(range_, after=None)
    if range_.application:
        return len(requests_in(unbounded, MOST_COUNTED))
    statement, values = _public_statement(unbounded, "1", MOST_COUNTED)
    with cursor() as run:
        run.execute(f"SELECT count(*) FROM ({statement}) q", values)
        (count,) = run.fetchone() or (0,)
    return int(count)


def requests_numbered(
    numbers: Iterable[str], programmes: Sequence[str], application: str = ""
) -> list[Listed]:
    """Return the cases with these register numbers that may be told of, the latest first."""
    wanted = [number for number in numbers if number.isprintable()]
    values = {"numbers": wanted, "programmes": list(programmes), "application": application}
    with cursor() as run:
        run.execute(
            f"SELECT {PUBLIC} FROM luoshi_public p WHERE p.number = ANY(%(numbers)s) "
            "AND p.programme = ANY(%(programmes)s)",
            values,
        )
        found = [_listed(row) for row in run.fetchall()]
        if application:
            run.execute(
                f"SELECT {STANDING} FROM {BROUGHT} AND {UNPUBLISHED} "
                "AND c.number = ANY(%(numbers)s)",
                values,
            )
            found += [_standing(row) for row in run.fetchall()]
    return sorted(found, key=lambda row: (row.opened, row.case), reverse=True)


def changed_in(range_: Range, limit: int) -> list[Listed]:
    """Return published cases that came into another state since ``start``, the earliest first."""
    where = Where()
    where.add("p.programme = ANY(%(programmes)s)", programmes=list(range_.programmes))
    where.add("p.updated >= %(start)s", start=range_.start)
    where.add("p.opened <= %(end)s", end=range_.end, limit=limit)
    with cursor() as run:
        run.execute(
            f"SELECT {PUBLIC} FROM luoshi_public p WHERE {where} "
            'ORDER BY p.updated, p."case" LIMIT %(limit)s',
            where.values,
        )
        return [_listed(row) for row in run.fetchall()]


def histories_of_own(range_: Range, limit: int) -> list[tuple[Listed, list[str]]]:
    """Return the cases an application brought in that moved since ``start``.

    Each comes with the texts of its facts, in order.
    """
    values = {
        "application": range_.application,
        "programmes": list(range_.programmes),
        "start": range_.start,
        "limit": limit,
    }
    with cursor() as run:
        run.execute(
            f"SELECT {OWN.format('c.moved')}, ARRAY(SELECT t.body FROM luoshi_fact t "
            "WHERE t.case_id = c.id ORDER BY t.seq) "
            f"FROM {BROUGHT} AND c.moved >= %(start)s ORDER BY c.moved, c.id LIMIT %(limit)s",
            values,
        )
        return [(_listed(row[:-1]), row[-1]) for row in run.fetchall()]


def _listed(row: Sequence[Any]) -> Listed:
    """A public row has its view at the end, as JSON text; a case of an application has none."""
    values = dict(zip(Listed.__slots__, row, strict=False)) | {"case": str(row[0])}
    if "view" in values:
        values["view"] = json.loads(values["view"])
    return Listed(**values)


def _standing(row: Sequence[Any]) -> Listed:
    """A case of an application is told with its promise, by the rules it was opened under."""
    *plain, version, running = row
    listed = _listed(plain)
    promise = programme_of(listed.programme, version).publication.promise
    due = json.loads(running or "{}").get(promise)
    return replace(listed, expected=moment(due) if due else None)


def _public(range_: Range, limit: int, offset: int = 0) -> list[Listed]:
    statement, values = _public_statement(range_, PUBLIC, limit, offset)
    with cursor() as run:
        run.execute(statement, values, prepare=False)  # planned for these bounds
        return [_listed(row[:-2]) for row in run.fetchall()]


def _public_statement(
    range_: Range, columns: str, limit: int, offset: int = 0
) -> tuple[str, dict[str, Any]]:
    where = _times(range_, "p", "p.published", 'p."case"')
    _kinds(range_, where, "p")
    _places(range_, where)
    where.values |= {"limit": limit, "most": limit + offset, "offset": offset, **_pieces(range_)}
    form = _whole if range_.box or range_.near else _by_pieces
    return form(range_, columns, where), where.values


def _whole(range_: Range, columns: str, where: Where) -> str:
    """Return one scan over everything: small places are found by the index of points."""
    wanted = "p.programme = ANY(%(programmes)s)"
    if range_.services:
        wanted = f"(p.programme, p.category) IN (SELECT * FROM {_table(range_)})"
    return (
        f'SELECT {columns}, p.opened, p."case" FROM luoshi_public p WHERE {wanted} AND {where} '
        'ORDER BY p.opened DESC, p."case" DESC LIMIT %(limit)s OFFSET %(offset)s'
    )


def _by_pieces(range_: Range, columns: str, where: Where) -> str:
    """Return a merger: every programme or service gives its first rows from an index."""
    by_service = " AND p.category = piece.category" if range_.services else ""
    inner = (
        f'SELECT {columns}, p.opened AS o, p."case" AS k FROM luoshi_public p '
        f"WHERE p.programme = piece.programme{by_service} AND {where} "
        'ORDER BY p.opened DESC, p."case" DESC LIMIT %(most)s'
    )
    return (
        f"SELECT q.* FROM {_table(range_)} CROSS JOIN LATERAL ({inner}) q "
        "ORDER BY q.o DESC, q.k DESC LIMIT %(limit)s OFFSET %(offset)s"
    )


def _table(range_: Range) -> str:
    if range_.services:
        return (
            "unnest(%(programmes)s::text[], %(categories)s::text[]) AS piece(programme, category)"
        )
    return "unnest(%(programmes)s::text[]) AS piece(programme)"


def _pieces(range_: Range) -> dict[str, list[str]]:
    if not range_.services:
        return {"programmes": list(range_.programmes)}
    pairs = [pair for pair in dict.fromkeys(range_.services) if pair[0] in range_.programmes]
    return {"programmes": [one for one, _ in pairs], "categories": [two for _, two in pairs]}


def _times(range_: Range, table: str, changed: str, key: str) -> Where:
    where = Where()
    if range_.start:
        where.add(f"{table}.opened >= %(start)s", start=range_.start)
    if range_.end:
        where.add(f"{table}.opened <= %(end)s", end=range_.end)
    if range_.changed_from:
        where.add(f"{changed} >= %(changed_from)s", changed_from=range_.changed_from)
    if range_.changed_to:
        where.add(f"{changed} <= %(changed_to)s", changed_to=range_.changed_to)
    if range_.after:
        at, case = range_.after
        where.add(f"({table}.opened, {key}) < (%(at)s, %(key)s::uuid)", at=at, key=case)
    return where


def _kinds(range_: Range, where: Where, table: str) -> None:
    """Name the kinds in the statement itself, so that the index of running cases is seen."""
    if range_.kinds:
        named = ", ".join(
            f"'{kind}'" for kind in ("open", "waiting", "done", "void") if kind in range_.kinds
        )
        where.add(f"{table}.kind IN ({named})")


def _places(range_: Range, where: Where) -> None:
    for name, box in (("b", range_.box), ("n", range_.near.box if range_.near else None)):
        if box:
            west, south, east, north = box
            where.add(
                f"p.lon BETWEEN %({name}w)s AND %({name}e)s "
                f"AND p.lat BETWEEN %({name}s)s AND %({name}n)s",
                **{f"{name}w": west, f"{name}e": east, f"{name}s": south, f"{name}n": north},
            )
    if range_.near:
        near = range_.near
        where.add(
            f"2 * {EARTH} * asin(least(1, sqrt(power(sin(radians(p.lat - %(lat)s) / 2), 2) + "
            "cos(radians(%(lat)s)) * cos(radians(p.lat)) * "
            "power(sin(radians(p.lon - %(lon)s) / 2), 2)))) <= %(metres)s",
            lat=near.lat,
            lon=near.lon,
            metres=near.metres,
        )


def _own(range_: Range, limit: int) -> list[Listed]:
    where = _times(range_, "c", "c.moved", "c.id")
    _kinds(range_, where, "c")
    where.values |= {
        "application": range_.application,
        "programmes": list(range_.programmes),
        "limit": limit,
    }
    if range_.services:
        where.add(
            "(c.programme, c.category) IN (SELECT * FROM unnest(%(of)s::text[], %(in)s::text[]))",
            **{
                "of": [one for one, _ in range_.services],
                "in": [two for _, two in range_.services],
            },
        )
    with cursor() as run:
        run.execute(
            f"SELECT {STANDING} FROM {BROUGHT} AND {UNPUBLISHED} AND {where} "
            "ORDER BY c.opened DESC, c.id DESC LIMIT %(limit)s",
            where.values,
        )
        return [_standing(row) for row in run.fetchall()]
