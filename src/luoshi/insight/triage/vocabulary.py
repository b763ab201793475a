"""Vocabulary: which grams a model knows, and where in its tables each is found.

Codes are kept sorted, with the place where each leading bit pattern begins: looking up a gram is
a jump and at most a few steps, for a whole batch at once.

Units    ``codes`` are sorted 64-bit numbers; an index is a row of the model's tables
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.triage.arrays import Codes, Counts

_BITS = 20


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The grams a model knows."""

    codes: Codes
    starts: NDArray[np.int32]

    @classmethod
    def of(cls, codes: Codes) -> "Vocabulary":
        """Return the vocabulary of *codes*, sorted and without repetition."""
        leading = (codes >> np.uint64(64 - _BITS)).astype(np.int64)
        starts = np.searchsorted(leading, np.arange((1 << _BITS) + 1))
        return cls(codes, starts.astype(np.int32))

    def __len__(self) -> int:
        return int(self.codes.size)

    def find(self, wanted: Codes) -> Counts:
        """Return the index of each of *wanted*, -1 where it is not known."""
        leading = (wanted >> np.uint64(64 - _BITS)).astype(np.int64)
        at, end = self.starts[leading], self.starts[leading + 1]
        found = np.full(wanted.size, -1, np.int64)
        here = np.flatnonzero(at < end)
        while here.size:
            hit = self.codes[at[here]] == wanted[here]
            found[here[hit]] = at[here[hit]]
            here = here[~hit]
            at[here] += 1
            here = here[at[here] < end[here]]
        return found
