"""Messages as sparse vectors: pairs of characters by rarity, places apart from matter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from luoshi.insight.similar.features import spans_of
from luoshi.insight.text.folding import levelled
from luoshi.insight.text.named_places import place_keys
from luoshi.insight.text.words import FUNCTION_WORDS
from luoshi.insight.topics.message import Message
from luoshi.insight.topics.places import windows

DETAILS: Final = 300
"""Characters of the details that are read: place and matter are named at the beginning."""
SUBJECT: Final = 200
"""Characters of the subject that are read."""
BUCKETS: Final = 1 << 24
"""Features are hashed into so many columns; of a million messages every tenth shares one."""
COMMON: Final = 0.2
"""Features of more than this share of the messages say nothing."""
COMMON_PLACE: Final = 0.02
"""Features of more than this share are no place names (小区, 街道)."""
FEW: Final = 50
"""What so few messages or fewer have is never too common."""
LEARNT: Final = 1_000
"""Messages from which it shows which phrases are stock; with fewer, ``STOCK`` is left out."""
STOCK: Final = (
    "尊敬的领导您好 请问 咨询 投诉 反映 举报 建议 希望有关部门尽快处理解决 请求相关部门予以重视 "
    "谢谢 感谢 我们是居民业主 附近 现在 已经 多次 没有 一直 严重影响 正常生活 问题 情况 进行 "
    "政府 领导 市民 什么时候 a i m s look forward answer reply city government department "
    "help report complaint complain problem issue need fix repair people live lives"
)
NAMES_PLACE: Final = 0.25
"""A message names a place if place names are this share of the length of its vector."""
VOTE: Final = 0.5
"""A feature is (part of) a place name if this share of its messages has it in a window."""
KEPT: Final = 64
"""Heaviest features kept of one message, where there are many messages."""
MANY: Final = 20_000
BATCH: Final = 20_000


_Keys = tuple[NDArray[np.uint32], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Vectors:
    """The messages of a period as rows.

    Attributes:
        matter: Features that are no place, each row divided by the length of the whole.
        place: Features that are (part of) place names, divided likewise.
        named: Place keys of the subject, or else of the place that is kept apart.
        mentioned: Place keys of subject and details.
        hashes: The feature of each column of ``matter`` and ``place``.
        matter_length: Length of each row of ``matter``.
        place_length: Length of each row of ``place``.
        names_place: Whether it names a place, be it one that nobody else names.
        apart: Whether its place is kept apart from the text.
    """

    matter: sparse.csr_matrix
    place: sparse.csr_matrix
    named: sparse.csr_matrix
    mentioned: sparse.csr_matrix
    hashes: NDArray[np.int32]
    matter_length: NDArray[np.float64]
    place_length: NDArray[np.float64]
    names_place: NDArray[np.bool_]
    apart: NDArray[np.bool_]

    @property
    def whole(self) -> sparse.csr_matrix:
        """All features; rows of length 1."""
        return self.matter + self.place


@dataclass(frozen=True, slots=True)
class _Read:
    """Features of a batch of messages, one after the other."""

    features: NDArray[np.int32]
    counts: NDArray[np.float32]
    in_place: NDArray[np.bool_]  # in the place kept apart, or else in a window
    lengths: NDArray[np.int64]
    foreign: NDArray[np.bool_]  # message by message, as is the next
    apart: NDArray[np.bool_]
    named: _Keys
    mentioned: _Keys


def vectors(messages: Sequence[Message]) -> Vectors:
    """Read *messages* and weigh their features: (1 + ln count) · (1 + ln rarity)."""
    reads = [_read_batch(batch) for batch in _batches(messages)]
    count = len(messages)
    known, placed = np.zeros(BUCKETS, np.int64), np.zeros(BUCKETS, np.int64)
    for read in reads:
        known += np.bincount(read.features, minlength=BUCKETS)
        placed += np.bincount(read.features[read.in_place], minlength=BUCKETS)
    is_place = (placed >= VOTE * known) & (known <= max(COMMON_PLACE * count, FEW))
    among = _among(reads, known, count)
    least = np.where(among < min(count, LEARNT), 1, 2)  # of few strangers all words are heard
    useful = (known >= least) & (known <= np.maximum(COMMON * among, FEW))
    stock = spans_of(f"{STOCK} {' '.join(sorted(FUNCTION_WORDS))}")[0] % BUCKETS
    useful[stock[among[stock] < LEARNT]] = False
    rarity = np.where(useful, 1 + np.log(among / np.maximum(known, 1)), 0.0).astype(np.float32)
    most = KEPT if count > MANY else BUCKETS
    parts = [_weighed(read, rarity, most, is_place) for read in reads]
    features, weights, lengths, at_place = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    hashes, columns = np.unique(features, return_inverse=True)
    rows = np.repeat(np.arange(count, dtype=np.int32), lengths)
    size = (count, max(len(hashes), 1))
    matter = _matrix(rows[~at_place], columns[~at_place], weights[~at_place], size)
    place = _matrix(rows[at_place], columns[at_place], weights[at_place], size)
    named, mentioned = (
        _key_matrix([getattr(read, name) for read in reads], reads, count)
        for name in ("named", "mentioned")
    )
    return Vectors(
        matter,
        place,
        named,
        mentioned,
        hashes,
        _row_lengths(matter),
        _row_lengths(place),
        np.concatenate([_names_place(read, is_place, known, count) for read in reads]),
        np.concatenate([read.apart for read in reads]),
    )


def _among(reads: list[_Read], known: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Among how many messages each feature is rare or common: those in its own letters.

    Else the few messages in English would be one topic, for nobody else writes "the".
    """
    foreign = np.zeros(BUCKETS, np.int64)
    for read in reads:
        inside = np.repeat(read.foreign, read.lengths)
        foreign += np.bincount(read.features[inside], minlength=BUCKETS)
    strangers = sum(int(read.foreign.sum()) for read in reads)
    return np.where(foreign > known / 2, float(strangers), float(count))


def _placed(read: _Read, is_place: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which features of a batch tell the place; one that is kept apart tells it alone."""
    apart = np.repeat(read.apart, read.lengths)
    return np.where(apart, read.in_place, is_place[read.features])


def _names_place(
    read: _Read, is_place: NDArray[np.bool_], known: NDArray[np.int64], count: int
) -> NDArray[np.bool_]:
    """Which messages name a place: here what one single message has is heard as well."""
    among = known[read.features]
    weights = ((1 + np.log(read.counts)) * (1 + np.log(count / among))) ** 2
    weights[among > max(COMMON * count, FEW)] = 0
    rows, size = np.repeat(np.arange(len(read.lengths)), read.lengths), len(read.lengths)
    at = np.bincount(rows, weights * _placed(read, is_place), minlength=size)
    whole = np.bincount(rows, weights, minlength=size)
    return np.asarray((at > 0) & (at >= NAMES_PLACE**2 * whole))


def _weighed(
    read: _Read, rarity: NDArray[np.float32], most: int, is_place: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]:
    """Useful features of a batch, their weights, how many each row has, which tell the place.

    The weights make each row 1 long.
    """
    weights = (1 + np.log(read.counts)) * rarity[read.features]
    rows = np.repeat(np.arange(len(read.lengths)), read.lengths)
    kept = (weights > 0) & heaviest(rows, weights, most)
    rows, weights = rows[kept], weights[kept]
    long = np.sqrt(np.bincount(rows, weights**2, minlength=len(read.lengths)))
    weights = (weights / np.maximum(long, 1e-9)[rows]).astype(np.float32)
    lengths = np.bincount(rows, minlength=len(read.lengths))
    return read.features[kept], weights, lengths, _placed(read, is_place)[kept]


def _batches(messages: Sequence[Message]) -> Iterable[list[Message]]:
    remaining = iter(messages)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _read_batch(messages: list[Message]) -> _Read:
    each = [_read(message) for message in messages]
    return _Read(
        np.concatenate([one[0] for one in each]),
        np.concatenate([one[1] for one in each]),
        np.concatenate([one[2] for one in each]),
        np.array([len(one[0]) for one in each], np.int64),
        np.array([_is_foreign(message) for message in messages], np.bool_),
        np.array([bool(message.place.strip()) for message in messages], np.bool_),
        _flat([one[3] for one in each]),
        _flat([one[4] for one in each]),
    )


def _read(
    message: Message,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_], set[int], set[int]]:
    """Features, counts (subject twice), whether in a place; place keys of subject and of all.

    Where the place is kept apart it alone tells the place, and nothing of the matter; elsewhere
    places are looked for in windows.
    """
    subject, details, place = (
        levelled(text)
        for text in (message.subject[:SUBJECT], message.details[:DETAILS], message.place[:SUBJECT])
    )
    (first, first_in), (second, second_in), (third, _) = map(_spotted, (subject, details, place))
    features = np.concatenate([first, second, third])
    once = np.ones(len(second) + len(third))
    distinct, where = np.unique(features, return_inverse=True)
    counts = np.bincount(where, np.concatenate([np.full(len(first), 2.0), once]))
    windowed = np.bincount(where, np.concatenate([first_in, second_in, 0 * once[: len(third)]]))
    in_place = np.isin(distinct, third) if message.place.strip() else windowed > 0
    told, kept = place_keys(subject), place_keys(place)
    mentioned = told | kept | place_keys(details)
    return distinct, counts.astype(np.float32), in_place, told or kept, mentioned


def _is_foreign(message: Message) -> bool:
    """Whether it is written in Latin letters: a byte each, where a Chinese character has three."""
    text = f"{message.subject[:SUBJECT]}{message.details[:DETAILS]}"
    return len(text.encode("utf-8", "replace")) < 2 * len(text)


def _spotted(plain: str) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Features of *plain* in order, and whether both ends stand in one window."""
    features, begins, ends = spans_of(plain)
    inside = windows(plain)
    if not len(features):
        return np.zeros(0, np.int32), np.zeros(0, np.bool_)
    placed = (inside[begins] > 0) & (inside[begins] == inside[ends - 1])
    return (features % BUCKETS).astype(np.int32), placed


def _flat(keys: list[set[int]]) -> _Keys:
    lengths = np.array([len(each) for each in keys], np.int64)
    flat = np.fromiter((key for each in keys for key in sorted(each)), np.uint32, lengths.sum())
    return flat, lengths


def heaviest(
    rows: NDArray[np.int64], weights: NDArray[np.floating], most: int
) -> NDArray[np.bool_]:
    """Mark the *most* heaviest entries of each row."""
    order = np.lexsort((-weights, rows))
    starts = np.searchsorted(rows, np.arange(rows[-1] + 1 if len(rows) else 0))
    rank = np.arange(len(rows)) - starts[rows[order]]
    heavy = np.zeros(len(rows), np.bool_)
    heavy[order[rank < most]] = True
    return heavy


def _matrix(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    weights: NDArray[np.float32],
    size: tuple[int, int],
) -> sparse.csr_matrix:
    """Rows are sorted already: the pointers can be counted."""
    pointers = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size[0]))])
    return sparse.csr_matrix((weights, columns.astype(np.int32), pointers), shape=size)


def _row_lengths(rows: sparse.csr_matrix) -> NDArray[np.float64]:
    squares = np.asarray(rows.multiply(rows).sum(axis=1), np.float64).ravel()
    return np.asarray(np.sqrt(squares))


def _key_matrix(parts: list[_Keys], reads: list[_Read], count: int) -> sparse.csr_matrix:
    """One column for each place key that is not too common to tell places apart."""
    known = np.zeros(BUCKETS, np.int64)
    for read in reads:
        known += np.bincount(read.mentioned[0] % BUCKETS, minlength=BUCKETS)
    flat = np.concatenate([keys for keys, _ in parts]) % BUCKETS
    lengths = np.concatenate([lengths for _, lengths in parts])
    told = known[flat] <= max(COMMON_PLACE * count, FEW)
    rows = np.repeat(np.arange(count, dtype=np.int32), lengths)[told]
    every = np.flatnonzero(known)
    columns = np.searchsorted(every, flat[told])
    return _matrix(rows, columns, np.ones(len(rows), np.float32), (count, max(len(every), 1)))
