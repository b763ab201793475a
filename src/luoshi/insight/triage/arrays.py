"""Kinds of arrays that triage computes with."""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]
"""Numbers of grams."""

Counts = NDArray[np.int64]
"""Indices and counts."""

Floats = NDArray[np.float32]
"""Scores, weights, probabilities."""
