"""Grams: what of a message the model looks at — words, pairs of words, runs of characters.

Every gram is known by a 64-bit number worked out from its characters, never by its text: a model
file holds no word of any message. Where a gram stands counts too: people say first what it is
about, so grams among the first words are counted again (``HEADS``).

Terms    gram: one word, two neighbouring words, or 1 to 4 neighbouring characters (n 元语法)
         head: the first so many words of a message (标题与开头)
Units    ``word``: index of the last word a gram touches; ``level``: how many heads it lies in
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from luoshi.insight.triage.arrays import Codes, Counts

HEADS: Final = (40, 20, 10)
"""Lengths of the heads in words, longest first; a gram of level 2 lies in the first two."""

BLOCKS: Final = 1 + len(HEADS)
"""The whole message and each head: the same gram weighs differently in each."""

MOST_WORDS: Final = 2000
"""Words of one message that are looked at: what follows changes no category."""

_ORDERS: Final = 4
_BASE = np.uint64(0x9E3779B97F4A7C15)
_SALTS = np.arange(1, 8, dtype=np.uint64) * np.uint64(0x2545F4914F6CDD1D)
"""One number for each kind of gram, so that a word of one character is not that character."""

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Grams:
    """The grams of several messages, one entry for each place where one stands.

    Attributes:
        code: Its number.
        message: Index of the message it stands in.
        word: Index, in that message, of the last word it touches.
        width: Characters it covers, for sharing out its weight.
    """

    code: Codes
    message: Counts
    word: Counts
    width: Counts

    def level(self) -> Counts:
        """Return for each gram in how many heads it lies, 0 to ``len(HEADS)``."""
        return sum((self.word < head).astype(np.int64) for head in HEADS)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class _Laid:
    """Words laid end to end: their characters, and for each word its length and its place."""

    points: Codes
    lengths: Counts
    message: Counts
    index: Counts


def grams_of(messages: Sequence[Sequence[str]]) -> Grams:
    """Return the grams of *messages*, each a list of the words that carry meaning."""
    laid = _laid(messages)
    return _together([*_character_grams(laid), *_word_grams(laid)])


def words_of(messages: Sequence[Sequence[str]]) -> Grams:
    """Return only those grams of *messages* that are single words."""
    return _words(_laid(messages))


def _laid(messages: Sequence[Sequence[str]]) -> _Laid:
    kept = [words[:MOST_WORDS] for words in messages]
    lengths = np.array([len(word) for words in kept for word in words], np.int64)
    message = np.repeat(np.arange(len(kept)), [len(words) for words in kept])
    first = np.cumsum([0, *(len(words) for words in kept)])[:-1]
    index = np.arange(lengths.size) - np.repeat(first, [len(words) for words in kept])
    points = np.frombuffer(
        "".join("".join(words) for words in kept).encode("utf-32-le", "surrogatepass"), "<u4"
    ).astype(np.uint64)
    return _Laid(points, lengths, message, index)


def _together(parts: list[Grams]) -> Grams:
    return Grams(
        np.concatenate([part.code for part in parts]),
        np.concatenate([part.message for part in parts]),
        np.concatenate([part.word for part in parts]),
        np.concatenate([part.width for part in parts]),
    )


def _character_grams(laid: _Laid) -> list[Grams]:
    """Return all runs of 1 to 4 characters that lie within one message."""
    points, message = laid.points, np.repeat(laid.message, laid.lengths)
    word = np.repeat(laid.index, laid.lengths)
    found, code = [], np.zeros(points.size, np.uint64)
    for order in range(1, _ORDERS + 1):
        size = max(0, points.size - order + 1)
        code = code[:size] * _BASE + points[order - 1 :]
        inside = message[:size] == message[order - 1 :]
        width = np.full(int(inside.sum()), order)
        last = word[order - 1 :]
        salted = mixed(code[inside] + _SALTS[order])
        found.append(Grams(salted, message[:size][inside], last[inside], width))
    return found


def _words(laid: _Laid) -> Grams:
    code = mixed(_hashed(laid.points, laid.lengths) + _SALTS[0])
    return Grams(code, laid.message, laid.index, laid.lengths)


def _word_grams(laid: _Laid) -> list[Grams]:
    """Return all words and all pairs of neighbouring words of one message."""
    words = _words(laid)
    code, message, lengths = words.code, laid.message, laid.lengths
    pair = mixed(code[:-1] * _BASE + code[1:])
    inside = message[:-1] == message[1:]
    return [
        words,
        Grams(
            pair[inside],
            message[1:][inside],
            laid.index[1:][inside],
            (lengths[:-1] + lengths[1:])[inside],
        ),
    ]


def _hashed(points: Codes, lengths: Counts) -> Codes:
    """Return one number for each word: a sum over its characters, each by its place."""
    starts = np.cumsum(lengths) - lengths
    place = np.arange(points.size) - np.repeat(starts, lengths)
    scattered = mixed(points * _BASE + place.astype(np.uint64))
    ends = np.cumsum(scattered, dtype=np.uint64)
    before = np.concatenate([np.zeros(1, np.uint64), ends])[starts]
    words: Codes = ends[starts + lengths - 1] - before
    return words


def mixed(code: Codes) -> Codes:
    """Return *code* with its bits well stirred (the finaliser of splitmix64)."""
    code = (code ^ (code >> np.uint64(30))) * _MIX_1
    code = (code ^ (code >> np.uint64(27))) * _MIX_2
    return code ^ (code >> np.uint64(31))
