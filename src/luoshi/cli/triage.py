"""``luoshi triage``: train the model that suggests categories, and try it on a file.

Neither command changes a case: the model is a file, and what it writes are suggestions.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import home_named
from luoshi.cli.messages import (
    CASES,
    MOST,
    TEXTS,
    Reading,
    example_of,
    printable,
    require,
    taxonomy_in,
)
from luoshi.cli.tables import said
from luoshi.cli.targets import (
    refuse_other_tables,
    refuse_target,
    write_table,
)
from luoshi.cli.telling import telling

if TYPE_CHECKING:
    from luoshi.cli.judged import Judging
    from luoshi.formats.tables import Table
    from luoshi.insight.triage.model import Model, Suggestion
    from luoshi.insight.triage.taxonomy import Taxonomy

COLUMNS = ("category", "confidence", "unknown", "reasons")
MODELS = "models"
"""Folder of an installation in which its own models lie."""
BATCH = 1024
MOST_NAMED = 5
"""Labels that a warning names."""

app = typer.Typer(help="Suggest categories for messages, and learn to.", no_args_is_help=True)


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
Out = Annotated[
    Path, typer.Option("--out", help="Where to write; a file that is there is replaced.")
]
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
Labelled = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="CSV (.gz) or XLSX: label, and subject and details, or tokens.",
    ),
]
Misses = Annotated[
    Path | None, typer.Option("--out", help="Where to write the messages it is wrong about.")
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
    if programme and CASES not in (from_ or []):
        raise typer.BadParameter("it names the cases of --from cases", param_hint="--programme")
    if not from_ and not taxonomy:
        raise typer.BadParameter(
            "say what to learn from: cases, a file, or --taxonomy alone", param_hint="--from"
        )
    _make_way(out)
    refuse_target(out, [*files, *(also or []), *([taxonomy] if taxonomy else [])])
    known = taxonomy_in(taxonomy) if taxonomy else Taxonomy()
    with telling() as told:
        read = Reading(told, most)
        for source in from_ or []:
            read.source(source, programme)
        for path in also or []:
            read.more(path)
    for warning in _warned(read, known):  # beforehand: it may be why nothing can be learned
        typer.echo(f"luoshi: {warning}", err=True)
    with telling() as told:
        told(f"Learning from {len(read.examples):,} messages: a minute for some thousands")
        costs = Costs(cost_asking, cost_wrong)
        model = training.train(read.examples, known, costs, read.others)
        save_model(model, out)
    typer.echo(_told(model, out))


@app.command("predict")
def predict(file: File, model: ModelFile, out: Out) -> None:
    """Write a suggested category for every row of FILE, in the order of its rows.

    Example: luoshi triage predict new.csv --model city.model --out suggested.csv
    """
    from luoshi.cli.judged import suggestion_cells
    from luoshi.formats.headers import read_messages
    from luoshi.insight.triage.model_file import load_model

    refuse_target(out, [file, model])
    refuse_other_tables(out)
    with telling() as told, said(read_messages(file)) as table:
        require(file, table, TEXTS)
        suggested = _suggestions(load_model(model), _rows(table), told)
        cells = (suggestion_cells(one) for one in suggested)
        rows = write_table(out, COLUMNS, cells, encoding="utf-8")
    typer.echo(f"{rows} rows: {out}")


@app.command("judge")
def judge(file: Labelled, model: ModelFile, out: Misses = None) -> None:
    """Hold what the model suggests for FILE against the categories that people gave.

    Take messages it has not learned from: the others it knows.

    Example: luoshi triage judge unseen.csv --model city.model --out misses.csv
    """
    from rich.console import Console

    from luoshi.cli.judged import COLUMNS as MISSED
    from luoshi.cli.judged import Judging, by_category, confused, summary
    from luoshi.formats.headers import read_messages
    from luoshi.insight.triage.model_file import load_model

    if out:
        refuse_target(out, [file, model])
        refuse_other_tables(out)
    judge_of = load_model(model)
    with telling() as told, said(read_messages(file, labelled=True)) as table:
        judging = Judging(file, table)
        misses = judging.misses(lambda words: _suggestions(judge_of, words, told))
        if out:
            write_table(out, MISSED, misses, encoding="utf-8-sig")
        else:
            deque(misses, maxlen=0)
    for warning in _strange(judging, judge_of):
        typer.echo(f"luoshi: {warning}", err=True)
    typer.echo(summary(judging.found))
    console = Console(markup=False, emoji=False, highlight=False)  # labels are text, not markup
    console.print(by_category(judging.found))
    if judging.found.confusions(1):
        console.print(confused(judging.found))


def _make_way(out: Path) -> None:
    """Make the folder in which an installation looks for its own models, and no other."""
    home = home_named()
    if home.is_dir() and out.resolve().parent == (home / MODELS).resolve():
        with suppress(OSError):  # what stands in the way is told by ``refuse_target``
            out.parent.mkdir(exist_ok=True)


def _suggestions(
    model: Model, messages: Iterable[Sequence[str]], told: Callable[[str], None]
) -> Iterator[Suggestion]:
    """Yield a suggestion for each of *messages*, given as words."""
    batch: list[Sequence[str]] = []
    for number, words in enumerate(messages, start=1):
        batch.append(words)
        if len(batch) == BATCH:
            yield from model.suggest_words(batch)
            batch.clear()
            told(f"Suggesting: {number:,} rows")
    yield from model.suggest_words(batch)


def _rows(table: Table) -> Iterator[Sequence[str]]:
    """Yield the words of every row, of broken ones too; empty rows keep their places."""
    number = 1
    for row in table.rows:
        yield from ([] for _ in range(row.number - number - 1))
        yield example_of("", row.cells).words
        number = row.number


def _warned(read: Reading, known: Taxonomy) -> Iterator[str]:
    """Yield what was of no use, and what to do about it."""
    if read.broken:
        yield (
            f"{len(read.broken)} rows could not be read and were left out: {_named(read.broken)}; "
            f"the first: {read.why}"
        )
    if read.left_out:
        yield (
            f"{read.left_out} of {read.seen + read.seen_others} messages were left out by lot; "
            "--most says how many are learned from (0.2 GB of memory for a thousand)"
        )
    codes = {one.code for one in known.categories}
    strange = sorted({one.label for one in read.examples} - codes) if codes else []
    if strange:
        yield (
            f"{len(strange)} labels are no codes of the taxonomy: {_named(strange)}; a programme "
            "shows only its own codes: write those into the column label"
        )


def _strange(judging: Judging, model: Model) -> Iterator[str]:
    """Yield what could not be judged, or not be right."""
    if judging.left_out:
        yield f"{judging.left_out} rows without a label, or that cannot be read, were left out"
    given = Counter[str]()
    for (label, _), count in judging.found.pairs.items():
        given[label] += count
    strange = sorted(set(given) - set(model.labels))
    if strange:
        yield (
            f"{sum(given[label] for label in strange)} messages have labels that the model does "
            f"not know: {_named(strange)}; it cannot be right about them"
        )


def _named(labels: Sequence[str]) -> str:
    named = ", ".join(map(printable, labels[:MOST_NAMED]))
    return named + (" …" if len(labels) > MOST_NAMED else "")


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
