"""Unified social credit codes 统一社会信用代码: which name an organisation, which are mistyped.

Units    18 signs, digits and capitals without I, O, S, V and Z; the last one is a check
Source   GB 32100-2015, annex A
"""

from __future__ import annotations

import re

LENGTH = 18
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def plain_code(text: str) -> str:
    """Return *text* without spaces and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", text).upper()


def check_sign(first: str) -> str:
    """Return the last sign for the 17 before it.

    Example:
        >>> check_sign("91350100M000100Y4")
        '3'
    """
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(first, WEIGHTS, strict=True))
    return SIGNS[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Return whether a plain *code* is well formed and its check sign is right."""
    has_form = len(code) == LENGTH and all(sign in SIGNS for sign in code)
    return has_form and check_sign(code[:-1]) == code[-1]
