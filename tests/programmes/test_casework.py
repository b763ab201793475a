"""What the shipped programmes promise beyond being sound: published figures, lists, boundaries."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.programmes.sample import HERE

from luoshi.formats.calendars import load_calendar
from luoshi.formats.programmes import load_programme, load_programmes
from luoshi.formats.scenarios import read_scenarios
from luoshi.kernel.case import Case
from luoshi.kernel.condition import ClockIs, leaves
from luoshi.kernel.duration import Duration, Unit
from luoshi.kernel.playing import run_scenarios
from luoshi.kernel.programme import Programme, Relation, Transition

PROGRAMMES = HERE.parents[1] / "programmes"
CALENDAR = load_calendar(HERE.parents[1] / "calendars" / "cn.yaml")
SHIPPED = load_programmes(PROGRAMMES)


def cases(programme: str, named: str) -> list[Case]:
    """Return the cases at the end of the scenarios whose name begins with *named*."""
    found = SHIPPED[programme]
    scenarios = read_scenarios(PROGRAMMES / programme, found, CALENDAR).scenarios
    played = run_scenarios(found, scenarios, CALENDAR)
    return [
        one.case for name, one in played.items() if name.startswith(named) and one.case is not None
    ]


def test_the_first_batch_of_appeals_gives_the_published_rate() -> None:
    batch = cases("enterprise-appeal", "Batch 1,")
    struck = [case for case in batch if case.state == "struck_off"]
    ended = SHIPPED["enterprise-appeal"].states
    still_open = [case for case in batch if not ended[case.state].kind.is_end]
    assert len(batch) == 13
    assert len({case.values["enterprise"] for case in batch}) == 9
    assert {case.values["level"] for case in batch} == {"city"}
    assert (len(struck), len(still_open)) == (11, 2)
    assert round(100 * len(struck) / len(batch), 2) == 84.62


def test_what_is_struck_off_was_confirmed_by_the_enterprise_and_has_evidence() -> None:
    struck = [c for c in cases("enterprise-appeal", "Batch 1,") if c.state == "struck_off"]
    assert struck
    for case in struck:
        assert case.counts["confirm"] == 1
        assert case.values["evidence"]
        assert case.close_kind == "solved"
        running = {clock.kind for clock in case.clocks.values() if clock.state == "running"}
        assert running <= {"window"}


def test_the_second_batch_is_listed() -> None:
    batch = cases("enterprise-appeal", "Batch 2,")
    assert len(batch) == 16
    assert {case.state for case in batch} == {"registered"}
    assert {case.values["batch"] for case in batch} == {2}


def test_every_sub_class_of_city_management_has_the_limit_of_its_row() -> None:
    programme = SHIPPED["urban-management"]
    entries = programme.lists["category"].values()
    leaves_of = [entry for entry in entries if entry.parent]
    assert len(leaves_of) >= 60
    for entry in leaves_of:
        limit = programme.limit_for("handling", date(2026, 3, 2), {"category": entry.code})
        assert limit is not None
        assert limit.within == Duration.parse(entry.data["limit"]), entry.code
        assert entry.data["sort"] in {"component", "event"}
        assert len(entry.data["open_criteria"]) >= 3
        assert len(entry.data["close_criteria"]) >= 2
    assert {Duration.parse(entry.data["limit"]).unit for entry in leaves_of} == set(Unit)


def test_a_rescue_has_three_targets() -> None:
    programme = SHIPPED["urban-management"]
    limit = programme.limit_for("rescue", date(2026, 3, 2), {"category": "emergency.water_burst"})
    assert limit is not None
    assert [(stage.name, str(stage.within)) for stage in limit.stages] == [
        ("fence", "3 urgent hours"),
        ("repair", "8 urgent hours"),
        ("restore", "5 working days"),
    ]


def test_an_upheld_appeal_exempts_and_the_lateness_stays() -> None:
    (case,) = cases("urban-management", "Two reviews uphold an appeal")
    assert case.exempt == {"handling", "rescue"}
    assert case.clocks["handling"].was_late
    (rating,) = cases("service-rating", "A mistaken rating is excluded")
    assert rating.exempt == {"rating"}
    assert rating.values["level"] == "very_dissatisfied"


def test_only_the_person_who_was_served_rates() -> None:
    programme = SHIPPED["service-rating"]
    ratings = [step for step in programme.transitions.values() if step.name.startswith("rate_")]
    assert ratings
    for step in ratings:
        assert {programme.roles[role].relation for role in step.by} == {Relation.REQUESTER}


def test_joint_handling_names_programmes_that_the_system_can_open() -> None:
    opened = [
        (step.opens_parts, programme)
        for programme in SHIPPED.values()
        for step in programme.transitions.values()
        if step.opens_parts
    ]
    assert opened
    for parts, _ in opened:
        child = SHIPPED[parts.programme]
        (opening,) = child.opening
        relations = {child.roles[role].relation for role in opening.by}
        known = {*parts.carries, child.holder_field}
        assert Relation.SYSTEM in relations
        assert {need.field for need in opening.needs if need.required} <= known
        assert {need.field for need in opening.needs} >= known
        assert any(child.states[step.target].kind == "void" for step in _by_system(child))


def _by_system(programme: Programme) -> list[Transition]:
    return [
        step
        for step in programme.transitions.values()
        if any(programme.roles[role].relation is Relation.SYSTEM for role in step.by)
        and not step.opens
    ]


PERSONS = re.compile(
    "重点人|重点人员|上访|信访人|稳控|管控对象|精神病|吸毒|刑满|前科|失独|低保户|信用分|积分|黑名单|人脸"
)
"""Words for kinds of people or for watching them; no programme has a place for any of them."""


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=lambda one: one.id)
def test_no_programme_sorts_or_scores_people(programme: Programme) -> None:
    folder = PROGRAMMES / programme.id
    for path in [folder / "programme.yaml", *sorted(folder.glob("*.csv"))]:
        assert PERSONS.findall(path.read_text("utf-8")) == [], path.name


def test_the_grid_takes_only_what_is_on_its_public_list() -> None:
    programme = SHIPPED["grid-event"]
    (find,) = programme.opening
    (need,) = [need for need in find.needs if need.field == "matter"]
    assert need.required
    assert need.when is None
    assert programme.fields["matter"].choices == "matter"
    for role in ("grid_worker", "village_lead", "town_coordinator", "county_coordinator"):
        assert programme.roles[role].relation is Relation.OWN_AREA


def test_what_nobody_sorts_goes_up_and_what_is_parked_resumes_by_itself() -> None:
    grid, city = SHIPPED["grid-event"], SHIPPED["urban-management"]
    climbs = {
        clock.name: rung.do for clock in grid.clocks.values() for rung in clock.ladder if rung.do
    }
    assert climbs == {"sort_village": "pass_to_town", "sort_town": "pass_to_county"}
    (over,) = [rung for rung in city.clocks["parking"].ladder if rung.do]
    assert (over.do, over.share) == ("resume", 1)
    condition = city.transitions["resume"].when
    assert condition is not None
    assert list(leaves(condition)) == [ClockIs("parking", ("overdue",))]


def test_the_folder_of_each_programme_says_what_is_local() -> None:
    for programme in ("grid-event", "urban-management", "enterprise-appeal", "service-rating"):
        assert "`local`" in (PROGRAMMES / programme / "README.md").read_text("utf-8")
        assert load_programme(Path(PROGRAMMES / programme)).source
