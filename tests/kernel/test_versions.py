"""Versions: what changed is said, and a case that is moved keeps what it was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.kernel.people import HEAD, MONDAY, act, begun, works

from luoshi.kernel.case import applied
from luoshi.kernel.fact import Doer
from luoshi.kernel.versions import (
    MOVED,
    MOVED_BACK,
    Difference,
    Move,
    differences,
    moved_to,
    target_state,
)

EDITOR = Doer("editor", "editor")
LATER = works(('version: "1"', 'version: "2"'))


def test_what_changed_is_said_section_by_section() -> None:
    old = works()
    states = {**old.states, "late": old.states["work"]}
    del states["parked"]
    work = replace(old.clocks["work"], ladder=())
    new = replace(old, states=states, clocks={**old.clocks, "work": work})
    assert differences(old, old) == ()
    assert differences(old, LATER) == ()  # its number alone is another
    assert differences(old, new) == (
        Difference("states", "parked", "removed"),
        Difference("states", "late", "added"),
        Difference("clocks", "work", "changed"),
    )


def test_a_case_goes_where_it_stood_or_where_the_editor_says() -> None:
    assert target_state(LATER, "work", {}) == "work"
    assert target_state(LATER, "work", {"work": "new"}) == "new"
    assert target_state(LATER, "gone", {}) == ""
    assert target_state(LATER, "gone", {"gone": "nowhere"}) == ""
    assert target_state(LATER, "gone", {"gone": "parked"}) == "parked"


def test_a_moved_case_keeps_its_due_instants_and_loses_what_nobody_knows_any_more() -> None:
    life = begun()
    case = life.case
    assert case is not None
    without = replace(LATER, clocks={"begin": LATER.clocks["begin"]})

    kept = applied(case, moved_to(case, Move("r", "2", "work"), LATER, act(90), EDITOR, life.now))
    assert kept.version == "2"
    assert kept.clocks == case.clocks

    gone = moved_to(case, Move("r", "2", "work"), without, act(90), EDITOR, life.now)
    assert gone.act == MOVED
    assert [(effect.clock, effect.does) for effect in gone.clocks] == [("work", "stop")]
    assert gone.effects == ({"does": "moved", "run": "r", "version": "1", "state": "work"},)
    assert applied(case, gone).clocks["work"].state == "stopped"


def test_clocks_that_ended_and_rounds_of_clocks_are_left_alone() -> None:
    life = begun()
    life.take("park", HEAD)
    life.take("unpark", HEAD)
    case = life.case
    assert case is not None
    assert {"begin", "work", "work#1"} <= set(case.clocks)
    nothing = replace(LATER, clocks={})
    fact = moved_to(case, Move("r", "2", "work"), nothing, act(90), EDITOR, life.now)
    assert [effect.clock for effect in fact.clocks] == ["work"]
    running = replace(case.clocks["work"], name="work#1")
    twice = replace(case, clocks={**case.clocks, "work#1": running})
    known = moved_to(twice, Move("r", "2", "work"), LATER, act(90), EDITOR, life.now)
    assert known.clocks == ()  # a round, or a stage, belongs to its clock


def test_a_move_can_be_taken_back_and_never_lies_before_what_happened() -> None:
    life = begun()
    case = life.case
    assert case is not None
    early = MONDAY - timedelta(days=1)
    there = moved_to(case, Move("r", "2", "new"), LATER, act(90), EDITOR, early)
    assert there.at == case.moved
    moved = applied(case, there)
    back = moved_to(moved, Move("r", "1", "work", back=True), works(), act(91), EDITOR, life.now)
    assert back.act == MOVED_BACK
    returned = applied(moved, back)
    assert (returned.version, returned.state) == ("1", "work")
    assert returned.clocks == case.clocks
    life.case = returned
    assert life.take("watch", HEAD).holds["watch"]
