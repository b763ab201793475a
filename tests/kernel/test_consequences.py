"""Consequences: parts, mergers and exemptions that follow from a step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.kernel.people import (
    CASE,
    CLERK,
    DAY,
    HEAD,
    Life,
    act,
    begun,
    staff,
    works,
)

from luoshi.kernel.errors import (
    ConditionUnmet,
    FieldsRefused,
)

FITTER = staff("fitter", "", "roads")
FINISH = {"proof": ["photo"], "again": "2026-06-01"}


class TestJointHandling:
    def test_each_unit_named_gets_one_part(self) -> None:
        life = begun()
        decision = life.decided("join", CLERK, helpers=["lamps", "parks", "lamps"])
        assert [order.unit for order in decision.parts] == ["lamps", "parks"]
        assert decision == life.decided("join", CLERK, helpers=["lamps", "parks", "lamps"])
        case = life.take("join", CLERK, helpers=["lamps", "parks"])
        assert [part.unit for part in case.parts.values()] == ["lamps", "parks"]
        with pytest.raises(ConditionUnmet, match="every part is done"):
            life.decided("finish", CLERK, **FINISH)
        again = life.decided("join", CLERK, helpers=["lamps", "roads"])
        assert [(order.unit, order.carries) for order in again.parts] == [("roads", ("day",))]

    def test_a_part_is_waived(self) -> None:
        life = begun()
        life.take("join", CLERK, helpers=["lamps"])
        case = life.take("waive", HEAD, helper="lamps")
        assert [part.state for part in case.parts.values()] == ["waived"]
        assert case.open_parts == ()
        with pytest.raises(ConditionUnmet, match="lamps has no open part"):
            life.decided("waive", HEAD, helper="lamps")
        assert life.take("finish", CLERK, **FINISH).state == "done"


class TestMerging:
    def opened(self) -> Life:
        life = Life(works())
        life.take("open", CLERK, what="塔吊", day="2026-03-20")
        return life

    def test_a_case_follows_another_and_leaves_it(self) -> None:
        life = self.opened()
        case = life.take("merge", CLERK, main=act(77))
        assert (case.follows, case.close_kind) == (act(77), "merged")
        case = life.take("part", HEAD)
        assert (case.follows, case.state) == ("", "new")

    def test_it_cannot_follow_itself(self) -> None:
        with pytest.raises(FieldsRefused, match=r"main: case\.follows_itself"):
            self.opened().decided("merge", CLERK, main=CASE)

    def test_one_that_is_followed_cannot_follow(self) -> None:
        life = self.opened()
        assert life.case is not None
        life.case = replace(life.case, followers=(act(5),))
        with pytest.raises(FieldsRefused, match=r"case\.follows_itself"):
            life.decided("merge", CLERK, main=act(77))

    def test_one_that_was_not_merged_cannot_leave(self) -> None:
        life = begun()
        life.take("finish", CLERK, **FINISH)
        with pytest.raises(ConditionUnmet, match="not merged"):
            life.decided("part", HEAD)


def test_what_is_exempt_is_noted_and_the_facts_stay() -> None:
    life = begun()
    life.forward(30 * DAY)
    case = life.take("finish", CLERK, **FINISH)
    assert case.exempt == {"rating", "work"}
    assert case.clocks["work"].was_late


def test_what_was_exempt_counts_again_and_the_facts_stay() -> None:
    life = begun()
    life.forward(30 * DAY)
    life.take("finish", CLERK, **FINISH)
    case = life.take("recount", HEAD)
    assert case.exempt == frozenset()
    assert case.clocks["work"].was_late
    with pytest.raises(ConditionUnmet, match="not exempt"):
        life.decided("recount", HEAD)
