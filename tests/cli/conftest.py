"""Fixtures: the command line in this process, on the database of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from click.testing import Result
from tests.small_city import found_city
from typer.testing import CliRunner

from luoshi.cli import export, import_, topics, verify
from luoshi.cli.app import app
from luoshi.store.directory import forget_directory

Luoshi = Callable[..., Result]


@pytest.fixture
def luoshi(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Luoshi]:
    """Run a command on the small city; the database is there already, and migrated."""
    for command in (export, topics, verify):
        monkeypatch.setattr(command, "installed", nullcontext)
    monkeypatch.setattr(import_, "installation", nullcontext)
    monkeypatch.setattr(import_, "ready", list)
    monkeypatch.setattr(import_, "MANY_BYTES", 10**12)  # helpers know no database of tests
    found_city()
    runner = CliRunner()
    yield lambda *words: runner.invoke(app, [str(word) for word in words], catch_exceptions=False)
    forget_directory()
