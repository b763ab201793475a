"""A real site that can be killed: own home, own database on the disk, own server, own clients."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from luoshi.store.embedded import Cluster, cluster_below
from luoshi.store.keys import new_key

START_SECONDS = 300
LUOSHI = str(Path(sys.executable).parent / "luoshi")
GONE = (OSError, http.client.HTTPException)
ENOUGH = 30
"""Requests that were registered before anything is killed: enough to learn something."""


def ours(home: Path) -> dict[str, str]:
    """Return the environment of a process that works in *home*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    return kept | {"LUOSHI_HOME": str(home), "LUOSHI_REPORTS_A_MINUTE": "0"}


@dataclass
class Site:
    """One server on one home."""

    home: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Cluster:
        return cluster_below(self.home)

    def start(self) -> None:
        """Start ``luoshi serve`` in a group of its own, and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [LUOSHI, "serve", "--port", str(self.port)],
                env=ours(self.home),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait(200)

    def wait(self, status: int) -> None:
        """Wait until ``/healthz`` answers *status*."""
        give_up = time.monotonic() + START_SECONDS
        while self.health() != status:
            assert time.monotonic() < give_up, (self.home / "serve.log").read_text()
            time.sleep(0.05)

    def health(self) -> int:
        """Return the status of ``/healthz``; 0 when nobody answers."""
        try:
            return self.ask("GET", "/healthz")[0]
        except GONE:
            return 0

    def kill(self) -> None:
        """End the whole group at once, without a word."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it politely, if it still runs."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=120)
            self.process = None

    def ask(
        self, how: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Ask once on a connection of its own; return status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(how, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def send(self, fields: dict[str, str], *, as_json: bool = True) -> tuple[int, str]:
        """Report everything at once."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if as_json:
            headers["Accept"] = "application/json"
        return self.ask("POST", "/report/hotline/send/", urlencode(fields).encode(), headers)

    def count(self, statement: str) -> int:
        """Return the one number that *statement* gives."""
        with psycopg.connect(self.cluster.conninfo()) as connection:
            row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return int(row[0])

    def verify(self) -> None:
        """Prove that history and tables are whole."""
        told = subprocess.run(
            [LUOSHI, "verify", "--json"], env=ours(self.home), capture_output=True, check=False
        )
        assert json.loads(told.stdout)["ok"], told.stdout
        assert told.returncode == 0


def report(key: str = "") -> dict[str, str]:
    """Return what somebody reports, with the key that its form carried."""
    key = key or new_key()
    return {
        "case": key,
        "subject": "路灯不亮",
        "content": f"路灯不亮，晚上看不清路。{key}",
        "phone": "15400000001",
    }


@dataclass
class Clients:
    """Eight residents who report matter after matter, until nobody answers or it is over."""

    site: Site
    told: dict[str, str] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def during(self, crash: Callable[[], None]) -> None:
        """Let them report, and *crash* happen when much is under way."""
        threads = [threading.Thread(target=self._report_on) for _ in range(8)]
        for thread in threads:
            thread.start()
        try:
            self._wait_for_enough()
            crash()
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def _wait_for_enough(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while len(self.told) < ENOUGH:
            assert time.monotonic() < give_up, f"{len(self.told)} registered so far"
            time.sleep(0.01)

    def _report_on(self) -> None:
        while not self.over.is_set():
            key = new_key()
            self.untold.add(key)
            try:
                status, text = self.site.send(report(key))
            except GONE:
                return
            if status not in (200, 201):
                return
            self.untold.discard(key)
            self.told[key] = json.loads(text)["number"]

    def send_again(self) -> None:
        """Everybody sends once more: whoever was told a number must hear the same one."""
        with ThreadPoolExecutor(8) as people:
            for key, (status, text) in zip(
                self.told, people.map(self._again, self.told), strict=True
            ):
                assert status == 200, text
                assert json.loads(text)["number"] == self.told[key]
                assert json.loads(text)["resent"]
            for status, text in people.map(self._again, self.untold):
                assert status in (200, 201), text

    def _again(self, key: str) -> tuple[int, str]:
        return self.site.send(report(key))

    def must_all_be_there_once(self) -> None:
        """Every request is exactly one case, and the numbers have no gap."""
        sent = len(self.told) + len(self.untold)
        assert self.site.count("SELECT count(*) FROM luoshi_case") == sent
        assert self.site.count("SELECT count(DISTINCT number) FROM luoshi_case") == sent
        assert self.site.count("SELECT sum(last) FROM luoshi_counter") == sent
        assert self.site.count("SELECT count(*) FROM luoshi_fact") == sent
        self.site.verify()
