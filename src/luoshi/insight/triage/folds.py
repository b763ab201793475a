"""Folds: messages held back in turn, near duplicates together.

A message that stands in the history twice, a little changed, must not be learned from while its
twin is tried: that would praise memory for judgement.

Terms    fold 折 · cross-validation 交叉验证 · near duplicate 近似重复
Source   MinHash: A. Broder, "On the resemblance and containment of documents" (1997)
"""

from collections.abc import Sequence

import numpy as np

from luoshi.insight.triage.arrays import Counts
from luoshi.insight.triage.counting import Counted
from luoshi.insight.triage.grams import grams_of, mixed

_BANDS, _ROWS = 10, 3
"""Ten chances to agree on three hashes: alike by a tenth hardly ever, by 0.7 nearly always."""


_SALTS = mixed(np.arange(_BANDS * _ROWS, dtype=np.uint64))


def folds_of(messages: Sequence[Sequence[str]], folds: int) -> Counts:
    """Return the number of a fold, 0 to *folds* - 1, for each message.

    Messages whose sketches agree in one band are put into the same fold.
    """
    sketch = _sketches(messages)
    group = np.arange(len(messages))
    for column in sketch.T:
        order = np.argsort(column, kind="stable")
        same = (column[order][1:] == column[order][:-1]) & (column[order][1:] != 0)
        _join(group, order[1:][same], order[:-1][same])
    roots = np.array([_root(group, at) for at in range(len(messages))], np.int64)
    return (mixed(roots.astype(np.uint64)) % np.uint64(folds)).astype(np.int64)


def _sketches(
    messages: Sequence[Sequence[str]],
) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Return for each message ten numbers, each made of three least hashes of its grams."""
    grams = grams_of(messages)
    long = grams.width >= 4  # noqa: PLR2004 - longer grams tell messages apart
    code, message = grams.code[long], grams.message[long]
    order = np.argsort(message, kind="stable")
    starts = np.searchsorted(message[order], np.arange(len(messages)))
    sketch = np.zeros((len(messages), _BANDS), np.uint64)
    there = np.bincount(message, minlength=len(messages)) > 0
    for number in range(_BANDS * _ROWS):
        least = np.minimum.reduceat(mixed(code[order] ^ _SALTS[number]), starts[there])
        sketch[there, number // _ROWS] = mixed(sketch[there, number // _ROWS] + least)
    return sketch


def _root(group: Counts, at: int) -> int:
    while group[at] != at:
        group[at] = group[group[at]]
        at = int(group[at])
    return at


def _join(group: Counts, ones: Counts, others: Counts) -> None:
    for one, other in zip(ones, others, strict=True):
        first, second = _root(group, int(one)), _root(group, int(other))
        group[max(first, second)] = min(first, second)


def of_rows(counts: Counted, rows: Counts) -> Counted:
    """Return the counts of only the messages *rows*, numbered anew in that order."""
    place = np.full(counts.messages, -1)
    place[rows] = np.arange(rows.size)
    row = place[counts.row]
    order = np.argsort(row, kind="stable")
    order = order[np.searchsorted(row[order], 0) :]
    return Counted(rows.size, row[order], counts.gram[order], counts.times[order])
