"""Kept: what is written down about mutants, and where a person reads it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).parent / "equivalent.csv"
PAGE = ROOT / "docs" / "reference" / "mutation.md"
MARKS = re.compile(r"(<!-- numbers -->\n).*?(<!-- /numbers -->)", re.DOTALL)

MODULES = (
    *("access", "clock", "obstacles", "timing", "transition"),
    *("opening", "starting", "sketch"),  # quicker ways to the same, which must stay the same
)


@dataclass(slots=True)
class Tally:
    """What came of the mutants of one module."""

    module: str
    noticed: int = 0
    equivalent: int = 0
    survived: list[Mutant] = field(default_factory=list)

    def add(self, mutant: Mutant, *, was_noticed: bool) -> None:
        """Count *mutant*."""
        if was_noticed:
            self.noticed += 1
        elif (self.module, mutant.name) in equivalents():
            self.equivalent += 1
        else:
            self.survived.append(mutant)

    def __str__(self) -> str:
        counts = f"{self.noticed} noticed, {self.equivalent} equivalent"
        return f"{self.module}: {counts}, {len(self.survived)} survived"


def equivalents() -> dict[tuple[str, str], str]:
    """Return why a mutant means the same, by module and name."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["mutant"]): row["why"] for row in csv.DictReader(file)}


def source_of(module: str) -> str:
    """Return the source of a module of the kernel, without importing it."""
    return path_of(module).read_text("utf-8")


def path_of(module: str) -> Path:
    """Return the file of a module of the kernel; ``checks.flow`` lies in a folder."""
    return (ROOT / "src" / "luoshi" / "kernel").joinpath(*module.split(".")).with_suffix(".py")


def numbers(tallies: Iterable[Tally]) -> str:
    """Return the tables for the page: how many, and which mean the same."""
    rows = ["| module | mutants | noticed | mean the same |", "|---|---|---|---|"]
    for one in tallies:
        every = one.noticed + one.equivalent + len(one.survived)
        rows.append(f"| `{one.module}` | {every} | {one.noticed} | {one.equivalent} |")
    rows += ["", "| module | what was changed | why nobody can notice |", "|---|---|---|"]
    rows += reasons()
    return "\n".join(rows) + "\n"


def reasons() -> list[str]:
    """Return a row of the page for each mutant that means the same."""
    said = {key: " ".join(key[1].split()).replace("|", "\\|") for key in equivalents()}
    return [f"| `{key[0]}` | `{said[key]}` | {why} |" for key, why in equivalents().items()]


def write_page(tallies: Iterable[Tally]) -> None:
    """Put the tables into the page."""
    table, text = numbers(tallies), PAGE.read_text("utf-8")
    PAGE.write_text(MARKS.sub(lambda marks: marks[1] + table + marks[2], text), "utf-8")
