"""Alone: a process of its own for each mutant, so that nothing of it stays."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
from collections.abc import Callable

import hypothesis

SECONDS = 90
"""Of computing; a mutant that takes longer runs for ever, and is noticed by that."""

TESTS = "tests/kernel"

QUIETLY = (
    *("-o", "addopts=", "--import-mode=importlib", "--noconftest", "-s"),
    *("-p", "no:terminal", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # the libraries are here already
)


def alone(tested: Callable[[], bool]) -> int:
    """Start *tested* in a process of its own and return its id; its status is 0 for a no."""
    child = os.fork()
    if not child:
        os._exit(_told(tested))
    return child


def _told(tested: Callable[[], bool]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(SECONDS * 10)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        return int(tested())


def chance_is_fixed() -> None:
    """Let hypothesis try the same examples every time, and spend nothing on making them small."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=phases
    )
    hypothesis.settings.load_profile("mutation")
