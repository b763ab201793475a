"""Pairs: what a text is found by.

Chinese has no spaces and most of its words have two characters, too short for trigrams. So every
pair of neighbouring signs becomes a number, and the numbers of a text are indexed.

Terms    pair 相邻二字
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from luoshi.kernel.programme import Field, FieldType

SEARCHED = frozenset({FieldType.LINE, FieldType.TEXT, FieldType.ADDRESS})
MOST_PAIRS = 4000


def folded(text: str) -> str:
    """Return *text* as it is compared: one form of letters, small, runs of space as one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def pairs_of(text: str) -> list[int]:
    """Return the numbers of the pairs of neighbouring signs in *text*, each once.

    Of a text with more than ``MOST_PAIRS`` the smallest are kept.
    """
    plain = folded(text)
    found = {(ord(a) * 65537 + ord(b)) % 2_147_483_647 for a, b in pairwise(plain)}
    return sorted(found)[:MOST_PAIRS] if len(found) > MOST_PAIRS else list(found)


def is_searched(field: Field) -> bool:
    """Return whether what is written in *field* can be searched."""
    return field.type in SEARCHED and not field.masked
