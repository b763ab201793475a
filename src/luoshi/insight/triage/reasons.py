"""Reasons: which words of a message spoke for a category.

A gram's part of the score goes to the last word it touches; what a word gathers for the category
suggested, less what it gives the next likeliest one, is how strongly it spoke.

Shapes   one entry for each place where a gram stands; weights are in units of score
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.counting import Counted
from luoshi.insight.triage.grams import MOST_WORDS, Grams
from luoshi.insight.triage.linear import Linear

_MOST = 5


@dataclass(frozen=True, slots=True)
class Scored:
    """Messages on their way through the model: words, grams, scaled blocks, and what is near."""

    messages: Sequence[Sequence[str]]
    grams: Grams
    index: Counts
    counts: Counted
    parts: Sequence[csr_array]
    near: Floats


def strongest(
    scored: Scored, linear: Linear, category: Counts, other: Counts
) -> list[tuple[tuple[str, float], ...]]:
    """Return for each message the words that spoke for *category* rather than for *other*."""
    spoken = _by_word(scored, _by_cell(scored, linear, category, other))
    starts = _starts(scored.messages)
    return [
        _told(words, spoken[first:last])
        for words, first, last in zip(scored.messages, starts[:-1], starts[1:], strict=True)
    ]


def _starts(messages: Sequence[Sequence[str]]) -> Counts:
    """Return where the words of each message begin among those of all, and where they end."""
    return np.cumsum([0, *(min(len(words), MOST_WORDS) for words in messages)])


def _by_cell(scored: Scored, linear: Linear, category: Counts, other: Counts) -> Floats:
    """Return what each counted gram adds to *category* over *other*, for one occurrence."""
    counts = scored.counts
    total = np.zeros(counts.row.size, np.float32)
    for number, part in enumerate(scored.parts):
        here = counts.filled(number)
        row, gram, weight = counts.row[here], counts.gram[here], linear.weight[number]
        total[here] += part.data * (weight[gram, category[row]] - weight[gram, other[row]])
    return total / counts.times[:, 0]


def _by_word(scored: Scored, cell: Floats) -> Floats:
    grams, index = scored.grams, scored.index
    known = np.flatnonzero(index >= 0)
    known = known[np.argsort(grams.message[known], kind="stable")]
    message, gram = grams.message[known], index[known]
    starts = _starts(scored.messages)
    place = starts[message] + grams.word[known]
    spoken = cell[_cells(scored.counts, message, gram)]
    return np.asarray(np.bincount(place, spoken, minlength=int(starts[-1])), np.float32)


def _cells(counts: Counted, message: Counts, gram: Counts) -> Counts:
    """Return where in *counts* each *gram* of a *message* is counted; messages ascending.

    One table serves all messages in turn: faster by far than searching the whole batch.
    """
    cells = np.zeros(gram.size, np.int64)
    table = np.empty(int(gram.max(initial=0)) + 1, np.int64)
    rows = np.arange(counts.messages + 1)
    counted_at, gram_at = np.searchsorted(counts.row, rows), np.searchsorted(message, rows)
    for (first, last), (begin, end) in zip(pairwise(counted_at), pairwise(gram_at), strict=True):
        table[counts.gram[first:last]] = np.arange(first, last)
        cells[begin:end] = table[gram[begin:end]]
    return cells


def _told(words: Sequence[str], spoken: Floats) -> tuple[tuple[str, float], ...]:
    """Return the words with the strongest sums, each word once."""
    gathered: dict[str, float] = {}
    loudest = np.argsort(-spoken)[: 4 * _MOST]
    for at, weight in zip(loudest.tolist(), spoken[loudest].tolist(), strict=True):
        if weight > 0:
            gathered[words[at]] = gathered.get(words[at], 0.0) + weight
    ranked = sorted(gathered.items(), key=lambda pair: -pair[1])[:_MOST]
    return tuple((word, round(weight, 3)) for word, weight in ranked)
