"""The guides to programmes are done block by block, and what they say comes true.

A block is one of three: ``diff`` changes a file (its lines, where they stand once), a block with a
``title`` is a new file, and ``console`` holds commands, each with everything that it prints. An
ellipsis in what is printed stands for anything on that line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.whole.tree import ROOT, read

GUIDES = ("change-a-deadline", "add-a-state", "offer-a-new-service")
BLOCK = re.compile(
    r"^( *)```([\w-]*)(?: title=\"([^\"]+)\")?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL
)
LONGEST = 600
"""Seconds that one command may take."""


@dataclass(frozen=True)
class Block:
    """One block of a page."""

    kind: str
    title: str
    text: str


def blocks(page: str) -> list[Block]:
    """Return the blocks of a guide, in order."""
    return [
        Block(kind, title, textwrap.dedent(text)) for _, kind, title, text in BLOCK.findall(page)
    ]


def changed(text: str, diff: str) -> tuple[str, str]:
    """Return the file that *diff* is about and the old and new text, ready to be replaced."""
    header, *lines = diff.splitlines()
    assert header.startswith("--- "), diff
    assert all(line[:1] in ("", " ", "+", "-") for line in lines), diff
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    assert text.count(old) == 1, f"stands {text.count(old)} times, not once:\n{old}"
    return old, new


def apply(diff: str, root: Path) -> None:
    """Change the file that *diff* names below *root*."""
    file = root / diff.splitlines()[0].removeprefix("--- ")
    text = file.read_text("utf-8")
    file.write_text(text.replace(*changed(text, diff)), encoding="utf-8")


def sessions(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what it prints."""
    commands = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert commands[0] == ""
    return [(line, printed) for line, _, printed in (one.partition("\n") for one in commands[1:])]


def run(command: str, root: Path) -> str:
    """Return what *command* prints when it is run in *root* with our own ``luoshi``."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607  a command of our own page
        cwd=root, env={**os.environ, "PATH": path}, capture_output=True, text=True,
        timeout=LONGEST, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def pattern(printed: str) -> re.Pattern[str]:
    """Return what fits *printed*, an ellipsis fitting anything on its line."""
    return re.compile(re.escape(printed).replace("…", r"[^\n]*"))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a copy of the programmes and the calendars."""
    for name in ("programmes", "calendars"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("guide", GUIDES)
def test_what_the_guide_says_comes_true(guide: str, place: Path) -> None:
    for block in blocks(read(ROOT / f"docs/howto/{guide}.md")):
        if block.title:
            file = place / block.title
            file.parent.mkdir(exist_ok=True)
            assert not file.exists()
            file.write_text(block.text, encoding="utf-8")
        elif block.kind == "diff":
            apply(block.text, place)
        else:
            assert block.kind == "console", f"nobody knows how to do a block of {block.kind!r}"
            for command, printed in sessions(block.text):
                said = run(command, place)
                assert pattern(printed).fullmatch(said), f"$ {command}\n{said}"


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_ends_with_a_programme_that_is_clean(guide: str) -> None:
    """Its last check finds nothing, and every fence of the page was read as a block."""
    page = read(ROOT / f"docs/howto/{guide}.md")
    found = blocks(page)
    checks = [
        printed
        for block in found
        if block.kind == "console"
        for command, printed in sessions(block.text)
        if command.startswith("luoshi check")
    ]
    assert len(checks) >= 2
    assert checks[-1].endswith(", 0 problem(s)\n")
    assert checks[0] != checks[-1]
    assert page.count("```") == 2 * len(found)


def test_a_change_that_does_not_fit_is_told() -> None:
    with pytest.raises(AssertionError, match="stands 0 times"):
        changed("a\nb\n", "--- file\n-c\n+d")
    with pytest.raises(AssertionError, match="stands 2 times"):
        changed("a\na\n", "--- file\n-a\n+d")


def test_only_an_ellipsis_fits_anything() -> None:
    assert pattern("line …: bad\n").fullmatch("line 12: bad\n")
    assert not pattern("line …: bad\n").fullmatch("line 12: bad\nline 13: bad\n")
    assert not pattern("1 (s)\n").fullmatch("2 (s)\n")
