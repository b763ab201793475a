"""The README's commands are the Makefile's: each is there, is explained, and would run."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from tests.whole.tree import ROOT, read

PAGES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")
MAKE = re.compile(r"(?:^|`)make ([a-z]+)((?: [A-Z]+=\S+?)*)(?=[`\s]|$)", re.MULTILINE)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FEWEST = {"README.md": 4, "README.zh-CN.md": 4, "CONTRIBUTING.md": 5}


def makefile() -> str:
    return read(ROOT / "Makefile")


def explained() -> dict[str, str]:
    """Return what ``make help`` says of each command."""
    found = re.findall(r"^([a-z]+):.*?## (\S.*)$", makefile(), re.MULTILINE)
    return dict(found)


def shown(page: str) -> set[tuple[str, str]]:
    """Return every command of the Makefile that *page* shows, with the variables it is given."""
    return {(command, given.strip()) for command, given in MAKE.findall(read(ROOT / page))}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_the_page_is_one_that_make_help_explains(page: str) -> None:
    commands = {command for command, _ in shown(page)} - {"help"}
    assert commands - explained().keys() == set()
    assert len(commands) >= FEWEST[page]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_the_page_would_run(page: str) -> None:
    if shutil.which("make") is None:
        pytest.skip("there is no make on this machine")
    for command, given in sorted(shown(page)):
        told = subprocess.run(
            ["make", "--dry-run", "--always-make", command, *given.split()],  # noqa: S607
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        for variable in given.split():
            name, _, value = variable.partition("=")
            assert re.search(rf"^{name} \?=", makefile(), re.MULTILINE), variable
            assert value in told.stdout, f"make {command} does nothing with {variable}"


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_in_a_block_is_a_command_and_nothing_else(page: str) -> None:
    """Whoever copies a block gets what the page promises: no prompt, nothing but commands."""
    for block in BLOCK.findall(read(ROOT / page)):
        for line in block.splitlines():
            said = line.partition("#")[0].strip()
            assert MAKE.fullmatch(said), f"{page}: {line}"


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (
        {command for command, _ in shown(page)} for page in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese


def test_make_help_lists_every_command() -> None:
    if shutil.which("make") is None:
        pytest.skip("there is no make on this machine")
    told = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300  # noqa: S607
    ).stdout  # fmt: skip
    for command, said in explained().items():
        assert re.search(rf"^  make {command} +{re.escape(said)}$", told, re.MULTILINE), command
