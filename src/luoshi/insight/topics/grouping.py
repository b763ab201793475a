"""From alike pairs to groups: average linkage by mutual best neighbours, in rounds.

Two groups join if each is the other's most alike and their mean likeness, over *all* pairs of
their members, reaches the limit. Mean linkage gives the same groups in whatever order such pairs
are joined (it is reducible), and one chance resemblance cannot chain two topics together.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from luoshi.insight.topics.likeness import Pairs

Labels = NDArray[np.int64]


def groups(pairs: Pairs, count: int, closeness: float) -> Labels:
    """Number the group of each of *count* messages; members of one group share a number."""
    first, second, score = pairs
    graph = sparse.coo_matrix((score, (first, second)), shape=(count, count)).tocsr()
    return agglomerated((graph + graph.T).tocsr(), np.ones(count), closeness)


def members(labels: Labels) -> list[NDArray[np.int64]]:
    """The positions that bear each label, labels and positions ascending."""
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order])) + 1
    return list(np.split(order, ends))


def agglomerated(graph: sparse.csr_matrix, sizes: NDArray[np.float64], limit: float) -> Labels:
    """Join mutual best neighbours until none is close enough; number what was joined.

    Args:
        graph: Summed likeness of all pairs of members of two groups; symmetric.
        sizes: Members of each group.
        limit: Least mean likeness.
    """
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
