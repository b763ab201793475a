"""Credit codes: published examples, and what is mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.kernel.credit_code import SIGNS, check_sign, is_credit_code, plain_code


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91330100799655058B", "9144030071526726XG", "913700007456765902"],
)
def test_credit_codes_with_the_right_check_sign_are_taken(code: str) -> None:
    assert is_credit_code(plain_code(f" {code[:8]}-{code[8:].lower()}"))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("91350100M000100Y4Z", id="a sign that is not used"),
        pytest.param("91350100M000100Y44", id="wrong check sign"),
        pytest.param("91350100M000100Y4", id="one sign short"),
        pytest.param("91350100O000100Y43", id="letter O for zero"),
        pytest.param("", id="nothing"),
    ],
)
def test_credit_codes_that_are_none_are_refused(code: str) -> None:
    assert not is_credit_code(code)


@given(
    first=st.text(SIGNS, min_size=17, max_size=17),
    at=st.integers(0, 16),
    sign=st.sampled_from(SIGNS),
)
def test_one_wrong_sign_is_always_noticed(first: str, at: int, sign: str) -> None:
    code = first + check_sign(first)
    changed = code[:at] + sign + code[at + 1 :]

    assert is_credit_code(code)
    assert is_credit_code(changed) == (changed == code)
