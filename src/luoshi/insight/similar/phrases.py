"""Phrases: the words that two matters share, as a person would read them out.

The index knows pairs of signs; shown like that they are halves of words. Here they are put
together to whole words, and words to runs, with nothing that carries no meaning at either end.

Units    positions are code points of the levelled text
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from luoshi.insight.similar.features import Features, plain, spans_of
from luoshi.insight.text.words import carrying, placed_words

MOST: Final = 4
"""Phrases that are shown."""
MOST_COMPARED: Final = 40
"""Phrases among which those inside others are left out."""
MOST_PLACES: Final = 400
"""Places of shared features in the text that are looked at; the first ones."""
SAID: Final = 2
"""Signs from which a word alone says something."""

Held = dict[tuple[int, int], float]
"""Span of a shared feature to its rarity."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that is shared, where it stands, and how rare it is."""

    start: int
    text: str
    weight: float

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def means(self) -> bool:
        return _means(self.text)


class Phrases:
    """A text cut into words once, to be laid beside several others.

    Example:
        >>> from luoshi.insight.similar.features import features
        >>> Phrases("小区的路灯不亮").shared(features("路灯的灯"), {})
        ('路灯',)
    """

    def __init__(self, text: str) -> None:
        self._text = plain(text)
        self._words = list(placed_words(self._text))
        self._word_at = [at for at, (_, word) in enumerate(self._words) for _ in word]
        self._hashes, self._begins, self._ends = spans_of(self._text)

    def shared(self, shared: Features, rarity: dict[int, float]) -> tuple[str, ...]:
        """Return the runs of whole words of the text made of *shared* features, rarest first."""
        told: dict[str, float] = {}
        for run in self._runs(self._held(shared, rarity)):
            kept = _trimmed(run)
            if any(len(word.text) >= SAID for word in kept if word.means):
                phrase = self._text[kept[0].start : kept[-1].end]
                told[phrase] = max(told.get(phrase, 0.0), sum(word.weight for word in kept))
        best = sorted(told, key=lambda phrase: -told[phrase])[:MOST_COMPARED]
        return tuple(one for one in best if not any(one in p and one != p for p in best))[:MOST]

    def _held(self, shared: Features, rarity: dict[int, float]) -> Held:
        known = np.flatnonzero(np.isin(self._hashes, shared))[:MOST_PLACES]
        begins, ends, keys = (
            of[known].tolist() for of in (self._begins, self._ends, self._hashes)
        )
        spans = zip(begins, ends, keys, strict=True)
        return {(begin, end): rarity.get(key, 0.0) for begin, end, key in spans}

    def _runs(self, held: Held) -> Iterator[list[_Word]]:
        """Yield the shared words, those together that stand and are shared together."""
        run: list[_Word] = []
        last = -1
        for at in sorted({self._word_at[place] for span in held for place in range(*span)}):
            start, word = self._words[at]
            weight = _weight(held, start, start + len(word))
            across = held.get((start - 1, start + 1))
            joins = at == last + 1 and (across is not None or _breaks(self._text, start))
            if run and (weight is None or not joins):
                yield run
                run = []
            if weight is not None:
                run.append(_Word(start, word, weight + (across or 0.0)))
            last = at
        if run:
            yield run


def _weight(held: Held, start: int, end: int) -> float | None:
    """Return how rare the word from *start* to *end* is; ``None`` if not all of it is shared."""
    if (start, end) in held:
        return held[start, end]
    pairs = [held.get((at, at + 2)) for at in range(start, end - 1)]
    known = [one for one in pairs if one is not None]
    is_joined = bool(pairs) or (start - 1, start + 1) in held or (start, start + 2) in held
    return sum(known) if is_joined and len(known) == len(pairs) else None


def _breaks(words: str, at: int) -> bool:
    """Whether a number ends and its word begins at *at*: no pair is counted across (108|路).

    What stands before a number is another matter: 10号楼|18楼 has no 号楼18 in common with 18号楼.
    """
    return at > 0 and words[at - 1].isascii() and not words[at].isascii()


@lru_cache(maxsize=1 << 14)
def _means(word: str) -> bool:
    return bool(carrying([word]))


def _trimmed(run: list[_Word]) -> list[_Word]:
    kept = [at for at, word in enumerate(run) if word.means]
    return run[kept[0] : kept[-1] + 1] if kept else []
