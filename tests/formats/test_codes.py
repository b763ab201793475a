"""Codes: published examples, the levels they stand for, and what is refused."""

from __future__ import annotations

import pytest

from luoshi.formats import codes


@pytest.mark.parametrize(
    ("value", "level", "short", "parent"),
    [
        ("37", "province", "37", ""),
        ("370700", "city", "3707", "370000000000"),
        ("370702", "county", "370702", "370700000000"),
        ("370702002", "town", "370702002", "370702000000"),
        ("370702002001", "community", "370702002001", "370702002000"),
        ("370702000000", "county", "370702", "370700000000"),
        ("441900003000", "town", "441900003", "441900000000"),
    ],
)
def test_a_division_code_says_its_level_and_its_parent(
    value: str, level: str, short: str, parent: str
) -> None:
    division = codes.division(value)

    assert (division.level, division.short, division.parent) == (level, short, parent)
    assert not division.demonstration


@pytest.mark.parametrize(
    "value", ["", "3707021", "37070２", "99", "990101", "380000", "370000002", "370702000001"]
)
def test_a_division_code_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(codes.DivisionInvalid) as refusal:
        codes.division(value)

    assert refusal.value.code == "code.division_invalid"


def test_an_invented_division_is_taken_only_where_it_is_asked_for() -> None:
    assert codes.division("990102", demonstration=True).demonstration


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("370702002", "subdistrict"),
        ("370702100", "town"),
        ("370702201", "township"),
        ("370702400", "similar"),
    ],
)
def test_a_town_code_says_what_kind_of_town_it_is(code: str, kind: str) -> None:
    assert codes.town_kind(code) == kind


def test_a_county_has_no_kind_of_town() -> None:
    with pytest.raises(codes.DivisionInvalid):
        codes.town_kind("370702000000")


def test_a_grid_code_says_its_community_kind_and_cell() -> None:
    grid = codes.grid("370702002001J012")

    assert (grid.community, grid.kind, grid.sequence) == ("370702002001", "basic", 12)
    assert grid.cell == "370702002001012"


@pytest.mark.parametrize(
    "code",
    [
        "370702002001J000",
        "370702002001X001",
        "370702002000J001",
        "380702002001J001",
        "370702002001J1",
    ],
)
def test_a_grid_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(codes.GridInvalid) as refusal:
        codes.grid(code)

    assert refusal.value.code == "code.grid_invalid"
