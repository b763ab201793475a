"""``luoshi triage``: train the model that suggests categories, and try it on a file.

Neither command changes a case: the model is a file, and what it writes are suggestions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.messages import (
    CASES,
    MOST,
    TEXTS,
    Reading,
    example_of,
    require,
    taxonomy_in,
)
from luoshi.kernel.errors import LuoshiError

if TYPE_CHECKING:
    from luoshi.formats.tables import Table
    from luoshi.insight.triage.model import Model, Suggestion
    from luoshi.insight.triage.taxonomy import Taxonomy

COLUMNS = ("category", "confidence", "unknown", "reasons")
BATCH = 1024
MOST_NAMED = 5
"""Labels that a warning names."""

app = typer.Typer(help="Suggest categories for messages, and learn to.", no_args_is_help=True)


class TargetUnusable(LuoshiError):
    """What is to be written cannot be written there."""

    code = "triage.target_unusable"
    template = "{file} cannot be written: {reason}; choose another --out"


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
Most = Annotated[
    int,
    typer.Option(
        "--most",
        min=100,
        help="Messages of each kind that are learned from; of more, so many drawn by lot.",
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
    most: Most = MOST,
) -> None:
    """Learn categories from history, from a taxonomy's own words, or from both.

    The model says "I do not know" where a wrong suggestion would cost more than asking.

    Example: luoshi triage train --from cases --programme hotline --out city.model
    """
    from luoshi.insight.triage import training
    from luoshi.insight.triage.calibration import Costs
    from luoshi.insight.triage.model_file import save_model
    from luoshi.insight.triage.taxonomy import Taxonomy

    files = [Path(source) for source in from_ or [] if source != CASES]
    if not from_ and not taxonomy:
        raise typer.BadParameter(
            "say what to learn from: cases, a file, or --taxonomy alone", param_hint="--from"
        )
    _refuse_target(out, [*files, *(also or []), *([taxonomy] if taxonomy else [])])
    known = taxonomy_in(taxonomy) if taxonomy else Taxonomy()
    with _telling() as told:
        read = Reading(told, most)
        for source in from_ or []:
            read.source(source, programme)
        for path in also or []:
            read.more(path)
        told(f"Learning from {len(read.examples):,} messages: a minute for some thousands")
        costs = Costs(cost_asking, cost_wrong)
        model = training.train(read.examples, known, costs, read.others)
        save_model(model, out)
    for warning in _warned(read, known):
        typer.echo(f"luoshi: {warning}", err=True)
    typer.echo(_told(model, out))


@app.command("predict")
def predict(file: File, model: ModelFile, out: Out) -> None:
    """Write a suggested category for every row of FILE, in the order of its rows.

    Example: luoshi triage predict new.csv --model city.model --out suggested.csv
    """
    from luoshi.formats.tables import read_table

    _refuse_target(out, [file, model])
    with _telling() as told, read_table(file) as table:
        require(file, table, TEXTS)
        rows = _write_suggestions(model, table, out, told)
    typer.echo(f"{rows} rows: {out}")


def _suggestions(model: Model, table: Table, told: Callable[[str], None]) -> Iterator[Suggestion]:
    """Yield a suggestion for every row of the file, empty and broken ones too."""
    batch: list[Sequence[str]] = []
    for number, words in enumerate(_rows(table), start=1):
        batch.append(words)
        if len(batch) == BATCH:
            yield from model.suggest_words(batch)
            batch.clear()
            told(f"Suggesting: {number:,} rows")
    yield from model.suggest_words(batch)


def _rows(table: Table) -> Iterator[Sequence[str]]:
    """Yield the words of every row; the reader leaves empty rows out, their places are kept."""
    number = 1
    for row in table.rows:
        yield from ([] for _ in range(row.number - number - 1))
        yield example_of("", row.cells).words
        number = row.number


def _cells(one: Suggestion) -> tuple[object, ...]:
    reasons = "; ".join(f"{word} {weight:.2f}" for word, weight in one.reasons)
    return one.category, f"{one.confidence:.4f}", "true" if one.unknown else "false", reasons


def _refuse_target(out: Path, sources: Sequence[Path]) -> None:
    """Say before any work is done that *out* cannot be written, or would overwrite a source."""
    folder = out.resolve().parent
    if out.is_dir():
        raise TargetUnusable(file=out, reason="it is a folder")
    if not folder.is_dir():
        raise TargetUnusable(file=out, reason=f"there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise TargetUnusable(file=out, reason=f"nothing may be written in {folder}")
    if any(one.exists() and out.exists() and out.samefile(one) for one in sources):
        raise TargetUnusable(file=out, reason="it is one of the files to be read")


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Show what is being done, and for how long already, to whoever waits at a terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading", total=None)
        yield lambda sentence: progress.update(task, description=sentence)


def _write_suggestions(model: Path, table: Table, out: Path, told: Callable[[str], None]) -> int:
    """Write whole or not at all; only the owner can read it: reasons are words of messages."""
    from luoshi.formats.tables import write_csv
    from luoshi.insight.triage.model_file import load_model

    suggested = _suggestions(load_model(model), table, told)
    part = out.with_name(f"{out.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as target:
            rows = write_csv(target, COLUMNS, (_cells(one) for one in suggested))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _warned(read: Reading, known: Taxonomy) -> Iterator[str]:
    """Yield what was of no use, and what to do about it."""
    if read.broken:
        yield f"{read.broken} rows could not be read and were left out"
    if read.left_out:
        yield (
            f"{read.left_out} of {read.seen + read.seen_others} messages were left out by lot; "
            "--most says how many are learned from (0.2 GB of memory for a thousand)"
        )
    codes = {one.code for one in known.categories}
    strange = sorted({one.label for one in read.examples} - codes) if codes else []
    if strange:
        named = ", ".join(strange[:MOST_NAMED]) + (" …" if len(strange) > MOST_NAMED else "")
        yield (
            f"{len(strange)} labels are no codes of the taxonomy: {named}; a programme shows only "
            "its own codes: write those into the column label"
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
