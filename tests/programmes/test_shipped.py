"""Every programme that is shipped is sound, and its scenarios come true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.programmes.sample import HERE, LAMP, lamp

from luoshi.formats.judgement import judged
from luoshi.formats.programmes import load_programme

ROOT = HERE.parents[1]
FOLDERS = sorted(path.parent for path in (ROOT / "programmes").glob("*/programme.yaml"))
CHINESE = re.compile(r"[\u4e00-\u9fff（），、；]")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_is_sound_and_its_scenarios_come_true(folder: Path) -> None:
    judgement = judged(folder, ROOT / "calendars")
    assert judgement.problems == []
    assert judgement.programmes == [folder.name]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_says_its_sources(folder: Path) -> None:
    readme = (folder / "README.md").read_text("utf-8")
    assert "## Sources" in readme
    for clock in load_programme(folder).clocks.values():
        for limit in clock.limits:
            assert limit.source


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_says_what_its_rules_rest_on_in_both_languages(folder: Path) -> None:
    programme = load_programme(folder)
    said = {programme.source, *(step.rests_on for step in programme.transitions.values())}
    said |= {limit.source for clock in programme.clocks.values() for limit in clock.limits}
    for one in said - {"local"}:
        chinese, _, english = one.partition(" · ")
        assert CHINESE.search(chinese), one
        assert english, one
        assert not CHINESE.search(english), one


def test_the_classification_of_the_hotline_is_a_tree_of_two_levels() -> None:
    entries = load_programme(ROOT / "programmes" / "hotline").lists["category"]
    classes = [entry for entry in entries.values() if not entry.parent]
    assert len(classes) >= 12
    for entry in entries.values():
        assert entry.data["unit"]
        assert len(entry.data["description"]) >= 6
        if entry.parent:
            assert entry.code.startswith(f"{entry.parent}.")
            assert not entries[entry.parent].parent


def test_assistance_has_the_classification_of_the_hotline() -> None:
    lists = [
        load_programme(ROOT / "programmes" / name).lists for name in ("hotline", "hotline-assist")
    ]
    assert lists[0]["category"] == lists[1]["category"]


def test_a_calendar_that_is_not_there_is_told(tmp_path: Path) -> None:
    lamp(tmp_path, ("calendar: cn", "calendar: moon"))
    (found,) = judged(tmp_path, ROOT / "calendars").problems
    assert found.code == "calendar.unknown"
    assert "known: cn" in found.message
    assert found.line == LAMP[: LAMP.index("calendar: cn")].count("\n") + 1


def test_a_broken_calendar_is_told_once(tmp_path: Path) -> None:
    lamp(tmp_path)
    (tmp_path / "cn.yaml").write_text("name: cn\n", encoding="utf-8")
    found = judged(tmp_path, tmp_path).problems
    assert any(one.file == "cn.yaml" for one in found)


@pytest.mark.parametrize(("name", "code"), [("none", "folder.missing"), ("", "folder.empty")])
def test_a_folder_without_programmes_is_told(tmp_path: Path, name: str, code: str) -> None:
    assert [one.code for one in judged(tmp_path / name, tmp_path).problems] == [code]
