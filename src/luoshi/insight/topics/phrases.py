"""Phrases that the messages of a topic have in common, and which of them name its place.

A phrase is whole if something different stands before it and behind it from one message to the
next (左右邻字): 枫林帝景 is, 林帝 is not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from luoshi.insight.text.words import FUNCTION_WORDS, tagged
from luoshi.insight.topics.places import (
    ends_like_a_place,
    goes_on_behind_a_place,
    may_be_a_name,
)

SHORTEST: Final = 3
"""Characters of the shortest phrase …"""
LONGEST: Final = 14
"""… and of the longest."""
PLACED: Final = 0.5
"""A phrase that does not end like a place is a name if so often an area stands before it, and it
is not made of known words that name nothing: 枫林帝景, 88易贷; not 公积金贷款."""
NAMING: Final = ("nr", "ns", "nz")
"""How the dictionary marks words that name: of persons (and firms), places, else."""
EDGE: Final = " "
_RUN = re.compile("[\u4e00-\u9fffa-z0-9]+")
_AREA = frozenset("省市区县镇")
"""Last characters of the areas that stand before a name …"""
_BEFORE = _AREA | {"道", EDGE}
"""… and of all that may (街道)."""

_NO_END = frozenset("dpcu")
"""Adverb, preposition, conjunction, particle: no name ends with one."""

_Piece = tuple[str, str, str]


def place_names(texts: Sequence[str], least: float) -> dict[str, int]:
    """Names in at least *least* of the levelled *texts*, each with the number of its texts."""
    common: Counter[str] = Counter()
    for text in texts:
        common.update({phrase for _, phrase, _ in _pieces(text)})
    counts = {phrase: count for phrase, count in common.items() if count >= least}
    around: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for text in texts:
        for before, phrase, behind in _pieces(text):
            if phrase in counts:
                around[phrase].append((before, behind))
    return {name: count for name, count in counts.items() if _is_name(name, around[name])}


def _pieces(text: str) -> Iterator[_Piece]:
    """Every piece of *text* of the length of a name, and the characters around it."""
    for run in _RUN.finditer(text):
        own = f"{EDGE}{run.group()}{EDGE}"
        for start in range(1, len(own) - SHORTEST):
            for end in range(start + SHORTEST, min(start + LONGEST, len(own) - 1) + 1):
                yield own[start - 1], own[start:end], own[end]


def _is_name(phrase: str, around: Sequence[tuple[str, str]]) -> bool:
    """Whether *phrase* is whole and names something, standing between *around*."""
    before, behind = {one for one, _ in around}, {other for _, other in around}
    whole = (len(before) > 1 or before & _BEFORE) and (len(behind) > 1 or EDGE in behind)
    if not whole or not may_be_a_name(phrase):
        return False
    words = [(word, tag) for _, word, tag in tagged(phrase, guessing=False)]
    if sum(tag == "v" for _, tag in words) > 1:  # 占道摆摊堵路
        return False
    if ends_like_a_place(phrase):
        return len(words) > 1  # 有限公司 is none
    if goes_on_behind_a_place(phrase) or any(len(w) > 1 and w in FUNCTION_WORDS for w, _ in words):
        return False
    in_area = sum(one in _AREA for one, _ in around) / len(around)
    names = any(len(word) == 1 or tag.startswith(NAMING) for word, tag in words)
    last, tag = words[-1]
    return in_area >= PLACED and names and tag not in _NO_END and last not in FUNCTION_WORDS
