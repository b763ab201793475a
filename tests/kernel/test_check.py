"""Every rule, broken alone: the sample is sound, and each change breaks what it says, no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.programmes.sample import HERE, WORKS, Break, breaks, line_of, problems

from luoshi.kernel import check

TOGETHER = {
    # what cannot be broken without something else
    "start.same": {"start.missing"},
    "field.unknown": {"field.never_given", "unused.field", "publish.unapproved"},
    "list.unknown": {"unused.list"},
    "clock.at_end": {"clock.never_met"},
    "start.several": {"clock.not_running", "clock.never_met", "state.no_end", "turn.idle",
                      "turn.stuck"},
    "state.no_end": {"turn.stuck"},
    "turn.stuck": {"clock.not_running"},
    "clock.unknown": {"unused.clock", "clock.never_met"},
    "field.never_given": {"unused.field"},
}  # fmt: skip


@pytest.mark.parametrize("broken", breaks(), ids=str)
def test_it_finds_what_is_broken_and_nothing_else(tmp_path: Path, broken: Break) -> None:
    found = problems(tmp_path, *broken.changes)
    assert (broken.code, broken.path) in {(one.code, one.path) for one in found}, found
    also = TOGETHER.get(broken.code, ())
    assert {one.code for one in found} <= {broken.code, *also}, found


@pytest.mark.parametrize("broken", breaks("broken_works.yaml"), ids=str)
def test_it_finds_what_is_broken_in_provisions(tmp_path: Path, broken: Break) -> None:
    found = problems(tmp_path, *broken.changes, text=WORKS)
    assert (broken.code, broken.path) in {(one.code, one.path) for one in found}, found
    assert all(one.line > 1 for one in found)


def test_a_programme_that_provides_for_everything_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path, text=WORKS) == ()


def test_the_sample_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path) == ()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("start.missing", [("from: start", "from: parked")]),
        ("end.missing", [("kind: done", "kind: open")]),
        ("clock.never_met", [("meets: [mend]", "stops: [mend]")]),
        ("state.reserved", [("  parked: {kind", "  same: {kind")]),
        ("publish.unapproved", [("  when: {field: shown, is: true}\n", "")]),
        ("clock.at_end", [("starts: [redo]", "starts: [redo, send]")]),
    ],
)
def test_it_finds_what_breaks_much_else(
    tmp_path: Path, code: str, changes: list[tuple[str, str]]
) -> None:
    assert code in {one.code for one in problems(tmp_path, *changes)}


def test_every_code_has_a_test() -> None:
    folder = Path(check.__file__).parent / "checks"
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'Problem\(\s*"([a-z_]+\.[a-z_]+)"', text))
    tables = re.findall(r'\("([a-z_]+\.[a-z_]+)", \[', Path(__file__).read_text("utf-8"))
    between = (HERE / "test_between.py").read_text("utf-8")
    tested = {one.code for one in [*breaks(), *breaks("broken_works.yaml")]} | set(tables)
    tested |= set(re.findall(r'\("(part\.[a-z_]+)", "', between))
    assert codes - tested == set()
    assert len(codes) > 40


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
