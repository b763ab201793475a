"""Reading programmes: every mistake is told at once, each with its line and a way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.programmes.sample import LAMP, lamp, line_of, problems

from luoshi.formats.programmes import load_programme, load_programmes, read_programme
from luoshi.kernel.duration import Duration, Period
from luoshi.kernel.errors import ProgrammeInvalid
from luoshi.kernel.programme import FieldType, Relation, StateKind


def test_a_sound_programme_is_read_whole(tmp_path: Path) -> None:
    programme = load_programme(lamp(tmp_path))
    assert programme.id == "lamp"
    assert programme.labels["zh-Hans"] == "路灯"
    assert programme.fields["what"].type is FieldType.LINE
    assert programme.fields["what"].keep == Period.parse("2 years")
    assert programme.lists["kind"]["broken"].parent == "dark"
    assert programme.roles["fitter"].relation is Relation.OWN_UNIT
    assert programme.states["mended"].kind is StateKind.DONE
    assert programme.transitions["send"].by == ("clerk",)
    assert programme.clocks["mend"].most_extension == Duration.parse("5 working days")
    assert programme.clocks["mend"].warn.share is None
    assert programme.clocks["send"].warn.share == 0.8
    assert [stage.name for stage in programme.clocks["send"].limits[0].stages] == ["call", "go"]
    assert programme.holder_field == "unit"
    assert programme.notices[0].by == ("sms",)
    assert [need.required for need in programme.transitions["report"].needs] == [True, True, False]


MISTAKES = [
    ("key.unknown", "versoin", 'version: "1"', 'version: "1"\nversoin: "2"'),
    ("type", "labels: Lamps", "labels: {zh-Hans: 路灯, en: Lamps}", "labels: Lamps"),
    ("word.unknown", "type: choise", "type: choice, list", "type: choise, list"),
    ("number.range", "hide_counts", "  place: town", "  place: town\n  hide_counts_below: 1"),
    ("duration.invalid", "within: 15 days", "within: 15 calendar days", "within: 15 days"),
    ("date.invalid", "2026-02-30", "in_force: 2026-01-01\nlabels", "in_force: 2026-02-30\nlabels"),
    ("key.missing", "  resume:\n", "    from: parked\n", ""),
    ("name.invalid", "  Machine:", "  machine: {relation", "  Machine: {relation"),
    ("condition.unknown", "when: {fld", "when: {field: shown, is", "when: {fld: shown, is"),
    ("state.unknown", "from: newer", "from: new\n", "from: newer\n"),
    ("labels.language", "chinese: x", "en: Dark}", "en: Dark, chinese: x}"),
    ("yaml.duplicate_key", "calendar: us", "calendar: cn\n", "calendar: cn\ncalendar: us\n"),
]
"""Code, what stands on the line, and the slip of the pen."""


def test_many_mistakes_in_one_file_are_all_told_with_their_lines(tmp_path: Path) -> None:
    folder = lamp(tmp_path, *((old, new) for _, _, old, new in MISTAKES))
    text = (folder / "programme.yaml").read_text(encoding="utf-8")
    found = {(one.code, one.line) for one in read_programme(folder).problems}
    expected = {(code, line_of(part, text)) for code, part, _, _ in MISTAKES}
    assert expected <= found, expected - found
    assert len(expected) >= 10


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("not_same_person_as", "not_same_persn_as", "did you mean 'not_same_person_as'?"),
        ("type: choice", "type: choise", "did you mean 'choice'?"),
        ("by: [clerk, machine]", "by: [clerk, machin]", "did you mean 'machine'?"),
        ("within: 15 calendar days", "within: 15 days", "calendar days"),
        ("within: 15 calendar days", "within: none", "or unlimited, if there is no limit"),
        ("most_extension: 5 working days", "most_extension: unlimited", "'unlimited'"),
    ],
)
def test_the_way_out_names_the_nearest_word(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert any(message in one.message for one in problems(tmp_path, (old, new)))


def test_a_duplicate_key_names_both_lines(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, ("calendar: cn\n", "calendar: cn\nid: lamp\n"))
    assert found.code == "yaml.duplicate_key"
    assert f"on line {line_of('id: lamp')}" in found.message
    assert found.line == line_of("calendar: cn") + 1


def test_broken_names_do_not_raise_a_flood_about_the_flow(tmp_path: Path) -> None:
    codes = {one.code for one in problems(tmp_path, ("from: new\n", "from: newer\n"))}
    assert codes == {"state.unknown"}


def test_the_folder_is_called_as_the_programme(tmp_path: Path) -> None:
    found = problems(tmp_path, ("id: lamp", "id: lantern"))
    assert [one.code for one in found] == ["id.folder"]


def test_loading_raises_with_every_problem(tmp_path: Path) -> None:
    folder = lamp(tmp_path, ("id: lamp", "id: lantern"), ("calendar: cn\n", ""))
    with pytest.raises(ProgrammeInvalid) as invalid:
        load_programme(folder)
    assert {one.code for one in invalid.value.problems} == {"id.folder", "key.missing"}
    assert "lamp/programme.yaml:2:" in str(invalid.value)


def test_all_programmes_of_a_folder_are_loaded_by_id(tmp_path: Path) -> None:
    lamp(tmp_path)
    (tmp_path / "_format").mkdir()
    assert list(load_programmes(tmp_path)) == ["lamp"]


def test_a_folder_without_its_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ProgrammeInvalid) as invalid:
        load_programmes(tmp_path)
    assert [one.code for one in invalid.value.problems] == ["file.unreadable"]


# --- lists in files -----------------------------------------------------------------------------

IN_LINE = LAMP[LAMP.index("  kind:\n    dark") : LAMP.index("fields:")]
IN_FILE = "  kind: {file: kinds.csv}\n\n"


def csv_problems(tmp_path: Path, csv: str) -> list[tuple[str, str, int]]:
    folder = lamp(tmp_path, (IN_LINE, IN_FILE))
    (folder / "kinds.csv").write_text(csv, encoding="utf-8")
    return [(one.code, one.file, one.line) for one in read_programme(folder).problems]


def test_a_list_may_stand_in_a_file(tmp_path: Path) -> None:
    folder = lamp(tmp_path, (IN_LINE, IN_FILE))
    (folder / "kinds.csv").write_text(
        'code,parent,zh-Hans,en,unit\ndark,,不亮,Dark,"a, b"\nbroken,dark,损坏,Broken,\n', "utf-8"
    )
    entry = load_programme(folder).lists["kind"]["dark"]
    assert entry.labels == {"zh-Hans": "不亮", "en": "Dark"}
    assert entry.data == {"unit": "a, b"}


@pytest.mark.parametrize(
    ("csv", "code", "line"),
    [
        pytest.param(
            "code,zh-Hans,en|dark,暗,Dark|dark,暗,Dark|broken,坏,B", "list.row", 3, id="twice"
        ),
        pytest.param(
            "code,zh-Hans,en|da rk,暗,Dark|dark,暗,D|broken,坏,B", "list.row", 2, id="no code"
        ),
        pytest.param(
            "code,zh-Hans,en|dark,暗,Dark,more|broken,坏,B", "list.row", 2, id="a cell too many"
        ),
        pytest.param("name,zh-Hans,en|dark,暗,Dark", "list.row", 1, id="no column code"),
        pytest.param("code,zh-Hans,en|dark,暗,|broken,坏,B", "labels.missing", 2, id="no English"),
        pytest.param('code,zh-Hans,en|dark,"暗,Dark', "list.row", 2, id="quote never closed"),
        pytest.param(
            "code,parent,zh-Hans,en|dark,light,暗,D|broken,,坏,B",
            "entry.unknown",
            2,
            id="no parent",
        ),
    ],
)
def test_what_is_wrong_in_a_row_stands_on_its_line(
    tmp_path: Path, csv: str, code: str, line: int
) -> None:
    written = csv.replace("|", "\n") + "\n"
    assert (code, "lamp/kinds.csv", line) in csv_problems(tmp_path, written)


@pytest.mark.parametrize(
    "name",
    [
        "../kinds.csv",
        "/etc/passwd",
        "a/../../kinds.csv",
        "kinds.txt",
        "..\\kinds.csv",
        ".csv",
        "a/kinds.csv",
    ],
)
def test_a_list_lies_in_the_folder_of_the_programme(tmp_path: Path, name: str) -> None:
    (tmp_path / "kinds.csv").write_text("code,zh-Hans,en\ndark,暗,Dark\nbroken,坏,B\n", "utf-8")
    found = problems(tmp_path, (IN_LINE, f"  kind: {{file: '{name}'}}\n\n"))
    assert found[0].code == "list.file"


def test_a_name_with_a_control_character_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, (IN_LINE, '  kind: {file: "x\\0.csv"}\n\n'))
    assert "list.file" in {one.code for one in found}


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kinds.csv").write_text("code,zh-Hans,en\ndark,暗,Dark\nbroken,坏,B\n", "utf-8")
    folder = lamp(tmp_path, (IN_LINE, IN_FILE))
    (folder / "kinds.csv").symlink_to(tmp_path / "kinds.csv")
    assert read_programme(folder).problems[0].code == "list.file"


# --- whatever is written ------------------------------------------------------------------------

TOKENS = sorted({m.start() for m in re.finditer(r"\S+", LAMP)})


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    start=st.sampled_from(TOKENS),
    length=st.integers(0, 40),
    put=st.sampled_from(
        ["", "[", "{}", "null", "1", "-1e300", "true", "x", "{a: b}", "[[1]]", "''"]
    ),
)
def test_no_slip_of_the_pen_makes_it_crash(
    tmp_path: Path, start: int, length: int, put: str
) -> None:
    text = LAMP[:start] + put + LAMP[start + length :]
    read = read_programme(lamp(tmp_path, text=text))
    assert read.programme is not None or read.problems
    assert all(one.message and one.line >= 1 for one in read.problems)
