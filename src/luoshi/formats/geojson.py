"""GeoJSON to areas: read a file of polygons, believe nothing, report every mistake.

A file of areas is a FeatureCollection of Polygon or MultiPolygon features. GeoJSON (RFC 7946)
knows WGS-84 only, so the frame of the numbers is *declared* by whoever brings the file, and
converted once. A mistake is never repaired in silence: a boundary decides who is responsible.

Terms    area 区域 · ring 环 · vertex 顶点 · self-intersection 自相交
Units    degrees, longitude first; rings are closed (the last vertex repeats the first)
Source   RFC 7946 sections 3.1.6 (rings), 3.3 (features), 4 (coordinate reference)
Not here gaps and overlaps between areas (they are a matter of the whole map, not of one polygon)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shapely import is_valid_reason
from shapely.geometry import MultiPolygon, Polygon

from luoshi.formats.coordinates import (
    CHINA,
    WORLD,
    Box,
    Frame,
    NotANumber,
    Order,
    Point,
    finite_pair,
    from_frame,
    order_of,
)
from luoshi.kernel.errors import LuoshiError, Problem

Ring: TypeAlias = tuple[Point, ...]
Rings: TypeAlias = tuple[Ring, ...]
"""One polygon: its outline, then its holes."""


_RING_LENGTH = 4
"""Positions of the shortest ring, a triangle that is closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of the machine; beyond it the file is refused before any work."""

    bytes: int = 64 * 1024 * 1024
    features: int = 20_000
    vertices_per_feature: int = 50_000
    vertices: int = 2_000_000


@dataclass(frozen=True, slots=True)
class AreaShape:
    """One feature of the file: what was said about it, and its polygons in CGCS2000.

    Attributes:
        properties: The feature's own properties, unchecked.
        polygons: One entry for each polygon of the feature.
        id: The feature's ``id`` as text, or "".
    """

    properties: Mapping[str, Any]
    polygons: tuple[Rings, ...]
    id: str = ""

    def geometry(self) -> MultiPolygon:
        """Return the shape as a Shapely geometry."""
        return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in self.polygons])

    def geojson(self) -> dict[str, Any]:
        """Return the shape as a GeoJSON geometry."""
        if len(self.polygons) == 1:
            return {"type": "Polygon", "coordinates": self.polygons[0]}
        return {"type": "MultiPolygon", "coordinates": self.polygons}


class GeoJsonInvalid(LuoshiError):
    """A file of areas is not sound; carries every problem found, with its path in the file."""

    code = "geojson.invalid"
    template = "{file}: {count} problem(s)\n{listing}"

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listing = "\n".join(f"[{p.code}] {p}" for p in self.problems)
        super().__init__(file=file, count=len(self.problems), listing=listing)


@dataclass(slots=True)
class _Reading:
    """What is known while one file is read."""

    frame: Frame
    region: Box
    limits: Limits
    problems: list[Problem] = field(default_factory=list)
    vertices: int = 0

    def add(self, code: str, path: str, message: str) -> None:
        self.problems.append(Problem(f"geojson.{code}", message, path))


def read_areas(
    data: bytes | str,
    frame: Frame,
    *,
    file: str = "GeoJSON",
    region: Box = CHINA,
    limits: Limits | None = None,
) -> tuple[AreaShape, ...]:
    """Read a FeatureCollection of areas.

    Args:
        data: The file as it came.
        frame: The coordinate frame that the sender declares.
        file: What to call the file in messages.
        region: Where this installation's places lie; used to notice swapped coordinates.
        limits: Bounds on size.

    Returns:
        One shape per feature, in the order of the file, in CGCS2000, rings closed.

    Raises:
        GeoJsonInvalid: With every problem; their codes are ``geojson.too_large``, ``not_json``,
            ``not_a_collection``, ``empty``, ``not_a_feature``, ``not_a_polygon``,
            ``too_many_vertices``, ``not_a_number``, ``out_of_bounds``, ``swapped``,
            ``ring_too_short``, ``ring_open``, ``not_simple``, each with the prefix ``geojson.``.
    """
    reading = _Reading(frame, region, limits or Limits())
    features = _features(data, reading)
    shapes = [_shape(item, f"features[{i}]", reading) for i, item in enumerate(features)]
    if reading.problems:
        raise GeoJsonInvalid(file, reading.problems)
    return tuple(shape for shape in shapes if shape is not None)


def _features(data: bytes | str, reading: _Reading) -> list[Any]:
    """Return the list of features, or note why there is none."""
    if len(data) > reading.limits.bytes:
        reading.add("too_large", "", f"more than {reading.limits.bytes} bytes; split the file")
        return []
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        reading.add("not_json", "", f"this is no JSON: {error}")
        return []
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        reading.add("not_a_collection", "", "expected a FeatureCollection with a list 'features'")
        return []
    return _counted(features, reading)


def _counted(features: list[Any], reading: _Reading) -> list[Any]:
    if not features:
        reading.add("empty", "features", "there is no area in this file")
    if len(features) <= reading.limits.features:
        return features
    most = reading.limits.features
    reading.add("too_large", "features", f"{len(features)} features, at most {most}; split it")
    return []


def _shape(item: object, path: str, reading: _Reading) -> AreaShape | None:
    """Return one feature as a shape; None when a problem was noted."""
    before = len(reading.problems)
    if not isinstance(item, dict) or item.get("type") != "Feature":
        reading.add("not_a_feature", path, "expected an object of type Feature")
        return None
    polygons = _polygon_lists(item.get("geometry"), f"{path}.geometry", reading)
    if not _few_enough(polygons, path, reading):
        return None
    read = tuple(_polygon(rings, at, reading) for at, rings in polygons)
    if len(reading.problems) > before or not _one_order(read, path, reading):
        return None
    stored = tuple(_converted(rings, reading.frame) for rings in read)
    properties = item.get("properties")
    known = properties if isinstance(properties, dict) else {}
    shape = AreaShape(known, stored, _text(item.get("id")))
    return shape if _is_simple(shape, path, reading) else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _polygon_lists(geometry: object, path: str, reading: _Reading) -> list[tuple[str, list[Any]]]:
    """Return the polygons of a geometry, still unchecked, each with its path."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    lists = geometry.get("coordinates") if isinstance(geometry, dict) else None
    where = f"{path}.coordinates"
    if kind == "Polygon" and isinstance(lists, list) and lists:
        return [(where, lists)]
    if kind == "MultiPolygon" and isinstance(lists, list) and lists:
        found = [(f"{where}[{i}]", rings) for i, rings in enumerate(lists)]
        if all(isinstance(rings, list) and rings for _, rings in found):
            return found
    reading.add("not_a_polygon", path, f"expected a Polygon or MultiPolygon, found {kind!r}")
    return []


def _few_enough(polygons: list[tuple[str, list[Any]]], path: str, reading: _Reading) -> bool:
    """Count the vertices before looking at any of them."""
    here = sum(len(ring) for _, rings in polygons for ring in rings if isinstance(ring, list))
    reading.vertices += here
    limits = reading.limits
    if here <= limits.vertices_per_feature and reading.vertices <= limits.vertices:
        return bool(polygons)
    message = (
        f"{here} vertices here, {reading.vertices} so far; at most {limits.vertices_per_feature} "
        f"for one area and {limits.vertices} for a file; simplify the outline"
    )
    reading.add("too_many_vertices", path, message)
    return False


def _polygon(rings: list[Any], path: str, reading: _Reading) -> Rings:
    return tuple(_ring(ring, f"{path}[{i}]", reading) for i, ring in enumerate(rings))


def _ring(ring: object, path: str, reading: _Reading) -> Ring:
    """Return one ring in the declared frame; an empty one when a problem was noted."""
    if not isinstance(ring, list) or len(ring) < _RING_LENGTH:
        reading.add("ring_too_short", path, "a ring has at least 4 positions, first = last")
        return ()
    points = tuple(_positions(ring, path, reading))
    if len(points) < len(ring):
        return ()
    if points[0] != points[-1]:
        reading.add("ring_open", path, "the last position must repeat the first")
    if len(set(points)) < _RING_LENGTH - 1:
        reading.add("ring_too_short", path, "a ring has at least 3 different positions")
    return points


def _positions(ring: list[Any], path: str, reading: _Reading) -> Iterator[Point]:
    """Yield the good positions of a ring; note the first bad one and stop."""
    for i, position in enumerate(ring):
        at = f"{path}[{i}]"
        if not isinstance(position, list) or len(position) < len(("lon", "lat")):
            reading.add("not_a_number", at, f"expected [longitude, latitude], found {position!r}")
            return
        try:
            yield _position(position)
        except NotANumber as error:
            reading.add("not_a_number", at, str(error))
            return


def _position(position: list[Any]) -> Point:
    """Return a pair of JSON numbers; range and order are judged for the whole feature later."""
    if any(isinstance(value, str) for value in position[:2]):
        raise NotANumber(value=tuple(position[:2]))
    return finite_pair(position[0], position[1])


def _one_order(polygons: tuple[Rings, ...], path: str, reading: _Reading) -> bool:
    """Refuse a feature outside the Earth's range, or written latitude first."""
    points = [point for rings in polygons for ring in rings for point in ring]
    if order_of(points, reading.region) is Order.LAT_LON:
        reading.add("swapped", path, "the pairs are latitude, longitude; write longitude first")
        return False
    outside = [point for point in points if not WORLD.holds(*point)]
    if outside:
        reading.add("out_of_bounds", path, f"{outside[0]} is no place on Earth; write degrees")
    return not outside


def _converted(rings: Rings, frame: Frame) -> Rings:
    return tuple(tuple(from_frame(lon, lat, frame) for lon, lat in ring) for ring in rings)


def _is_simple(shape: AreaShape, path: str, reading: _Reading) -> bool:
    """Refuse outlines that cross themselves, holes outside, and the like."""
    geometry = shape.geometry()
    if geometry.is_valid and geometry.area > 0:
        return True
    reason = is_valid_reason(geometry)
    where = reason if not geometry.is_valid else "it covers no ground"
    reading.add("not_simple", path, f"the outline is not a simple polygon: {where}")
    return False
