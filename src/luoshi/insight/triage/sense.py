"""Sense: where a message stands among others by what its words mean, not by which they are.

A message is the sum of its word vectors, once as a whole and once its first words alone. How near
it is to some hundreds of landmarks (messages drawn from the history) is what a model learns from,
beside the grams: a kernel machine whose cost does not grow with the history.

Terms    landmark 参照点 · view: the whole message, or its beginning
Shapes   M messages, L landmarks for each of the views, P = views × L nearnesses, D numbers
Source   C. Williams and M. Seeger, "Using the Nyström method to speed up kernel machines" (2001)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from luoshi.insight.triage.arrays import Floats
from luoshi.insight.triage.company import WIDTH, vectors_of
from luoshi.insight.triage.grams import MOST_WORDS, words_of
from luoshi.insight.triage.vocabulary import Vocabulary

VIEWS: Final = (MOST_WORDS, 20)
"""Lengths of the views in words."""

SHARPNESS: Final = (2.0, 1.5)
"""How fast nearness falls off with the angle, for each view."""

_SHARE = 0.2
"""How much each view adds to the likeness of two messages; their grams add up to 1.75."""

_MOST_LANDMARKS = 1024
_MOST_CELLS = 2**25
"""Landmarks times messages at most: 128 MB of nearness for each view."""

_STEADY = 1e-4


@dataclass(frozen=True, slots=True)
class Sense:
    """Word vectors and landmarks; without any, nothing is near to anything.

    Attributes:
        words: The words that have a vector.
        vectors: V × D.
        centre: Views × D: where messages stand on average.
        landmarks: Views × L × D, each of length 1.
    """

    words: Vocabulary
    vectors: Floats
    centre: Floats
    landmarks: Floats

    @property
    def width(self) -> int:
        """How many nearnesses there are for a message, P."""
        return int(self.landmarks.shape[0] * self.landmarks.shape[1])

    def near(self, messages: Sequence[Sequence[str]]) -> Floats:
        """Return M × P: how near each of *messages* is to each landmark, 0 to 1."""
        if not self.width:
            return np.zeros((len(messages), 0), np.float32)
        views = zip(self._sums(messages), self.centre, self.landmarks, SHARPNESS, strict=True)
        return np.hstack([_nearness(_placed(sums, at), marks, g) for sums, at, marks, g in views])

    def whitening(self) -> Floats:
        """Return P × P: what makes nearness to landmarks into coordinates of their own."""
        white = np.zeros((self.width, self.width), np.float32)
        for number, (marks, sharpness) in enumerate(zip(self.landmarks, SHARPNESS, strict=True)):
            here = slice(number * len(marks), (number + 1) * len(marks))
            values, vectors = np.linalg.eigh(_nearness(marks, marks, sharpness))
            roots = np.sqrt(_SHARE / np.maximum(values, _STEADY))
            white[here, here] = (vectors * roots) @ vectors.T
        return white

    def _sums(self, messages: Sequence[Sequence[str]]) -> list[Floats]:
        """Return for each view M × D: the sum of its words' vectors, repetitions damped."""
        words = words_of(messages)
        index = self.words.find(words.code)
        sums = []
        for view in VIEWS:
            seen = (index >= 0) & (words.word < view)
            cells = (np.ones(int(seen.sum()), np.float32), (words.message[seen], index[seen]))
            counts = csr_array(cells, shape=(len(messages), len(self.words)))
            counts.sum_duplicates()
            counts.data = 1 + np.log(counts.data)
            sums.append(np.asarray(counts @ self.vectors, np.float32))
        return sums


NO_SENSE: Final = Sense(
    Vocabulary.of(np.zeros(0, np.uint64)),
    np.zeros((0, WIDTH), np.float32),
    np.zeros((len(VIEWS), WIDTH), np.float32),
    np.zeros((len(VIEWS), 0, WIDTH), np.float32),
)


def sense_of(messages: Sequence[Sequence[str]], others: Sequence[Sequence[str]] = ()) -> Sense:
    """Return what words mean, and landmarks among *messages*; nothing if there are too few.

    Categories are not looked at: it may be learned once for all folds.

    Args:
        messages: The words of each message to learn from.
        others: The words of more messages, whose category nobody knows; only company is learned.
    """
    words, vectors = vectors_of([*messages, *others])
    if not len(words) or not messages:
        return NO_SENSE
    bare = Sense(words, vectors, NO_SENSE.centre, NO_SENSE.landmarks)
    count = min(_MOST_LANDMARKS, len(messages), max(1, _MOST_CELLS // len(messages)))
    drawn = np.random.default_rng(0).choice(len(messages), count, replace=False)
    sums = bare._sums([messages[at] for at in drawn])
    centre = np.stack([_brought_to_one(view).mean(axis=0) for view in sums])
    landmarks = np.stack([_placed(view, at) for view, at in zip(sums, centre, strict=True)])
    return Sense(words, vectors, centre, landmarks)


def _placed(sums: Floats, centre: Floats) -> Floats:
    return _brought_to_one(_brought_to_one(sums) - centre)


def _brought_to_one(rows: Floats) -> Floats:
    lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _nearness(rows: Floats, marks: Floats, sharpness: float) -> Floats:
    return np.asarray(np.exp(sharpness * (rows @ marks.T - 1)), np.float32)
