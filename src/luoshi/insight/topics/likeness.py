"""Which messages are compared, and how alike two of them are."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from luoshi.insight.topics.vectors import BATCH, MANY, Vectors

FLOOR: Final = 0.02
"""Pairs less alike than this count as not alike at all."""
FLOOR_OF_MANY: Final = 0.05
"""... where there are many messages."""
CHUNK: Final = 128
"""Where there are many messages a feature links one with so many others, the nearest in time …"""
CHUNKS_FROM: Final = 20_000_000
"""… or with this number over the number of messages, if that is more."""
NEIGHBOURS: Final = 32
"""Most alike others that are kept of one message, where there are many messages …"""
PAIRS: Final = 10_000_000
"""… or this over the number of messages, if that is more."""
READ: Final = 1_000_000_000
"""Links looked at altogether, about; beyond it fewer features of each message are used."""
WORK: Final = 30_000_000
"""Links looked at in one go: bounds the memory."""
PLACELESS: Final = 0.2
"""Likeness of place assumed where one of two messages names none."""
ENOUGH: Final = 0.5
"""More alike than this is alike enough: copies do not count more."""
PLACE_WEIGHT: Final = 1.5
"""A shared place counts at most so many times what is shared of the matter."""
ALONE: Final = 0.2
"""What messages that name places share of the matter counts as far as this, whatever more …"""
PLACED: Final = 0.5
"""… and as much further as their places are alike, times this."""
COPIED: Final = (0.5, 0.8)
"""From the first cosine of matter on two messages begin to be one form filled in, from the second
they are: then the place alone tells whether they are about one thing."""
SAME_PLACE: Final = 0.3
"""Cosine of places from which two messages of one form are about one place …"""
SAME_ADDRESS: Final = 0.6
"""… and any two whose places are kept apart."""
ELSEWHERE: Final = 0.1
"""Factor for two messages whose subjects name different places …"""
SPELLING: Final = 0.25
"""… unless all that is said of places is as alike as this: one place under two spellings."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def alike_pairs(vectors: Vectors) -> Pairs:
    """First, second (greater) and likeness of all pairs of messages that are alike at all."""
    parts = [
        (first, second, likeness(vectors, first, second))
        for first, second in _candidates(vectors.whole)
    ]
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    first, second, score = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = score >= FLOOR
    return first[kept], second[kept], score[kept]


def likeness(
    vectors: Vectors, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Likeness of messages *first* and *second*, pair by pair (0..1).

    The mean of two measures: the cosine of all features (the part of the place cut to
    ``PLACE_WEIGHT`` times that of the matter), and the geometric mean of the cosines of place and
    of matter. Less if one form is filled in for two places, and if the subjects name two.
    """
    places, matters = _dots(vectors.place, first, second), _dots(vectors.matter, first, second)
    named = vectors.names_place[first] & vectors.names_place[second]
    both = vectors.place_length[first] * vectors.place_length[second]
    at = np.where(named, places / np.maximum(both, 1e-9), PLACELESS)
    of = matters / np.maximum(vectors.matter_length[first] * vectors.matter_length[second], 1e-9)
    together = np.sqrt(np.minimum(at, ENOUGH) * np.minimum(of, ENOUGH))
    told = np.where(named, np.minimum(matters, ALONE + PLACED * at), matters)
    score = 0.5 * together + 0.5 * (told + np.minimum(places, PLACE_WEIGHT * matters))
    apart = vectors.apart[first] & vectors.apart[second]
    score *= np.where(named, _at_one_place(at, of, apart), 1.0)
    elsewhere = _elsewhere(vectors, first, second) & (at < SPELLING)
    return np.asarray(np.where(elsewhere, ELSEWHERE, 1.0) * score)


def _at_one_place(
    at: NDArray[np.float64], of: NDArray[np.float64], apart: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Factor for two messages that name places (0..1): the more a copy, the more the place says.

    Args:
        at: Cosine of places.
        of: Cosine of matters.
        apart: Whether both places are kept apart; then it says all.
    """
    begins, ends = COPIED
    weight = np.where(apart, 1.0, np.clip((of - begins) / (ends - begins), 0, 1))
    same = np.minimum(at / np.where(apart, SAME_ADDRESS, SAME_PLACE), 1.0)
    return np.asarray(1 - weight * (1 - same))


def _elsewhere(
    vectors: Vectors, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether both subjects name a place and neither message mentions the other's."""
    names = np.diff(vectors.named.indptr) > 0
    shared = _dots(vectors.named, first, second, vectors.mentioned)
    shared += _dots(vectors.named, second, first, vectors.mentioned)
    return np.asarray(names[first] & names[second] & (shared == 0))


def _dots(
    rows: sparse.csr_matrix,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    other: sparse.csr_matrix | None = None,
) -> NDArray[np.float64]:
    """Scalar products of row *first* and row *second* (of *other*), pair by pair."""
    right = rows if other is None else other
    step = 200_000
    parts = [
        np.asarray(
            rows[first[b : b + step]].multiply(right[second[b : b + step]]).sum(axis=1)
        ).ravel()
        for b in range(0, len(first), step)
    ]
    return np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)


def _candidates(whole: sparse.csr_matrix) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs worth comparing, the rows of the messages being in the order of time."""
    count = whole.shape[0]
    least = FLOOR if count <= MANY else FLOOR_OF_MANY
    chunk = max(CHUNK, CHUNKS_FROM // max(count, 1))
    links = chunked(_used(whole, chunk), chunk)
    del whole  # the largest thing in memory
    turned = links.T.tocsr()
    work = np.concatenate([[0], np.cumsum(_row_sums(links, np.diff(turned.indptr)))])
    begin = 0
    while begin < count:
        end = max(begin + 1, int(np.searchsorted(work, work[begin] + WORK)))
        product = (links[begin : min(end, count)] @ turned).tocoo()
        first, second = product.row.astype(np.int64) + begin, product.col.astype(np.int64)
        kept = (second > first) & (product.data >= least)
        yield _nearest(first[kept], second[kept], product.data[kept], count)
        begin = end


def _row_sums(links: sparse.csr_matrix, per_column: NDArray[np.int64]) -> NDArray[np.int64]:
    owners = np.repeat(np.arange(links.shape[0]), np.diff(links.indptr))
    return np.bincount(owners, per_column[links.indices], minlength=links.shape[0]).astype(int)


def _used(whole: sparse.csr_matrix, chunk: int) -> sparse.csr_matrix:
    """The features used to find candidates: all, or the heaviest if that were too much work."""
    known = np.bincount(whole.indices, minlength=whole.shape[1])
    cost = np.minimum(known, chunk)
    if int((known * cost).sum()) <= READ:
        return whole
    fair = READ / whole.shape[0]
    blocks = range(0, whole.shape[0], BATCH)
    return sparse.vstack([_affordable(whole[b : b + BATCH], cost, fair) for b in blocks]).tocsr()


def _affordable(
    rows: sparse.csr_matrix, cost: NDArray[np.int64], fair: float
) -> sparse.csr_matrix:
    """Of each row the features heaviest for their cost, until *fair* is spent."""
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    own = cost[rows.indices].astype(np.float64)
    order = np.lexsort((-rows.data / np.sqrt(own), owners))
    spent = np.concatenate([[0.0], np.cumsum(own[order])])
    used = np.zeros(len(owners), np.bool_)
    used[order[spent[1:] - spent[rows.indptr[:-1]][owners[order]] <= fair]] = True
    pointers = np.concatenate([[0], np.cumsum(np.bincount(owners[used], minlength=rows.shape[0]))])
    return sparse.csr_matrix((rows.data[used], rows.indices[used], pointers), shape=rows.shape)


def chunked(rows: sparse.csr_matrix, chunk: int) -> sparse.csr_matrix:
    """Split the columns so that none has more than *chunk* rows, neighbours in time together.

    Each part overlaps half with the next, so that a long run of messages stays connected.
    """
    columns, owners = rows.indices, np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((owners, columns))
    sorted_columns = columns[order]
    starts = np.searchsorted(sorted_columns, sorted_columns, side="left")
    rank = np.arange(len(order)) - starts
    many = np.bincount(columns, minlength=rows.shape[1])[sorted_columns] > chunk
    half = np.where(many, rank // (chunk // 2), 0)
    parts = [sorted_columns.astype(np.int64) << 20 | half]
    members, weights = [owners[order]], [rows.data[order]]
    parts.append(sorted_columns[many].astype(np.int64) << 20 | (half[many] + 1))
    members.append(owners[order][many])
    weights.append(rows.data[order][many])
    _, ids = np.unique(np.concatenate(parts), return_inverse=True)
    return sparse.csr_matrix(
        (np.concatenate(weights), (np.concatenate(members), ids)),
        shape=(rows.shape[0], int(ids.max()) + 1 if len(ids) else 1),
    )


def _nearest(
    first: NDArray[np.int64], second: NDArray[np.int64], score: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep the best of each message, if there are many messages."""
    if count <= MANY or not len(first):
        return first, second
    order = np.lexsort((-score, first))
    starts = np.searchsorted(first[order], first[order], side="left")
    kept = order[np.arange(len(order)) - starts < max(NEIGHBOURS, PAIRS // count)]
    return first[kept], second[kept]
