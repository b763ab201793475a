"""Calibration: scores made into probabilities that mean what they say, and the cost of error.

Of the messages suggested with a confidence of 0.8, eight in ten should be right. The scores are
those of messages *not* learned from (held back in turn), turned into probabilities by one slope
and one offset for each category.

Terms    calibration 置信度校准 · expected calibration error 期望校准误差
Shapes   M messages × K categories
Source   J. Platt, "Probabilistic outputs" (1999), for K categories; C. Guo et al. (2017)
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from luoshi.insight.triage.arrays import Counts, Floats

_SHRINK = 2.0
"""How strongly offsets are held near nought, in messages."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities: ``softmax(slope × score + offset)``."""

    slope: float
    offset: Floats

    def confidences(self, scores: Floats) -> Floats:
        """Return M × K probabilities for *scores* M × K; each row adds up to 1."""
        return np.asarray(softmax(self.slope * scores + self.offset, axis=1), np.float32)


def calibrated(scores: Floats, labels: Counts) -> Calibration:
    """Return the calibration under which *labels* are likeliest, given held-back *scores*.

    Each label is doubted a little, the more the fewer there are: without that, a short history
    that happens to be told apart without error would make the model certain of everything.
    """
    kinds = scores.shape[1]
    doubt = kinds / (len(labels) + kinds)
    truth = (1 - doubt) * np.eye(kinds)[labels] + doubt / kinds

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slope, offset = np.exp(parameters[0]), parameters[1:]
        logits = slope * scores + offset
        likely = log_softmax(logits, axis=1)
        wrong = np.exp(likely) - truth
        value = -(likely * truth).sum() + _SHRINK * np.square(offset).sum()
        along = slope * (wrong * scores).sum()
        return float(value), np.concatenate([[along], wrong.sum(0) + 2 * _SHRINK * offset])

    found = minimize(loss, np.zeros(kinds + 1), jac=True, method="L-BFGS-B")
    return Calibration(float(np.exp(found.x[0])), found.x[1:].astype(np.float32))


@dataclass(frozen=True, slots=True)
class Costs:
    """What it costs a person to choose, and what a wrong suggestion costs.

    Only the ratio counts. A suggestion is worth making when its expected cost of error is below
    the cost of asking: confidence ≥ 1 - asking / wrong.
    """

    asking: float = 1.0
    wrong: float = 2.0

    def threshold(self) -> float:
        """Return the least confidence with which a suggestion is made, between 0 and 1."""
        if min(self.asking, self.wrong) <= 0:
            raise ValueError(f"costs must be positive: {self}")
        return max(0.0, 1.0 - self.asking / self.wrong)


def calibration_error(confidence: Floats, right: Floats, bins: int = 15) -> float:
    """Return the expected calibration error: how far confidence and truth are apart, on average.

    Args:
        confidence: Confidence of each suggestion.
        right: 1 where it was right, 0 where not.
        bins: Equal widths of confidence between 0 and 1.
    """
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gap = np.bincount(place, confidence - right, minlength=bins)
    return float(np.abs(gap).sum() / max(1, confidence.size))
