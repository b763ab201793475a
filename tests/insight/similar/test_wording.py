"""Likeness of wording: bounded, symmetric, and it knows what is rare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar import Wording, alike


def test_rare_characters_weigh_more_once_learnt() -> None:
    taught = Wording(["请问怎么办", "请问多少钱", "请问几点", "请问在哪"])
    assert taught.likeness("请问燃气", "咨询燃气") > taught.likeness("请问燃气", "请问社保")
    assert alike("请问燃气", "咨询燃气") == alike("请问燃气", "请问社保")


def test_words_in_latin_letters_count_whole() -> None:
    assert alike("street light", "light street") == 1.0
    assert alike("lamp", "palm") == 0.0


@pytest.mark.parametrize("text", ["", "！？", "😀"])
def test_texts_without_a_word_are_like_nothing(text: str) -> None:
    assert alike(text, text) == 0.0


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0.0 <= alike(one, other) <= 1.0
