"""Words: Chinese text cut where its words end (分词), and the words that carry meaning.

The segmenter is ``rjieba`` (the dictionary and the hidden Markov model of *jieba*, in Rust,
0.04 ms for a message); it brings its dictionary along and downloads nothing.

Terms    segmentation 分词 · part of speech 词性 · function word 虚词 (stop word 停用词)
Units    positions are code points
Source   ``function_words.json``: pronouns, prepositions, conjunctions, particles, adverbs,
         auxiliaries and numerals of Chinese and English, written down by hand
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

import rjieba

from luoshi.insight.text.folding import levelled

FUNCTION_WORDS: Final = frozenset(
    word
    for words in json.loads(
        files(__package__).joinpath("function_words.json").read_text("utf-8")
    ).values()
    for word in words.split()
)

_ESCAPES = re.compile(r"_x[0-9A-Fa-f]{4}_")
"""What some spreadsheets leave of a control character."""

_LONG = 8
"""Words longer than this are never function words, and are not remembered."""


def tagged(text: str, *, guessing: bool = True) -> Iterator[tuple[int, str, str]]:
    """Yield position, word and part of speech (``nr`` person, ``ns`` place, ``n`` noun …).

    Without *guessing* only words of the dictionary are longer than one character: what it does not
    know falls apart, and no word is made up across two others.
    """
    at = 0
    for word, tag in rjieba.tag(text, guessing):
        yield at, word, tag
        at += len(word)


def placed_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield position and word, everything between the words included."""
    at = 0
    for word in rjieba.cut(text):
        yield at, word
        at += len(word)


def content_words(text: str) -> list[str]:
    """Return the words of *text* that carry meaning: levelled, no function words, no signs.

    Example:
        >>> content_words("我們小區的路燈，壞了三天！")
        ['小区', '路灯', '坏', '三天']
    """
    return carrying(rjieba.cut(levelled(_ESCAPES.sub(" ", text))))


def carrying(words: list[str]) -> list[str]:
    """Return those of *words*, already levelled, that carry meaning."""
    return [word for word in words if len(word) > _LONG or _carries(word)]


@lru_cache(maxsize=1 << 17)
def _carries(word: str) -> bool:
    return word not in FUNCTION_WORDS and (word[0].isalnum() or len(word.strip("_-.,/ ")) > 1)
