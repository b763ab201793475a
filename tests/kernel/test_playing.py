"""Scenarios: what they expect is looked at, all of it, and what none of them shows is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.programmes.sample import HERE, WORKS, Break, breaks, lamp

from luoshi.formats.calendars import load_calendar
from luoshi.formats.programmes import load_programme
from luoshi.formats.scenarios import problems_of_scenarios, read_scenarios
from luoshi.kernel.errors import Problem
from luoshi.kernel.playing import run_scenarios
from luoshi.kernel.shown import uncovered

CALENDAR = load_calendar(HERE.parents[1] / "calendars" / "cn.yaml")
SCENARIOS = (HERE / "scenarios.yaml").read_text("utf-8")


def played(folder: Path, *changes: tuple[str, str], text: str = SCENARIOS) -> list[Problem]:
    """Return what is the matter with the scenarios of the sample after *changes*."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    home = lamp(folder)
    (home / "scenarios.yaml").write_text(text, encoding="utf-8")
    return list(problems_of_scenarios(home, load_programme(home), CALENDAR))


def test_the_scenarios_of_the_sample_come_true(tmp_path: Path) -> None:
    assert played(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("state: mended", "state: new", "the case is 'mended', not 'new'"),
        ("mend: 2026-03-13T00:00", "mend: 2026-03-12T00:00", "clock 'mend' is due 2026-03-13T00"),
        ("light: {mend: green", "light: {mend: red", "clock 'mend' is green, not red"),
        ("clocks: {mend: met", "clocks: {mend: late", "clock 'mend' is met, not late"),
        ("clocks: {mend: met", "clocks: {mend.x: met", "clock 'mend.x' is absent, not met"),
        ("provisional: [mend", "provisional: [send.call", "are ['mend', 'send.go'], not"),
        ("count: {lengthen: 1", "count: {lengthen: 2", "'lengthen' was done 1 time(s), not 2"),
        ("values: {unit: lamps}", "values: {unit: stars}", "'unit' is 'lamps', not 'stars'"),
        ("published: false", "published: true", "the case is not published"),
        ("published: true", "published: false", "the case is published"),
        (", refused: transition.too_often", "", "transition.too_often: 'lengthen' is allowed 1"),
        ("refused: case.not_found", "refused: case.stale", "expected case.stale"),
        ("fields: [unit]", "fields: [days]", "expected fields.refused"),
        ("do: park}", "do: park, refused: transition.too_often}", "is allowed, not refused"),
    ],
)
def test_what_does_not_come_true_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = played(tmp_path, (old, new))
    assert any(said in one.message for one in found), found
    assert {one.code for one in found} <= {"scenario.mismatch", "scenario.uncovered"}


@pytest.mark.parametrize("broken", breaks("broken_scenarios.yaml"), ids=str)
def test_it_finds_what_is_broken_and_nothing_else(tmp_path: Path, broken: Break) -> None:
    found = played(tmp_path, *broken.changes)
    assert {one.code for one in found} == {broken.code, *broken.also}, found
    assert (broken.code, broken.path) in {(one.code, one.path) for one in found}, found


def test_a_mismatch_stands_on_its_line(tmp_path: Path) -> None:
    (found,) = played(tmp_path, ("state: mended", "state: new"))
    line = SCENARIOS[: SCENARIOS.index("state: mended")].count("\n") + 1
    assert (found.file, found.line) == ("lamp/scenarios.yaml", line)
    assert found.path == "scenarios[0].then.state"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("do: park}", "do: perk}", "transition.unknown"),
        ("by: fitter@lamps:wang", "by: filter@lamps:wang", "role.unknown"),
        ("by: fitter@lamps:wang", 'by: "fitter wang"', "type"),
        ("refused: case.not_found", "refused: case.notfound", "refusal.unknown"),
        ("after: a lamp is mended", "after: a lamp was mended", "scenario.after"),
        ("name: it is shown", "name: a lamp is mended", "scenario.twice"),
        ("state: mended", "state: mendid", "state.unknown"),
        ("light: {mend: green", "light: {mend: grün", "word.unknown"),
        ("clocks: {mend: met", "clocks: {mand: met", "clock.unknown"),
        ("count: {lengthen: 1", "count: {longer: 1", "transition.unknown"),
        ("values: {unit: lamps}", "values: {units: lamps}", "field.unknown"),
        ("at: 2026-03-02T09:00", "at: 2026-03-32T09:00", "date.invalid"),
        ("at: 2026-03-02T09:00", "att: 2026-03-02T09:00", "key.unknown"),
        ("by: fitter, do: park}", "by: fitter}", "scenario.step"),
        ("by: fitter, do: park}", "do: park}", "scenario.step"),
        ("by: fitter, do: park}", "by: fitter, do: park, tick: true}", "scenario.step"),
        ("by: fitter, do: park}", "tick: true, part: lamps}", "scenario.step"),
        ("by: fitter, do: park}", "by: fitter, part: lamps}", "scenario.step"),
        ("by: fitter, do: park}", "}", "scenario.step"),
        ("by: fitter, do: park}", "part: lamps, how: lost}", "word.unknown"),
        ("provisional: []", "climbed: {mend: [soon]}", "rung.unknown"),
        ("provisional: []", "climbed: {mand: []}", "clock.unknown"),
        ("provisional: []", "exempt: [mand]", "clock.unknown"),
    ],
)
def test_names_that_mean_nothing_are_told_before_anything_is_played(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    found = played(tmp_path, (old, new))
    assert code in {one.code for one in found}
    assert "scenario.mismatch" not in {one.code for one in found}
    assert all(one.line for one in found)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("do: resume", "no scenario takes 'resume'"),
        ("refused: transition.condition", "refused with transition.condition"),
        ("refused: transition.too_often", "refused with transition.too_often"),
        ("refused: transition.same_person", "'mend' refused with transition.same_person"),
        ("refused: transition.not_yours", "refused with transition.not_yours"),
        ("refused: fields.refused", "refused with fields.refused"),
        ("refused: transition.wrong_state", "refused with transition.wrong_state"),
        ("refused: case.not_found", "somebody refused with case.not_found"),
    ],
)
def test_what_no_scenario_shows_is_told(tmp_path: Path, gone: str, said: str) -> None:
    kept = [line for line in SCENARIOS.splitlines() if gone not in line]
    found = played(tmp_path, text="\n".join(kept) + "\n")
    missing = [one.message for one in found if one.code == "scenario.uncovered"]
    assert any(said in one for one in missing), found


def test_holds_and_interests_have_to_be_seen_refusing(tmp_path: Path) -> None:
    missing = dict(uncovered(load_programme(lamp(tmp_path, text=WORKS)), []))
    assert "transition.held for 'watch'" in missing["holds.watch.blocks"]
    assert "transition.interest" in missing["complained_of"]


def test_a_programme_without_scenarios_is_told(tmp_path: Path) -> None:
    home = lamp(tmp_path)
    found = problems_of_scenarios(home, load_programme(home), CALENDAR)
    assert [one.code for one in found] == ["file.unreadable"]


def test_playing_twice_gives_the_same_facts(tmp_path: Path) -> None:
    home = lamp(tmp_path)
    shutil.copy(HERE / "scenarios.yaml", home)
    programme = load_programme(home)
    scenarios = read_scenarios(home, programme, CALENDAR).scenarios
    first = run_scenarios(programme, scenarios, CALENDAR)
    second = run_scenarios(programme, scenarios, CALENDAR)
    assert first == second
    assert list(uncovered(programme, first.values())) == []
