"""Counting: grams of messages as the rows of a matrix, one matrix for each block.

Terms    block: the whole message, or one of its heads (``grams.HEADS``)
Shapes   M messages × V grams of the vocabulary, sparse by rows
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.grams import BLOCKS, Grams


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each known gram stands in each message, and how deep in its heads.

    Attributes:
        messages: Number of messages M.
        row: Index of the message, ascending.
        gram: Index of the gram in the vocabulary.
        times: Shape (entries, BLOCKS): occurrences in the whole message and in each head.
    """

    messages: int
    row: Counts
    gram: Counts
    times: Floats

    def blocks(self, width: int) -> list[csr_array]:
        """Return for each block the matrix M × *width* of ``1 + ln(times)``."""
        return [self._block(number, width) for number in range(BLOCKS)]

    def filled(self, number: int) -> Counts:
        """Return which entries stand in one block, in the order of its matrix."""
        return np.flatnonzero(self.times[:, number])

    def _block(self, number: int, width: int) -> csr_array:
        here = self.filled(number)
        values = 1 + np.log(self.times[here, number])
        starts = np.searchsorted(self.row[here], np.arange(self.messages + 1))
        return csr_array((values, self.gram[here], starts), shape=(self.messages, width))


def counted(grams: Grams, index: Counts, messages: int) -> Counted:
    """Return the counts of *grams*, whose rows in the vocabulary are *index* (-1: unknown)."""
    known = np.flatnonzero(index >= 0)
    width = int(index.max(initial=0)) + 1
    level = grams.level()[known]
    key = (grams.message[known] * width + index[known]) * BLOCKS + level
    keys, times = np.unique(key, return_counts=True)
    cell, level = np.divmod(keys, BLOCKS)
    first = np.diff(cell, prepend=-1) != 0
    cells, place = cell[first], np.cumsum(first) - 1
    table = np.zeros((cells.size, BLOCKS), np.float32)
    table[place, level] = times
    deeper = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    row, gram = np.divmod(cells, width)
    return Counted(messages, row, gram, deeper)
