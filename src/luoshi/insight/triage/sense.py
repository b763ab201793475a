"""Sense: where a message stands among others by what its words mean, not by which they are.

A message is the sum of its word vectors: once as a whole and once its first words alone, and both
once more with the words counting by how well they tell the categories apart. How near it is to
some hundreds of landmarks (messages drawn from the history) is what a model learns from, beside
the grams: a kernel machine whose cost does not grow with the history.

Terms    landmark 参照点 · view: the whole message or its beginning, weighed in one way
         telling: how differently the categories use a word (``ratios``)
Shapes   M messages, L landmarks for each of the views, P = views × L nearnesses, D numbers
Source   C. Williams and M. Seeger, "Using the Nyström method to speed up kernel machines" (2001)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from luoshi.insight.triage import ratios
from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.company import WIDTH, vectors_of
from luoshi.insight.triage.grams import MOST_WORDS, words_of
from luoshi.insight.triage.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking at a message.

    Attributes:
        words: How many of its first words are looked at.
        sharpness: How fast nearness falls off with the angle.
        telling: Whether words also count by how well they tell the categories apart.
    """

    words: int
    sharpness: float
    telling: bool


VIEWS: Final = (
    View(MOST_WORDS, 2.0, telling=False),
    View(20, 1.5, telling=False),
    View(MOST_WORDS, 2.0, telling=True),
    View(20, 1.5, telling=True),
)

SHARE: Final = 0.2
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
        telling: How well each word tells the categories apart, V.
        centre: Views × D: where messages stand on average.
        landmarks: Views × L × D, each of length 1.
    """

    words: Vocabulary
    vectors: Floats
    telling: Floats
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
        seen = zip(self._sums(messages), self.centre, self.landmarks, VIEWS, strict=False)
        return np.hstack(
            [_nearness(_placed(sums, at), marks, view.sharpness) for sums, at, marks, view in seen]
        )

    def whitening(self) -> Floats:
        """Return P × P: what makes nearness to landmarks into coordinates of their own."""
        white = np.zeros((self.width, self.width), np.float32)
        for number, (marks, view) in enumerate(zip(self.landmarks, VIEWS, strict=False)):
            here = slice(number * len(marks), (number + 1) * len(marks))
            values, vectors = np.linalg.eigh(_nearness(marks, marks, view.sharpness))
            roots = np.sqrt(SHARE / np.maximum(values, _STEADY))
            white[here, here] = (vectors * roots) @ vectors.T
        return white

    def taught(self, messages: Sequence[Sequence[str]], labels: Counts, kinds: int) -> "Sense":
        """Return this sense with landmarks among *messages*, and with what their *labels* tell.

        Args:
            messages: The words of each message.
            labels: Category of each, 0 to *kinds* - 1.
            kinds: Number of categories.
        """
        if not len(self.words) or not messages:
            return NO_SENSE
        used = ratios.uses(self._counts(messages)[MOST_WORDS], labels, kinds)
        bare = Sense(self.words, self.vectors, ratios.telling(used), *_NOWHERE)
        count = min(_MOST_LANDMARKS, len(messages), max(1, _MOST_CELLS // len(messages)))
        drawn = np.random.default_rng(0).choice(len(messages), count, replace=False)
        sums = bare._sums([messages[at] for at in drawn])
        centre = np.stack([_brought_to_one(view).mean(axis=0) for view in sums])
        landmarks = np.stack([_placed(view, at) for view, at in zip(sums, centre, strict=True)])
        return Sense(self.words, self.vectors, bare.telling, centre, landmarks)

    def _sums(self, messages: Sequence[Sequence[str]]) -> list[Floats]:
        """Return for each view M × D: the sum of its words' vectors."""
        counts = self._counts(messages)
        views = VIEWS[: len(self.landmarks)]
        return [self._sum(counts[view.words], telling=view.telling) for view in views]

    def _sum(self, counts: csr_array, *, telling: bool) -> Floats:
        values = counts.data * self.telling[counts.indices] if telling else counts.data
        weighed = csr_array((values, counts.indices, counts.indptr), counts.shape)
        return np.asarray(weighed @ self.vectors, np.float32)

    def _counts(self, messages: Sequence[Sequence[str]]) -> dict[int, csr_array]:
        """Return for each length of a view M × V: its words, repetitions damped."""
        words = words_of(messages)
        index = self.words.find(words.code)
        found = {}
        for length in {view.words for view in VIEWS}:
            seen = (index >= 0) & (words.word < length)
            cells = (np.ones(int(seen.sum()), np.float32), (words.message[seen], index[seen]))
            counts = csr_array(cells, shape=(len(messages), len(self.words)))
            counts.sum_duplicates()
            counts.data = 1 + np.log(counts.data)
            found[length] = counts
        return found


_NOWHERE: Final = (
    np.zeros((len(VIEWS), WIDTH), np.float32),
    np.zeros((len(VIEWS), 0, WIDTH), np.float32),
)
"""Centre and landmarks where there are none."""

NO_SENSE: Final = Sense(
    Vocabulary.of(np.zeros(0, np.uint64)),
    np.zeros((0, WIDTH), np.float32),
    np.zeros(0, np.float32),
    *_NOWHERE,
)


def sense_of(messages: Sequence[Sequence[str]]) -> Sense:
    """Return what the words of *messages* mean, without landmarks; nothing if they are too few.

    Categories are not looked at: it may be learned once for all folds.
    """
    words, vectors = vectors_of(messages)
    if not len(words):
        return NO_SENSE
    return Sense(words, vectors, np.ones(len(words), np.float32), *_NOWHERE)


def _placed(sums: Floats, centre: Floats) -> Floats:
    return _brought_to_one(_brought_to_one(sums) - centre)


def _brought_to_one(rows: Floats) -> Floats:
    lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _nearness(rows: Floats, marks: Floats, sharpness: float) -> Floats:
    return np.asarray(np.exp(sharpness * (rows @ marks.T - 1)), np.float32)
