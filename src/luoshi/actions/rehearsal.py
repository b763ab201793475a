"""Rehearsal: many acts of a time that is only played, all of them or none.

A demonstration plays weeks in a minute through the same acts as everybody else. It is one
transaction: whoever interrupts it leaves nothing behind. Its letters are never sent.

Terms    rehearsal 演练 · letter 消息
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from luoshi.store.directory import forget_directory
from luoshi.store.statement import cursor

NOT_SENT = "rehearsal"
"""Outcome of a letter that was written in a rehearsal."""

LOCK = 0x6C756F_64656D  # "luo" "dem"

TABLES = ("luoshi_case", "luoshi_clock", "luoshi_fact", "luoshi_personal", "luoshi_message")


@contextmanager
def rehearsal() -> Iterator[None]:
    """Keep everything done inside the block, or nothing; settle its letters without sending."""
    try:
        with transaction.atomic(), _without_savepoints():
            _wait_for_others()
            yield
            settle_letters()
            refresh_statistics()
    except BaseException:
        forget_directory()  # what was read inside is not there any more
        raise


def _wait_for_others() -> None:
    """Let one rehearsal run at a time."""
    with cursor() as run:
        run.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    forget_directory()


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Let acts inside set no savepoints: one that fails ends the rehearsal anyway."""
    features = connection.features
    before = features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = before


def settle_letters() -> int:
    """Mark every letter that waits as settled at the time it was written; return how many."""
    with cursor() as run:
        run.execute(
            "UPDATE luoshi_message SET sent = made, outcome = %s WHERE sent IS NULL", (NOT_SENT,)
        )
        return run.rowcount


def refresh_statistics() -> None:
    """Tell PostgreSQL's planner how much there is by now; it cannot see a running transaction."""
    with cursor() as run:
        for table in TABLES:
            run.execute(f"ANALYZE {table}")
