"""One measured figure, the limit it is compared with, and the table they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        work: What was done, with its size.
        value: What it took or gave, in ``unit``.
        unit: ``/s`` (more is better) or ``s``, ``ms`` (less is better).
        against: What it is compared with.
        limit: What that took or gave, in the same unit.
        target: The ratio value ÷ limit to reach: at least (rates) or at most (times).
    """

    work: str
    value: float
    unit: str
    against: str
    limit: float
    target: float

    @property
    def ratio(self) -> float:
        """Value ÷ limit; noise of the machine cancels out."""
        return self.value / self.limit

    @property
    def is_kept(self) -> bool:
        """Is the target reached?"""
        return self.ratio >= self.target if self.is_rate else self.ratio <= self.target

    @property
    def is_rate(self) -> bool:
        """Is more better?"""
        return self.unit == "/s"


Measure = Callable[[], Iterator[Figure]]


def table(figures: Iterable[Figure]) -> str:
    """Return *figures* as a Markdown table."""
    lines = ["| work | measured | against | ratio | target |", "|---|---|---|---|---|"]
    lines += [_line(figure) for figure in figures]
    return "\n".join(lines)


def rich_table(figures: Iterable[Figure]) -> Table:
    """Return *figures* as a table for the terminal."""
    shown = Table("work", "measured", "against", "ratio", "target")
    for figure in figures:
        cells = [cell.strip() for cell in _line(figure).strip("|").split("|")]
        shown.add_row(*cells, style="" if figure.is_kept else "red")
    return shown


def _line(figure: Figure) -> str:
    sign = "≥" if figure.is_rate else "≤"
    missed = "" if figure.is_kept else " (missed)"
    return (
        f"| {figure.work} | {_amount(figure.value, figure.unit)} "
        f"| {figure.against}: {_amount(figure.limit, figure.unit)} "
        f"| {figure.ratio:.2f} | {sign} {figure.target:g}{missed} |"
    )


def _amount(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}" if unit != "/s" else f"{value:,.{digits}f}{unit}"
