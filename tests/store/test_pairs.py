"""Pairs: counted one text at a time or all together, they are the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luoshi.store.pairs import MOST_PAIRS, pairs_of, pairs_of_many

TEXTS = st.lists(
    st.text(max_size=12) | st.sampled_from(["", "路", "路灯", "ＡＢａｂ", "a  b\n c", "𠮷野家𠮷"])
)


@given(TEXTS)
def test_many_texts_have_the_pairs_of_each(texts: list[str]) -> None:
    assert [part.tolist() for part in pairs_of_many(texts)] == [
        sorted(pairs_of(text)) for text in texts
    ]


def test_of_a_long_text_the_smallest_are_kept() -> None:
    text = "".join(chr(0x4E00 + (number * number) % 20_000) for number in range(9_000))
    (found,) = pairs_of_many([text])
    assert found.tolist() == pairs_of(text)
    assert len(found) == MOST_PAIRS


def test_half_a_sign_is_no_obstacle() -> None:
    assert pairs_of_many(["\ud83d坏"])[0].tolist() == pairs_of("\ud83d坏")
