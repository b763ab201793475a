"""The worker beside the server: a process of its own that ends when the server does."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from luoshi.cli.installation import installation
from luoshi.cli.work import work_until

GRACE_SECONDS = 15


@contextmanager
def worker_beside() -> Iterator[None]:
    """Run the worker for the length of a ``with`` block.

    It is spawned, not forked, and no thread: the server forks, and must find no lock taken.
    """
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    worker = spawning.Process(target=work_until_told, args=(theirs,), name="worker", daemon=True)
    worker.start()
    theirs.close()
    try:
        yield
    finally:
        ours.close()
        worker.join(GRACE_SECONDS)
        if worker.is_alive():
            worker.terminate()
            worker.join()


def work_until_told(told: Connection) -> None:
    """Do what ``luoshi work`` does until *told* is closed, on purpose or by death."""
    for name in (signal.SIGINT, signal.SIGTERM):  # Ctrl-C reaches both: whoever serves will tell
        signal.signal(name, signal.SIG_IGN)
    stop = threading.Event()
    threading.Thread(target=_wait, args=(told, stop), daemon=True).start()
    with installation():
        work_until(stop)


def _wait(told: Connection, stop: threading.Event) -> None:
    with suppress(EOFError, OSError):
        told.recv_bytes()
    stop.set()
