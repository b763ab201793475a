"""From a text to hashed features: pairs of Chinese characters, words and numbers.

Deterministic (no seed of the process), bounded in time by ``MAX_CHARACTERS``, and total: any
string, however odd, gives a (possibly empty) array.
"""

import re
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.similar.otherwise import meanings
from luoshi.insight.text.folding import levelled

Features = NDArray[np.uint32]

MAX_CHARACTERS: Final = 4_000
"""Characters of a text that are read."""
MAX_FEATURES: Final = 96
"""Features kept for one text; a longer text is sampled, the same way for every text."""
HEAD: Final = 48
"""Characters from the beginning (the subject) whose features are always kept."""

_WORD = re.compile(r"[^\W_\u2e80-\u9fff\uf900-\ufaff]+")
_HAN: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_MIX = np.uint64(0x9E3779B97F4A7C15)
_EMPTY: Final = np.zeros(0, dtype=np.uint32)


def plain(text: str) -> str:
    """The part of *text* that is read: half width, simplified characters, lower case."""
    return levelled(text[:MAX_CHARACTERS])


def features(text: str) -> Features:
    """Distinct hashed features of *text*, sorted, at most ``MAX_FEATURES`` of them.

    Of a longer text the features of its head and what its expressions mean stay, and of the rest
    those with the smallest hash: two texts keep the same ones, so that their overlap can still be
    measured.
    """
    words = plain(text)
    meant = meanings(words)
    all_of = np.unique(np.concatenate([_hashes(words), meant]))
    if len(all_of) <= MAX_FEATURES:
        return all_of
    head = np.unique(np.concatenate([_hashes(words[:HEAD]), meant]))[:MAX_FEATURES]
    rest = np.setdiff1d(all_of, head, assume_unique=True)
    return np.sort(np.concatenate([head, rest[: MAX_FEATURES - len(head)]]))


def point_feature(point: tuple[float, float]) -> Features:
    """One feature for the exact point (about 10 m), by which default points are noticed."""
    longitude, latitude = point
    return np.array([zlib.crc32(f"#{longitude:.4f},{latitude:.4f}".encode())], np.uint32)


def spans_of(words: str) -> tuple[Features, NDArray[np.int64], NDArray[np.int64]]:
    """Every feature of an already levelled text, repeats included, with begin and end."""
    codes = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    han = np.zeros(len(codes) + 2, bool)
    for first, last in _HAN:
        han[1:-1] |= (codes >= first) & (codes <= last)
    pairs = np.flatnonzero(han[1:-2] & han[2:-1])
    alone = np.flatnonzero(han[1:-1] & ~han[:-2] & ~han[2:])
    mixed = np.concatenate([(codes[pairs] << np.uint64(21)) | codes[pairs + 1], codes[alone]])
    latin = list(_WORD.finditer(words))
    hashes = [_word_hash(found.group()) for found in latin]
    begins, ends = [found.start() for found in latin], [found.end() for found in latin]
    return (
        np.concatenate([np.array(hashes, np.uint32), _mixed(mixed)]),
        np.concatenate([np.array(begins, np.int64), pairs, alone]),
        np.concatenate([np.array(ends, np.int64), pairs + 2, alone + 1]),
    )


def _hashes(words: str) -> Features:
    return spans_of(words)[0]


def _word_hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace"))


def _mixed(pairs: NDArray[np.uint64]) -> Features:
    """Hashes of neighbouring characters, or of one that stands alone."""
    return np.asarray((pairs * _MIX) >> np.uint64(32), dtype=np.uint32)
