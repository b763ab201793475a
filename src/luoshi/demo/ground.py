"""What lies on the ground of the demonstration city: roads, a river, a lake, estates, landmarks.

Lines are for the map; names are for what people write. A community knows the roads that cross it,
so that a message's words and its point on the map agree.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Point, Polygon

from luoshi.demo.areas import Area
from luoshi.demo.plane import RADIUS, Spot, degrees
from luoshi.demo.tables import rows

_ESTATE_KINDS = (
    ("花园", "Gardens"),
    ("小区", "Estate"),
    ("家园", "Homes"),
    ("新村", "New Village"),
)
_FARM_ENDS = (
    ("村东头", "east end"),
    ("村西口", "west end"),
    ("三组", "Group 3"),
    ("村委会旁", "beside the village office"),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Line:
    """A road or a watercourse: its name and its course, clipped to the city."""

    kind: str
    name: Label
    course: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names that somebody in one community would use."""

    roads: tuple[Label, ...]
    estates: tuple[Label, ...]
    spots: dict[str, tuple[Label, ...]]


def build_lines(city: Area, grids: Sequence[Area], rng: random.Random) -> tuple[Line, ...]:
    """Return the roads, closest where people live, and the river from edge to edge."""
    outline = city.polygon
    names = [Label(row["name_zh"], row["name_en"]) for row in rows("roads")]
    half = len(names) // 2
    east = _quantiles([grid.centre[0] for grid in grids], half)
    north = _quantiles([grid.centre[1] for grid in grids], len(names) - half)
    courses = [_course(lon, rng, is_north_south=True) for lon in east]
    courses += [_course(lat, rng, is_north_south=False) for lat in north]
    drawn = [("road", name, course) for name, course in zip(names, courses, strict=True)]
    drawn.append(("river", Label("澜溪", "Lan River"), _river(rng)))
    return tuple(_clipped(kind, name, course, outline) for kind, name, course in drawn)


def build_lake(rng: random.Random) -> tuple[Spot, ...]:
    """Return the shore of the lake as a closed ring."""
    middle = (-3.4, 1.2)
    phase = rng.uniform(0, math.tau)
    shore = []
    for step in range(48):
        angle = math.tau * step / 48
        far = 0.85 + 0.16 * math.sin(2 * angle + phase) + 0.07 * math.sin(5 * angle - phase)
        shore.append(
            degrees((middle[0] + far * math.cos(angle), middle[1] + far * math.sin(angle)))
        )
    return (*shore, shore[0])


def surroundings(
    communities: Sequence[Area], lines: Sequence[Line], rng: random.Random
) -> dict[str, Surroundings]:
    """Return what lies in each community, by its code."""
    estates = [Label(row["name_zh"], row["name_en"]) for row in rows("estates")]
    rng.shuffle(estates)
    return {
        area.code: Surroundings(
            _roads_of(area, lines), _estates_of(area, estates, rng), _spots(rng)
        )
        for area in communities
    }


def _quantiles(values: list[float], count: int) -> list[float]:
    ordered = sorted(values)
    return [ordered[int((i + 0.5) * len(ordered) / count)] for i in range(count)]


def _course(at: float, rng: random.Random, *, is_north_south: bool) -> list[Spot]:
    """Return a slightly winding line right across the city at one longitude or latitude."""
    phase, swing = rng.uniform(0, math.tau), rng.uniform(0.002, 0.006)
    reach = RADIUS * 1.5
    spots = []
    for step in range(61):
        along = -reach + 2 * reach * step / 60
        lon, lat = degrees((along, along))
        off = at + swing * math.sin(along / 5 + phase)
        spots.append((off, lat) if is_north_south else (lon, off))
    return spots


def _river(rng: random.Random) -> list[Spot]:
    """Return a river that winds from the north-west to the south-east, through the lake."""
    phase = rng.uniform(0, math.tau)
    spots = []
    for step in range(121):
        along = -1.5 * RADIUS + 3 * RADIUS * step / 120
        bend = 1.6 * math.sin(along / 4.5 + phase) + 0.5 * math.sin(along / 1.7)
        spots.append(degrees((along * 0.8 + bend, -along * 0.75 + bend * 0.8 - 1.4)))
    return spots


def _clipped(kind: str, name: Label, course: list[Spot], outline: Polygon) -> Line:
    """Keep the longest piece of a line that lies in the city."""
    inside = shapely.get_parts(shapely.intersection(LineString(course), outline))
    longest = max(inside, key=lambda piece: piece.length)
    return Line(kind, name, tuple((round(x, 6), round(y, 6)) for x, y in longest.coords))


def _roads_of(area: Area, lines: Sequence[Line]) -> tuple[Label, ...]:
    """Return the roads that cross an area, or the nearest two when fewer than two do."""
    polygon = area.polygon
    roads = [(line.name, LineString(line.course)) for line in lines if line.kind == "road"]
    crossing = [name for name, course in roads if course.intersects(polygon)]
    if len(crossing) > 1:
        return tuple(crossing)
    centre = Point(area.centre)
    nearest = sorted(roads, key=lambda road: road[1].distance(centre))
    return tuple(name for name, _ in nearest[:2])


def _estates_of(area: Area, estates: list[Label], rng: random.Random) -> tuple[Label, ...]:
    """Name the estates of a community after itself, and give some an estate of another name."""
    stem_zh = area.name_zh.removesuffix("社区").removesuffix("村")
    stem_en = area.name_en.removesuffix(" Community").removesuffix(" Village")
    if not area.is_urban:
        return tuple(Label(area.name_zh + zh, f"{area.name_en}, {en}") for zh, en in _FARM_ENDS)
    own = [Label(stem_zh + zh, f"{stem_en} {en}") for zh, en in rng.sample(_ESTATE_KINDS, 2)]
    return (*own, estates.pop()) if estates else tuple(own)


def _spots(rng: random.Random) -> dict[str, tuple[Label, ...]]:
    """Choose one or two landmarks of each kind."""
    kinds: dict[str, list[Label]] = {}
    for row in rows("spots"):
        kinds.setdefault(row["kind"], []).append(Label(row["name_zh"], row["name_en"]))
    return {kind: tuple(rng.sample(names, min(2, len(names)))) for kind, names in kinds.items()}
