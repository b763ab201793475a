"""Messages to learn from and to suggest for: tables, and what this installation has settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from sys import intern
from typing import TYPE_CHECKING, TypeVar

from luoshi.cli.installation import installed
from luoshi.cli.tables import said
from luoshi.kernel.errors import LuoshiError

if TYPE_CHECKING:
    from luoshi.formats.tables import Table
    from luoshi.insight.triage.examples import Example
    from luoshi.insight.triage.taxonomy import Taxonomy
    from luoshi.kernel.programme import Programme

One = TypeVar("One")

CASES = "cases"
DETAILS = ("details", "content", "description")
TEXTS = ("subject", *DETAILS, "tokens")
MOST = 30_000
"""Messages of each kind that are learned from: learning takes about 0.2 GB for a thousand."""
TOLD_EVERY = 1000
MOST_COLUMNS, MOST_NAME = 12, 30
"""Columns that an error lists, and how much of each name."""


class ColumnMissing(LuoshiError):
    """A table lacks the columns that this needs."""

    code = "triage.column_missing"
    template = "{file} has no column {wanted}; it has: {found}. Rename the column that holds it"


@dataclass
class Reading:
    """Messages read so far: those with a category, and the words of the others.

    Attributes:
        told: Called with a sentence now and then, for people who wait.
        most: How many of each kind are held at once; of more, so many drawn by lot.
        seen, seen_others: How many there were.
        broken: Rows that could not be read, as ``FILE:ROW``.
        why: Why the first of them could not.
    """

    told: Callable[[str], None]
    most: int = MOST
    examples: list[Example] = field(default_factory=list)
    others: list[Sequence[str]] = field(default_factory=list)
    seen: int = 0
    seen_others: int = 0
    broken: list[str] = field(default_factory=list)
    why: str = ""
    lot: Random = field(default_factory=lambda: Random(1))  # noqa: S311  the same draw each time

    @property
    def left_out(self) -> int:
        """How many messages were not drawn."""
        return self.seen + self.seen_others - len(self.examples) - len(self.others)

    def source(self, source: str, programme: str) -> None:
        """Read a file, or the cases of *programme*."""
        if source == CASES:
            self._all(_past_cases(programme), "cases")
        else:
            self._all(self._of_file(Path(source), labelled=True), Path(source).name)

    def more(self, path: Path) -> None:
        """Read a file of messages whose category nobody knows."""
        self._all(self._of_file(path, labelled=False), path.name)

    def _all(self, examples: Iterator[Example], name: str) -> None:
        for number, one in enumerate(examples, start=1):
            if one.label:
                self.seen += 1
                self._keep(self.examples, one, self.seen)
            else:
                self.seen_others += 1
                self._keep(self.others, one.words, self.seen_others)
            if number % TOLD_EVERY == 0:
                self.told(f"Reading {name}: {number:,} messages")

    def _keep(self, held: list[One], one: One, seen: int) -> None:
        if len(held) < self.most:
            held.append(one)
        elif (place := self.lot.randrange(seen)) < self.most:
            held[place] = one

    def _of_file(self, path: Path, *, labelled: bool) -> Iterator[Example]:
        from luoshi.formats.headers import read_messages

        with said(read_messages(path, labelled=labelled)) as table:
            if labelled:
                require(path, table, ("label",))
            require(path, table, TEXTS)
            for row in table.rows:
                if row.problem:
                    self.broken.append(f"{path.name}:{row.number}")
                    self.why = self.why or row.problem
                    continue
                label = row.cells.get("label", "").strip() if labelled else ""
                yield _held(example_of(label, row.cells))


def taxonomy_in(path: Path) -> Taxonomy:
    """Return the taxonomy in *path*."""
    from luoshi.formats.tables import read_table
    from luoshi.insight.triage.taxonomy import Taxonomy

    with said(read_table(path, {"code"}.issubset)) as table:
        require(path, table, ("code",))
        return Taxonomy.from_rows(row.cells for row in table.rows if row.cells.get("code"))


def require(file: Path, table: Table, wanted: Sequence[str]) -> None:
    """Refuse *table* when it has none of the columns *wanted*."""
    from luoshi.formats.headers import HEADERS

    if set(wanted) & set(table.columns):
        return
    known = dict.fromkeys(one for name in wanted for one in HEADERS.get(name, (name,)))
    names = [printable(name) for name in table.columns[:MOST_COLUMNS]]
    more = ["…"] if len(table.columns) > MOST_COLUMNS else []
    raise ColumnMissing(file=file.name, wanted=" or ".join(known), found=", ".join(names + more))


def example_of(label: str, cells: Mapping[str, str]) -> Example:
    """Return the message in *cells*, as people wrote it where that is known."""
    from luoshi.insight.triage.examples import example, segmented_example

    subject = cells.get("subject", "")
    details = next((cells[column] for column in DETAILS if cells.get(column)), "")
    if subject or details:
        return example(label, subject, details)
    return segmented_example(label, cells.get("tokens", ""))


def _held(one: Example) -> Example:
    """Return *one* with each word held once in all messages: a million fit into memory."""
    from luoshi.insight.triage.examples import Example

    return Example(intern(one.label), tuple(map(intern, one.words)), one.worth)


def printable(name: str) -> str:
    """Return a *name* from a file as a terminal may show it: short, and no signs that steer it."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
    return shown if len(shown) <= MOST_NAME else shown[:MOST_NAME] + "…"


def _past_cases(programme: str) -> Iterator[Example]:
    """Yield the cases of *programme*, or of all, with the category that people have given them."""
    with installed():
        from luoshi.store.programmes import offered, programme_of

        chosen = [programme_of(programme)] if programme else list(offered().values())
        for one in chosen:
            yield from _settled(one)


def _settled(programme: Programme) -> Iterator[Example]:
    from luoshi.actions.suggesting import text_fields
    from luoshi.insight.triage.examples import example
    from luoshi.kernel.programme import FieldType
    from luoshi.store import exports

    columns = exports.columns(programme, personal=True)
    wanted = (programme.field_of(FieldType.CODE), *text_fields(programme))
    for case in exports.exported(programme, personal=True):
        cells = dict(zip(columns, case.cells, strict=True))
        yield _held(example(*(str(cells.get(name) or "") for name in wanted)))
