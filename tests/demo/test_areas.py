"""The invented city lies without a gap or an overlap, at every level, whatever the seed."""

from __future__ import annotations

import csv
import gzip
import json
import random
import time
from collections import Counter

import pytest
import shapely
from shapely.geometry import Point
from tests.shared_data import shared_path

from luoshi.demo.areas import LEVELS, build_areas
from luoshi.demo.city import City, area_collection, build_city, line_collection, random_point
from luoshi.formats import codes
from luoshi.formats.coordinates import Frame
from luoshi.formats.geojson import read_areas

EXPECTED = {"city": 1, "county": 4, "town": 20, "community": 80, "grid": 300}


def test_the_city_has_its_five_levels(city: City) -> None:
    assert Counter(area.level for area in city.areas) == EXPECTED


@pytest.mark.parametrize("seed", range(8))
def test_every_level_covers_the_city_exactly(seed: int) -> None:
    areas = build_areas(random.Random(seed))
    whole = areas[0].polygon
    for level in LEVELS[1:]:
        polygons = [area.polygon for area in areas if area.level == level]
        assert all(polygon.is_valid for polygon in polygons)
        assert shapely.coverage_is_valid(polygons), f"{level}: gaps or overlaps"
        assert sum(polygon.area for polygon in polygons) == pytest.approx(whole.area, rel=1e-9)
        assert shapely.coverage_union_all(polygons).equals(whole)


def test_children_make_up_their_parent_to_the_last_vertex(city: City) -> None:
    for area in city.areas:
        children = [a.polygon for a in city.areas if a.parent == area.code]
        if area.level != "grid":
            assert shapely.coverage_union_all(children).equals(area.polygon)
            corners = {v for child in children for v in child.exterior.coords}
            assert set(area.polygon.exterior.coords) <= corners


def test_every_point_of_the_city_lies_in_exactly_one_grid(city: City) -> None:
    rng = random.Random(1)
    for _ in range(2000):
        lon, lat = random_point(rng, city.areas[0])
        found = city.grids_at(lon, lat)
        assert len(found) == 1
        assert found[0].polygon.contains(Point(lon, lat))


def test_a_point_outside_lies_in_no_grid_and_one_on_a_border_in_two_or_more(city: City) -> None:
    assert city.grids_at(0, 0) == []
    assert {len(city.grids_at(*vertex)) > 1 for vertex in _inner_vertices(city)} == {True}


def _inner_vertices(city: City) -> list[tuple[float, float]]:
    outside = set(city.areas[0].rings[0])
    return [v for v in city.grids[150].rings[0] if v not in outside]


def test_the_centre_of_an_area_lies_inside_it(city: City) -> None:
    assert all(area.polygon.contains(Point(area.centre)) for area in city.areas)


def test_codes_are_well_formed_and_belong_to_no_province(city: City) -> None:
    for area in city.areas:
        assert area.code_system == "demonstration"
        with pytest.raises(codes.CodeInvalid):
            (codes.grid if area.level == "grid" else codes.division)(area.code)
        if area.level == "grid":
            grid = codes.grid(area.code, demonstration=True)
            assert (grid.community, grid.cell) == (area.parent, area.cell15)
        else:
            division = codes.division(area.code, demonstration=True)
            assert (division.level, division.parent.strip("0")) == (
                area.level,
                area.parent.strip("0") if area.parent else "99",
            )


def test_codes_and_names_are_given_once_and_the_kind_of_town_fits_its_code(city: City) -> None:
    assert len({area.code for area in city.areas}) == len(city.areas)
    assert len({area.name_zh for area in city.areas}) == len(city.areas)
    assert len({area.name_en for area in city.areas}) == len(city.areas)
    endings = {"subdistrict": "街道", "town": "镇", "township": "乡"}
    for town in city.of_level("town"):
        assert town.name_zh.endswith(endings[codes.town_kind(town.code)])


def test_the_same_seed_gives_the_same_city_and_another_seed_another() -> None:
    first, again, other = build_city(7), build_city(7), build_city(8)

    assert json.dumps(area_collection(first.areas)) == json.dumps(area_collection(again.areas))
    assert (first.units, first.staff, first.lines, first.lake) == (
        again.units,
        again.staff,
        again.lines,
        again.lake,
    )
    assert first.areas[0].rings != other.areas[0].rings


def test_the_city_is_built_quickly() -> None:
    started = time.process_time()
    build_city(3)
    assert time.process_time() - started < 10  # of computing; half a second is usual


def test_the_geojson_is_read_back_by_our_own_reader(city: City) -> None:
    data = json.dumps(area_collection(city.areas), ensure_ascii=False)

    shapes = read_areas(data, Frame.CGCS2000)

    assert [shape.id for shape in shapes] == [area.code for area in city.areas]
    assert shapes[5].polygons == (city.areas[5].rings,)


def test_roads_river_and_lake_lie_in_the_city(city: City) -> None:
    outline = city.areas[0].polygon.buffer(1e-5)
    features = line_collection(city)["features"]
    kinds = Counter(feature["properties"]["kind"] for feature in features)

    assert kinds == {"road": 44, "river": 1, "lake": 1}
    assert all(outline.contains(shapely.geometry.shape(f["geometry"])) for f in features)


def test_no_name_is_that_of_a_real_place(city: City) -> None:
    with shared_path("weifang", "weifang_streets.csv").open(encoding="utf-8") as file:
        real = {row["name"] for row in csv.DictReader(file)}
    with gzip.open(shared_path("weifang", "weifang_villages.csv.gz"), "rt", encoding="utf-8") as f:
        villages = {row["name"] for row in csv.DictReader(f)}
    stems = {_stem(name) for name in villages}

    for area in city.areas:
        assert area.name_zh not in real
        if area.level == "community":
            assert _stem(area.name_zh) not in stems


def _stem(name: str) -> str:
    for ending in ("居委会", "村委会", "社区", "村"):
        name = name.removesuffix(ending)
    return name
