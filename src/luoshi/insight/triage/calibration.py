"""Calibration: scores made into probabilities that mean what they say, and the cost of error.

Of the messages suggested with a confidence of 0.8, eight in ten should be right. The scores are
those of messages *not* learned from (held back in turn), turned into probabilities by one slope
and one offset for each category; what is told of the likeliest one is how often it was right.

Terms    calibration 置信度校准 · expected calibration error 期望校准误差
Shapes   M messages × K categories
Source   J. Platt, "Probabilistic outputs" (1999), for K categories; C. Guo et al. (2017);
         isotonic steps: B. Zadrozny and C. Elkan (2002)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit, log_softmax, logit, softmax

from luoshi.insight.triage.arrays import Counts, Floats

_SHRINK = 2.0
"""How strongly offsets are held near nought, in messages."""

_PER_STEP, _MOST_STEPS, _LEAST_STEPS = 200, 20, 5
"""Messages for each step of belief, and how many steps there may be; with fewer there is none."""

_TRUST = 10.0
"""How strongly each step is held near the confidence it mends, in messages."""

_LEAST = 1e-6
"""A probability is never nearer to 0 or 1 than this: odds stay finite."""

Belief = tuple[tuple[float, float], ...]
"""Steps, ascending: log odds of the likeliest category, and how often it was right at these."""

AS_IT_IS: Final[Belief] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities: ``softmax(slope × score + offset)``, then said anew.

    One slope for all categories gives their order and shares, but no honest figure for the first:
    labels err, so that the surest suggestions are wrong more often, and the least sure ones less
    often, than it says. ``belief`` mends that, between its steps along straight lines.

    Attributes:
        slope: Shared by all categories.
        offset: One for each category.
        belief: What to tell in place of the likeliest category's own odds.
    """

    slope: float
    offset: Floats
    belief: Belief = AS_IT_IS

    def confidences(self, scores: Floats) -> Floats:
        """Return M × K probabilities for *scores* M × K; each row adds up to 1."""
        likely = softmax(self.slope * scores + self.offset, axis=1)
        return np.asarray(_retold(likely, self.belief), np.float32)


def _retold(likely: Floats, belief: Belief) -> Floats:
    """Return *likely* with the odds of each row's likeliest changed, and its order kept."""
    if not belief or likely.shape[1] < 2:  # noqa: PLR2004 - nothing to share out
        return likely
    rows, best = np.arange(len(likely)), likely.argmax(axis=1)
    first, second = likely[rows, best], np.partition(likely, -2, axis=1)[:, -2]
    rest = np.maximum(1 - first, _LEAST)
    odds, shares = np.array(belief).T
    told = np.interp(_log_odds(first), odds, shares)
    told = np.maximum(told, second / (second + rest))
    retold: Floats = likely * ((1 - told) / rest)[:, None]
    retold[rows, best] = told
    return np.asarray(retold / retold.sum(axis=1, keepdims=True))


def _log_odds(probability: Floats) -> Floats:
    return np.asarray(logit(np.clip(probability, _LEAST, 1 - _LEAST)))


def calibrated(scores: Floats, labels: Counts) -> Calibration:
    """Return the calibration under which *labels* are likeliest, given held-back *scores*.

    Each label is doubted a little, the more the fewer there are: without that, a short history
    that happens to be told apart without error would make the model certain of everything.
    """
    doubt = scores.shape[1] / (len(labels) + scores.shape[1])
    slope, offset = _shares(scores, labels, doubt)
    likely = softmax(slope * scores + offset, axis=1)
    right = (likely.argmax(axis=1) == labels).astype(np.float32)
    return Calibration(slope, offset, _belief(_log_odds(likely.max(axis=1)), right))


def _shares(scores: Floats, labels: Counts, doubt: float) -> tuple[float, Floats]:
    kinds = scores.shape[1]
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
    return float(np.exp(found.x[0])), found.x[1:].astype(np.float32)


def _belief(odds: Floats, right: Floats) -> Belief:
    """Return how often suggestions of about these *odds* were *right*, never falling."""
    steps = min(_MOST_STEPS, odds.size // _PER_STEP)
    if steps < _LEAST_STEPS:
        return AS_IT_IS
    parts = np.array_split(np.argsort(odds, kind="stable"), steps)
    shares = [
        (right[part].sum() + _TRUST * expit(odds[part]).mean()) / (part.size + _TRUST)
        for part in parts
    ]
    rising = isotonic_regression(shares, weights=[part.size for part in parts]).x
    return tuple(
        (float(odds[part].mean()), float(y)) for part, y in zip(parts, rising, strict=True)
    )


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
