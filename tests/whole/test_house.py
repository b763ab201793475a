"""Build, locks and papers: what they say is so."""

from __future__ import annotations

import json
import os
import re
import tomllib

import pytest
from tests.whole import command_line
from tests.whole.tree import ROOT, name, read, texts

from luoshi.cli.app import app
from luoshi.config.environment import Environment

DECISIONS = ROOT / "docs" / "decisions"
HEADINGS = ["Status", "Context", "Options", "Decision", "Consequences"]
PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-zA-Z.+!]*")


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*", read(ROOT / "Makefile"), re.MULTILINE))


def commands() -> set[str]:
    single = {command.name or "" for command in app.registered_commands}
    return single | {group.name or "" for group in app.registered_groups}


def test_commands_that_pages_show_exist() -> None:
    for path in (path for path in texts() if path.suffix == ".md"):
        text = read(path)
        shown = set(re.findall(r"(?:^|`)\s*make ([a-z]+)", text, re.MULTILINE))
        assert shown <= make_targets(), name(path)
        for line in command_line.shown(text):
            assert command_line.unknown(line) == [], f"{name(path)}: luoshi {line}"


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_both_readmes_give_the_two_commands_and_the_boundaries(page: str) -> None:
    text = read(ROOT / page)
    assert "make demo\nmake test\n" in text
    assert "docs/explanation/what-luoshi-refuses.md" in text


def test_every_command_is_in_the_reference() -> None:
    page = read(ROOT / "docs/reference/command.md")
    assert [each for each in sorted(commands()) if f"| `luoshi {each}" not in page] == []


def test_every_setting_is_in_the_reference_and_no_other() -> None:
    page = set(re.findall(r"`(LUOSHI_[A-Z0-9_]+)`", read(ROOT / "docs/reference/settings.md")))
    reads = re.compile(
        r"(?:environ(?:\.get\(|\[|\.setdefault\(|,)|envvar=)\s*\"(LUOSHI_[A-Z0-9_]+)\""
    )
    sources = [path for path in texts("src/") if path.suffix == ".py"]
    read_by_code = {word for path in sources for word in reads.findall(read(path))}
    assert page - {"LUOSHI_SHARED_DATA"} == read_by_code
    assert Environment.read({}).is_embedded


def test_no_page_names_a_setting_that_is_not_read() -> None:
    known = set(re.findall(r"LUOSHI_[A-Z0-9_]+", read(ROOT / "docs/reference/settings.md")))
    for path in (path for path in texts() if path.suffix in {".md", ".sh", ".yaml", ""}):
        named = set(re.findall(r"\bLUOSHI_[A-Z0-9_]*[A-Z0-9]\b(?!_)", read(path)))
        assert named <= known, name(path)


def test_decision_records_are_numbered_headed_and_listed() -> None:
    records = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    index = read(DECISIONS / "README.md")
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for record in records:
        text = read(record)
        title = text.splitlines()[0]
        assert re.fullmatch(rf"# {record.name[:4]} \S.*", title), record.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS, record.name
        assert f"| [{title[2:]}]({record.name}) |" in index, record.name


@pytest.mark.parametrize("file", ["base.txt", "dev.txt"])
def test_every_python_dependency_is_pinned_and_nothing_else_is_said(file: str) -> None:
    lines = [line for line in read(ROOT / "requirements" / file).splitlines() if line[:1] != "#"]
    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    base = locked("base.txt")
    asked = {key(line) for line in project["dependencies"]}
    for_tests = {key(line) for line in project["optional-dependencies"]["dev"]}
    assert asked <= base
    assert for_tests <= base | locked("dev.txt")


def locked(file: str) -> set[str]:
    lines = read(ROOT / "requirements" / file).splitlines()
    return {line.split("==")[0] for line in lines if "==" in line}


def key(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def test_every_package_for_the_browser_is_pinned_by_its_digest() -> None:
    lock = json.loads(read(ROOT / "package-lock.json"))
    packages = {place: package for place, package in lock["packages"].items() if place}
    assert packages
    for place, package in packages.items():
        assert package["integrity"].startswith("sha512-"), place
        assert "resolved" not in package, place


def test_the_continuous_check_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert read(script).splitlines()[-1] == "exec make test"


def test_make_help_explains_every_command_a_person_types() -> None:
    explained = set(re.findall(r"^([a-z]+):.*## \S", read(ROOT / "Makefile"), re.MULTILINE))
    assert {"setup", "demo", "test", "check", "bench", "clean"} <= explained


@pytest.mark.parametrize("folder", ["howto", "reference", "explanation", "tutorial"])
def test_every_page_is_listed_by_its_folder(folder: str) -> None:
    index = read(ROOT / "docs" / folder / "README.md")
    pages = [path.name for path in (ROOT / "docs" / folder).glob("*.md")]
    assert [page for page in pages if page != "README.md" and f"]({page})" not in index] == []


def test_no_python_knows_a_programme_by_name() -> None:
    names = {folder.name for folder in (ROOT / "programmes").iterdir() if folder.is_dir()}
    quoted = re.compile("|".join(f"[\"']{re.escape(one)}[\"']" for one in sorted(names)))
    knowing = [
        f"{name(path)}: {found.group()}"
        for path in texts("src/luoshi/")
        if path.suffix == ".py"
        and "demo" not in path.parts  # the invented city tells their stories
        for found in quoted.finditer(read(path))
    ]
    assert knowing == []
