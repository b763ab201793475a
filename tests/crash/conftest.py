"""A site of its own for every test that breaks one."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.crash.site import LUOSHI, Site, ours


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="luoshi-crash-") as name:
        made = Path(name)
        made.chmod(0o711)
        yield made


@pytest.fixture(scope="session")
def fresh_home() -> Iterator[Path]:
    """An installation that nobody has used, its database stopped: the others are copies."""
    with folder() as home:
        subprocess.run([LUOSHI, "init"], env=ours(home), check=True, capture_output=True)
        yield home


@pytest.fixture
def home(fresh_home: Path) -> Iterator[Path]:
    """An installation on the disk, durable, removed afterwards."""
    with folder() as home:
        subprocess.run(["cp", "-a", f"{fresh_home}/.", str(home)], check=True)  # noqa: S607
        yield home


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    """The site, running."""
    made = Site(home)
    made.start()
    yield made
    made.kill()
    made.cluster.stop()
