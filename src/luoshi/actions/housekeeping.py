"""Housekeeping: what has been kept long enough goes, in batches, until nothing is left to go.

Several workers may do it at once: each takes what no other has taken.

Terms    retention 留存期限 · session 会话 · upload 上传
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import Error

from luoshi.actions.files import forget_files
from luoshi.actions.uploads import sweep
from luoshi.store import records
from luoshi.store.statement import cursor

AT_ONCE = 10_000
A_DAY = timedelta(days=1)
_looked: list[datetime] = []
"""When this process last looked at all files."""

log = structlog.get_logger("luoshi.housekeeping")


def tidy(now: datetime) -> dict[str, int]:
    """Forget what has expired; return how much of each kind: values, sessions, uploads, files."""
    return {
        "values": _until_none(lambda: records.forget_expired(now.date(), now, AT_ONCE)),
        "sessions": _until_none(lambda: _ended_sessions(now)),
        "uploads": _until_none(_abandoned_uploads),
        "files": _files_of_nothing(now),
    }


def _until_none(batch: Callable[[], int]) -> int:
    """Do *batch* until it finds nothing more; return the sum."""
    total = 0
    while gone := batch():
        total += gone
    return total


def _abandoned_uploads() -> int:
    """Drop uploads that nobody went on with; they stay while the store of files is away."""
    try:
        return sweep()
    except Error:
        raise
    except Exception as reason:  # noqa: BLE001  each store has errors of its own
        log.warning("abandoned uploads stay", reason=type(reason).__name__)
        return 0


def _files_of_nothing(now: datetime) -> int:
    """Delete files whose time is over, once a day; they stay while their store is away."""
    if _looked and abs(now - _looked[0]) < A_DAY:
        return 0
    try:
        gone = forget_files(now)
    except Error:
        raise
    except Exception as reason:  # noqa: BLE001  each store has errors of its own
        log.warning("files of nothing stay", reason=type(reason).__name__)
        return 0
    _looked[:] = [now]
    return gone


def _ended_sessions(now: datetime) -> int:
    """Delete sessions whose time is over: nobody can be signed in by them any more."""
    with cursor() as run:
        run.execute(
            "DELETE FROM django_session WHERE session_key IN (SELECT session_key "
            "FROM django_session WHERE expire_date < %s LIMIT %s FOR UPDATE SKIP LOCKED)",
            (now, AT_ONCE),
        )
        return run.rowcount
