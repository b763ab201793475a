"""The same, told otherwise: in plain words, in those of an office, in those of the law.

Expressions that mean one thing share a feature beside those of their own signs.

Terms    plain words 大白话 · official words 公文用语
"""

import json
import re
import zlib
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

READ: Final = 1_000
"""Characters that are read."""


def meanings(words: str) -> NDArray[np.uint32]:
    """Return what the expressions in *words*, a levelled text, mean, hashed.

    Example:
        >>> said(meanings("路灯坏了半个月")) == said(meanings("公共照明设施损坏"))
        True
    """
    means, pattern = _known()
    found = pattern.findall(words[:READ])
    return np.array([_hash(means[expression]) for expression in found], np.uint32)


def said(features: NDArray[np.uint32]) -> tuple[str, ...]:
    """Return the plainest expression of each meaning among *features*."""
    plainest = {_hash(meaning): meaning for meaning in _known()[0].values()}
    return tuple(plainest[one] for one in features.tolist() if one in plainest)


def _hash(meaning: str) -> int:
    return zlib.crc32(b"=" + meaning.encode())


@cache
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return each expression with the first of its group, and what finds the longest ones."""
    table = json.loads(files(__package__).joinpath("told_otherwise.json").read_text("utf-8"))
    means = {one: group[0] for group in table for one in group}
    longest = sorted(means, key=lambda expression: (-len(expression), expression))
    return means, re.compile("|".join(map(re.escape, longest)))
