"""Running: a few figures about how the installation itself is doing.

Terms    queue 待发队列
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from luoshi.store.statement import cursor

MOST_TRIES = 12
COUNTED = 100_000
"""Counting stops here: a figure that large says enough."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits on one way out."""

    waiting: int
    oldest_seconds: float
    dead: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one moment."""

    cases_open: int
    clocks_overdue: int
    queues: Mapping[str, Queue] = field(default_factory=dict)


def measured(now: datetime) -> Measured:
    """Return how the installation is doing at *now*; each figure is one look at an index."""
    return Measured(
        cases_open=_count("luoshi_case WHERE kind IN ('open', 'waiting')"),
        clocks_overdue=_count(
            "luoshi_clock WHERE state = 'running' AND kind = 'duty' AND due < %(now)s", now=now
        ),
        queues={
            "letters": _queue(
                "luoshi_message WHERE sent IS NULL AND tries < %(most)s",
                "luoshi_message WHERE sent IS NULL AND tries >= %(most)s",
                now,
            ),
            "events": _queue(
                "luoshi_delivery WHERE settled IS NULL",
                "luoshi_delivery WHERE outcome = 'dead' AND settled IS NOT NULL",
                now,
            ),
        },
    )


def is_migrated() -> bool:
    """Return whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _queue(waiting: str, dead: str, now: datetime) -> Queue:
    with cursor() as run:
        run.execute(
            f"SELECT extract(epoch FROM %(now)s::timestamptz - min(next_try)) FROM {waiting}",
            {"now": now, "most": MOST_TRIES} if "most" in waiting else {"now": now},
        )
        (oldest,) = run.fetchone() or (None,)
    return Queue(
        waiting=_count(waiting, most=MOST_TRIES),
        oldest_seconds=max(float(oldest or 0), 0.0),
        dead=_count(dead, most=MOST_TRIES),
    )


def _count(rows: str, **values: Any) -> int:  # noqa: ANN401  a parameter may be anything
    used = {name: value for name, value in values.items() if f"%({name})s" in rows}
    with cursor() as run:
        run.execute(f"SELECT count(*) FROM (SELECT FROM {rows} LIMIT {COUNTED}) q", used)
        (found,) = run.fetchone() or (0,)
    return int(found)
