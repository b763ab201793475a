"""The ground of an invented city: about 300 cells that cover it without a gap or an overlap.

Points are strewn thickly round a few centres and thinly elsewhere; the cells are their Voronoi
regions. Straight borders would look like glass, so every edge is cut into short steps and the
whole plane is bent by smooth waves: one function of the place alone, so that two neighbours, who
share an edge, still share it afterwards, vertex by vertex. That is why nothing ever has to be
mended later: a larger area is the union of its cells, and fits its neighbours by construction.

Units    kilometres east and north of the middle, until ``degrees`` turns them into longitude and
         latitude rounded to 1e-6 degrees (0.1 m)
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon

Spot: TypeAlias = tuple[float, float]
"""Kilometres east and north of the middle of the city."""

MIDDLE = (122.5, 35.5)
"""Longitude and latitude of the middle: open sea, so that no real town is painted over."""

RADIUS = 21.0
CENTRES: tuple[Spot, ...] = ((0.0, 0.0), (-9.5, 6.5), (8.0, 9.0), (6.0, -10.5))
"""Where people live thickly: the old town first, then the seats of the other counties."""

_KM_PER_DEGREE = 111.2
_STEP = 0.22
_CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave of the bending: how far it moves the ground, over what length, and how it lies."""

    height: float
    length: float
    angle: float
    phase: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: where its seed is, how wide it was meant to be, its outline, its neighbours."""

    seed: Spot
    width: float
    polygon: Polygon
    neighbours: frozenset[int]


def strewn_cells(rng: random.Random, count: int) -> list[Cell]:
    """Return *count* cells that cover the city; their polygons are in degrees."""
    bulge = [rng.uniform(0, math.tau) for _ in range(3)]
    seeds = _strewn(rng, count, bulge)
    rings = _straight_rings(seeds, _fence(bulge))
    waves = _waves(rng)
    edges = {key: _bent_edge(key, waves) for ring in rings for key in _edges(ring)}
    beside = _neighbours(rings)
    return [
        Cell(seed, _width(seed), _bent_polygon(ring, edges), frozenset(beside[i]))
        for i, (seed, ring) in enumerate(zip(seeds, rings, strict=True))
    ]


def degrees(spot: Spot) -> Spot:
    """Turn kilometres from the middle into longitude and latitude."""
    lat = MIDDLE[1] + spot[1] / _KM_PER_DEGREE
    lon = MIDDLE[0] + spot[0] / (_KM_PER_DEGREE * math.cos(math.radians(MIDDLE[1])))
    return round(lon, 6), round(lat, 6)


def _edge_of_town(angle: float, bulge: list[float]) -> float:
    """Return how far the city reaches in a direction, in kilometres."""
    swell = (0.16, 0.10, 0.06)
    sway = sum(h * math.sin((i + 2) * angle + bulge[i]) for i, h in enumerate(swell))
    return RADIUS * (1 + sway)


def _width(spot: Spot) -> float:
    """Return how wide a cell is at a place: narrow in the middle of a town, wide in the fields."""
    away = [math.dist(spot, centre) * (1 if i == 0 else 1.35) for i, centre in enumerate(CENTRES)]
    return min(3.2, 0.85 + 0.19 * min(away))


def _strewn(rng: random.Random, count: int, bulge: list[float]) -> list[Spot]:
    """Strew seeds one by one, each where it is least crowded among a few random places."""
    seeds = [_anywhere(rng, bulge)]
    widths = [_width(seeds[0])]
    while len(seeds) < count:
        spots = [_anywhere(rng, bulge) for _ in range(_CANDIDATES)]
        room = _room(np.array(spots), np.array(seeds), np.array(widths))
        best = spots[int(np.argmax(room))]
        seeds.append(best)
        widths.append(_width(best))
    return seeds


def _room(spots: np.ndarray, seeds: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Return the distance of each spot to its nearest seed, in widths of the cells there."""
    apart = np.hypot(*(spots[:, None, :] - seeds[None, :, :]).transpose(2, 0, 1))
    own = np.array([_width((x, y)) for x, y in spots.tolist()])
    nearest: np.ndarray = (apart / (own[:, None] + widths[None, :])).min(axis=1)
    return nearest


def _anywhere(rng: random.Random, bulge: list[float]) -> Spot:
    """Return a random place in the city."""
    while True:
        x, y = rng.uniform(-1.4, 1.4) * RADIUS, rng.uniform(-1.4, 1.4) * RADIUS
        if math.hypot(x, y) < _edge_of_town(math.atan2(y, x), bulge):
            return x, y


def _fence(bulge: list[float]) -> list[Spot]:
    """Return seeds just outside the city, whose cells close the outermost ones."""
    posts: list[Spot] = []
    for i in range(64):
        angle = math.tau * i / 64
        far = _edge_of_town(angle, bulge) + 1.6
        posts.append((far * math.cos(angle), far * math.sin(angle)))
    return posts


def _straight_rings(seeds: list[Spot], fence: list[Spot]) -> list[list[Spot]]:
    """Return the Voronoi region of every seed as a ring of rounded vertices, not closed."""
    regions = shapely.voronoi_polygons(MultiPoint([*seeds, *fence]), ordered=True)
    rings = []
    for region in shapely.get_parts(regions)[: len(seeds)]:
        ring = [(round(x, 7), round(y, 7)) for x, y in region.exterior.coords[:-1]]
        rings.append([v for v, last in zip(ring, [ring[-1], *ring], strict=False) if v != last])
    return rings


def _edges(ring: list[Spot]) -> Iterable[tuple[Spot, Spot]]:
    """Yield the edges of a ring, each written the same way from both its sides."""
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        yield (a, b) if a < b else (b, a)


def _neighbours(rings: list[list[Spot]]) -> list[set[int]]:
    """Return, for every ring, which others it shares an edge with."""
    sides: dict[tuple[Spot, Spot], list[int]] = {}
    for i, ring in enumerate(rings):
        for key in _edges(ring):
            sides.setdefault(key, []).append(i)
    beside: list[set[int]] = [set() for _ in rings]
    for cells in sides.values():
        for cell in cells:
            beside[cell].update(other for other in cells if other != cell)
    return beside


def _waves(rng: random.Random) -> list[Wave]:
    """Return the waves that bend the plane; together too gentle to fold it."""
    sizes = ((0.42, 9.0), (0.11, 3.3), (0.045, 1.5), (0.016, 0.7))
    return [
        Wave(height, length, rng.uniform(0, math.tau), rng.uniform(0, math.tau))
        for height, length in sizes
        for _ in range(2)
    ]


def _bent(spot: Spot, waves: list[Wave]) -> Spot:
    """Return where a place lies once the plane is bent, in degrees."""
    x, y = spot
    for wave in waves:
        across = spot[0] * math.cos(wave.angle) + spot[1] * math.sin(wave.angle)
        swing = wave.height * math.sin(math.tau * across / wave.length + wave.phase)
        x -= swing * math.sin(wave.angle)
        y += swing * math.cos(wave.angle)
    return degrees((x, y))


def _bent_edge(key: tuple[Spot, Spot], waves: list[Wave]) -> list[Spot]:
    """Cut an edge into short steps and bend them; both cells beside it will use this one list."""
    (ax, ay), (bx, by) = key
    steps = max(1, math.ceil(math.dist(*key) / _STEP))
    parts = [i / steps for i in range(steps + 1)]
    return [_bent((ax + (bx - ax) * t, ay + (by - ay) * t), waves) for t in parts]


def _bent_polygon(ring: list[Spot], edges: dict[tuple[Spot, Spot], list[Spot]]) -> Polygon:
    """Put a polygon together from its bent edges, walking some of them backwards."""
    outline: list[Spot] = []
    for a, key in zip(ring, _edges(ring), strict=True):
        edge = edges[key] if key[0] == a else edges[key][::-1]
        outline += edge[:-1]
    return Polygon(outline)
