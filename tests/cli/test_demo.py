"""``luoshi demo``: a city to sign in to, built once, served, and gone without a trace."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

DEMO = [sys.executable, "-c", "from luoshi.cli.app import main; main()", "demo"]
SMALL = ["--days", "8", "--cases", "40", "--services", "0"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "home"
    folder.parent.chmod(0o711)
    folder.parent.parent.chmod(0o711)
    return folder


def environ(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LUOSHI_HOME": str(home)}


def demo(home: Path, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [*DEMO, *SMALL, "--no-serve", "--json", *words],
        env=environ(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def first(home: Path) -> dict[str, Any]:
    return demo(home)


def test_it_says_what_there_is_and_who_can_sign_in(first: dict[str, Any]) -> None:
    assert first["cases"] == 40
    assert first["facts"] > 100
    assert (first["areas"], first["units"]) == (405, 78)
    roles = {one["role"] for one in first["accounts"]}
    assert {"operator", "dispatcher", "handler", "caller_back", "supervisor", "leader"} <= roles
    services = [one["service"] for one in first["accounts"]]
    assert services == sorted(services, key=services.index), "a service is told in one piece"
    assert len({(one["service"], one["role"]) for one in first["accounts"]}) == len(services)
    assert {"hotline", "grid-event", "task", "rectification"} <= {*services}


def test_a_later_start_finds_it_and_tells_the_same_password(
    home: Path, first: dict[str, Any]
) -> None:
    assert demo(home) == first


def test_only_its_owner_can_read_the_password(home: Path, first: dict[str, Any]) -> None:
    kept = home / "demonstration-password"
    assert kept.read_text().strip() == first["password"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_lost_password_is_replaced(home: Path, first: dict[str, Any]) -> None:
    kept = home / "demonstration-password"
    kept.unlink()
    fresh = demo(home)["password"]
    assert fresh == kept.read_text().strip() != first["password"]


@pytest.mark.slow
def test_it_serves_works_and_stops_without_a_trace(home: Path, first: dict[str, Any]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    said = home.parent / "said"
    with said.open("w") as out:
        served = subprocess.Popen(
            [*DEMO, "--port", str(port), "--workers", "1"],
            env=environ(home), stdout=out, stderr=out,
        )  # fmt: skip
    try:
        page = page_of(f"http://127.0.0.1:{port}/", served)
        assert page.status_code == 200
    finally:
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=120) == 0, said.read_text()
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()
    told = said.read_text()
    assert "operator" in told
    assert "12345" in told
    assert "网格员 Grid worker" in told


def page_of(address: str, server: subprocess.Popen[bytes]) -> httpx.Response:
    give_up = time.monotonic() + 300
    while time.monotonic() < give_up and server.poll() is None:
        try:
            return httpx.get(address, timeout=5, follow_redirects=True)
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"no answer from {address}")
