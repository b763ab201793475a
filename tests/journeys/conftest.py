"""A real server with a fresh home, and the system's Chromium to visit it.

The home is made once for all journeys: one small city, the hotline. Staff act on it through
``site.python``, in a process of their own, as they would through their screens.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
AXE = ROOT / "node_modules/axe-core/axe.min.js"
START_SECONDS = 300
RETRIES = 2
"""A browser on a busy machine may stumble by itself; what is wrong with us fails each time."""
PHONE, DESK = (360, 740), (1440, 900)

FOUND = """
from luoshi.cli.installation import installation, migrate
with installation():
    migrate()
    from tests.small_city import found_city
    found_city()
"""
WITHIN = """
from luoshi.cli.installation import installation
with installation():
    from datetime import timedelta
    from luoshi.actions import clock
    from luoshi.actions.acts import Request, act, register
    from tests.small_city import *
    from luoshi.store.models import CaseRow, Unmasking
"""


@dataclass(frozen=True)
class Site:
    """A running server."""

    address: str
    home: Path

    def python(self, lines: str) -> str:
        """Run *lines* inside the installation, in a process of their own; return its output."""
        body = "".join(f"    {line}\n" for line in lines.strip().splitlines())
        return _python(self.home, WITHIN + body)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every journey another chance, told in the summary as a rerun."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=RETRIES))


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    own = {"LUOSHI_HOME": str(home), "LUOSHI_PROGRAMMES": str(home / "programmes")}
    return {**kept, **own, "PYTHONPATH": str(ROOT)}


def _python(home: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(*programmes: str) -> Iterator[Site]:
    """Run a server for these programmes, with its own home and database; gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="luoshi-journey-"))
    home.chmod(0o711)  # PostgreSQL's account must be able to pass
    for name in programmes:
        shutil.copytree(ROOT / "programmes" / name, home / "programmes" / name)
    port = _free_port()
    _python(home, FOUND)
    command = [sys.executable, "-c", "from luoshi.cli.app import main; main()", "serve"]
    command += ["--workers", "1", "--port", str(port)]
    log = (home / "server.log").open("w+")
    server = subprocess.Popen(
        [*command, "--workers", "1", "--port", str(port)],
        cwd=ROOT,
        env=_environment(home),
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(server, f"http://127.0.0.1:{port}/healthz", home)
        yield Site(f"http://127.0.0.1:{port}", home)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=120)
        log.close()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The server of most journeys: the hotline alone."""
    with serving("hotline") as found:
        yield found


def _wait_for(server: subprocess.Popen[bytes], address: str, home: Path) -> None:
    for _ in range(START_SECONDS * 5):
        assert server.poll() is None, (home / "server.log").read_text()
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  our own server
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no answer from {address}: {(home / 'server.log').read_text()}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this system: run setup/browser.sh")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


class Visitor:
    """Somebody at a browser: opens pages, and notices what goes wrong in them."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.site.address + path)
        self.page.wait_for_load_state("networkidle")

    def go_on(self) -> None:
        """Press the main button of the page, and wait for the next one."""
        with self.page.expect_navigation(wait_until="networkidle"):
            self.page.locator("main .btn-primary, main .btn-stop").first.click()

    def see(self, text: str) -> None:
        """Wait until *text* stands on the page."""
        self.page.get_by_text(text).first.wait_for()

    def fits(self) -> None:
        """Fail if the page is wider than the screen, broken, or closed to some people."""
        size = self.page.viewport_size
        assert size is not None
        assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert self.complaints == []
        assert self.barriers() == []

    def fits_in_large_print(self) -> None:
        """Fail if the page is wider than the screen for somebody who needs twice the size."""
        size = self.page.viewport_size
        assert size is not None
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        self.page.evaluate("document.documentElement.style.fontSize = ''")

    def barriers(self) -> list[str]:
        """Return what axe-core finds on the page, in one line each."""
        assert AXE.exists(), "run: npm ci"
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
            " 'best-practice']})"
        )
        return [
            f"{one['id']}: {node['html'][:160]} ({json.dumps(node['target'])})"
            for one in found["violations"]
            for node in one["nodes"]
        ]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Any]:
    """Return a function that makes a visitor: ``visit(language, size, **options)``."""
    contexts = []

    def arrive(language: str = "zh-CN", size: tuple[int, int] = PHONE, **options: Any) -> Visitor:
        view = {"width": size[0], "height": size[1]}
        context = chromium.new_context(locale=language, viewport=view, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        return Visitor(context.new_page(), site)

    yield arrive
    for context in contexts:
        context.close()
