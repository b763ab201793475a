"""What happens by itself in a scenario: rungs are climbed, parts come to an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.kernel.people import CALENDAR, MONDAY, works

from luoshi.kernel.by_itself import part_ended, ticked
from luoshi.kernel.case import Case
from luoshi.kernel.condition import Held
from luoshi.kernel.ladder import CLIMBED
from luoshi.kernel.playing import Played, play
from luoshi.kernel.programme import Programme
from luoshi.kernel.scenario import Ended, Expected, Scenario, Step, Who

CLERK = Who("clerk")
OVER = datetime(2026, 3, 21, tzinfo=CALENDAR.zone)
"""The end of the day until which the work may take; a rung comes a working day later."""

AT_WORK = (
    Step(MONDAY, CLERK, "open", {"what": "塔吊", "day": "2026-03-20"}),
    Step(MONDAY, CLERK, "begin", {"unit": "roads"}),
)


def after(*steps: Step, programme: Programme | None = None, **then: object) -> Played:
    """Return what comes of *steps* on a case that is at work."""
    scenario = Scenario("it", (*AT_WORK, *steps), then=Expected(**then))  # type: ignore[arg-type]
    return play(programme or works(), scenario, CALENDAR)


def acts(played: Played) -> list[str]:
    return [fact.act for fact in played.facts[len(AT_WORK) :]]


def tick(at: datetime) -> Step:
    return Step(at, tick=True, path="it")


def test_nothing_happens_before_its_time_and_nothing_twice() -> None:
    assert acts(after(tick(MONDAY))) == []
    soon = after(tick(OVER), climbed={"work": ("soon",)})
    assert acts(soon) == [CLIMBED]
    assert soon.mismatches == ()
    assert acts(after(tick(OVER), tick(OVER))) == [CLIMBED]


def test_all_that_came_due_meanwhile_is_climbed_in_order_with_its_steps() -> None:
    late = after(tick(OVER + timedelta(days=30)), climbed={"work": ("late", "soon")})
    assert acts(late) == [CLIMBED, CLIMBED, "urge"]
    assert late.mismatches == ()
    assert "urge" in late.taken
    rungs = [fact.clocks[0].rungs[0][0] for fact in late.facts if fact.act == CLIMBED]
    assert rungs == ["soon", "late"]
    assert len({fact.id for fact in late.facts}) == len(late.facts)


def test_a_step_that_cannot_be_taken_then_is_left() -> None:
    never = replace(works().transitions["urge"], when=Held("watch"))
    programme = replace(works(), transitions={**works().transitions, "urge": never})
    assert acts(after(tick(OVER + timedelta(days=30)), programme=programme)) == [CLIMBED, CLIMBED]


def test_a_rung_that_a_later_version_dropped_is_climbed_without_its_step() -> None:
    case = after().case
    assert case is not None
    bare = replace(works().clocks["work"], ladder=())
    programme = replace(works(), clocks={**works().clocks, "work": bare})
    facts = list(ticked(programme, case, OVER + timedelta(days=30), CALENDAR))
    assert [fact.act for fact in facts] == [CLIMBED, CLIMBED]


@pytest.mark.parametrize(("rungs", "said"), [
    ({"work": ()}, "of clock 'work' ['soon'] were climbed, not []"),
    ({"work": ("soon", "late")}, "['soon'] were climbed, not ['late', 'soon']"),
    ({"nothing": ("soon",)}, "of clock 'nothing' [] were climbed, not ['soon']"),
])  # fmt: skip
def test_rungs_that_were_expected_otherwise_are_told(
    rungs: dict[str, tuple[str, ...]], said: str
) -> None:
    (found,) = after(tick(OVER), climbed=rungs).mismatches
    assert said in found.message


def joined() -> Case:
    case = after(Step(MONDAY, CLERK, "join", {"helpers": ["lamps", "parks"]})).case
    assert case is not None
    return case


def test_a_part_comes_to_an_end() -> None:
    join = Step(MONDAY, CLERK, "join", {"helpers": ["lamps", "parks"]})
    done = after(join, Step(OVER, part="lamps"), Step(OVER, part="parks", how=Ended.VOID)).case
    assert done is not None
    assert {part.unit: part.state for part in done.parts.values()} == {
        "lamps": "done", "parks": "void",
    }  # fmt: skip
    assert done.open_parts == ()


def test_a_part_that_is_not_there_is_a_mistake_of_the_scenario() -> None:
    (found,) = after(Step(OVER, part="lamps", path="scenarios[0].steps[2]")).mismatches
    assert found.path == "scenarios[0].steps[2]"
    assert found.message == "'lamps' has no part that is open"
    assert part_ended(joined(), "roads", "done", OVER) is None
    assert part_ended(joined(), "lamps", "done", OVER) is not None


def test_before_a_case_is_opened_nothing_happens() -> None:
    nothing = play(works(), Scenario("it", (tick(OVER), Step(OVER, part="lamps"))), CALENDAR)
    assert nothing.facts == ()
    assert len(nothing.mismatches) == 1
