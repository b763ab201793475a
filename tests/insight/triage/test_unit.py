"""Unit: category × area × what the units themselves took on or sent back."""

from luoshi.insight.triage.unit import Routed, suggest_unit

CITY, NORTH, SOUTH = ("3707",), ("3707", "north"), ("3707", "south")


def routed(area: tuple[str, ...], unit: str, times: int, *, kept: bool = True) -> list[Routed]:
    return [Routed("lamp", area, unit, kept=kept)] * times


def test_the_unit_that_takes_such_cases_on_here_comes_first() -> None:
    history = routed(NORTH, "lights-north", 20) + routed(SOUTH, "lights-south", 60)

    assert suggest_unit("lamp", NORTH, history)[0].unit == "lights-north"
    assert suggest_unit("lamp", SOUTH, history)[0].unit == "lights-south"


def test_a_unit_that_sends_them_back_falls_behind() -> None:
    history = routed(NORTH, "parks", 10, kept=False) + routed(NORTH, "roads", 3)
    suggested = suggest_unit("lamp", NORTH, history)

    assert [one.unit for one in suggested] == ["roads"]
    assert suggested[0].kept == 3
    assert suggested[0].returned == 0


def test_one_case_in_a_town_does_not_outweigh_the_city() -> None:
    history = routed(SOUTH, "lights", 50) + routed(NORTH, "odd", 1)
    suggested = suggest_unit("lamp", NORTH, history)

    assert suggested[0].unit == "lights"
    assert suggested[0].confidence < 0.9


def test_an_area_without_history_leans_on_the_wider_one() -> None:
    suggested = suggest_unit("lamp", (*CITY, "west"), routed(SOUTH, "lights", 5))

    assert [one.unit for one in suggested] == ["lights"]


def test_without_history_nothing_is_suggested() -> None:
    assert suggest_unit("noise", NORTH, routed(NORTH, "lights", 5)) == ()


def test_confidences_are_shares() -> None:
    history = routed(NORTH, "a", 4) + routed(NORTH, "b", 4) + routed(NORTH, "b", 1, kept=False)

    assert sum(one.confidence for one in suggest_unit("lamp", NORTH, history)) <= 1.0
