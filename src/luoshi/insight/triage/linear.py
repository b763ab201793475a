"""The linear model: weighed grams, added up for each category.

A gram counts by how rare it is (inverse document frequency) and by how differently the categories
use it (``ratios``). Each block is scaled to a fixed length, and ridge regression finds the
weights. What a message means (``sense``) is weighed together with its grams.

Terms    log ratio 对数似然比 · ridge regression 岭回归
Shapes   V grams, K categories, B blocks, P nearnesses; ``scale`` V × B, ``weight`` B × V × K,
         ``bias`` K, ``near`` P × K
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array, hstack

from luoshi.insight.triage.arrays import Counts, Floats
from luoshi.insight.triage.counting import Counted
from luoshi.insight.triage.ratios import telling, uses

BLOCK_WEIGHTS: Final = (1.0, 0.5, 0.5, 0.5)
"""Length of each block's part of a message: the whole, then the heads."""

_RIDGE = 0.9
_MOST_STEPS, _ENOUGH = 60, 2e-2


@dataclass(frozen=True, slots=True)
class Linear:
    """Scales and weights for every gram, and weights for nearness to each landmark."""

    scale: Floats
    weight: Floats
    bias: Floats
    near: Floats

    def parts(self, messages: Counted) -> list[csr_array]:
        """Return for each block M × V: the grams, scaled, as the weights meet them."""
        return [
            _scaled(block, self.scale[:, number], BLOCK_WEIGHTS[number])
            for number, block in enumerate(messages.blocks(len(self.scale)))
        ]

    def scores(self, parts: Sequence[csr_array], near: Floats) -> Floats:
        """Return M × K: how strongly each category is suggested, 1 meant, -1 not meant."""
        total = self.bias + near @ self.near
        for number, part in enumerate(parts):
            total += part @ self.weight[number]
        return total


def _scaled(block: csr_array, scale: Floats, length: float) -> csr_array:
    """Return *block* with its grams scaled and each row brought to *length*."""
    values = block.data * scale[block.indices]
    lengths = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    norms = np.sqrt(np.bincount(lengths, values * values, minlength=block.shape[0]))
    values = values * (length / np.maximum(norms, 1e-9)).astype(np.float32)[lengths]
    return csr_array((values, block.indices, block.indptr), shape=block.shape)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Messages whose category is known, as a linear model learns from them.

    Attributes:
        counts: What stands in each message.
        grams: Size of the vocabulary V.
        near: M × P: how near each message is to each landmark.
        whitening: P × P, of the same landmarks.
        label: Category of each message, 0 to ``kinds`` - 1.
        kinds: Number of categories K.
        worth: How much each message counts, positive.
    """

    counts: Counted
    grams: int
    near: Floats
    whitening: Floats
    label: Counts
    kinds: int
    worth: Floats


def fitted(lesson: Lesson) -> Linear:
    """Return the linear model that tells the categories of *lesson* apart."""
    blocks = lesson.counts.blocks(lesson.grams)
    scale = np.stack([scales(block, lesson.label, lesson.kinds) for block in blocks], axis=1)
    parts = [
        _scaled(block, scale[:, number], BLOCK_WEIGHTS[number])
        for number, block in enumerate(blocks)
    ]
    weight, bias, near = _ridge(parts, lesson)
    return Linear(scale, weight, bias, near)


def scales(block: csr_array, labels: Counts, kinds: int) -> Floats:
    """Return for each gram of *block* its rarity times how differently categories use it."""
    used = uses(block, labels, kinds)
    rarity = np.log((1 + labels.size) / (1 + used.sum(axis=0))) + 1
    return np.asarray(rarity * telling(used), np.float32)


def _ridge(parts: Sequence[csr_array], lesson: Lesson) -> tuple[Floats, Floats, Floats]:
    """Solve weighted ridge regression for all categories at once, in the dual.

    The unknowns are one number per message and category; conjugate gradients on
    ``(X Xᵀ + λ / worth) a = targets`` never form a matrix.
    """
    labels, kinds = lesson.label, lesson.kinds
    worth = _balanced(labels, kinds, lesson.worth)
    targets = np.where(labels[:, None] == np.arange(kinds), 1.0, -1.0).astype(np.float32)
    bias = (worth @ targets / worth.sum()).astype(np.float32)
    together, used = _without_empty(hstack([*parts, _ones(labels.size)], format="csr"))
    rows = _Rows(together, csr_array(together.T), lesson.near @ lesson.whitening)
    dual = _conjugate_gradients(rows, _RIDGE / worth[:, None], targets - bias)
    primal, placed = rows.gathered(dual)
    weight = np.zeros((len(parts) * parts[0].shape[1] + 1, kinds), np.float32)
    weight[used] = primal
    near = lesson.whitening @ placed
    return weight[:-1].reshape(len(parts), -1, kinds), bias + weight[-1], near


@dataclass(frozen=True, slots=True)
class _Rows:
    """The matrix X of the regression: grams in sparse columns, nearness in dense ones."""

    grams: csr_array
    turned: csr_array
    placed: Floats

    def gathered(self, dual: Floats) -> tuple[Floats, Floats]:
        """Return ``Xᵀ dual``, of the sparse columns and of the dense ones."""
        return self.turned @ dual, self.placed.T @ dual

    def likeness(self, dual: Floats) -> Floats:
        """Return ``X Xᵀ dual``."""
        grams, placed = self.gathered(dual)
        image: Floats = self.grams @ grams + self.placed @ placed
        return image


def _without_empty(matrix: csr_array) -> tuple[csr_array, Counts]:
    """Return *matrix* without its empty columns, and which columns are left, in what order.

    The fullest columns come first: what is read most often then stays in the fastest memory.
    """
    filled = np.bincount(matrix.indices, minlength=matrix.shape[1])
    used = np.argsort(-filled, kind="stable")[: np.count_nonzero(filled)]
    place = np.zeros(matrix.shape[1], np.int32)
    place[used] = np.arange(used.size)
    packed = (matrix.data.astype(np.float32), place[matrix.indices], matrix.indptr)
    return csr_array(packed, shape=(matrix.shape[0], used.size)), used


def _ones(rows: int) -> csr_array:
    return csr_array(np.ones((rows, 1), np.float32))


def _balanced(labels: Counts, kinds: int, worth: Floats) -> Floats:
    """Return *worth* such that every category weighs the same and the mean is 1."""
    mass = np.bincount(labels, worth, minlength=kinds)
    share = worth / mass[labels]
    balanced: Floats = (share * (labels.size / share.sum())).astype(np.float32)
    return balanced


def _conjugate_gradients(rows: _Rows, ridge: Floats, targets: Floats) -> Floats:
    solution = np.zeros_like(targets)
    residual = targets.copy()
    direction = residual.copy()
    rest = first = np.square(residual).sum(axis=0)
    for _ in range(_MOST_STEPS):
        image = rows.likeness(direction) + ridge * direction
        step = rest / np.maximum((direction * image).sum(axis=0), 1e-12)
        solution += step * direction
        residual -= step * image
        left = np.square(residual).sum(axis=0)
        if (left < _ENOUGH**2 * first).all():
            break
        direction = residual + (left / np.maximum(rest, 1e-12)) * direction
        rest = left
    return solution
