"""Run: does any test notice the mistake?

Every mutant gets a process of its own, forked from one that has the libraries but nothing of
Luoshi: it imports the changed source in the place of the real one, and runs the tests until the
first that fails.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from tests.mutation.mutants import Mutant

SECONDS = 90
"""Of computing; a mutant that takes longer runs for ever, and is noticed by that."""

QUIETLY = (
    *("-x", "-q", "--noconftest", "-p", "no:django", "-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # the libraries are here already
)
SURVIVED = 0


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports *module* from the changed source."""

    def __init__(self, module: str, mutant: Mutant) -> None:
        self.module, self.mutant = module, mutant

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.source, self.module, "exec"), module.__dict__)  # noqa: S102


def started(module: str, mutant: Mutant, tests: list[list[str]]) -> int:
    """Start the tests against *mutant*, one list after the other; return the process' id."""
    child = os.fork()
    if not child:
        os._exit(_tested(module, mutant, tests))
    return child


def noticed(status: int) -> bool:
    """Return whether the tests noticed, by the status with which their process ended."""
    return os.waitstatus_to_exitcode(status) != SURVIVED


def _tested(module: str, mutant: Mutant, tests: list[list[str]]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(SECONDS * 10)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.meta_path.insert(0, _Changed(module, mutant))
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=phases
    )
    hypothesis.settings.load_profile("mutation")
    return next((code for some in tests if (code := int(pytest.main([*QUIETLY, *some])))), 0)


def source_of(module: str) -> str:
    """Return the source of *module*, without importing it."""
    return Path("src", *module.split(".")).with_suffix(".py").read_text("utf-8")
