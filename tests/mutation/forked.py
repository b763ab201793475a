"""Forked: mutants of functions, each put into a copy of a process that has collected the tests.

A first round writes down which test runs which lines. Then, for each mutant, a copy of the process
puts the changed functions in the place of the real ones and runs the tests: those that run the
changed lines first, and of these the quickest.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from types import CodeType, FunctionType, ModuleType

import coverage
import pytest
from _pytest.runner import runtestprotocol
from rich.console import Console
from rich.progress import track
from tests.mutation.alone import QUIETLY, TESTS, alone
from tests.mutation.kept import path_of
from tests.mutation.mutants import Mutant

Lines = Mapping[str, Mapping[int, list[str]]]
"""For each module, for each of its lines, the tests that run it."""


@dataclass(slots=True)
class Trial:
    """A plugin of pytest that tries *mutants* instead of running the tests once.

    Attributes:
        mutants: Each with the module of the kernel that it changes.
        jobs: So many at a time.
        noticed: What came of each, in the same order.
    """

    mutants: list[tuple[str, Mutant]]
    jobs: int
    noticed: list[bool] = field(default_factory=list)
    items: dict[str, pytest.Item] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant on the tests that were collected."""
        if session.testsfailed:
            raise pytest.UsageError("the tests of the kernel cannot be collected")
        self.items = {item.nodeid: item for item in session.items}
        self._first_round()
        console = Console(stderr=True)
        ended = dict(
            track(
                self._ended(),
                "Making mistakes",
                total=len(self.mutants),
                console=console,
                disable=not console.is_terminal,
            )
        )
        self.noticed = [ended[number] for number in range(len(self.mutants))]
        return True

    def _first_round(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder, "told.json")
            process = alone(lambda: self._unchanged(told))
            if os.waitpid(process, 0)[1]:
                raise pytest.UsageError("the tests fail without any mistake; mend them first")
            found = json.loads(told.read_text("utf-8"))
        self.seconds = found["seconds"]
        self.lines = {
            module: {int(line): tests for line, tests in lines.items()}
            for module, lines in found["lines"].items()
        }

    def _unchanged(self, told: Path) -> bool:
        """Run every test and write down which lines it runs; return whether one fails."""
        files = {module: str(path_of(module)) for module, _ in self.mutants}
        watching = coverage.Coverage(data_file=None, include=[*files.values()], config_file=False)
        watching.start()
        seconds = {}
        for name, item in self.items.items():
            watching.switch_context(name)
            began = perf_counter()
            if _fails(item, None):
                return True
            seconds[name] = perf_counter() - began
        watching.stop()
        lines = {module: watching.get_data().contexts_by_lineno(files[module]) for module in files}
        told.write_text(json.dumps({"seconds": seconds, "lines": lines}), "utf-8")
        return False

    def _ended(self) -> Iterator[tuple[int, bool]]:
        """Yield the number of each mutant, in the order in which they end, and what came of it."""
        running: dict[int, int] = {}
        for number, (module, mutant) in enumerate(self.mutants):
            running[self._started(module, mutant)] = number
            if len(running) == self.jobs:
                yield _next(running)
        while running:
            yield _next(running)

    def _started(self, module: str, mutant: Mutant) -> int:
        def tested() -> bool:
            put_in(importlib.import_module(f"luoshi.kernel.{module}"), mutant)
            return self._any_fails(self._telling(module, mutant))

        return alone(tested)

    def _any_fails(self, names: list[str]) -> bool:
        items = [self.items[name] for name in names]
        return any(map(_fails, items, [*items[1:], None]))

    def _telling(self, module: str, mutant: Mutant) -> list[str]:
        """Return all tests: the quickest of those that run the changed lines first."""
        here = self.lines[module]
        running = {name for line in mutant.lines for name in here.get(line, ())}
        return sorted(self.items, key=lambda name: (name not in running, self.seconds[name]))


def _next(running: dict[int, int]) -> tuple[int, bool]:
    process, status = os.wait()
    return running.pop(process), os.waitstatus_to_exitcode(status) != 0


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=following)
    return any(report.failed for report in reports)


def put_in(module: ModuleType, mutant: Mutant) -> None:
    """Put the functions of *mutant* in the place of those of *module*, wherever they are known."""
    changed = dict(_codes(compile(mutant.source, module.__name__, "exec")))
    for function in _functions(module):
        function.__code__ = changed[function.__qualname__]


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one.co_qualname, one
            yield from _codes(one)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions and methods that the source of *module* defines."""
    for value in vars(module).values():
        if getattr(value, "__module__", "") != module.__name__:
            continue
        for one in vars(value).values() if inspect.isclass(value) else [value]:
            bare = getattr(one, "fget", None) or inspect.unwrap(getattr(one, "__func__", one))
            if isinstance(bare, FunctionType) and bare.__code__.co_filename == module.__file__:
                yield bare


def try_all(mutants: list[tuple[str, Mutant]], jobs: int) -> list[bool]:
    """Return for each of *mutants* whether a test of the kernel notices it."""
    trial = Trial(mutants, jobs)
    status = pytest.main([*QUIETLY, TESTS], plugins=[trial])
    if len(trial.noticed) != len(mutants):
        raise SystemExit(f"the tests could not be run (pytest says {status!r})")
    return trial.noticed
