"""The page of conformance and the tests are one thing: no line without a test, none unlisted."""

from __future__ import annotations

import re
import runpy
from typing import Any

import pytest
from tests.whole.tree import ROOT, read

BOOK: dict[str, Any] = runpy.run_path(str(ROOT / "docs/make_conformance.py"), run_name="book")
MARKED = re.compile(r"test_[cet]\d\d_")


def test_the_page_of_conformance_is_up_to_date() -> None:
    written = read(ROOT / "docs/reference/open311-conformance.md")
    assert written == BOOK["page"](), "run .venv/bin/python docs/make_conformance.py"


@pytest.mark.parametrize("line", BOOK["LINES"])
def test_every_line_of_the_checklist_has_a_test(line: str) -> None:
    assert BOOK["tests_of"](line)


def test_the_checklist_is_whole_and_has_no_line_twice() -> None:
    assert [int(line[1:]) for line in BOOK["LINES"]] == list(range(1, 31))


def test_every_test_with_the_name_of_a_line_has_that_line() -> None:
    known = {BOOK["prefix_of"](line) for line in BOOK["LINES"]}
    found = {mark[0] for _, name in BOOK["tests"]() if (mark := MARKED.match(name))}
    assert found == known


def test_every_part_of_the_standard_rests_on_lines_that_exist() -> None:
    named = {line for _, lines in BOOK["STANDARD"] for line in lines.split()}
    assert named <= set(BOOK["LINES"])
    views = {"discovery", "services", "requests", "tokens", "servicerequestupdates"}
    told = " ".join(part for part, _ in BOOK["STANDARD"])
    assert all(view in told for view in views)
