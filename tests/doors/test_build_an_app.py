"""The guide for developers is followed word by word: against a site, a worker and a receiver."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.whole.test_howto import Block, blocks, pattern, sessions
from tests.whole.tree import ROOT, read

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
RELEASE = """
from luoshi.cli.installation import installation
with installation():
    from luoshi.actions.acts import Request, act
    from luoshi.kernel.access import Actor, Post
    from luoshi.store.models import CaseRow
    case = str(CaseRow.objects.get().id)
    one, other = (Actor(role, (Post(role),)) for role in ("operator", "publisher"))
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), one)
    words = {"public_subject": "Street light", "public_reply": "It burns again."}
    act(Request("publish", words, case), other)
"""
"""What the office does meanwhile."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A site of its own, and a folder in which somebody builds an app on it."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)  # PostgreSQL of another user passes through
        self.ports = {"8000": str(free_port()), "8090": str(free_port())}
        self.app = folder / "app"
        self.app.mkdir()
        self.environ = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "LUOSHI_HOME": str(folder / "home"),
            "LUOSHI_WEBHOOK_NETWORKS": "127.0.0.0/8",
        }

    def told(self, text: str) -> str:
        """Return *text* with the ports of this site."""
        for written, ours in self.ports.items():
            text = text.replace(written, ours)
        return text

    def run(self, command: str) -> str:
        """Return everything that *command* prints."""
        done = subprocess.run(
            ["bash", "-c", self.told(command)],  # noqa: S607  a command of our own page
            cwd=self.app, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=600, check=False,
        )  # fmt: skip
        return done.stdout

    def release(self) -> None:
        """Answer the case and publish it, and let the worker send what follows."""
        subprocess.run([sys.executable, "-c", RELEASE], env=self.environ, check=True)
        subprocess.run(
            [BIN / "luoshi", "work", "--once"],
            env=self.environ, check=True, capture_output=True,
        )  # fmt: skip

    def wait(self, port: str) -> None:
        """Wait until somebody listens."""
        give_up = time.monotonic() + 300
        while time.monotonic() < give_up:
            try:
                socket.create_connection(("127.0.0.1", int(self.ports[port])), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(port)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    server = subprocess.Popen(
        [BIN / "luoshi", "serve", "--port", made.ports["8000"], "--workers", "1"],
        env=made.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        made.wait("8000")
        yield made
    finally:
        server.terminate()
        server.wait()


def test_what_the_guide_says_comes_true(site: Site) -> None:
    page = read(ROOT / "docs/howto/build-an-app.md")
    found = [one for one in blocks(page) if one.kind in ("python", "console")]
    assert [one.title for one in found if one.title] == ["lamps.py", "receiver.py"]
    assert sum(one.kind == "console" for one in found) >= 6
    for block in found:
        follow(site, block)


def follow(site: Site, block: Block) -> None:
    """Do what one block of the guide says."""
    if block.title:
        (site.app / block.title).write_text(site.told(block.text), encoding="utf-8")
        return
    for command, printed in sessions(block.text):
        if "published" in command and "webhooks" not in command:
            site.release()
        said = site.run(command)
        assert pattern(site.told(printed)).fullmatch(said), f"$ {command}\n{said}"
        if command.endswith("&"):
            listening(site)


def listening(site: Site) -> None:
    """Wait until the receiver waits; asking it would be the one event it takes."""
    give_up = time.monotonic() + 300
    port = f":{int(site.ports['8090']):04X}"
    while time.monotonic() < give_up:
        rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
        if any(re.search(rf"{port} \S+ 0A ", row) for row in rows):
            return
        time.sleep(0.1)
    raise TimeoutError(port)
