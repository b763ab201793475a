"""Reasons: which words of a message spoke for a category.

A gram's part of the score goes to the last word it touches; what a word gathers, less what
it gives the other categories on average, is how strongly it spoke.

Shapes   one entry for each place where a gram stands; weights are in units of score
"""

from collections.abc import Sequence

import numpy as np

from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.counting import Counted
from luoshi.insight.triage.grams import BLOCKS, MOST_WORDS, Grams
from luoshi.insight.triage.linear import BLOCK_WEIGHTS, Linear

_MOST = 5


def strongest(
    messages: Sequence[Sequence[str]],
    grams: Grams,
    index: Counts,
    counts: Counted,
    linear: Linear,
    category: Counts,
) -> list[tuple[tuple[str, float], ...]]:
    """Return for each message the words that spoke for its *category*, strongest first."""
    cell = cell_parts(counts, linear, category)
    spoken = _by_word(grams, index, counts, cell, messages)
    starts = _starts(messages)
    return [
        _told(words, spoken[first:last])
        for words, first, last in zip(messages, starts[:-1], starts[1:], strict=True)
    ]


def _starts(messages: Sequence[Sequence[str]]) -> Counts:
    """Return where the words of each message begin among those of all, and where they end."""
    return np.cumsum([0, *(min(len(words), MOST_WORDS) for words in messages)])


def cell_parts(counts: Counted, linear: Linear, category: Counts) -> Floats:
    """Return what each counted cell adds to its message's category, for one occurrence."""
    total = np.zeros(counts.row.size, np.float32)
    chosen = category[counts.row]
    for number in range(BLOCKS):
        times = counts.times[:, number]
        value = np.where(times > 0, 1 + np.log(np.maximum(times, 1)), 0)
        value = value * linear.scale[counts.gram, number]
        norms = np.sqrt(np.bincount(counts.row, value * value, minlength=counts.messages))
        length = BLOCK_WEIGHTS[number] / np.maximum(norms, 1e-9)
        total += value * length[counts.row] * linear.contrast(number, counts.gram, chosen)
    return np.asarray(total / counts.times[:, 0], np.float32)


def _by_word(
    grams: Grams,
    index: Counts,
    counts: Counted,
    cell: Floats,
    messages: Sequence[Sequence[str]],
) -> Floats:
    known = np.flatnonzero(index >= 0)
    width = int(index.max(initial=0)) + 1
    key = grams.message[known] * width + index[known]
    at = np.searchsorted(counts.row * width + counts.gram, key)
    starts = _starts(messages)
    place = starts[grams.message[known]] + grams.word[known]
    return np.asarray(np.bincount(place, cell[at], minlength=int(starts[-1])), np.float32)


def _told(words: Sequence[str], spoken: Floats) -> tuple[tuple[str, float], ...]:
    """Return the words with the strongest sums, each word once."""
    gathered: dict[str, float] = {}
    for at in np.argsort(-spoken)[: 4 * _MOST]:
        if spoken[at] > 0:
            gathered[words[at]] = gathered.get(words[at], 0.0) + float(spoken[at])
    ranked = sorted(gathered.items(), key=lambda pair: -pair[1])[:_MOST]
    return tuple((word, round(weight, 3)) for word, weight in ranked)
