"""Admission: who may send something in, and how fast.

Terms    key 密钥 · rate 频率
"""

from __future__ import annotations

from luoshi.actions.paces import Pace
from luoshi.api.open311.asking import Ask
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.store.applications import Application

_pace = Pace()


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
    wait = _pace.wait(application.id, ask.door.posts_a_minute)
    if wait:
        raise Stop(429, Problem("key.too_fast", "api_key"), headers={"Retry-After": str(wait)})
    return application


def forget_rates() -> None:
    """Let everybody begin anew."""
    _pace.forget()
