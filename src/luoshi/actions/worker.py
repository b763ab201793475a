"""The worker: what happens without anybody clicking. Several may run beside each other."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from random import random

import structlog
from django.db import Error, connection

from luoshi.actions import clock, outbox
from luoshi.actions.climbing import climb
from luoshi.actions.housekeeping import tidy
from luoshi.actions.learning import learn_tonight

IDLE_SECONDS = 1.0
TIDY_EVERY = timedelta(minutes=10)

log = structlog.get_logger("luoshi.worker")


def run(stop: threading.Event, send: outbox.Send | None = None) -> None:
    """Work until *stop* is set; if it is set already, do what is due now and return.

    A database that is gone for a while is waited for: nothing is lost, everything that waits is in
    its tables.
    """
    send = send or outbox.way_out()
    tidied = datetime.min.replace(tzinfo=clock.now().tzinfo)
    while True:
        try:
            tidied = _tidy(tidied)
            busy = climb(clock.now(), begin=random()) > 0  # noqa: S311  no secret
            busy = outbox.deliver(send) != outbox.Sent() or busy
        except Error as reason:
            log.warning("database gone", reason=type(reason).__name__)
            connection.close()
            busy = False
        if not busy and stop.wait(IDLE_SECONDS if not stop.is_set() else 0):
            return


def _tidy(last: datetime) -> datetime:
    now = clock.now()
    if now - last < TIDY_EVERY:
        return last
    gone = tidy(now)
    if any(gone.values()):
        log.info("tidied up", **gone)
    learn_tonight()
    return now
