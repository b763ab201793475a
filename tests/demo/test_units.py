"""Units, the routing catalogue and the staff hang together."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tests.demo.conftest import called

from luoshi.demo.city import City
from luoshi.demo.people import PHONE_SERIES, fresh_password
from luoshi.formats.programmes import load_programme

PROGRAMMES = Path(__file__).parents[2] / "programmes"
TAXONOMY = PROGRAMMES / "hotline" / "taxonomy.csv"


def test_units_form_a_tree_whose_parents_come_first(city: City) -> None:
    seen = {""}
    for unit in city.units:
        assert unit.parent in seen
        assert unit.area in city.area_by_code
        seen.add(unit.code)
    assert len(seen) == len(city.units) + 1
    assert sum(unit.kind == "town" for unit in city.units) == 20


def test_telephone_numbers_are_well_formed_and_given_once(city: City) -> None:
    numbers = [unit.phone for unit in city.units] + [p.phone for p in city.staff.people]

    assert all(called(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_every_category_of_the_hotline_has_a_handling_unit_everywhere(city: City) -> None:
    with TAXONOMY.open(encoding="utf-8") as file:
        leaves = {row["code"]: row["unit"] for row in csv.DictReader(file) if row["parent"]}
    duties = {duty.category: duty for duty in city.duties}

    assert set(duties) == set(leaves)
    for category, department in leaves.items():
        assert duties[category].department == department
        assert department in city.unit_by_code
        for grid in city.grids[::60]:
            unit = city.handling_unit(category, grid.code)
            assert city.staff.holders("handler", unit.code) or unit.code == "hotline"


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        pytest.param("utilities.heat", "company", id="a city company"),
        pytest.param("market.food", "county-department", id="a department of the county"),
        pytest.param("cityscape.rubbish", "town", id="the town itself"),
        pytest.param("health.hospital", "department", id="a city department"),
    ],
)
def test_a_duty_is_done_at_its_level_and_in_its_area(city: City, category: str, kind: str) -> None:
    grid = city.grids[0]
    unit = city.handling_unit(category, grid.code)

    assert unit.kind == kind
    assert city.area_by_code[unit.area].code[:4] == grid.code[:4]
    if kind == "town":
        assert grid.code.startswith(unit.area[:9])


def test_a_matter_without_a_small_area_goes_to_the_city(city: City) -> None:
    assert city.handling_unit("market.food", city.areas[0].code).code == "market"


def test_an_unknown_category_has_no_unit(city: City) -> None:
    with pytest.raises(KeyError):
        city.handling_unit("weather.rain", city.grids[0].code)


def test_every_desk_is_manned_and_every_post_has_its_person(city: City) -> None:
    staff = city.staff
    desks = ("operator", "dispatcher", "handler", "caller_back", "reviewer", "supervisor")

    assert all(staff.holders(role) for role in [*desks, "office", "publisher", "editor", "leader"])
    assert {post.username for post in staff.posts} == {p.username for p in staff.people}
    assert len({p.username for p in staff.people}) == len(staff.people)
    assert len({p.name_zh for p in staff.people}) == len(staff.people)
    assert all(post.unit in city.unit_by_code for post in staff.posts)


def test_somebody_sees_hot_topics_and_may_make_them_cases(city: City) -> None:
    hotline, task = (load_programme(PROGRAMMES / name) for name in ("hotline", "task"))
    assert hotline.suggest.topics
    assert task.takes_topics
    seers = set(hotline.roles)
    takers = set(task.opening[0].by)
    held = {
        name: {post.role for post in city.staff.posts if post.username == name}
        for name in {post.username for post in city.staff.posts}
    }
    assert any(roles & takers and roles & seers for roles in held.values())


def test_people_are_plainly_invented(city: City) -> None:
    assert all(p.phone.startswith(PHONE_SERIES) and len(p.phone) == 11 for p in city.staff.people)
    assert all(re.fullmatch(r"[a-z0-9.-]+", p.username) for p in city.staff.people)


def test_the_password_is_new_each_time_and_long_enough() -> None:
    passwords = {fresh_password() for _ in range(50)}

    assert len(passwords) == 50
    assert all(len(password) > 14 for password in passwords)
