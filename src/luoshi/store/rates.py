"""Rates: how often a client has asked in this minute, counted where every process sees it.

One round trip to a table that is not logged: nothing waits for the disk. Old rows go when a new
client comes.

Terms    rate limit 限流
Units    a window is one minute, counted from the Unix epoch
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from luoshi.store.statement import cursor

WINDOW_SECONDS = 60
HOUR_SECONDS = 3600
HOUR_WINDOWS = HOUR_SECONDS // WINDOW_SECONDS
KEPT_WINDOWS = 120
MOST_FORGOTTEN = 200

MORE = """
INSERT INTO luoshi_rate AS r (who, "window", count)
SELECT %(who)s::text, %(window)s::int, {amount} {whenever}
ON CONFLICT (who) DO UPDATE SET "window" = excluded."window",
  count = excluded.count + CASE WHEN r."window" = excluded."window" THEN r.count ELSE 0 END
RETURNING count
"""
COUNT = MORE.format(amount="1", whenever="")
SPEND = MORE.format(amount="%(amount)s::int", whenever="")
FORGET = """
DELETE FROM luoshi_rate WHERE who IN (
  SELECT who FROM luoshi_rate WHERE "window" < %(before)s LIMIT %(most)s)
"""


def seconds_left(now: datetime) -> int:
    """Return after how many seconds the count begins anew; at least 1."""
    return WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS


def window_of(now: datetime) -> int:
    """Return the minute in which *now* lies."""
    return int(now.timestamp()) // WINDOW_SECONDS


def counted(who: str, now: datetime) -> int:
    """Count one request of *who*; return how many that makes in this minute."""
    with cursor() as run:
        run.execute(COUNT, {"who": who, "window": window_of(now)}, prepare=True)
        (count,) = run.fetchone() or (1,)
    if count == 1:
        forget_old(now)
    return int(count)


def spent(who: str, amount: int, now: datetime) -> int:
    """Add *amount* to what *who* has used up; return how much that makes in this hour."""
    hour = window_of(now) // HOUR_WINDOWS * HOUR_WINDOWS
    with cursor() as run:
        run.execute(SPEND, {"who": who, "window": hour, "amount": amount}, prepare=True)
        (total,) = run.fetchone() or (amount,)
    if total == amount:
        forget_old(now)
    return int(total)


def hour_left(now: datetime) -> int:
    """Return after how many seconds the next hour begins; at least 1."""
    return HOUR_SECONDS - int(now.timestamp()) % HOUR_SECONDS


def forget_old(now: datetime) -> None:
    """Forget counts of windows that are long over; to be asked when somebody begins a new one."""
    before = window_of(now) - KEPT_WINDOWS
    with cursor() as run:
        run.execute(FORGET, {"before": before, "most": MOST_FORGOTTEN}, prepare=True)


def digest_of(secret: str, who: str, now: datetime, *, is_address: bool = False) -> str:
    """Return what stands for *who* in the table; for an address another one every hour."""
    hour = int(now.timestamp()) // HOUR_SECONDS if is_address else 0
    text = f"rate/{hour}/{who}".encode(errors="replace")
    return hmac.new(secret.encode(), text, sha256).hexdigest()[:40]
