"""A site to measure: an own home, a durable database, a server with one worker, and a client."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from luoshi.store.embedded import Cluster, cluster_below

THREADS = 4
START_SECONDS = 30
OWN = {"LUOSHI_HOME", "LUOSHI_DATABASE_URL"}
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
        kept = {name: value for name, value in os.environ.items() if name not in OWN}
        return kept | {"LUOSHI_HOME": str(self.folder), "LUOSHI_REPORTS_A_MINUTE": "0"}

    def city(self, *words: str) -> Any:
        """Run ``bench.city`` in this home; return what it printed."""
        return self.run("bench.city", *words)

    def run(self, module: str, *words: str) -> Any:
        """Run a module of this folder in this home; return the JSON that it printed."""
        told = subprocess.run(
            [sys.executable, "-m", module, *words],
            env=self.environ, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        return json.loads(told.stdout)


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
def serving(made: Home, target: str, workers: int = 1) -> Iterator[int]:
    """Serve the WSGI application *target*; yield its port."""
    port = _free_port()
    server = subprocess.Popen(
        [
            _bin("granian"), "--interface", "wsgi", "--port", str(port), "--workers", str(workers),
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


def rates(
    requests: Mapping[int, bytes | Callable[[], bytes]],
    *,
    seconds: float = 2,
    rounds: int = 5,
    clients: int = THREADS,
) -> dict[int, float]:
    """Return answers per second of each port, by turns, so that noise meets all alike.

    Args:
        requests: What to send, again and again, by port: always the same, or made anew each time.
        seconds: Length of one turn.
        rounds: Turns of each; the median counts.
        clients: Connections that ask at the same time; each is kept open for a turn.
    """
    asked = {port: Asking(port, request, clients) for port, request in requests.items()}
    found: dict[int, list[float]] = {port: [] for port in requests}
    for asking in asked.values():
        asking.turn(0.5)  # threads connect, caches fill
    for _ in range(rounds):
        for port, asking in asked.items():
            found[port].append(asking.turn(seconds))
    return {port: median(values) for port, values in found.items()}


def get(path: str, *headers: str) -> bytes:
    """Return the bytes of a GET request that keeps its connection."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def post(path: str, fields: Mapping[str, str], *headers: str) -> bytes:
    """Return the bytes of a form that is sent on a kept connection."""
    body = urlencode(fields).encode()
    head = [
        f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}",
        "Content-Type: application/x-www-form-urlencoded", *headers,
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Asking:
    """Some clients that ask one port the same thing."""

    port: int
    request: bytes | Callable[[], bytes]
    clients: int

    def turn(self, seconds: float) -> float:
        """Ask for so long; return answers per second."""
        counts: list[int] = []
        end = time.perf_counter() + seconds
        threads = [
            threading.Thread(target=lambda: counts.append(self._until(end)))
            for _ in range(self.clients)
        ]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(counts) == self.clients, "a connection failed"
        return sum(counts) / (time.perf_counter() - begun)

    def _until(self, end: float) -> int:
        answered = 0
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reader = connection.makefile("rb")
            while time.perf_counter() < end:
                made = self.request if isinstance(self.request, bytes) else self.request()
                connection.sendall(made)
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
