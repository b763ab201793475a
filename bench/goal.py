"""One goal of the suggestions: what was measured, what was wanted, or why nothing was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.table import Table


@dataclass(frozen=True)
class Goal:
    """One line of the table.

    Attributes:
        work: What was measured.
        value: What came out; ``None`` if it could not be measured here.
        limit: What is wanted; ``None`` where a figure is only told.
        at_least: More is better.
        note: How it was measured, or why it was not.
    """

    work: str
    value: float | None
    limit: float | None = None
    at_least: bool = True
    note: str = ""

    @property
    def is_kept(self) -> bool:
        """Is it reached, or nothing wanted, or nothing measured?"""
        if self.value is None or self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """One word for the last column."""
        if self.value is None:
            return "skipped"
        if self.limit is None:
            return ""
        return "reached" if self.is_kept else "MISSED"


def goal_table(goals: Iterable[Goal]) -> Table:
    """Return *goals* as a table for the terminal."""
    shown = Table("goal", "measured", "wanted", "", "how", box=SIMPLE)
    for goal in goals:
        sign = "≥" if goal.at_least else "≤"
        shown.add_row(
            goal.work,
            "–" if goal.value is None else f"{goal.value:.4g}",
            "" if goal.limit is None else f"{sign} {goal.limit:.4g}",
            goal.verdict,
            goal.note,
            style="" if goal.is_kept else "red",
        )
    return shown
