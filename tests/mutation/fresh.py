"""Fresh: mutants of what happens when a module is imported, such as a default or a table.

Each gets a process forked from one that knows nothing of Luoshi yet: it imports the changed source
in the place of the real one, and runs the tests of that module, then all of the kernel, until the
first that fails.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.mutation.alone import QUIETLY, TESTS, alone
from tests.mutation.mutants import Mutant


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports *module* from the changed source."""

    def __init__(self, module: str, mutant: Mutant) -> None:
        self.module, self.mutant = module, mutant

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.source, self.module, "exec"), module.__dict__)  # noqa: S102


def was_noticed(module: str, mutant: Mutant) -> bool:
    """Return whether a test notices *mutant*, a change of *module* of the kernel."""
    own = f"{TESTS}/test_{module}.py"
    first = [own] if Path(own).is_file() else []

    def tested() -> bool:
        sys.meta_path.insert(0, _Changed(f"luoshi.kernel.{module}", mutant))
        return any(pytest.main([*QUIETLY, "-x", tests]) for tests in (*first, TESTS))

    process = alone(tested)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0
