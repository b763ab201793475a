"""Programmes: what can be asked of one as a whole."""

from __future__ import annotations

from dataclasses import replace

from tests.kernel.people import lamps


def test_a_unit_is_looked_for_where_one_is_named_and_none_has_the_turn() -> None:
    of = lamps()
    assert [name for name in of.states if of.seeks_holder(name)] == ["new"]
    assert not of.seeks_holder("nowhere")


def test_where_a_unit_has_the_turn_it_holds_the_case_though_another_may_be_named() -> None:
    of = lamps()
    new = replace(of.states["new"], turn=("clerk", "fitter"))
    assert not replace(of, states={**of.states, "new": new}).seeks_holder("new")


def test_a_unit_that_need_not_be_named_is_not_looked_for() -> None:
    of = lamps()
    send = of.transitions["send"]
    asks = replace(send, needs=tuple(replace(need, required=False) for need in send.needs))
    assert not replace(of, transitions={**of.transitions, "send": asks}).seeks_holder("new")
