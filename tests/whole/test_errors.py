"""Every way of saying no has a code of its own, a meaning, a sentence, and a line in the book."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from typing import Any

import pytest
from tests.whole.tree import ROOT, read


@pytest.fixture(scope="module")
def book() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "make_errors.py"), run_name="book")


@pytest.fixture(scope="module")
def errors(book: dict[str, Any]) -> list[type[Exception]]:
    return list(book["errors"]())


def test_the_book_of_errors_is_up_to_date(book: dict[str, Any]) -> None:
    written = read(ROOT / "docs/reference/errors.md")
    assert written == book["page"](), "run .venv/bin/python docs/make_errors.py"


def test_no_two_errors_share_a_code(errors: list[type[Exception]]) -> None:
    codes = Counter(vars(error)["code"] for error in errors)
    assert [code for code, times in codes.items() if times > 1] == []


def test_every_error_has_a_stable_code_a_meaning_and_a_sentence(
    errors: list[type[Exception]],
) -> None:
    assert len(errors) > 10
    for error in errors:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", vars(error)["code"]), error
        assert (error.__doc__ or "").strip(), error
        assert getattr(error, "template", ""), error
