"""Forms are read as Python's own reader reads them, only faster."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.formats.forms import TooManyFields, form_in

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def known(body: bytes) -> dict[str, list[str]]:
    """Return what the standard library reads."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(body.decode(), keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_what_was_written_is_read(fields: list[tuple[str, str]]) -> None:
    body = urlencode(fields).encode()
    assert form_in(body, 9) == known(body)


@given(st.text("ab&=%+;0fF1eé落", max_size=30))
def test_what_nobody_should_have_written_is_read_alike(text: str) -> None:
    body = text.encode()
    assert form_in(body, 99) == known(body)


def test_a_plus_that_was_meant_stays_one() -> None:
    assert form_in(f"a={quote_plus('1+1 = 2')}".encode(), 1) == {"a": ["1+1 = 2"]}


def test_too_many_fields_are_refused_unread() -> None:
    assert form_in(b"a=1&a=2", 2) == {"a": ["1", "2"]}
    with pytest.raises(TooManyFields):
        form_in(b"a=1&a=2&", 2)
