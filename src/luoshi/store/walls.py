"""Walls: what is kept apart about who reported, without ever showing it.

Terms    wall 举报人信息隔离
Not here looking behind the wall, which takes two people (``actions.wall``)
"""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.store.statement import cursor


def wall_off(case: str, fields: Sequence[str]) -> None:
    """Move what was answered to *fields* behind the wall.

    *case* turned out to be one of those whose reporter is kept apart. Nothing is ever moved back.
    """
    with cursor() as run:
        run.execute(
            "WITH gone AS (DELETE FROM luoshi_personal WHERE case_id = %s AND field = ANY(%s) "
            "RETURNING case_id, seq, field, value, salt, keep_until, deleted) "
            "INSERT INTO luoshi_walled (case_id, seq, field, value, salt, keep_until, deleted) "
            "SELECT * FROM gone",
            (case, list(fields)),
        )


def walled_fields(case: str) -> frozenset[str]:
    """Return the names of the answers to *case* that stand behind the wall."""
    with cursor() as run:
        run.execute(
            "SELECT DISTINCT field FROM luoshi_walled WHERE case_id = %s AND value IS NOT NULL",
            (case,),
        )
        return frozenset(field for (field,) in run.fetchall())
