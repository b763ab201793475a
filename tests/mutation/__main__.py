"""Mutation: would the tests of the kernel notice a mistake?

``python -m tests.mutation clock access`` changes one thing after another in these modules of the
kernel and runs its tests against each change. What no test notices is told, and is either a hole
in the tests or means the same as before; the latter are named, with the reason, in
``equivalent.csv``. Exit status 1 when something else survives.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.run import noticed, source_of, started

HERE = Path(__file__).parent
MODULES = ("access", "clock", "obstacles", "timing", "transition")
MOSTLY_BY = {"obstacles": "transition"}
"""Modules that are held to account by the tests of another one."""

JOBS = int(os.environ.get("JOBS", "2"))


@dataclass(slots=True)
class Tally:
    """What came of the mutants of one module."""

    module: str
    noticed: int = 0
    equivalent: int = 0
    survived: list[Mutant] = field(default_factory=list)


def tests_for(module: str) -> list[list[str]]:
    """Return the tests that say most about *module*, then the others of the kernel."""
    own = Path(f"tests/kernel/test_{MOSTLY_BY.get(module, module)}.py")
    others = sorted(path for path in Path("tests/kernel").glob("test_*.py") if path != own)
    return [[str(own)], [str(path) for path in others]]


def equivalents() -> dict[tuple[str, str], str]:
    """Return why a mutant means the same, by module and name."""
    with (HERE / "equivalent.csv").open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["mutant"]): row["why"] for row in csv.DictReader(file)}


def outcomes(module: str, only: str) -> Iterator[tuple[Mutant, bool]]:
    """Yield every mutant of *module* whose name holds *only*, and whether a test noticed."""
    running: dict[int, Mutant] = {}
    full, tests = f"luoshi.kernel.{module}", tests_for(module)
    for mutant in mutants_of(source_of(full)):
        if only in mutant.name:
            running[started(full, mutant, tests)] = mutant
        if len(running) == JOBS:
            yield _ended(running)
    while running:
        yield _ended(running)


def _ended(running: dict[int, Mutant]) -> tuple[Mutant, bool]:
    process, status = os.wait()
    return running.pop(process), noticed(status)


def tallied(module: str, only: str = "") -> Tally:
    """Return what came of the mutants of *module*; tell of each that nobody noticed."""
    tally, known = Tally(module), equivalents()
    for mutant, was_noticed in outcomes(module, only):
        if was_noticed:
            tally.noticed += 1
        elif (module, mutant.name) in known:
            tally.equivalent += 1
        else:
            tally.survived.append(mutant)
            _tell(f"{module}.py:{mutant.line}: {mutant.name}")
    return tally


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _awaited(process: int) -> int:
    return os.waitpid(process, 0)[1]


def main(words: list[str]) -> int:
    """Run the mutants of the modules named (``only=…``: those whose name holds it)."""
    only = next((word.removeprefix("only=") for word in words if word.startswith("only=")), "")
    modules = [word for word in words if not word.startswith("only=")] or list(MODULES)
    survived = 0
    for module in modules:
        unchanged = Mutant("nothing", 0, source_of(f"luoshi.kernel.{module}"))
        if noticed(_awaited(started(f"luoshi.kernel.{module}", unchanged, tests_for(module)))):
            raise SystemExit(f"{module}: the tests fail without any mistake; mend them first")
        tally = tallied(module, only)
        survived += len(tally.survived)
        _tell(
            f"{module}: {tally.noticed} noticed, {tally.equivalent} equivalent, "
            f"{len(tally.survived)} survived"
        )
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
