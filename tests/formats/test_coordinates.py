"""Coordinates at the door: conversion against itself and against independent data, and order."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared_path

from luoshi.formats import coordinates as c

LONGITUDES = st.floats(74, 135)
LATITUDES = st.floats(4, 53)


@pytest.mark.parametrize("frame", list(c.Frame))
@given(lon=LONGITUDES, lat=LATITUDES)
def test_there_and_back_again_is_within_a_metre(frame: c.Frame, lon: float, lat: float) -> None:
    there = c.to_frame(lon, lat, frame)

    assert c.metres_between(c.from_frame(*there, frame), (lon, lat)) < 0.01


@given(lon=LONGITUDES, lat=LATITUDES)
def test_the_shifted_frames_are_far_enough_to_change_the_street(lon: float, lat: float) -> None:
    assert 20 < c.metres_between(c.to_frame(lon, lat, c.Frame.GCJ02), (lon, lat)) < 1200
    assert 300 < c.metres_between(c.to_frame(lon, lat, c.Frame.BD09), (lon, lat)) < 2500


def test_outside_the_shifted_region_nothing_moves() -> None:
    assert c.gcj02_from_wgs84(2.35, 48.86) == (2.35, 48.86)
    assert c.wgs84_from_gcj02(2.35, 48.86) == (2.35, 48.86)


def test_agrees_with_converted_district_boundaries() -> None:
    shifted = _vertices("weifang_districts_gcj02.geojson")
    straight = _vertices("weifang_districts_wgs84.geojson")

    apart = [
        c.metres_between(c.from_frame(*a, c.Frame.GCJ02), b)
        for a, b in zip(shifted, straight, strict=True)
    ]

    assert len(apart) > 7000
    assert max(apart) < 0.5


@pytest.mark.parametrize(
    ("pairs", "order"),
    [
        pytest.param([(119.1, 36.7)], c.Order.LON_LAT, id="as it should be"),
        pytest.param([(36.7, 119.1)], c.Order.LAT_LON, id="turned round"),
        pytest.param([(43.8, 87.6), (43.9, 87.5)], c.Order.LAT_LON, id="turned in the far west"),
        pytest.param([(119.1, 36.7), (36.7, 119.1)], c.Order.UNCLEAR, id="mixed"),
        pytest.param([], c.Order.UNCLEAR, id="nothing"),
    ],
)
def test_the_order_of_a_file_is_told_by_all_its_points(
    pairs: list[c.Point], order: c.Order
) -> None:
    assert c.order_of(pairs) is order


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (36.7, 119.1, "coordinates.swapped"),
        (508_000, 4_060_000, "coordinates.out_of_bounds"),
        (181, 10, "coordinates.out_of_bounds"),
        (math.nan, 36, "coordinates.not_a_number"),
        ("inf", 36, "coordinates.not_a_number"),
        ("119.1E", 36, "coordinates.not_a_number"),
        (None, 36, "coordinates.not_a_number"),
        (True, 36, "coordinates.not_a_number"),
        (10**400, 36, "coordinates.not_a_number"),
    ],
)
def test_what_is_no_place_is_refused_with_its_code(lon: object, lat: object, code: str) -> None:
    with pytest.raises(c.LuoshiError) as refusal:
        c.stored_point(lon, lat, c.Frame.WGS84)

    assert refusal.value.code == code


def test_a_numeral_is_taken_and_a_far_place_is_none_of_our_business_here() -> None:
    assert c.stored_point("119.5", " 36.5", c.Frame.WGS84) == (119.5, 36.5)
    assert c.stored_point(-71.06, 42.36, c.Frame.WGS84) == (-71.06, 42.36)


@pytest.mark.parametrize("name", ["GCJ-02", "gcj02", "Gcj_02 "])
def test_a_frame_is_known_by_its_usual_spellings(name: str) -> None:
    assert c.frame_named(name) is c.Frame.GCJ02


def test_frames_by_their_registry_number_and_unknown_ones() -> None:
    assert c.frame_named("EPSG:4490") is c.Frame.CGCS2000
    assert c.frame_named("EPSG:4326") is c.Frame.WGS84
    with pytest.raises(c.FrameUnknown, match="gcj02"):
        c.frame_named("beijing54")


def _vertices(name: str) -> list[c.Point]:
    document = json.loads(shared_path("weifang", name).read_text(encoding="utf-8"))
    found: list[c.Point] = []
    for feature in document["features"]:
        found += _pairs(feature["geometry"]["coordinates"])
    return found


def _pairs(nested: Any) -> Iterator[c.Point]:
    if isinstance(nested[0], int | float):
        yield nested[0], nested[1]
        return
    for part in nested:
        yield from _pairs(part)
