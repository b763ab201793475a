"""Register numbers: each case has its own, and a slip of the tongue is noticed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.kernel.number import NumberPattern, check_digit

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PATTERNS = ["{yyyy}{MM}{dd}{seq:5}{check}", "L{yy}{seq:4}", "F{yyyy}-{seq}", "{seq:3}"]


@pytest.mark.parametrize(("text", "number"), [
    ("{yyyy}{MM}{dd}{seq:5}{check}", "20260306000072"),
    ("L{yy}{seq:4}", "L260007"),
    ("热线〔{yyyy}〕{seq}号", "热线〔2026〕7号"),
])  # fmt: skip
def test_numbers_are_written_as_the_pattern_says(text: str, number: str) -> None:
    assert NumberPattern.parse(text).render(date(2026, 3, 6), 7) == number


@given(st.sampled_from(PATTERNS), DAYS, DAYS, st.integers(1, 10**6), st.integers(1, 10**6))
def test_two_numbers_of_a_scope_are_never_the_same(
    text: str, day: date, other: date, one: int, two: int
) -> None:
    pattern = NumberPattern.parse(text)
    if pattern.scope(day) == pattern.scope(other):
        assert (pattern.render(day, one) == pattern.render(other, two)) == (one == two)


@given(st.text("0123456789", min_size=1, max_size=20), st.data())
def test_a_mistyped_digit_is_noticed(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(sorted(set("0123456789") - {text[place]})))
    assert check_digit(text[:place] + other + text[place + 1 :]) != check_digit(text)


def test_the_check_digit_is_luhns() -> None:
    assert check_digit("7992739871") == "3"
    assert check_digit("L-79-92739871") == "3"


@pytest.mark.parametrize(("text", "reason"), [
    ("{yyyy}", "exactly once"),
    ("{seq}{seq}", "exactly once"),
    ("{seq}{year}", "unknown part"),
    ("{seq", "stray brace"),
    ("seq}", "stray brace"),
    ("{check}{seq}", "must come last"),
])  # fmt: skip
def test_a_pattern_that_could_give_one_number_twice_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        NumberPattern.parse(text)
