"""Noted: what happens to a case, is written into its history and leaves it in its state.

Terms    fact 事实
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from luoshi.kernel.case import Case
from luoshi.kernel.fact import ClockEffect, Doer, Fact, Json


def noted(
    case: Case,
    key: str,
    act: str,
    at: datetime,
    doer: Doer,
    *,
    clocks: tuple[ClockEffect, ...] = (),
    effects: tuple[Mapping[str, Json], ...] = (),
) -> Fact:
    """Return the next fact of *case*, which leaves it in its state.

    Args:
        case: The case as it is.
        key: Key of the act.
        act: Its name.
        at: Instant of it.
        doer: Who did it; mostly the system.
        clocks: What it does to clocks.
        effects: What else follows.
    """
    return Fact(
        id=key,
        case=case.id,
        seq=case.seq + 1,
        act=act,
        at=at,
        doer=doer,
        programme=case.programme,
        version=case.version,
        source=case.state,
        target=case.state,
        clocks=clocks,
        effects=effects,
    )
