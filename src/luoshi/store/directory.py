"""Who is who and what lies where: units, areas, posts, held in memory: everybody asks all day.

Terms    unit 单位 · area 区域 · grid 网格 · post 岗位
Units    points are CGCS2000 longitude, latitude in degrees
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

import numpy as np
import shapely
from shapely.geometry import shape

from luoshi.kernel.access import Actor, Post
from luoshi.store import models
from luoshi.store.statement import cursor

MOST_LOOKED_UP = 1_000
UNKNOWN = "?"
"""Stands for an area that nobody has looked up; no code of an area is like it."""

FRESH_SECONDS = 30.0
"""How long another process may go on with an organisation that has just been changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """One area or unit as lists and labels need it."""

    code: str
    parent: str
    level: str
    labels: Mapping[str, str]
    path: tuple[str, ...]


@dataclass(frozen=True)
class Directory:
    """Everything about units and areas, loaded at once."""

    units: Mapping[str, Place] = field(default_factory=dict)
    areas: Mapping[str, Place] = field(default_factory=dict)
    below_unit: Mapping[str, frozenset[str]] = field(default_factory=dict)
    below_area: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tree: shapely.STRtree | None = None
    leaves: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None
    looked_up: dict[tuple[float, float], str | None] = field(default_factory=dict, compare=False)

    def area_at(self, lon: float, lat: float) -> str | None:
        """Return the code of the finest area that holds the point; ``None`` outside the city."""
        if self.tree is None:
            return None
        known = self.looked_up.get((lon, lat), UNKNOWN)
        if known != UNKNOWN:
            return known
        point = shapely.points(np.array((lon, lat)))  # made in a third of the time of a Point
        hits = self.tree.query(point, predicate="intersects")
        found = min((self.leaves[int(hit)] for hit in hits), default=None)
        if len(self.looked_up) < MOST_LOOKED_UP:  # a report asks three times about its point
            self.looked_up[lon, lat] = found
        else:
            self.looked_up.clear()
        return found

    def look_up(self, points: Iterable[tuple[float, float]]) -> None:
        """Find the areas of many *points* at once: ``area_at`` knows them until the next call."""
        self.looked_up.clear()
        wanted = list(dict.fromkeys(points))
        if self.tree is None or not wanted:
            return
        hits: list[list[str]] = [[] for _ in wanted]
        for place, leaf in self.tree.query(shapely.points(wanted), predicate="intersects").T:
            hits[place].append(self.leaves[leaf])
        for point, found in zip(wanted, hits, strict=True):
            self.looked_up[point] = min(found, default=None)

    @property
    def operator(self) -> Place | None:
        """Who runs the house: the unit at the top; where there is not one alone, the city."""
        for places in (self.units, self.areas):
            top = [place for place in places.values() if not place.parent]
            if len(top) == 1:
                return top[0]
        return None

    def ancestor(self, area: str, level: str) -> str:
        """Return the code of the area of *level* that holds *area*; empty when there is none."""
        place = self.areas.get(area)
        path = (*place.path, area) if place else ()
        return next(
            (code for code in path if code in self.areas and self.areas[code].level == level), ""
        )


_lock = Lock()
_held: list[tuple[float, Directory]] = []
"""The directory and when it was loaded; empty before the first question."""


def directory() -> Directory:
    """Return the directory, at most ``FRESH_SECONDS`` old."""
    fresh = _fresh()
    if fresh is not None:
        return fresh
    with _lock:
        fresh = _fresh()
        if fresh is None:
            loaded = monotonic()
            fresh = _loaded()
            _held[:] = [(loaded, fresh)]
        return fresh


def _fresh() -> Directory | None:
    return next((held for at, held in _held[:] if monotonic() - at < FRESH_SECONDS), None)


def forget_directory() -> None:
    """Load the directory afresh at the next question (after units or areas have changed)."""
    _held.clear()


def _loaded() -> Directory:
    units = {row.code: _place(row, row.kind) for row in models.Unit.objects.filter(is_active=True)}
    rows = list(models.Area.objects.filter(valid_to=None))
    areas = {row.code: _place(row, row.level) for row in rows}
    parents = {row.parent_id for row in rows}
    leaves = [row for row in rows if row.code not in parents]
    shapes = [shape(row.polygon) for row in leaves]
    return Directory(
        units=units,
        areas=areas,
        below_unit=_below(units),
        below_area=_below(areas),
        tree=shapely.STRtree(shapes) if shapes else None,
        leaves=tuple(row.code for row in leaves),
        box=tuple(shapely.total_bounds(shapes)) if shapes else None,
    )


def _place(row: models.Unit | models.Area, level: str) -> Place:
    path = tuple(code for code in row.path.split("/") if code and code != row.code)
    labels = {"zh-Hans": row.name_zh, "en": row.name_en}
    return Place(row.code, row.parent_id or "", level, labels, path)


def _below(places: Mapping[str, Place]) -> dict[str, frozenset[str]]:
    below: dict[str, set[str]] = {code: {code} for code in places}
    for code, place in places.items():
        for above in place.path:
            if above in below:
                below[above].add(code)
    return {code: frozenset(codes) for code, codes in below.items()}


def actor_of(account: models.Account) -> Actor:
    """Return who *account* is for the kernel: its posts, with all that lies below them."""
    if account.posts_read is not None:
        return actor_with(str(account.id), account.posts_read)
    with cursor() as run:
        run.execute(POSTS, (account.id,), prepare=True)
        return actor_with(str(account.id), run.fetchall())


def actor_with(account: str, posts: Iterable[Sequence[str]]) -> Actor:
    """Return the actor with the key *account* and *posts*: role, unit and area of each."""
    known = directory()
    held = tuple(_post(role, unit, area, known) for role, unit, area in posts)
    return Actor(id=account, posts=held)


POSTS = """
SELECT role, coalesce(unit_id, ''), coalesce(area_id, '') FROM store_post
WHERE account_id = %s ORDER BY id
"""


def _post(role: str, unit: str, area: str, known: Directory) -> Post:
    return Post(
        role=role,
        unit=unit,
        units=known.below_unit.get(unit, frozenset()),
        areas=known.below_area.get(area, frozenset()),
    )
