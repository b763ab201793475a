"""Nightly: what one worker does once a night, whichever comes first.

Terms    nightly job 夜间任务
"""

from __future__ import annotations

import threading
from pathlib import Path

import structlog
from django.conf import settings
from django.db import Error, connection

from luoshi.actions import clock
from luoshi.actions.open_data import Export, is_due, offer
from luoshi.store.programmes import calendars
from luoshi.store.statement import cursor

IDLE_SECONDS = 60.0
LOCK = 0x6C756F_6E69  # one worker exports, the others go on

log = structlog.get_logger("luoshi.nightly")


def run(stop: threading.Event) -> None:
    """Look once a minute whether the night's work is due, until *stop* is set."""
    try:
        while True:
            try:
                tonight()
            except (Error, OSError) as reason:
                log.warning("night's work put off", reason=type(reason).__name__)
                connection.close()
            if stop.wait(0 if stop.is_set() else IDLE_SECONDS):
                return
    finally:
        connection.close()


def tonight() -> Export | None:
    """Export open data if that is due and no other worker is at it."""
    now, folder = clock.now(), _folder()
    zone = next((one.zone for one in calendars().values()), None)
    if zone is None or not is_due(folder, now, zone):
        return None
    with cursor() as run_:
        run_.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        (is_ours,) = run_.fetchone() or (False,)
        if not is_ours:
            return None
        try:
            done = offer(folder, now, _base(), settings.LUOSHI_DOORS.licence)
        finally:
            run_.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    log.info("open data written", cases=done.cases, changed=done.changed)
    return done


def _base() -> str:
    """Return the address of the page that offers the files; a relative one if none is known."""
    origins = settings.LUOSHI.origins
    return f"{origins[0].rstrip('/')}/public/open-data/" if origins else "./"


def _folder() -> Path:
    return Path(settings.LUOSHI.home) / "open-data"
