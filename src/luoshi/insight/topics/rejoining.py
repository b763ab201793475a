"""Among many messages each keeps but its nearest neighbours: what that cut is joined again.

Groups find each other by their centres and are compared by samples of their members. So a flood
of thousands about one matter (集中来信) comes out as one topic.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from luoshi.insight.topics.grouping import Labels, agglomerated, members
from luoshi.insight.topics.likeness import chunked, likeness
from luoshi.insight.topics.vectors import Vectors, heaviest

LARGE: Final = 6
"""Groups from this size are compared once more: smaller ones are no pieces of a flood."""
SAMPLE: Final = 12
"""Members that speak for a group."""
ROUNDS: Final = 6
"""Rounds of joining; each at least halves what belongs together."""
SIGNS: Final = 48
"""Heaviest features of a group, by which others find it."""
NEARBY: Final = 128
"""A feature leads from one group to so many others."""
NEAREST: Final = 6
"""Groups with the most alike centres that are looked at closely."""
SHORT: Final = 0.4
"""Centres as alike as this share of the limit are looked at: signs are not all they share."""
AT_ONCE: Final = 5_000
"""Groups, or pairs of them, looked at in one go: bounds the memory."""

_Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def rejoined(labels: Labels, vectors: Vectors, closeness: float) -> Labels:
    """Join groups whose mean likeness reaches *closeness*, though few of their pairs were kept."""
    labels = _numbered(labels)
    fresh = np.ones(int(labels.max()) + 1, np.bool_)
    for _ in range(ROUNDS):
        labels, fresh = _large_joined(labels, fresh, vectors, closeness)
        if not fresh.any():
            break
    return labels


def _large_joined(
    labels: Labels, fresh: NDArray[np.bool_], vectors: Vectors, closeness: float
) -> tuple[Labels, NDArray[np.bool_]]:
    """Labels, and which groups were joined now: two that were not need no second look."""
    every = members(labels)
    sizes = np.array([len(rows) for rows in every], np.float64)
    large = np.flatnonzero(sizes >= LARGE)
    if len(large) < 2:  # noqa: PLR2004 - nothing to join
        return labels, np.zeros(len(every), np.bool_)
    first, second = _neighbouring(_centres(labels, large, vectors), SHORT * closeness)
    new = fresh[large[first]] | fresh[large[second]]
    first, second = first[new], second[new]
    samples = _samples([every[group] for group in large])
    weight = _mean_likeness(vectors, samples[first], samples[second])
    weight *= sizes[large[first]] * sizes[large[second]]
    graph = sparse.coo_matrix((weight, (first, second)), shape=(len(large),) * 2).tocsr()
    joined = agglomerated((graph + graph.T).tocsr(), sizes[large], closeness)
    renamed = np.arange(len(every))
    _, heads = np.unique(joined, return_index=True)
    renamed[large] = large[heads[joined]]
    pieces = np.bincount(renamed, minlength=len(every))
    return _numbered(renamed[labels]), pieces[pieces > 0] > 1


def _numbered(labels: Labels) -> Labels:
    return np.asarray(np.unique(labels, return_inverse=True)[1])


def _centres(labels: Labels, chosen: NDArray[np.int64], vectors: Vectors) -> sparse.csr_matrix:
    """Mean of the members of each *chosen* group, one row each."""
    row_of = np.full(int(labels.max()) + 1, -1)
    row_of[chosen] = np.arange(len(chosen))
    rows, columns = row_of[labels], np.arange(len(labels))
    shares = 1 / np.maximum(np.bincount(rows[rows >= 0], minlength=len(chosen)), 1)
    gather = sparse.csr_matrix(
        (shares[rows[rows >= 0]].astype(np.float32), (rows[rows >= 0], columns[rows >= 0])),
        shape=(len(chosen), len(labels)),
    )
    return (gather @ vectors.matter + gather @ vectors.place).tocsr()


def _neighbouring(centres: sparse.csr_matrix, least: float) -> _Pairs:
    """First and second (greater) of the pairs of groups whose centres are most alike."""
    owners = np.repeat(np.arange(centres.shape[0]), np.diff(centres.indptr))
    heavy = heaviest(owners, centres.data, SIGNS)
    signs = (centres.data[heavy], (owners[heavy], centres.indices[heavy]))
    links = chunked(sparse.csr_matrix(signs, shape=centres.shape), NEARBY)
    turned = links.T.tocsr()
    found = [np.zeros((2, 0), np.int64)]
    for begin in range(0, links.shape[0], AT_ONCE):
        product = (links[begin : begin + AT_ONCE] @ turned).tocoo()
        pair = np.stack([product.row.astype(np.int64) + begin, product.col])
        near = (product.data >= least) & (pair[0] != pair[1])
        pair, alike = pair[:, near], product.data[near]
        found.append(np.sort(pair[:, heaviest(pair[0], alike, NEAREST)], axis=0))
    first, second = np.unique(np.concatenate(found, axis=1), axis=1)
    return first, second


def _samples(groups: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Some members of each group, evenly over the time; of a small one all, some twice."""
    evenly = [np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(int) for rows in groups]
    picked = [np.resize(rows[at], SAMPLE) for rows, at in zip(groups, evenly, strict=True)]
    return np.array(picked, np.int64).reshape(-1, SAMPLE)


def _mean_likeness(
    vectors: Vectors, ones: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Row by row: mean over all pairs of one of *ones* and one of *others*."""
    means = [np.zeros(0)]
    for begin in range(0, len(ones), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        one = np.repeat(ones[part], SAMPLE, axis=1).ravel()
        other = np.tile(others[part], (1, SAMPLE)).ravel()
        means.append(likeness(vectors, one, other).reshape(-1, SAMPLE * SAMPLE).mean(axis=1))
    return np.concatenate(means)
