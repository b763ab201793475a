"""Judged: what a model suggests for a file, held against the categories that people gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.cli.messages import TEXTS, example_of, printable, require
from luoshi.insight.triage.judging import Judgement, judged_by_category, macro_f1
from luoshi.kernel.errors import LuoshiError

if TYPE_CHECKING:
    from rich.table import Table as Printed

    from luoshi.formats.tables import Table, TableRow
    from luoshi.insight.triage.model import Suggestion

COLUMNS = ("row", "label", "category", "confidence", "unknown", "reasons", "subject")
MOST_CONFUSIONS = 10
Suggesting = Callable[[Iterable[Sequence[str]]], Iterator["Suggestion"]]


class NothingToJudge(LuoshiError):
    """No row says what is right."""

    code = "triage.nothing_to_judge"
    template = "no row of {file} has a label; write the right category into the column label"


@dataclass
class Judging:
    """One file, judged row by row.

    Attributes:
        found: What has been judged so far.
        left_out: Rows without a label, and rows that cannot be read.
    """

    file: Path
    table: Table
    found: Judgement = field(default_factory=Judgement)
    left_out: int = 0

    def misses(self, suggesting: Suggesting) -> Iterator[tuple[object, ...]]:
        """Judge every row; yield the cells of those that are not right.

        Raises:
            ColumnMissing: There is no column ``label``, or none with texts.
            NothingToJudge: No row has a label.
        """
        require(self.file, self.table, ("label",))
        require(self.file, self.table, TEXTS)
        rows, read = tee(self._labelled())
        suggested = suggesting(example_of("", row.cells).words for row in read)
        for row, suggestion in zip(rows, suggested, strict=True):
            if not self.found.add(row.cells["label"].strip(), suggestion):
                yield (row.number, row.cells["label"].strip(), *_cells(suggestion, row))
        if not self.found.right:
            raise NothingToJudge(file=self.file.name)

    def _labelled(self) -> Iterator[TableRow]:
        for row in self.table.rows:
            if row.problem or not row.cells.get("label", "").strip():
                self.left_out += 1
            else:
                yield row


def _cells(suggestion: Suggestion, row: TableRow) -> tuple[object, ...]:
    return *suggestion_cells(suggestion), row.cells.get("subject", "")


def suggestion_cells(one: Suggestion) -> tuple[object, ...]:
    """Return category, confidence, whether it is unknown, and reasons, as tables have them."""
    reasons = "; ".join(f"{word} {weight:.2f}" for word, weight in one.reasons)
    return one.category, f"{one.confidence:.4f}", "true" if one.unknown else "false", reasons


def summary(found: Judgement) -> str:
    """Return how good the suggestions are, in a few lines."""
    return (
        f"{len(found.right):,} messages: macro-F1 {macro_f1(found.pairs):.4f}, "
        f"accuracy {found.accuracy:.4f}, calibration error {found.calibration_error:.4f}\n"
        f'says "I do not know" for {found.left_to_people:.1%}; '
        f"of the others {found.accuracy_when_told:.1%} are right"
    )


def by_category(found: Judgement) -> Printed:
    """Return the table of categories, the most frequent first."""
    from rich.table import Table

    printed = Table("category")
    for column in ("messages", "suggested", "precision", "recall", "F1"):
        printed.add_column(column, justify="right")
    for one in judged_by_category(found.pairs):
        shares = (f"{share:.3f}" for share in (one.precision, one.recall, one.f1))
        printed.add_row(printable(one.kind), str(one.messages), str(one.suggested), *shares)
    return printed


def confused(found: Judgement) -> Printed:
    """Return the table of what is most often taken for what."""
    from rich.table import Table

    printed = Table("people say", "the model says", title="most often mistaken")
    printed.add_column("messages", justify="right")
    for label, category, count in found.confusions(MOST_CONFUSIONS):
        suggested = printable(category) or "(nothing to go by)"
        printed.add_row(printable(label), suggested, str(count))
    return printed
