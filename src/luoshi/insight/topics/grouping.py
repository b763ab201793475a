"""From alike pairs to groups: average linkage by mutual best neighbours, in rounds.

Two groups join if each is the other's most alike and their mean likeness, over *all* pairs of
their members, reaches the limit. Mean linkage gives the same groups in whatever order such pairs
are joined (it is reducible), and one chance resemblance cannot chain two topics together.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from luoshi.insight.topics.likeness import Pairs, chunked, likeness
from luoshi.insight.topics.vectors import Vectors, heaviest

SAMPLE: Final = 12
"""Members that speak for a large group."""
LARGE: Final = 12
"""Groups from this size are compared once more by their sample."""
AT_ONCE: Final = 5_000
"""Pairs of large groups compared in one go: bounds the memory."""
ROUNDS: Final = 5
"""Rounds of comparing large groups; each at least halves what belongs together."""
SIGNS: Final = 24
"""Features by which large groups find each other …"""
SHARED_SIGNS: Final = 5
"""… if they share so many of them."""
NEARBY: Final = 64
"""A feature leads from one large group to so many others."""

Labels = NDArray[np.int64]


def groups(pairs: Pairs, count: int, closeness: float) -> Labels:
    """Number the group of each of *count* messages; members of one group share a number."""
    first, second, score = pairs
    graph = sparse.coo_matrix((score, (first, second)), shape=(count, count)).tocsr()
    return _agglomerated((graph + graph.T).tocsr(), np.ones(count), closeness)


def rejoined(labels: Labels, vectors: Vectors, closeness: float) -> Labels:
    """Join large groups that were cut because a message keeps only so many neighbours."""
    for _ in range(ROUNDS):
        before, labels = labels, _rejoined_once(labels, vectors, closeness)
        if np.array_equal(before, labels):
            break
    return labels


def _rejoined_once(labels: Labels, vectors: Vectors, closeness: float) -> Labels:
    _, labels = np.unique(labels, return_inverse=True)
    every = members(labels)
    large = np.array([g for g, rows in enumerate(every) if len(rows) >= LARGE], np.int64)
    if len(large) < 2:  # noqa: PLR2004 - nothing to join
        return labels
    samples = [_sample(every[group]) for group in large.tolist()]
    sizes = np.array([len(every[group]) for group in large.tolist()], np.float64)
    first, second = _neighbouring(vectors, samples)
    weight = _mean_likeness(vectors, samples, first, second) * sizes[first] * sizes[second]
    graph = sparse.coo_matrix((weight, (first, second)), shape=(len(large), len(large))).tocsr()
    joined = _agglomerated((graph + graph.T).tocsr(), sizes, closeness)
    heads = np.full(int(joined.max()) + 1, -1)
    heads[joined[::-1]] = large[::-1]
    renamed = np.arange(labels.max() + 1)
    renamed[large] = heads[joined]
    return np.asarray(renamed[labels])


def members(labels: Labels) -> list[NDArray[np.int64]]:
    """The positions that bear each label, labels and positions ascending."""
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order])) + 1
    return list(np.split(order, ends))


def _agglomerated(graph: sparse.csr_matrix, sizes: NDArray[np.float64], limit: float) -> Labels:
    """Join mutual best neighbours until none is close enough."""
    labels = np.arange(graph.shape[0])
    while graph.nnz:
        best, value = _best(graph, sizes)
        live = value >= limit
        mutual = live & (best[np.maximum(best, 0)] == np.arange(len(best))) & (best >= 0)
        if not mutual.any():
            break
        heads = np.where(mutual, np.minimum(best, np.arange(len(best))), np.arange(len(best)))
        _, merged = np.unique(heads, return_inverse=True)
        labels = merged[labels]
        graph, sizes = _contracted(graph, sizes, merged, live)
    return np.asarray(labels)


def _best(
    graph: sparse.csr_matrix, sizes: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each group the most alike other (the first of equals; -1 if none) and how alike."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    means = np.round(graph.data / (sizes[rows] * sizes[graph.indices]), 9)
    best, value = np.full(graph.shape[0], -1), np.zeros(graph.shape[0])
    filled = np.flatnonzero(np.diff(graph.indptr))
    top = np.maximum.reduceat(means, graph.indptr[filled])
    value[filled] = top
    first = np.flatnonzero(means == value[rows])
    best[rows[first][::-1]] = graph.indices[first][::-1]
    return best, value


def _contracted(
    graph: sparse.csr_matrix,
    sizes: NDArray[np.float64],
    merged: NDArray[np.int64],
    live: NDArray[np.bool_],
) -> tuple[sparse.csr_matrix, NDArray[np.float64]]:
    """Sum likeness and size over joined groups; what can never join again is left out."""
    count = int(merged.max()) + 1
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    columns = graph.indices
    kept = live[rows] & live[columns] & (merged[rows] != merged[columns])
    pairs = (merged[rows[kept]], merged[columns[kept]])
    smaller = sparse.coo_matrix((graph.data[kept], pairs), shape=(count, count)).tocsr()
    smaller.sum_duplicates()
    smaller.sort_indices()
    return smaller, np.bincount(merged, sizes, minlength=count).astype(np.float64)


def _sample(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Some of *rows*, evenly over the time."""
    at = np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(int)
    return np.asarray(rows[at], np.int64)


def _neighbouring(
    vectors: Vectors, samples: list[NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of large groups that share some of their heaviest features."""
    owners = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples])
    rows = vectors.whole[np.concatenate(samples)]
    gather = sparse.csr_matrix(
        (np.ones(len(owners), np.float32), (owners, np.arange(len(owners)))),
        shape=(len(samples), len(owners)),
    )
    total = (gather @ rows).tocsr()
    owners = np.repeat(np.arange(len(samples)), np.diff(total.indptr))
    heavy = heaviest(owners, total.data, SIGNS)
    signs = sparse.csr_matrix(
        (np.ones(int(heavy.sum()), np.float32), (owners[heavy], total.indices[heavy])),
        shape=total.shape,
    )
    links = chunked(signs, NEARBY)
    shared = (links @ links.T).tocoo()
    kept = (shared.row < shared.col) & (shared.data >= SHARED_SIGNS)
    return shared.row[kept].astype(np.int64), shared.col[kept].astype(np.int64)


def _mean_likeness(
    vectors: Vectors,
    samples: list[NDArray[np.int64]],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Mean over all pairs of a member of the one and a member of the other sample."""
    full = np.array([np.resize(sample, SAMPLE) for sample in samples])
    means = np.zeros(len(first))
    for begin in range(0, len(first), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        one = np.repeat(full[first[part]], SAMPLE, axis=1).ravel()
        other = np.tile(full[second[part]], (1, SAMPLE)).ravel()
        means[part] = likeness(vectors, one, other).reshape(-1, SAMPLE * SAMPLE).mean(axis=1)
    return means
