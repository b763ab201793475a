"""From a text to hashed features: pairs of Chinese characters, words and numbers.

Deterministic (no seed of the process), bounded in time by ``MAX_CHARACTERS``, and total: any
string, however odd, gives a (possibly empty) array.
"""

import re
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.text.folding import levelled

Features = NDArray[np.uint32]

MAX_CHARACTERS: Final = 4_000
"""Characters of a text that are read."""
MAX_FEATURES: Final = 96
"""Features kept for one text; a longer text is sampled, the same way for every text."""
HEAD: Final = 48
"""Characters from the beginning (the subject) whose features are always kept."""

_WORD = re.compile(r"[^\W_\u2e80-\u9fff\uf900-\ufaff]+")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_EMPTY: Final = np.zeros(0, dtype=np.uint32)


def plain(text: str) -> str:
    """The part of *text* that is read: half width, simplified characters, lower case."""
    return levelled(text[:MAX_CHARACTERS])


def features(text: str) -> Features:
    """Distinct hashed features of *text*, sorted, at most ``MAX_FEATURES`` of them.

    Of a longer text the features of its head stay, and of the rest those with the smallest hash:
    two texts keep the same ones, so their overlap can still be measured.
    """
    words = plain(text)
    all_of = np.unique(_hashes(words))
    if len(all_of) <= MAX_FEATURES:
        return all_of
    head = np.unique(_hashes(words[:HEAD]))
    rest = np.setdiff1d(all_of, head, assume_unique=True)
    return np.sort(np.concatenate([head, rest[: MAX_FEATURES - len(head)]]))


def address_features(address: str) -> Features:
    """One feature for the whole address, blanks and punctuation aside; none if it is empty."""
    key = "".join(_WORD.findall(plain(address)) + _HAN_RUN.findall(plain(address)))
    return np.array([zlib.crc32(b"@" + key.encode("utf-8", "replace"))] if key else [], np.uint32)


def point_feature(point: tuple[float, float]) -> Features:
    """One feature for the exact point (about 10 m), by which default points are noticed."""
    longitude, latitude = point
    return np.array([zlib.crc32(f"#{longitude:.4f},{latitude:.4f}".encode())], np.uint32)


def spans_of(words: str) -> tuple[Features, NDArray[np.int64], NDArray[np.int64]]:
    """Every feature of an already levelled text, repeats included, with begin and end."""
    parts = [
        (np.array([_word_hash(found.group())], np.uint32), found.start(), found.end())
        for found in _WORD.finditer(words)
    ]
    parts += [
        (_pair_hashes(run.group()), run.start(), run.end()) for run in _HAN_RUN.finditer(words)
    ]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return _EMPTY, nothing, nothing
    begins = np.concatenate([start + np.arange(len(hashes)) for hashes, start, _ in parts])
    reach = np.concatenate([np.full(len(h), e - s if len(h) == 1 else 2) for h, s, e in parts])
    return np.concatenate([hashes for hashes, _, _ in parts]), begins, begins + reach


def _hashes(words: str) -> Features:
    latin = [_word_hash(word) for word in _WORD.findall(words)]
    pairs = [_pair_hashes(run) for run in _HAN_RUN.findall(words)]
    return np.concatenate([np.array(latin, np.uint32), *pairs]) if latin or pairs else _EMPTY


def _word_hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace"))


def _pair_hashes(run: str) -> Features:
    """Hashes of neighbouring characters; of the character itself if it stands alone."""
    codes = np.frombuffer(run.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    pairs = (codes[:-1] << np.uint64(21)) | codes[1:] if len(codes) > 1 else codes
    return np.asarray((pairs * _MIX) >> np.uint64(32), dtype=np.uint32)
