"""Places: names the city's own gazetteer knows, and the areas they point to."""

import pytest

from luoshi.insight.triage.places import Gazetteer, Place, area_of, places

NORTH = Place("北关街道", ("3707", "370702", "370702001"), aliases=("北关",))
SOUTH = Place("南苑街道", ("3707", "370705", "370705003"))
ROAD_NORTH = Place("胜利路", ("3707", "370702"), (119.10, 36.71))
ROAD_SOUTH = Place("胜利路", ("3707", "370705"), (119.15, 36.70))
EAST_ROAD = Place("胜利路东街", ("3707", "370705"), (119.16, 36.70))
CITY = Gazetteer((NORTH, SOUTH, ROAD_NORTH, ROAD_SOUTH, EAST_ROAD, Place("河", ("3707",))))


def test_the_longest_name_is_taken() -> None:
    found = places("胜利路东街积水", CITY)

    assert [one.words for one in found] == ["胜利路东街"]


@pytest.mark.parametrize(
    ("text", "point"),
    [
        pytest.param("北关街道胜利路的路灯不亮", (119.10, 36.71), id="area named before"),
        pytest.param("勝利路路燈不亮，在南苑街道", (119.15, 36.70), id="area named after"),
        pytest.param("北关那边的胜利路", (119.10, 36.71), id="alias of the area"),
    ],
)
def test_an_area_named_beside_tells_two_roads_apart(text: str, point: tuple[float, float]) -> None:
    roads = [one for one in places(text, CITY) if one.places[0].point]

    assert roads[0].places[0].point == point
    assert len(roads[0].places) == 2


def test_a_place_points_into_the_original_text() -> None:
    text = "在　ＡＢ　北关街道。"
    (found,) = places(text, CITY)

    assert text[found.start : found.end] == found.words == "北关街道"


def test_names_of_one_character_are_no_names() -> None:
    assert places("河里有垃圾", CITY) == ()


def test_the_area_is_the_narrowest_that_all_agree_on() -> None:
    assert area_of(places("北关街道胜利路", CITY)) == ("3707", "370702", "370702001")
    assert area_of(places("北关街道和南苑街道", CITY)) == ("3707",)
    assert area_of(()) == ()
