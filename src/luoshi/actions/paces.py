"""Paces: how fast one client sends things in, counted in this process alone.

It costs no question to the database, and so it stands before acts that must be quick. Each server
process counts for itself. What stands for a client is kept for a minute, and in memory only.

Terms    pace, rate limit 限流
Not here limits that all processes share (``store.rates``)
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import monotonic

MINUTE = 60.0
MOST_HELD = 10_000


@dataclass
class _Minute:
    begun: float
    sent: int = 0


class Pace:
    """Counts what each client sends in a minute that begins with the first thing sent."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minutes: dict[str, _Minute] = {}

    def wait(self, who: str, most: int) -> int:
        """Count one more of *who*; return for how many seconds to wait, 0 for not at all.

        Args:
            who: What stands for the client.
            most: How many are let through in a minute.
        """
        now = monotonic()
        with self._lock:
            if len(self._minutes) > MOST_HELD:
                self._minutes.clear()
            minute = self._minutes.get(who)
            if minute is None or now - minute.begun >= MINUTE:
                minute = self._minutes[who] = _Minute(now)
            minute.sent += 1
            return 0 if minute.sent <= most else max(1, round(MINUTE - (now - minute.begun)))

    def forget(self) -> None:
        """Let everybody begin anew."""
        with self._lock:
            self._minutes.clear()
