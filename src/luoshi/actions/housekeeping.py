"""Housekeeping: what has been kept long enough goes, in batches, until nothing is left to go.

Several workers may do it at once: each takes what no other has taken.

Terms    retention 留存期限 · session 会话 · upload 上传
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from luoshi.actions.uploads import sweep
from luoshi.store import records
from luoshi.store.statement import cursor

AT_ONCE = 10_000


def tidy(now: datetime) -> dict[str, int]:
    """Forget what has expired; return how much of each kind: values, sessions, uploads."""
    return {
        "values": _until_none(lambda: records.forget_expired(now.date(), now, AT_ONCE)),
        "sessions": _until_none(lambda: _ended_sessions(now)),
        "uploads": _until_none(sweep),
    }


def _until_none(batch: Callable[[], int]) -> int:
    """Do *batch* until it finds nothing more; return the sum."""
    total = 0
    while gone := batch():
        total += gone
    return total


def _ended_sessions(now: datetime) -> int:
    """Delete sessions whose time is over: nobody can be signed in by them any more."""
    with cursor() as run:
        run.execute(
            "DELETE FROM django_session WHERE session_key IN (SELECT session_key "
            "FROM django_session WHERE expire_date < %s LIMIT %s FOR UPDATE SKIP LOCKED)",
            (now, AT_ONCE),
        )
        return run.rowcount
