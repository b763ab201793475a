"""A file of areas: what is sound is read, and every mistake has its code and its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shapely.geometry import shape as shapely_shape
from tests.shared_data import shared_path

from luoshi.formats.coordinates import Box, Frame, metres_between
from luoshi.formats.geojson import GeoJsonInvalid, Limits, read_areas

SQUARE = [[119.0, 36.0], [119.1, 36.0], [119.1, 36.1], [119.0, 36.1], [119.0, 36.0]]
HOLE = [[119.02, 36.02], [119.02, 36.04], [119.04, 36.04], [119.04, 36.02], [119.02, 36.02]]


def collection(*geometries: Any) -> str:
    features = [
        {"type": "Feature", "id": i, "properties": {"name": f"片区{i}"}, "geometry": geometry}
        for i, geometry in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def codes(data: bytes | str, **options: Any) -> list[str]:
    with pytest.raises(GeoJsonInvalid) as refusal:
        read_areas(data, Frame.WGS84, **options)
    assert refusal.value.code == "geojson.invalid"
    return [problem.code.removeprefix("geojson.") for problem in refusal.value.problems]


def test_polygons_with_holes_and_multipolygons_are_read() -> None:
    multi = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]}

    first, second = read_areas(collection(polygon(SQUARE, HOLE), multi), Frame.WGS84)

    assert first.properties == {"name": "片区0"}
    assert first.id == "0"
    assert first.polygons == second.polygons
    assert first.geometry().area == pytest.approx(0.01 - 0.0004)


def test_what_is_written_is_read_back_the_same() -> None:
    shapes = read_areas(collection(polygon(SQUARE, HOLE), polygon(SQUARE)), Frame.CGCS2000)

    again = read_areas(collection(*(one.geojson() for one in shapes)), Frame.CGCS2000)

    assert again == shapes


def test_a_declared_frame_is_converted_once() -> None:
    (here,) = read_areas(collection(polygon(SQUARE)), Frame.WGS84)
    (shifted,) = read_areas(collection(polygon(SQUARE)), Frame.GCJ02)

    assert 300 < metres_between(here.polygons[0][0][0], shifted.polygons[0][0][0]) < 800


def turned(ring: list[list[float]]) -> list[list[float]]:
    return [[b, a] for a, b in ring]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        pytest.param(None, "not_a_polygon", id="no geometry"),
        pytest.param({"type": "Point", "coordinates": [1, 2]}, "not_a_polygon", id="a point"),
        pytest.param({"type": "Polygon", "coordinates": []}, "not_a_polygon", id="no rings"),
        pytest.param({"type": "Polygon", "coordinates": "x"}, "not_a_polygon", id="text"),
        pytest.param({"type": "MultiPolygon", "coordinates": [1]}, "not_a_polygon", id="numbers"),
        pytest.param(polygon(SQUARE[:3]), "ring_too_short", id="three positions"),
        pytest.param(polygon(5), "ring_too_short", id="a ring that is a number"),
        pytest.param(
            polygon([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]),
            "ring_too_short",
            id="there and back",
        ),
        pytest.param(polygon(SQUARE[:4]), "ring_open", id="an open ring"),
        pytest.param(polygon([*SQUARE[:4], ["119", "36"]]), "not_a_number", id="numerals"),
        pytest.param(polygon([*SQUARE[:4], [True, 36]]), "not_a_number", id="a boolean"),
        pytest.param(polygon([*SQUARE[:4], [119]]), "not_a_number", id="half a position"),
        pytest.param(polygon([*SQUARE[:4], [float("nan"), 36]]), "not_a_number", id="not finite"),
        pytest.param(polygon(turned(SQUARE)), "swapped", id="latitude first"),
        pytest.param(polygon([[x * 4000, y] for x, y in SQUARE]), "out_of_bounds", id="metres"),
        pytest.param(
            polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]),
            "not_simple",
            id="a bow tie",
        ),
        pytest.param(polygon(HOLE, SQUARE), "not_simple", id="a hole larger than its outline"),
        pytest.param(
            polygon([[119, 36], [119.1, 36], [119.2, 36], [119, 36]]), "not_simple", id="a line"
        ),
    ],
)
def test_a_geometry_that_is_no_area_is_refused(geometry: Any, code: str) -> None:
    assert codes(collection(geometry)) == [code]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_a_collection"),
        ('{"type": "Feature"}', "not_a_collection"),
        ('{"type": "FeatureCollection", "features": []}', "empty"),
        ('{"type": "FeatureCollection", "features": [1]}', "not_a_feature"),
    ],
)
def test_a_file_that_is_no_list_of_areas_is_refused(data: bytes | str, code: str) -> None:
    assert codes(data) == [code]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(bytes=10), "too_large"),
        (Limits(features=1), "too_large"),
        (Limits(vertices_per_feature=4), "too_many_vertices"),
        (Limits(vertices=8), "too_many_vertices"),
    ],
)
def test_a_file_that_asks_too_much_is_refused_before_any_work(limits: Limits, code: str) -> None:
    assert code in codes(collection(polygon(SQUARE), polygon(SQUARE)), limits=limits)


def test_every_mistake_is_reported_with_its_place() -> None:
    data = collection(polygon(SQUARE), None, polygon(SQUARE[:4]))

    with pytest.raises(GeoJsonInvalid) as refusal:
        read_areas(data, Frame.WGS84, file="grids.geojson")

    assert [p.path for p in refusal.value.problems] == [
        "features[1].geometry",
        "features[2].geometry.coordinates[0]",
    ]
    assert "grids.geojson: 2 problem(s)" in str(refusal.value)


def test_a_region_of_one_s_own_decides_what_is_turned_round() -> None:
    harbour = Box(20, 30, 25, 33)
    ring = [[x - 97, y - 5] for x, y in SQUARE]

    assert read_areas(collection(polygon(ring)), Frame.WGS84, region=harbour)
    assert codes(collection(polygon(turned(ring))), region=harbour) == ["swapped"]


def test_real_district_boundaries_are_read() -> None:
    data = shared_path("weifang", "weifang_districts_gcj02.geojson").read_bytes()

    shapes = read_areas(data, Frame.GCJ02)

    assert len(shapes) == 12
    assert all(shapely_shape(s.geometry().__geo_interface__).is_valid for s in shapes)
