"""Withheld: which steps have to wait, what for, and what would help."""

from __future__ import annotations

from tests.kernel.people import CLERK, DAY, HEAD, Life, staff, works
from tests.programmes.sample import HERE

from luoshi.formats.programmes import load_programme
from luoshi.kernel.access import Actor
from luoshi.kernel.condition import ClockIs, CountIs, PartsDone
from luoshi.kernel.errors import ConditionUnmet, TooOften
from luoshi.kernel.programme import Programme
from luoshi.kernel.withheld import Withheld, withheld

LAMPS = staff("handler", "", "lamps")
PARK = ("to: parked, by: head, at_most: 1,", "to: parked, by: head, at_most: 1, when: {%s},")


def at_work(programme: Programme | None = None, **opened: object) -> Life:
    life = Life(programme or works())
    life.take("open", CLERK, what="塔吊", day="2026-03-20", **opened)
    life.take("begin", CLERK, unit="roads")
    return life


def parking(when: str) -> Life:
    """Return a case at work whose head may park it when *when* holds."""
    return at_work(works((PARK[0], PARK[1] % when)))


def in_hand() -> Life:
    """Return a request to the hotline that a unit has received."""
    life = Life(load_programme(HERE.parents[1] / "programmes" / "hotline"))
    operator = staff("operator")
    life.take("register", operator, subject="路灯不亮", content="路口一盏", phone="13900000000")
    life.take("route", operator, unit="lamps", category="roads.streetlight")
    life.take("receive", LAMPS)
    return life


def waits(life: Life, actor: Actor = HEAD) -> dict[str, Withheld]:
    assert life.case is not None
    found = withheld(life.programme, life.case, actor, life.now)
    return {one.step.name: one for one in found}


def test_nothing_waits_where_everything_may_be_done() -> None:
    assert waits(at_work()) == {}


def test_a_step_taken_as_often_as_it_may_be_is_told() -> None:
    life = at_work()
    life.take("park", HEAD)
    life.take("unpark", HEAD)
    told = waits(life)
    assert list(told) == ["park"]
    assert isinstance(told["park"].refused, TooOften)
    assert told["park"].lacks == ()


def test_what_waits_for_parts_says_so() -> None:
    life = at_work()
    life.take("join", CLERK, helpers=["roads"])
    told = waits(life, CLERK)
    assert list(told) == ["finish"]
    assert isinstance(told["finish"].refused, ConditionUnmet)
    assert told["finish"].lacks == (PartsDone(),)
    assert told["finish"].remedies == ()


def test_the_step_that_would_help_is_named() -> None:
    told = waits(parking("count: watch, at_least: 1"))
    assert told["park"].lacks == (CountIs("watch", 1),)
    assert [step.name for step in told["park"].remedies] == ["watch"]


def test_meeting_a_clock_helps_where_it_has_to_be_met() -> None:
    told = waits(in_hand(), LAMPS)["answer"]
    assert told.lacks == (ClockIs("contact", ("met", "late")),)
    assert [step.name for step in told.remedies] == ["contact"]


def test_a_limit_that_is_over_is_told_without_help() -> None:
    life = in_hand()
    assert "return" not in waits(life, LAMPS)
    life.forward(7 * DAY)
    told = waits(life, LAMPS)["return"]
    assert told.lacks == (ClockIs("returning", ("running",)),)
    assert told.remedies == ()


def test_what_the_answers_rule_out_is_not_waited_for() -> None:
    assert waits(parking("field: risk, is: 3")) == {}
    assert waits(parking("not: {clock: work, is: running}")) == {}
    assert waits(parking("clock: work, is: overdue")) == {}


def test_steps_of_others_and_without_an_object_are_not_told() -> None:
    life = parking("count: watch, at_least: 1")
    assert waits(life, CLERK) == {}
    assert waits(life, staff("nobody")) == {}
    assert "unwatch" not in waits(life)
