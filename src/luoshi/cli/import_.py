"""``luoshi import cases``: bring in what another system, or a spreadsheet, knows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installation, ready
from luoshi.cli.options import AsJson, FrameName
from luoshi.cli.tables import said

if TYPE_CHECKING:
    from luoshi.actions.bulk import Tally
    from luoshi.actions.incoming import Reader
    from luoshi.formats.columns import Columns
    from luoshi.kernel.errors import FieldProblem
    from luoshi.kernel.programme import Programme

app = typer.Typer(help="Bring in areas, units, staff or cases from a file.", no_args_is_help=True)

MANY_BYTES = 10_000_000
"""Bytes from which on a file is big."""

MOST_COUNTED = 200_000_000
"""Bytes up to which the rows of a file are counted first, for the bar."""

File = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="CSV (.gz) or XLSX.")
]
ProgrammeId = Annotated[str, typer.Option("--programme", help="Programme that takes the cases.")]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="field=column; @id=column names the number at the source, @time=column the time of "
        "receipt, @lon=column and @lat=column a point; field= leaves a field out. May be given "
        "several times.",
    ),
]
Received = Annotated[
    str, typer.Option(help="'file': as the time column says; 'now': received by this import.")
]
ReportTo = Annotated[
    Path | None,
    typer.Option(
        "--report",
        help="Where broken rows go; default FILE.broken.csv. An older report is replaced.",
    ),
]
Processes = Annotated[
    int,
    typer.Option(
        min=-1, max=64, help="How many more decide about rows meanwhile; -1: two for a big file."
    ),
]


@app.callback()
def import_() -> None:
    """Bring in what another system, or a spreadsheet, knows."""


@app.command("cases")
def cases(
    file: File,
    programme: ProgrammeId,
    map_: Maps = None,
    received: Received = "file",
    frame: FrameName = "cgcs2000",
    report: ReportTo = None,
    processes: Processes = -1,
    *,
    as_json: AsJson = False,
) -> None:
    """Register every row of FILE as a case; rows known already are left alone.

    The same checks and the same facts as on the screens. Wrong rows are written to a report with
    their row number and the reason; mend them there or in the file, and run again: only they are
    added. Exit status 1 when rows were broken.

    Example: luoshi import cases calls.csv --programme hotline --map content=details
    """
    from luoshi.formats.coordinates import frame_named

    reported = _reported(file, report)
    if received not in ("file", "now"):
        raise typer.BadParameter("say 'file' or 'now'", param_hint="--received")
    declared, given = frame_named(frame), _given(map_ or [])
    with installation():
        ready()
        from luoshi.actions.incoming import Reader
        from luoshi.store.programmes import calendar_of, programme_of

        taking = programme_of(programme)
        columns = _columns(file, taking, given)
        reader = Reader(taking, columns, calendar_of(taking).zone, received == "file", declared)
        tally = _registered(file, reader, reported, _helpers(file) if processes < 0 else processes)
    document = _document(tally, columns, reported)
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else _told(document))
    raise typer.Exit(1 if tally.broken else 0)


def _reported(file: Path, report: Path | None) -> Path:
    """Return where broken rows go."""
    reported = report or file.with_name(f"{file.name}.broken.csv")
    if reported.exists() and reported.samefile(file):
        raise typer.BadParameter("is the file that is read", param_hint="--report")
    return reported


def _given(maps: list[str]) -> dict[str, str]:
    given = {}
    for text in maps:
        name, equals, column = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not field=column", param_hint="--map")
        given[name.strip()] = column.strip()
    return given


def _columns(file: Path, programme: Programme, given: Mapping[str, str]) -> Columns:
    """Return which column of *file* holds what; of a workbook, of the sheet that has them."""
    from luoshi.formats.columns import ColumnsUnclear, columns_of
    from luoshi.formats.tables import read_table

    def fits(names: Sequence[str]) -> bool:
        try:
            return bool(columns_of(programme, names, given))
        except ColumnsUnclear:
            return False

    with said(read_table(file, fits)) as table:
        return columns_of(programme, table.columns, given)


def _helpers(file: Path) -> int:
    """Return how many processes are worth their start: none for what is done in a minute."""
    packed = file.suffix.lower() in (".gz", ".xlsx", ".xlsm")
    is_big = file.stat().st_size > (MANY_BYTES // 5 if packed else MANY_BYTES)
    return 2 if is_big and (os.cpu_count() or 1) > 1 else 0


def _registered(file: Path, reader: Reader, reported: Path, processes: int) -> Tally:
    """Register every row; report the broken ones, also when something ends it early."""
    from luoshi.actions.bulk import Tally

    tally = Tally()
    try:
        _run(file, reader, tally, processes)
    finally:
        _write_report(reported, file, reader.columns, tally)
    return tally


def _run(file: Path, reader: Reader, tally: Tally, processes: int) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from luoshi.actions.bulk import register_many
    from luoshi.formats.tables import read_table

    console = Console(stderr=True)
    shown = console.is_terminal
    bars = Progress(console=console, disable=not shown)
    with bars as progress, read_table(file, reader.columns.all.__eq__) as table:
        bar = progress.add_task(
            f"Registering {file.name}", total=_rows_in(file, reader.columns) if shown else None
        )
        rows = reader.incoming(table.rows)
        for _ in register_many(reader.programme.id, rows, tally, processes=processes):
            progress.update(bar, completed=tally.rows)


def _rows_in(file: Path, columns: Columns) -> int | None:
    """Return how many rows there are, for the bar; ``None`` when that takes too long to know."""
    from luoshi.formats.tables import read_table

    if file.stat().st_size > MOST_COUNTED:
        return None
    with read_table(file, columns.all.__eq__) as table:
        return sum(1 for _ in table.rows)


def _write_report(path: Path, file: Path, columns: Columns, tally: Tally) -> None:
    from luoshi.formats.tables import REPORT, write_csv

    if not tally.broken:
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)  # also when the file was there before
    with os.fdopen(
        descriptor, "w", encoding="utf-8-sig", newline="", errors="surrogateescape"
    ) as out:  # a byte that was no text is none in the report either
        write_csv(out, [*REPORT, *columns.all], _broken_rows(file, columns, tally))


def _broken_rows(file: Path, columns: Columns, tally: Tally) -> Iterator[list[object]]:
    from luoshi.formats.encodings import bytes_kept
    from luoshi.formats.tables import read_table

    reasons = {
        broken.row: "; ".join(_reason(problem) for problem in broken.problems)
        for broken in tally.broken
    }
    left = len(reasons)
    with read_table(file, columns.all.__eq__) as table:
        for row in table.rows:
            if row.number in reasons:
                yield [row.number, reasons[row.number], *map(bytes_kept, row.raw)]
                left -= 1
            if not left:
                return


def _reason(problem: FieldProblem) -> str:
    data = {} if problem.code == "field.missing" else problem.data  # its sentence says it
    facts = ", ".join(f"{name} {value}" for name, value in data.items())
    said = " ".join(filter(None, (problem.field.lstrip("@"), problem.code)))
    sentences = " · ".join(_sentences(problem))
    return (f"{said} ({facts})" if facts else said) + (f": {sentences}" if sentences else "")


def _sentences(problem: FieldProblem) -> Iterator[str]:
    """Yield what people read of *problem*, in Chinese and in English; codes of rows say it all."""
    from django.utils.translation import override

    from luoshi.actions.sentences import ANSWERS, REFUSALS, problem_sentence

    known = problem.code in ANSWERS or problem.code in REFUSALS
    for language in ("zh-hans", "en") if known else ():
        with override(language):
            is_answer = problem.code in ANSWERS
            yield problem_sentence(problem) if is_answer else str(REFUSALS[problem.code])


def _document(tally: Tally, columns: Columns, report: Path) -> dict[str, object]:
    return {
        "registered": tally.registered,
        "already": tally.already,
        "broken": len(tally.broken),
        "rows": tally.rows,
        "columns": dict(columns.fields),
        "ignored": list(columns.ignored),
        "report": str(report) if tally.broken else "",
    }


def _told(document: Mapping[str, object]) -> str:
    lines = ["{registered} registered, {already} known already, {broken} broken"]
    lines += ["columns not used: {unused} (see --map)"] if document["ignored"] else []
    lines += ["broken rows, with reasons: {report}"] if document["report"] else []
    unused = str(document["ignored"])[1:-1].replace("'", "")
    return "\n".join(lines).format(**document, unused=unused)
