"""The worker: what happens without anybody clicking. Several may run beside each other."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from random import random

import structlog
from django.db import Error, connection

from luoshi.actions import clock, outbox
from luoshi.actions.climbing import climb
from luoshi.actions.learning import learn_tonight
from luoshi.store import records

IDLE_SECONDS = 1.0
FORGET_EVERY = timedelta(minutes=10)

log = structlog.get_logger("luoshi.worker")


def run(stop: threading.Event, send: outbox.Send | None = None) -> None:
    """Work until *stop* is set; if it is set already, do what is due now and return.

    A database that is gone for a while is waited for: nothing is lost, everything that waits is in
    its tables.
    """
    send = send or outbox.way_out()
    forgot = datetime.min.replace(tzinfo=clock.now().tzinfo)
    while True:
        try:
            forgot = _forget(forgot)
            busy = climb(clock.now(), begin=random()) > 0  # noqa: S311  no secret
            busy = outbox.deliver(send) != outbox.Sent() or busy
        except Error as reason:
            log.warning("database gone", reason=type(reason).__name__)
            connection.close()
            busy = False
        if not busy and stop.wait(IDLE_SECONDS if not stop.is_set() else 0):
            return


def _forget(last: datetime) -> datetime:
    now = clock.now()
    if now - last < FORGET_EVERY:
        return last
    gone = records.forget_expired(now.date(), now)
    if gone:
        log.info("forgot expired personal values", count=gone)
    learn_tonight()
    return now
