"""Admission: who may send something in, and how fast.

Terms    key 密钥 · rate 频率
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from luoshi.api.open311.asking import Ask
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.store.applications import Application

MINUTE = 60.0
MOST_HELD = 10_000


@dataclass
class _Minute:
    begun: float
    posts: int = 0


_lock = Lock()
_minutes: dict[str, _Minute] = {}


def admitted(ask: Ask) -> Application:
    """Return whose key was shown, if it may send something in now.

    Raises:
        Stop: 403, the key is missing, wrong, taken back or for reading alone; 429, too fast.
    """
    application = ask.application()
    if application is None:
        raise Stop(403, Problem("key.wrong", "api_key"))
    if not application.may_post:
        raise Stop(403, Problem("key.read_only", "api_key"))
    wait = _counted(application.id, ask.door.posts_a_minute)
    if wait:
        raise Stop(429, Problem("key.too_fast", "api_key"), headers={"Retry-After": str(wait)})
    return application


def _counted(key: str, most: int) -> int:
    """Count one more; return for how many seconds *key* has to wait, 0 for not at all."""
    now = monotonic()
    with _lock:
        if len(_minutes) > MOST_HELD:
            _minutes.clear()
        minute = _minutes.get(key)
        if minute is None or now - minute.begun >= MINUTE:
            minute = _minutes[key] = _Minute(now)
        minute.posts += 1
        return 0 if minute.posts <= most else max(1, round(MINUTE - (now - minute.begun)))


def forget_rates() -> None:
    """Let everybody begin anew."""
    with _lock:
        _minutes.clear()
