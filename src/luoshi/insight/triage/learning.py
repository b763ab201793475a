"""Learning from corrections: what people chose instead, taken up without training anew.

Terms    correction 人工更正 · incremental learning 增量学习
Source   the passive-aggressive rule: K. Crammer et al. (2006), here on every category at once
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from luoshi.insight.triage.arrays import Codes, Counts, Floats
from luoshi.insight.triage.counting import Counted, counted
from luoshi.insight.triage.grams import BLOCKS, grams_of
from luoshi.insight.triage.linear import BLOCK_WEIGHTS, Linear
from luoshi.insight.triage.vocabulary import Vocabulary

_ROUNDS = 5
_RATE = 0.5
_MARGIN = 0.2


def learned(
    vocabulary: Vocabulary,
    linear: Linear,
    messages: Sequence[Sequence[str]],
    near: Floats,
    labels: Counts,
) -> tuple[Vocabulary, Linear]:
    """Return vocabulary and weights that suggest *labels* for *messages*, others as before.

    Args:
        vocabulary: What the model knows.
        linear: Its weights; not changed.
        messages: The words of each corrected message.
        near: How near each is to each landmark; what that tells is left as it is.
        labels: Index of the category that people chose for each.
    """
    grams = grams_of(messages)
    vocabulary, linear = _widened(vocabulary, linear, np.unique(grams.code))
    index = vocabulary.find(grams.code)
    for _ in range(_ROUNDS):
        if not sum(
            _moved(linear, one, near[at : at + 1], labels[at])
            for at, one in enumerate(_each(counted(grams, index, len(messages))))
        ):
            break
    return vocabulary, linear


def _widened(vocabulary: Vocabulary, linear: Linear, codes: Codes) -> tuple[Vocabulary, Linear]:
    """Return copies that also hold *codes*, new ones with a middling scale and no weight yet."""
    new = codes[vocabulary.find(codes) < 0]
    place = np.searchsorted(vocabulary.codes, new)
    middling = np.median(linear.scale, axis=0) if len(vocabulary) else np.ones(BLOCKS, np.float32)
    return (
        Vocabulary.of(np.insert(vocabulary.codes, place, new)),
        Linear(
            np.insert(linear.scale, place, middling, axis=0),
            np.insert(linear.weight, place, 0, axis=1),
            linear.bias.copy(),
            linear.near,
        ),
    )


def _each(counts: Counted) -> list[Counted]:
    cuts = np.searchsorted(counts.row, np.arange(counts.messages + 1))
    return [
        Counted(
            1, np.zeros(last - first, np.int64), counts.gram[first:last], counts.times[first:last]
        )
        for first, last in pairwise(cuts)
    ]


def _moved(linear: Linear, message: Counted, near: Floats, label: int) -> bool:
    """Move the weights towards *label* for one *message*, in place; tell whether it was needed."""
    parts = linear.parts(message)
    scores = linear.scores(parts, near)[0]
    others = np.delete(scores, label)
    if not others.size or scores[label] > others.max() + _MARGIN:
        return False
    target = np.where(np.arange(scores.size) == label, 1.0, -1.0)
    error = _RATE * (target - scores) / float(np.square(BLOCK_WEIGHTS).sum())
    for number, row in enumerate(parts):
        linear.weight[number, row.indices] += row.data[:, None] * error
    return True
