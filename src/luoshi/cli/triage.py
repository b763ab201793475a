"""``luoshi triage``: train the model that suggests categories, and try it on a file.

Neither command changes a case: the model is a file, and what it writes are suggestions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installation
from luoshi.kernel.errors import LuoshiError

if TYPE_CHECKING:
    from luoshi.formats.tables import Table
    from luoshi.insight.triage.examples import Example
    from luoshi.insight.triage.model import Model, Suggestion
    from luoshi.insight.triage.taxonomy import Taxonomy
    from luoshi.kernel.programme import Programme

CASES = "cases"
DETAILS = ("details", "content", "description")
COLUMNS = ("category", "confidence", "unknown", "reasons")
BATCH = 1024

app = typer.Typer(help="Suggest categories for messages, and learn to.", no_args_is_help=True)


class ColumnMissing(LuoshiError):
    """A table lacks the columns that this needs."""

    code = "triage.column_missing"
    template = "{file} has no column {wanted}; it has: {found}"


From = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        help="'cases': what this installation has settled; or a CSV or XLSX file with a column "
        "label, and subject and details, or tokens. May be given several times.",
    ),
]
Also = Annotated[
    list[Path] | None,
    typer.Option(
        "--also",
        exists=True,
        dir_okay=False,
        help="More messages, whose category nobody knows: what words mean is learned from them. "
        "May be given several times.",
    ),
]
TaxonomyFile = Annotated[
    Path | None,
    typer.Option(
        "--taxonomy",
        exists=True,
        dir_okay=False,
        help="taxonomy.csv of the programme: its own words are a start where history is short.",
    ),
]
Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
ProgrammeId = Annotated[
    str,
    typer.Option("--programme", help="Programme whose cases are learned from; without, of all."),
]
Asking = Annotated[
    float, typer.Option("--cost-asking", min=0.01, help="What it costs that a person chooses.")
]
Wrong = Annotated[
    float, typer.Option("--cost-wrong", min=0.01, help="What a wrong suggestion costs.")
]
File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", exists=True, dir_okay=False, help="CSV (.gz) or XLSX: subject, details."
    ),
]
ModelFile = Annotated[
    Path, typer.Option("--model", exists=True, dir_okay=False, help="A model from train.")
]


@app.callback()
def triage() -> None:
    """Suggest categories for messages, and learn to. A person decides."""


@app.command("train")
def train(
    out: Out,
    from_: From = None,
    also: Also = None,
    taxonomy: TaxonomyFile = None,
    programme: ProgrammeId = "",
    cost_asking: Asking = 1.0,
    cost_wrong: Wrong = 2.0,
) -> None:
    """Learn categories from history, from a taxonomy's own words, or from both.

    The model says "I do not know" where a wrong suggestion would cost more than asking.

    Example: luoshi triage train --from cases --programme hotline --out city.model
    """
    from luoshi.insight.triage import training
    from luoshi.insight.triage.calibration import Costs
    from luoshi.insight.triage.taxonomy import Taxonomy

    known = _taxonomy(taxonomy) if taxonomy else Taxonomy()
    sources = [_examples(source, programme) for source in from_ or []]
    found = [example for source in sources for example in source]
    examples = [example for example in found if example.label]
    others: list[Sequence[str]] = [example.words for example in found if not example.label]
    others += [words for path in also or [] for words in _unlabelled(path)]
    model = training.train(examples, known, Costs(cost_asking, cost_wrong), others)
    model.save(out)
    typer.echo(_told(model, out))


@app.command("predict")
def predict(file: File, model: ModelFile, out: Out) -> None:
    """Write a suggested category for every row of FILE, in the order of its rows.

    Example: luoshi triage predict new.csv --model city.model --out suggested.csv
    """
    from luoshi.formats.tables import read_table, write_csv
    from luoshi.insight.triage.model import Model

    with read_table(file) as table:
        _require(file, table, ("subject", *DETAILS, "tokens"))
        suggested = _suggestions(Model.load(model), table)
        with out.open("w", encoding="utf-8", newline="") as target:
            rows = write_csv(target, COLUMNS, (_cells(one) for one in suggested))
    typer.echo(f"{rows} rows: {out}")


def _taxonomy(path: Path) -> Taxonomy:
    from luoshi.formats.tables import read_table
    from luoshi.insight.triage.taxonomy import Taxonomy

    with read_table(path) as table:
        _require(path, table, ("code",))
        return Taxonomy.from_rows(row.cells for row in table.rows if row.cells.get("code"))


def _examples(source: str, programme: str) -> Iterator[Example]:
    if source == CASES:
        yield from _past_cases(programme)
    else:
        yield from _labelled(Path(source))


def _labelled(path: Path) -> Iterator[Example]:
    from luoshi.formats.tables import read_table

    with read_table(path) as table:
        _require(path, table, ("label",))
        _require(path, table, ("subject", *DETAILS, "tokens"))
        for row in table.rows:
            yield _example(row.cells.get("label", "").strip(), row.cells)


def _unlabelled(path: Path) -> Iterator[Sequence[str]]:
    from luoshi.formats.tables import read_table

    with read_table(path) as table:
        _require(path, table, ("subject", *DETAILS, "tokens"))
        yield from (_words(row.cells) for row in table.rows)


def _example(label: str, cells: Mapping[str, str]) -> Example:
    from luoshi.insight.triage.examples import example, segmented_example

    subject, details = cells.get("subject", ""), _details(cells)
    if subject or details:
        return example(label, subject, details)
    return segmented_example(label, cells.get("tokens", ""))


def _details(cells: Mapping[str, str]) -> str:
    return next((cells[column] for column in DETAILS if cells.get(column)), "")


def _past_cases(programme: str) -> Iterator[Example]:
    """Yield the cases of *programme*, or of all, with the category that people have given them."""
    with installation():
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
        yield example(*(str(cells.get(name) or "") for name in wanted))


def _suggestions(model: Model, table: Table) -> Iterator[Suggestion]:
    """Yield a suggestion for every row of the file, empty and broken ones too."""
    batch: list[Sequence[str]] = []
    for words in _rows(table):
        batch.append(words)
        if len(batch) == BATCH:
            yield from model.suggest_words(batch)
            batch.clear()
    yield from model.suggest_words(batch)


def _rows(table: Table) -> Iterator[Sequence[str]]:
    """Yield the words of every row; the reader leaves empty rows out, their places are kept."""
    number = 1
    for row in table.rows:
        yield from ([] for _ in range(row.number - number - 1))
        yield _words(row.cells)
        number = row.number


def _words(cells: Mapping[str, str]) -> Sequence[str]:
    return _example("", cells).words


def _cells(one: Suggestion) -> tuple[object, ...]:
    reasons = "; ".join(f"{word} {weight:.2f}" for word, weight in one.reasons)
    return one.category, f"{one.confidence:.4f}", "true" if one.unknown else "false", reasons


def _require(file: Path, table: Table, wanted: Sequence[str]) -> None:
    """Refuse *table* when it has none of the columns *wanted*."""
    if not set(wanted) & set(table.columns):
        raise ColumnMissing(
            file=file.name, wanted=" or ".join(wanted), found=", ".join(table.columns)
        )


def _told(model: Model, out: Path) -> str:
    card = model.card
    learned = f"{card['examples']} messages, {card['explanations']} explanations of the taxonomy"
    if card["others"]:
        learned += f", words alone of {card['others']} more messages"
    lines = [f"{out}: {len(model.labels)} categories, {learned}"]
    if card["measured"]:
        lines.append(
            f"on messages held back in turn: macro-F1 {card['macro_f1']}, "
            f"accuracy {card['accuracy']}, calibration error {card['calibration_error']}"
        )
    else:
        lines.append("too few messages to measure how good it is: treat it as a beginner")
    lines.append(f'says "I do not know" below a confidence of {model.threshold:.2f}')
    return "\n".join(lines)
