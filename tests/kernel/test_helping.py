"""What leads to a step, and what it waits for: lives are led there, so that all are taken."""

from __future__ import annotations

from dataclasses import replace

from tests.kernel.people import lamps, works

from luoshi.kernel.checks.helping import AFTER_AN_END, helpers, ways_to
from luoshi.kernel.condition import Condition, Drawn, FieldGiven, PartsDone
from luoshi.kernel.programme import Programme


def helping(programme: Programme, step: str) -> set[str]:
    return {one.name for one in helpers(programme, programme.transitions[step])}


def waiting_for(programme: Programme, step: str, when: Condition) -> Programme:
    changed = replace(programme.transitions[step], when=when, lifts=())
    return replace(programme, transitions={**programme.transitions, step: changed})


def test_the_way_is_counted_in_steps_and_an_end_is_seldom_left() -> None:
    steps = lamps().transitions
    assert ways_to(lamps(), steps["park"]) == {"mending": 0, "new": 1, "parked": 1,
                                               "mended": AFTER_AN_END}  # fmt: skip
    assert ways_to(lamps(), steps["show"]) == {"mended": 0, "mending": 1, "new": 2, "parked": 2}
    assert ways_to(lamps(), steps["report"]) == {}


def test_going_back_is_no_way() -> None:
    assert "parked" not in ways_to(works(), works().transitions["finish"])


def test_a_step_is_helped_by_what_bears_on_its_condition() -> None:
    assert helping(lamps(), "park") == set()
    # its clock is started by send, met by mend and paused by park; mend is not helped by itself
    assert helping(lamps(), "lengthen") >= {"send", "mend", "park", "resume"}
    assert "again" not in helping(lamps(), "again")


def test_a_step_is_helped_by_what_it_takes_back() -> None:
    assert "watch" in helping(works(), "unwatch")
    exempt = works().transitions["part"]
    back = replace(exempt, counts_again=("rating",))
    assert {one.name for one in helpers(works(), back)} >= {"finish"}
    assert "finish" not in helping(works(), "part")


def test_a_step_is_helped_by_what_its_phase_must_have() -> None:
    assert "open" in helping(works(), "begin")  # gives the day without which no work begins


def test_who_helps_is_helped_too() -> None:
    chain = waiting_for(works(), "told", FieldGiven("proof"))
    assert helping(chain, "told") >= {"finish", "watch", "unwatch", "open"}


def test_nothing_helps_a_draw_and_parts_end_elsewhere() -> None:
    for when in (Drawn("check", 0.1), PartsDone()):
        assert helping(waiting_for(works(), "told", when), "told") == set()
