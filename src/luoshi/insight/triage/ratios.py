"""Ratios: how differently the categories use a gram or a word.

Source   S. Wang and C. Manning, "Baselines and bigrams" (2012), for log ratios as scales; here one
         number for all categories, so that the cost does not grow with a tree of hundreds
Shapes   K categories × V grams or words
"""

import numpy as np
from scipy.sparse import csr_array

from luoshi.insight.triage.arrays import Counts, Floats

_SMOOTHING = 0.5


def uses(block: csr_array, labels: Counts, kinds: int) -> Floats:
    """Return K × V: in how many messages of each category each column of *block* stands."""
    present = csr_array((np.ones_like(block.data), block.indices, block.indptr), block.shape)
    members = csr_array(
        (np.ones(labels.size, np.float32), (labels, np.arange(labels.size))),
        shape=(kinds, labels.size),
    )
    return np.asarray((members @ present).toarray(), np.float32)


def telling(used: Floats) -> Floats:
    """Return V: root mean square of the log ratios, one category against the rest."""
    ratio = _log_ratios(used, used.sum(axis=0))
    return np.asarray(np.sqrt(np.square(ratio).mean(axis=0)), np.float32)


def _log_ratios(used: Floats, seen: Floats) -> Floats:
    inside = used + _SMOOTHING
    outside = seen - used + _SMOOTHING * (len(used) - 1)
    share = inside / inside.sum(axis=1, keepdims=True)
    ratios: Floats = np.log(share) - np.log(outside / outside.sum(axis=1, keepdims=True))
    return ratios
