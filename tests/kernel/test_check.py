"""Every rule, broken alone: the sample is sound, and each change breaks what it says, no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.programmes.sample import LAMP, WORKS, Break, breaks, line_of, problems

SAMPLES = {"broken.yaml": LAMP, "broken_text.yaml": LAMP, "broken_works.yaml": WORKS}


@pytest.mark.parametrize(
    ("file", "broken"), [(file, one) for file in SAMPLES for one in breaks(file)], ids=str
)
def test_it_finds_what_is_broken_and_nothing_else(
    tmp_path: Path, file: str, broken: Break
) -> None:
    found = problems(tmp_path, *broken.changes, text=SAMPLES[file])
    assert {one.code for one in found} == {broken.code, *broken.also}, found
    assert (broken.code, broken.path) in {(one.code, one.path) for one in found}, found


def test_a_programme_that_provides_for_everything_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path, text=WORKS) == ()


def test_the_sample_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path) == ()


def test_every_problem_says_a_way_out_and_stands_on_its_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, ("turn: [fitter]", "turn: [filter]"))
    assert found.message == "role 'filter' is not defined; did you mean 'fitter'?"
    assert found.line == line_of("  mending: {kind: open")
    assert found.file == "lamp/programme.yaml"


def test_a_clock_that_runs_on_one_path_only_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, ("    stops: [redo]\n    starts: [mend]\n", "    stops: [redo]\n"))
    assert [(one.code, one.path) for one in found] == [("state.unclocked", "states.mending")]
    assert "mend only on some paths" in found[0].message


def test_going_back_leads_to_every_state_one_may_have_come_from(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, ("from: parked\n    to: mending", "from: parked\n    to: previous"))
        == ()
    )
    found = problems(tmp_path, ("to: new\n", "to: previous\n"))
    assert ("start.same", "transitions.report.to") in {(one.code, one.path) for one in found}


def test_a_stage_is_met_on_the_way_and_its_clock_runs_on(tmp_path: Path) -> None:
    call = "  call: {from: new, to: same, by: clerk, meets: send.call, rests_on: art. 2"
    call += ", labels: {zh-Hans: 联系, en: Call}}\n"
    assert problems(tmp_path, ("transitions:\n", f"transitions:\n{call}")) == ()


def test_publishing_rests_on_an_act_also_among_other_conditions(tmp_path: Path) -> None:
    shown = "when: {field: shown, is: true}"
    kind = "{field: kind, is: dark}"
    both = f"when: {{all: [{kind}, {{field: shown, is: true}}]}}"
    assert problems(tmp_path, (shown, both)) == ()
    counted = f"when: {{all: [{kind}, {{count: show, at_least: 1}}]}}"
    without = problems(tmp_path, (shown, counted))
    assert "publish.unapproved" in {one.code for one in without}
