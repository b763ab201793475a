"""The demonstration city 安澜市: an invented place, whole, from one seed.

Nothing here exists: the city lies in the open sea, its codes begin with 99, its names, people and
telephone numbers are made up. The same seed gives the same city, to the last coordinate.

Not here the wording of what people report (``demo.messages``); putting any of it into a database
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shapely import STRtree
from shapely.geometry import Point

from luoshi.demo.areas import Area, build_areas
from luoshi.demo.ground import Line, Surroundings, build_lake, build_lines, surroundings
from luoshi.demo.people import Staff, build_staff
from luoshi.demo.plane import Spot
from luoshi.demo.units import Duty, Unit, build_units, catalogue, handling_unit

DEFAULT_SEED = 2
"""A city whose four counties are of about equal weight."""


@dataclass(frozen=True)
class City:
    """The whole city. Lists are in a fixed order: parents before children, then by code."""

    seed: int
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]
    lake: tuple[Spot, ...]
    surroundings: Mapping[str, Surroundings]
    units: tuple[Unit, ...]
    staff: Staff
    duties: tuple[Duty, ...]

    @cached_property
    def area_by_code(self) -> dict[str, Area]:
        """Every area, by its code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Every unit, by its code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def grids(self) -> tuple[Area, ...]:
        """The smallest areas."""
        return self.of_level("grid")

    def of_level(self, level: str) -> tuple[Area, ...]:
        """Return the areas of one level, by code."""
        return tuple(area for area in self.areas if area.level == level)

    def grids_at(self, lon: float, lat: float) -> list[Area]:
        """Return the grids whose ground holds the point: one, or several on a shared border."""
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return [self.grids[i] for i in sorted(hits.tolist())]

    def handling_unit(self, category: str, area: str) -> Unit:
        """Return the unit that handles *category* in the area of that code."""
        here = self.area_by_code[area]
        return handling_unit(category, here, self.unit_by_code, self.area_by_code)

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree([grid.polygon for grid in self.grids])


def build_city(seed: int = DEFAULT_SEED) -> City:
    """Return the city of a seed; under a second."""
    rng = random.Random(seed)  # noqa: S311  # an invented city is no secret
    areas = build_areas(rng)
    grids = [area for area in areas if area.level == "grid"]
    communities = [area for area in areas if area.level == "community"]
    lines = build_lines(areas[0], grids, rng)
    around = surroundings(communities, lines, rng)
    units = build_units(areas)
    staff = build_staff(units, areas, rng)
    return City(seed, areas, lines, build_lake(rng), around, units, staff, catalogue())


def area_collection(areas: Sequence[Area]) -> dict[str, Any]:
    """Return areas as a GeoJSON FeatureCollection."""
    return {"type": "FeatureCollection", "features": [area.feature() for area in areas]}


def line_collection(city: City) -> dict[str, Any]:
    """Return the roads, the river and the lake as a GeoJSON FeatureCollection."""
    drawn = [
        _feature(line.kind, line.name.zh, line.name.en, "LineString", line.course)
        for line in city.lines
    ]
    drawn.append(_feature("lake", "望舒湖", "Wangshu Lake", "Polygon", (city.lake,)))
    return {"type": "FeatureCollection", "features": drawn}


def random_point(rng: random.Random, area: Area) -> Spot:
    """Return a random point inside an area."""
    polygon = area.polygon
    west, south, east, north = polygon.bounds
    for _ in range(200):
        lon, lat = round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6)
        if polygon.contains(Point(lon, lat)):
            return lon, lat
    return area.centre


def _feature(kind: str, zh: str, en: str, form: str, coordinates: Sequence[Any]) -> dict[str, Any]:
    facts = {"kind": kind, "name_zh": zh, "name_en": en}
    geometry = {"type": form, "coordinates": coordinates}
    return {"type": "Feature", "properties": facts, "geometry": geometry}
