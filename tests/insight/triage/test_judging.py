"""Judging: macro-F1, what is mistaken for what, what is left to people, on counted examples."""

from __future__ import annotations

import pytest

from luoshi.insight.triage.judging import Judgement, judged_by_category, macro_f1
from luoshi.insight.triage.model import NOTHING, Suggestion

LAMPS_AND_WAGES = {("lamp", "lamp"): 8, ("lamp", "wage"): 2, ("wage", "wage"): 3, ("wage", ""): 1}


def test_each_category_has_precision_recall_and_f1() -> None:
    lamp, wage = judged_by_category(LAMPS_AND_WAGES)
    assert (lamp.kind, lamp.messages, lamp.suggested, lamp.right) == ("lamp", 10, 8, 8)
    assert (lamp.precision, lamp.recall, lamp.f1) == (1, 0.8, pytest.approx(8 / 9))
    assert (wage.precision, wage.recall, wage.f1) == (0.6, 0.75, pytest.approx(6 / 9))


def test_a_rare_category_weighs_as_much_as_a_frequent_one() -> None:
    assert macro_f1(LAMPS_AND_WAGES) == pytest.approx((8 / 9 + 6 / 9) / 2)
    assert macro_f1({(0, 0): 99, (1, 0): 1}) == pytest.approx((198 / 199) / 2)
    assert macro_f1({}) == 0


def test_what_the_model_is_sure_of_is_judged_apart() -> None:
    found = Judgement()
    assert found.add("lamp", Suggestion("lamp", 0.9, unknown=False))
    assert not found.add("lamp", Suggestion("wage", 0.3, unknown=True))
    assert not found.add("wage", Suggestion("lamp", 0.9, unknown=False))
    assert not found.add("wage", NOTHING)
    assert (found.accuracy, found.left_to_people, found.accuracy_when_told) == (0.25, 0.5, 0.5)
    assert found.calibration_error == pytest.approx((2 * 0.4 + 0.3) / 4)


def test_what_is_mistaken_most_often_comes_first() -> None:
    found = Judgement()
    for label, category in [
        ("lamp", "wage"),
        ("wage", "lamp"),
        ("lamp", "wage"),
        ("lamp", "lamp"),
    ]:
        found.add(label, Suggestion(category, 0.5, unknown=False))
    assert found.confusions(9) == [("lamp", "wage", 2), ("wage", "lamp", 1)]
    assert found.confusions(1) == [("lamp", "wage", 2)]


def test_nothing_judged_is_nothing_right() -> None:
    found = Judgement()
    assert (found.accuracy, found.accuracy_when_told, found.calibration_error) == (0, 0, 0)
