"""The only place that asks what time it is.

Everything below takes the time as an argument. A demonstration, a test or a replay sets it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set: ContextVar[datetime | None] = ContextVar("luoshi_time", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC; inside ``at`` the one that was set."""
    return _set.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let it be *instant* (aware) inside the block.

    Raises:
        ValueError: *instant* is naive.
    """
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {instant}")
    token = _set.set(instant)
    try:
        yield
    finally:
        _set.reset(token)
