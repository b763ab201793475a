"""Pairs: what a text is found by.

Chinese has no spaces and most of its words have two characters, too short for trigrams. So every
pair of neighbouring signs becomes a number, and the numbers of a text are indexed.

Terms    pair 相邻二字
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from luoshi.kernel.programme import Field, FieldType

SEARCHED = frozenset({FieldType.LINE, FieldType.TEXT, FieldType.ADDRESS})
MOST_PAIRS = 4000
FACTOR, MODULUS = 65537, 2_147_483_647


def folded(text: str) -> str:
    """Return *text* as it is compared: one form of letters, small, runs of space as one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def pairs_of(text: str) -> list[int]:
    """Return the numbers of the pairs of neighbouring signs in *text*, each once.

    Of a text with more than ``MOST_PAIRS`` the smallest are kept.
    """
    plain = folded(text)
    found = {(ord(a) * FACTOR + ord(b)) % MODULUS for a, b in pairwise(plain)}
    return sorted(found)[:MOST_PAIRS] if len(found) > MOST_PAIRS else list(found)


def pairs_of_many(texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """Return ``pairs_of`` each of *texts*, sorted: all of them are counted together."""
    plain = [folded(text) for text in texts]
    signs = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, plain), np.int64, len(plain))
    owners = np.repeat(np.arange(len(plain)), lengths)
    within = owners[1:] == owners[:-1]
    numbers = (signs[:-1].astype(np.int64) * FACTOR + signs[1:]) % MODULUS
    found = np.sort(owners[:-1][within] << 31 | numbers[within])  # by text, then by number
    found = found[np.flatnonzero(np.diff(found, prepend=-1))]
    bounds = np.searchsorted(found >> 31, np.arange(1, len(plain)))
    return [part[:MOST_PAIRS] for part in np.split(found & MODULUS, bounds)] if plain else []


def is_searched(field: Field) -> bool:
    """Return whether what is written in *field* can be searched."""
    return field.type in SEARCHED and not field.masked
