"""Guesses: how often a wrong query code was tried, by whom, within the hour.

Nobody is named: a client is a digest that changes every hour, and a count is deleted when its hour
is over. Right codes are never counted.

Terms    guess 试错 · query code 查询码
Units    a window is one hour, counted from the Unix epoch
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import psycopg

from luoshi.store.statement import cursor

WINDOW = timedelta(hours=1)
PREFIX = "guess"


def window_of(now: datetime) -> int:
    """Return the number of the hour in which *now* lies."""
    return int(now.timestamp() // WINDOW.total_seconds())


def window_end(now: datetime) -> datetime:
    """Return the instant at which the counts begin anew."""
    return datetime.fromtimestamp((window_of(now) + 1) * WINDOW.total_seconds(), UTC)


def guesses(secret: str, who: str, now: datetime) -> int:
    """Return how many wrong tries *who* (a client, a number) has made in this hour."""
    with cursor() as run:
        run.execute(
            "SELECT last FROM luoshi_counter WHERE scope = %s", (_scope(secret, who, now),)
        )
        row = run.fetchone()
    return int(row[0]) if row else 0


def count_guess(secret: str, who: str, now: datetime) -> int:
    """Count one wrong try of *who*; return how many that makes in this hour."""
    with cursor() as run:
        run.execute(
            "INSERT INTO luoshi_counter AS c (scope, last) VALUES (%s, 1) "
            "ON CONFLICT (scope) DO UPDATE SET last = c.last + 1 RETURNING last",
            (_scope(secret, who, now),),
        )
        (count,) = run.fetchone() or (1,)
        if count == 1:
            _forget_old(run, now)
    return int(count)


def _scope(secret: str, who: str, now: datetime) -> str:
    window = window_of(now)
    mac = hmac.new(secret.encode(), f"{window}/{who}".encode(errors="replace"), sha256)
    return f"{PREFIX}/{window}/{mac.hexdigest()[:32]}"


def _forget_old(run: psycopg.Cursor[tuple[Any, ...]], now: datetime) -> None:
    run.execute(
        "DELETE FROM luoshi_counter "
        "WHERE scope LIKE %s AND split_part(scope, '/', 2)::bigint < %s",
        (f"{PREFIX}/%", window_of(now)),
    )
