"""Bound: the cases that a case is bound to.

Terms    part 协办件 · main case 主件 · follower 并入件
"""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.store.statement import cursor


def keys_of(numbers: Sequence[str]) -> list[str]:
    """Return the keys of the cases with these register numbers."""
    with cursor() as run:
        run.execute("SELECT id FROM luoshi_case WHERE number = ANY(%s)", (list(numbers),))
        return [str(key) for (key,) in run.fetchall()]
