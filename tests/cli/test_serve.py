"""``luoshi serve``: it answers, and it leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from luoshi.cli.serve import answer_to

SERVE = [sys.executable, "-c", "from luoshi.cli.app import main; main()", "serve"]
START_SECONDS = 300


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str, server: subprocess.Popen[str]) -> httpx.Response:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and server.poll() is None:
        try:
            return httpx.get(f"{address}/healthz", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"no answer from {address}")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environ = {"PATH": os.environ["PATH"], "LUOSHI_HOME": str(tmp_path), "PORT": str(port)}
    with (tmp_path / "said").open("w") as said:
        started = subprocess.Popen(
            [*SERVE, "--workers", "1"], env=environ, stdout=said, stderr=said, text=True
        )
    yield started
    if started.poll() is None:
        started.kill()
    started.wait()


@pytest.mark.slow
@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_asked_to_stop_and_then_stops_its_database(
    server: subprocess.Popen[str], port: int, tmp_path: Path, wish: signal.Signals
) -> None:
    pid_file = tmp_path / "postgres" / "data" / "postmaster.pid"
    assert answers(f"http://127.0.0.1:{port}", server).text == "ok\n"
    assert pid_file.exists()
    server.send_signal(wish)
    assert server.wait(timeout=120) == 0
    assert not pid_file.exists()


def test_an_address_in_use_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = subprocess.run(
            [*SERVE, "--port", port], env={"LUOSHI_HOME": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert refused.returncode == 3
    assert refused.stderr.startswith(f"luoshi: cannot listen on 127.0.0.1:{port}")
    assert list(tmp_path.iterdir()) == []


def test_it_answers_to_the_name_it_listens_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOSHI_HOSTS", "luoshi.example")
    answer_to("192.0.2.7")
    assert os.environ["LUOSHI_HOSTS"] == "192.0.2.7,luoshi.example"


def test_listening_everywhere_it_answers_to_the_machines_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LUOSHI_HOSTS", "")
    answer_to("0.0.0.0")  # noqa: S104  named, not bound
    assert socket.gethostname() in os.environ["LUOSHI_HOSTS"].split(",")
