"""Training: from history, from the taxonomy's own words, or from both, to a model.

Terms    training 训练 · held back 留出 · near duplicate 近似重复
Units    two minutes for ten thousand messages and seven categories, on one core
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from luoshi.insight.triage.arrays import Codes, Counts, Floats
from luoshi.insight.triage.calibration import (
    Calibration,
    Costs,
    calibrated,
    calibration_error,
)
from luoshi.insight.triage.counting import Counted, counted
from luoshi.insight.triage.examples import Example, explained
from luoshi.insight.triage.folds import folds_of, of_rows
from luoshi.insight.triage.grams import BLOCKS, Grams, grams_of
from luoshi.insight.triage.judging import macro_f1
from luoshi.insight.triage.linear import Lesson, Linear, fitted
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.sense import Sense, sense_of
from luoshi.insight.triage.taxonomy import Taxonomy
from luoshi.insight.triage.vocabulary import Vocabulary
from luoshi.kernel.errors import LuoshiError

MOST_WEIGHTS: Final = 20_000_000
"""Weights of a model at most, one byte each in its file."""
MOST_GRAMS: Final = 1_000_000
_LEAST_CATEGORIES = 2
_FOLDS = 5
_FEW_PER_CATEGORY = 300
"""With fewer messages for a category, the words of the taxonomy are still leant on."""
_LEAST_PER_CATEGORY = 10
"""With fewer messages for each category on average, nothing can be measured."""
_FEW = 50
"""In a history smaller than this every gram counts; else those that two messages share."""
_UNTRIED_SLOPE, _UNTRIED_POWER = 1.7, 0.41
"""Slope of confidence where there is too little to measure it, and with which power of the number
of categories it grows: seven categories known by the names of what lies under them, and 250 leaves
by their own names alone, were as often right as they said, three in four and two in three.
"""


class NothingToLearn(LuoshiError):
    """There are not two categories with a message each."""

    code = "triage.nothing_to_learn"
    template = (
        "nothing to learn: messages of two categories at least are needed, there are {found}; "
        "fill in the column label, or give --taxonomy"
    )


@dataclass(frozen=True, slots=True)
class _Material:
    """Examples as numbers; the first ``history`` are messages, the others explanations."""

    labels: tuple[str, ...]
    label: Counts
    worth: Floats
    vocabulary: Vocabulary
    counts: Counted
    groups: Counts
    words: Sequence[Sequence[str]]
    history: int
    sense: Sense


def train(
    examples: Iterable[Example],
    taxonomy: Taxonomy | None = None,
    costs: Costs | None = None,
    others: Iterable[Sequence[str]] = (),
    *,
    measured: bool = True,
) -> Model:
    """Return a model learned from *examples*, and from *taxonomy* where examples are few.

    Args:
        examples: Messages whose category is known; may be none when there is a taxonomy.
        taxonomy: The categories of the programme with names and descriptions.
        costs: What asking a person costs against a wrong suggestion; sets the threshold.
        others: Words of messages whose category nobody knows; they teach what words mean.
        measured: Hold messages back in turn to find how sure to be. Without, it takes a fifth of
            the time and is as sure as a model with little history: for who measures it anyway.

    Raises:
        NothingToLearn: Fewer than two categories have an example.
    """
    history = [one for one in examples if one.words]
    taxonomy = taxonomy or Taxonomy()
    given = history + _leant_on(history, taxonomy)
    more = [list(words) for words in others]
    material = _material(given, len(history), sense_of([*(one.words for one in history), *more]))
    linear, sense = _fitted(material, np.arange(len(given)))
    calibration, quality = _measured(material) if measured else _untried(material)
    vocabulary, linear = _pruned(material, linear)
    card: dict[str, object] = {"examples": len(history), "explanations": len(given) - len(history)}
    card |= {"others": len(more), "words": len(sense.words), **quality}
    threshold = (costs or Costs()).threshold()
    return Model(
        material.labels, vocabulary, linear, calibration, threshold, taxonomy, card, sense
    )


def _leant_on(history: Sequence[Example], taxonomy: Taxonomy) -> list[Example]:
    """Return what *taxonomy* itself says of the categories of which history says little."""
    seen = Counter(one.label for one in history)
    return [one for one in explained(taxonomy) if seen[one.label] < _FEW_PER_CATEGORY]


def _material(given: Sequence[Example], history: int, sense: Sense) -> _Material:
    labels = tuple(sorted({one.label for one in given}))
    if len(labels) < _LEAST_CATEGORIES:
        raise NothingToLearn(found=len(labels))
    number = {label: at for at, label in enumerate(labels)}
    words = [one.words for one in given]
    grams = grams_of(words)
    vocabulary = Vocabulary.of(_worth_knowing(grams, len(given)))
    return _Material(
        labels,
        np.array([number[one.label] for one in given]),
        np.array([one.worth for one in given], np.float32),
        vocabulary,
        counted(grams, vocabulary.find(grams.code), len(given)),
        folds_of(words, _FOLDS),
        words,
        history,
        sense,
    )


def _worth_knowing(grams: Grams, messages: int) -> Codes:
    """Return the grams to learn weights for: those that several messages share."""
    code, place = np.unique(grams.code, return_inverse=True)
    pairs = np.unique(place * messages + grams.message)
    seen = np.bincount(pairs // messages, minlength=code.size)
    least = _least_shared(messages)
    while (seen >= least).sum() > MOST_GRAMS:
        least += 1
    return code[seen >= least]


def _least_shared(messages: int) -> int:
    """Return in how many messages a gram must stand."""
    return 1 if messages < _FEW else 2


def _fitted(material: _Material, rows: Counts) -> tuple[Linear, Sense]:
    """Return the weights, and the sense they go with, that the examples *rows* teach."""
    kinds, words = len(material.labels), _words_of(material, rows)
    sense = material.sense.taught(words, material.label[rows], kinds)
    lesson = Lesson(
        of_rows(material.counts, rows),
        len(material.vocabulary),
        sense.near(words),
        sense.whitening(),
        material.label[rows],
        kinds,
        material.worth[rows],
    )
    return fitted(lesson), sense


def _words_of(material: _Material, rows: Counts) -> list[Sequence[str]]:
    return [material.words[at] for at in rows]


def _measured(material: _Material) -> tuple[Calibration, dict[str, object]]:
    """Return the calibration found on messages held back in turn, and how good it all is."""
    kinds, real = len(material.labels), slice(0, material.history)
    if material.history < _LEAST_PER_CATEGORY * kinds:
        return _untried(material)
    held = np.zeros((material.label.size, kinds), np.float32)
    for fold in range(_FOLDS):
        out = np.flatnonzero(material.groups == fold)
        if out.size:
            held[out] = _tried(material, np.flatnonzero(material.groups != fold), out)
    calibration = calibrated(held[real], material.label[real])
    return calibration, _quality(calibration, held[real], material.label[real])


def _untried(material: _Material) -> tuple[Calibration, dict[str, object]]:
    """Return a guess of how sure to be."""
    kinds = len(material.labels)
    slope = _UNTRIED_SLOPE * kinds**_UNTRIED_POWER
    return Calibration(slope, np.zeros(kinds, np.float32)), {"measured": False}


def _tried(material: _Material, rows: Counts, out: Counts) -> Floats:
    """Return the scores of the examples *out* by what the examples *rows* teach."""
    linear, sense = _fitted(material, rows)
    parts = linear.parts(of_rows(material.counts, out))
    return linear.scores(parts, sense.near(_words_of(material, out)))


def _quality(calibration: Calibration, held: Floats, label: Counts) -> dict[str, object]:
    confidence = calibration.confidences(held)
    best = confidence.argmax(axis=1)
    pairs = Counter(zip(label.tolist(), best.tolist(), strict=True))
    right = (best == label).astype(np.float32)
    return {
        "measured": True,
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(macro_f1(pairs), 4),
        "calibration_error": round(calibration_error(confidence.max(axis=1), right), 4),
    }


def _pruned(material: _Material, linear: Linear) -> tuple[Vocabulary, Linear]:
    """Return vocabulary and weights cut down to what the file may hold: the weightiest grams."""
    room = MOST_WEIGHTS // (BLOCKS * (len(material.labels) + 3))
    if len(material.vocabulary) <= room:
        return material.vocabulary, linear
    spread = np.square(linear.weight).sum(axis=(0, 2)) * np.square(linear.scale[:, 0])
    spread *= np.bincount(material.counts.gram, minlength=len(material.vocabulary))
    keep = np.sort(np.argsort(-spread)[:room])
    return (
        Vocabulary.of(material.vocabulary.codes[keep]),
        Linear(linear.scale[keep], linear.weight[:, keep], linear.bias, linear.near),
    )
