"""Areas as numbers: which holds which, how rare each is, and that odd codes do no harm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar.areas import DEPTH, Areas

CITY, EAST, WEST = ("37",), ("37", "3701"), ("37", "3702")
MARKET = (*EAST, "370101")


def beside(areas: Areas, here: tuple[str, ...], there: tuple[str, ...]) -> tuple[object, bool]:
    shared, apart = areas.beside(areas.number(here), np.array([areas.number(there)], np.int32))
    return areas.codes(int(shared[0])), bool(apart[0])


@pytest.mark.parametrize(
    ("here", "there", "shared", "is_apart"),
    [
        (MARKET, MARKET, MARKET, False),
        (MARKET, EAST, EAST, False),
        (EAST, MARKET, EAST, False),
        (MARKET, WEST, CITY, True),
        (MARKET, (), (), False),
        ((), (), (), False),
        (("1",), ("2",), (), True),
        (("1", "9"), ("2", "9"), (), True),
    ],
)
def test_two_areas_lie_in_one_or_apart(
    here: tuple[str, ...], there: tuple[str, ...], shared: tuple[str, ...], *, is_apart: bool
) -> None:
    assert beside(Areas(), here, there) == (shared, is_apart)


def test_an_area_that_few_matters_bear_says_more() -> None:
    areas = Areas()
    for path, times in ((WEST, 900), (EAST, 90), (MARKET, 10)):
        for _ in range(times):
            areas.count(areas.number(path), 1)
    numbers = np.array([areas.number(path) for path in ((), CITY, WEST, EAST, MARKET)], np.int32)
    rarity = areas.rarity(numbers)
    assert rarity.tolist() == sorted(rarity.tolist())
    assert rarity[0] == 0.0
    assert rarity[1] < 0.05
    assert 4.0 < rarity[4] < 4.7  # ln(1000 / 10) = 4.6


def test_a_narrow_area_says_more_before_anything_was_counted() -> None:
    areas = Areas()
    numbers = np.array([areas.number(path) for path in (CITY, EAST, MARKET)], np.int32)
    assert np.all(np.diff(areas.rarity(numbers)) > 0)


def test_what_was_counted_out_is_gone() -> None:
    areas = Areas()
    numbers = np.array([areas.number(MARKET)], np.int32)
    before = areas.rarity(numbers)
    areas.count(int(numbers[0]), 1)
    assert areas.rarity(numbers) < before
    areas.count(int(numbers[0]), -1)
    assert areas.rarity(numbers) == before


def test_there_is_room_for_every_grid_of_a_city() -> None:
    areas = Areas()
    paths = [
        ("37", f"{town:04}", f"{town:04}{grid:04}") for town in range(20) for grid in range(50)
    ]
    assert len({areas.number(path) for path in paths}) == len(paths)
    assert all(areas.codes(areas.number(path)) == path for path in paths)


codes = st.lists(st.text(max_size=3), max_size=DEPTH + 4).map(tuple)


@given(codes, codes)
def test_any_codes_can_be_laid_side_by_side(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    areas = Areas()
    assert beside(areas, one, other) == beside(areas, other, one)
    assert beside(areas, one, one) == (tuple(code for code in one if code)[:DEPTH], False)
