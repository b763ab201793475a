"""Shares with their uncertainty: how far a share of few cases can be trusted.

Source   E. B. Wilson, Probable inference, the law of succession, and statistical inference,
         Journal of the American Statistical Association 22 (1927)
"""

from __future__ import annotations

from math import sqrt
from typing import Final

SURE_95: Final = 1.959964
"""Quantile of the normal distribution for an interval of 95 %."""


def interval(kept: int, of: int, quantile: float = SURE_95) -> tuple[float, float]:
    """Return the Wilson score interval of the share *kept* / *of*, each end from 0 to 1.

    Raises:
        ValueError: *of* is below 1, or *kept* is not from 0 to *of* (a programming error).

    Example:
        >>> [round(end, 3) for end in interval(8, 10)]
        [0.49, 0.943]
    """
    if not 0 <= kept <= of or of < 1:
        raise ValueError(f"{kept} of {of} is no share")
    square, share = quantile**2, kept / of
    middle = share + square / (2 * of)
    spread = quantile * sqrt(share * (1 - share) / of + square / (4 * of**2))
    scale = 1 + square / of
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
