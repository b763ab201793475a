"""``luoshi work``: sends what acts have announced, and forgets what has been kept long enough."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from luoshi.cli.installation import installation, ready

Once = Annotated[bool, typer.Option("--once", help="Do what is due now, and return.")]


def work(*, once: Once = False) -> None:
    """Deliver messages and delete expired personal values until interrupted."""
    with installation():
        ready()
        stop = threading.Event()
        if once:
            stop.set()
        else:
            _stop_on_signal(stop)
            typer.echo("Luoshi: working  (stop: Ctrl-C)", err=True)
        work_until(stop)


def work_until(stop: threading.Event) -> None:
    """Do everything that happens without anybody clicking, until *stop* is set."""
    from luoshi.actions import deliveries, nightly, topic_boards
    from luoshi.actions.worker import run

    beside = [
        threading.Thread(target=each, args=(stop,))
        for each in (deliveries.run, nightly.run, topic_boards.run)
    ]
    for each in beside:
        each.start()
    try:
        run(stop)
    finally:
        stop.set()
        for each in beside:
            each.join()


def _stop_on_signal(stop: threading.Event) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
