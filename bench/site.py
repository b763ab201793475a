"""A site to measure: an own home, a durable database, a server with one worker, and a client."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from statistics import median

from luoshi.store.embedded import Cluster, cluster_below

THREADS = 4
START_SECONDS = 30
OURS = "luoshi.config.wsgi:application"
BARE = "bench.bare:application"


@dataclass(frozen=True)
class Home:
    """One installation made for measuring."""

    folder: Path
    cluster: Cluster

    @property
    def environ(self) -> dict[str, str]:
        """The environment in which its processes run."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI")}
        return kept | {"LUOSHI_HOME": str(self.folder)}


@contextmanager
def home() -> Iterator[Home]:
    """Make an installation, keep its database running, and remove it."""
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        made = Home(folder, cluster_below(folder))
        with made.cluster.held():
            subprocess.run([_bin("luoshi"), "init"], env=made.environ, check=True, stdout=2)
            yield made


@contextmanager
def serving(made: Home, target: str) -> Iterator[int]:
    """Serve the WSGI application *target* with one worker; yield its port."""
    port = _free_port()
    server = subprocess.Popen(
        [
            _bin("granian"), "--interface", "wsgi", "--port", str(port), "--workers", "1",
            "--blocking-threads", str(THREADS), "--log-level", "critical", target,
        ],
        env=made.environ,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def rates(requests: dict[int, bytes], *, seconds: float = 2, rounds: int = 5) -> dict[int, float]:
    """Return answers per second of each port, by turns, so that noise meets all alike.

    Args:
        requests: What to send, again and again, by port.
        seconds: Length of one turn.
        rounds: Turns of each; the median counts.
    """
    found: dict[int, list[float]] = {port: [] for port in requests}
    for port, request in requests.items():
        _turn(port, request, 0.5)  # threads connect, caches fill
    for _ in range(rounds):
        for port, request in requests.items():
            found[port].append(_turn(port, request, seconds))
    return {port: median(values) for port, values in found.items()}


def get(path: str) -> bytes:
    """Return the bytes of a GET request that keeps its connection."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _turn(port: int, request: bytes, seconds: float) -> float:
    counts: list[int] = []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=lambda: counts.append(_ask_until(port, request, end)))
        for _ in range(THREADS)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == THREADS, "a connection failed"
    return sum(counts) / (time.perf_counter() - begun)


def _ask_until(port: int, request: bytes, end: float) -> int:
    answered = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        reader = connection.makefile("rb")
        while time.perf_counter() < end:
            connection.sendall(request)
            _read_answer(reader)
            answered += 1
    return answered


def _read_answer(reader: BufferedReader) -> None:
    """Read one whole answer; it must be a success and say its length."""
    status = reader.readline()
    assert status.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3")), status
    length = None
    while (line := reader.readline()) != b"\r\n":
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
    assert length is not None, "an answer must say its length"
    reader.read(length)


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bin(name: str) -> str:
    return str(Path(sys.executable).parent / name)
