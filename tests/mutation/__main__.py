"""Mutation: would the tests of the kernel notice a mistake?

``python -m tests.mutation clock access`` changes one thing after another in these modules of the
kernel and runs its tests against each change. What no test notices is told, and is either a hole
in the tests or means the same as before; the latter are named, with the reason, in
``equivalent.csv``. Exit status 1 when something else survives, or something named there does not.

``only=WORDS`` tries the mutants whose name holds these words; ``--page`` writes the numbers into
``docs/reference/mutation.md``.
"""

from __future__ import annotations

import os
import sys

from tests.mutation import forked, fresh
from tests.mutation.alone import chance_is_fixed
from tests.mutation.kept import MODULES, Tally, equivalents, source_of, write_page
from tests.mutation.mutants import Mutant, mutants_of

JOBS = int(os.environ.get("JOBS", "2"))


def outcomes(mutants: list[tuple[str, Mutant]]) -> dict[tuple[str, str], bool]:
    """Return whether each of *mutants* was noticed, by module and name."""
    noticed = {
        (module, mutant.name): fresh.was_noticed(module, mutant)
        for module, mutant in mutants
        if not mutant.in_function
    }
    inside = [(module, mutant) for module, mutant in mutants if mutant.in_function]
    found = forked.try_all(inside, JOBS) if inside else []
    return noticed | {
        (module, mutant.name): was_noticed
        for (module, mutant), was_noticed in zip(inside, found, strict=True)
    }


def main(words: list[str]) -> int:
    """Try the mutants of the modules named, and say what came of them."""
    only = next((word.removeprefix("only=") for word in words if word.startswith("only=")), "")
    modules = [word for word in words if not word.startswith(("only=", "--"))] or [*MODULES]
    chance_is_fixed()
    mutants = [
        (module, mutant)
        for module in modules
        for mutant in mutants_of(source_of(module))
        if only in mutant.name
    ]
    noticed = outcomes(mutants)
    tallies = {module: Tally(module) for module in modules}
    for module, mutant in mutants:
        tallies[module].add(mutant, was_noticed=noticed[module, mutant.name])
    if "--page" in words:
        write_page(tallies.values())
    needless = [
        f"{module}: {name}" for module, name in equivalents() if noticed.get((module, name))
    ]
    return _told(list(tallies.values()), needless)


def _told(tallies: list[Tally], needless: list[str]) -> int:
    for tally in tallies:
        for mutant in tally.survived:
            sys.stdout.write(f"{tally.module}.py:{mutant.line}: {mutant.name}\n")
        sys.stdout.write(f"{tally}\n")
    for name in needless:
        sys.stdout.write(f"{name}: is noticed now; take it out of equivalent.csv\n")
    return 1 if needless or any(tally.survived for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
