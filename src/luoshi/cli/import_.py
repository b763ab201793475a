"""``luoshi import cases``: bring in what another system, or a spreadsheet, knows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installation, migrate

if TYPE_CHECKING:
    from luoshi.actions.bulk import Tally
    from luoshi.formats.columns import Columns
    from luoshi.formats.tables import Table

app = typer.Typer(help="Bring in cases from a file.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV (.gz) or XLSX.")]
ProgrammeId = Annotated[str, typer.Option("--programme", help="Programme that takes the cases.")]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="field=column; @id=column names the number at the source, @time=column the time of "
        "receipt; field= leaves a field out. May be given several times.",
    ),
]
Received = Annotated[
    str, typer.Option(help="'file': as the time column says; 'now': received by this import.")
]
ReportTo = Annotated[
    Path | None, typer.Option("--report", help="Where broken rows go; default FILE.broken.csv.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.callback()
def import_() -> None:
    """Bring in what another system, or a spreadsheet, knows."""


@app.command("cases")
def cases(
    file: File,
    programme: ProgrammeId,
    map_: Maps = None,
    received: Received = "file",
    report: ReportTo = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Register every row of FILE as a case; rows known already are left alone.

    The same checks and the same facts as on the screens. Wrong rows are written to a report with
    their row number and the reason; mend them there or in the file, and run again: only they are
    added. Exit status 1 when rows were broken.
    """
    from luoshi.formats.columns import columns_of
    from luoshi.formats.tables import read_table

    with installation():
        migrate()
        from luoshi.actions.bulk import Tally
        from luoshi.store.programmes import programme_of

        table = read_table(file)
        columns = columns_of(programme_of(programme), table.columns, _given(map_ or []))
        tally = Tally()
        reported = report or file.with_name(f"{file.name}.broken.csv")
        _run(programme, file, table, columns, tally, received == "file")
        _write_report(reported, file, columns, tally)
    document = _document(tally, columns, reported)
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else _told(document))
    raise typer.Exit(1 if tally.broken else 0)


def _given(maps: list[str]) -> dict[str, str]:
    given = {}
    for text in maps:
        name, equals, column = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not field=column", param_hint="--map")
        given[name.strip()] = column.strip()
    return given


def _run(
    programme: str, file: Path, table: Table, columns: Columns, tally: Tally, use_time: bool
) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from luoshi.actions.bulk import register_many
    from luoshi.actions.incoming import incoming
    from luoshi.store.programmes import calendar_of, programme_of

    console = Console(stderr=True)
    zone = calendar_of(programme_of(programme)).zone
    rows = incoming(programme_of(programme), table.rows, columns, zone, use_time)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(f"Registering {file.name}", total=_rows_in(file))
        for _ in register_many(programme, rows, tally):
            progress.update(bar, completed=tally.rows)


def _rows_in(file: Path) -> int | None:
    """Return about how many rows there are, for the bar; ``None`` when that is not cheap to know."""
    from luoshi.formats.tables import read_table

    if file.suffix.lower() != ".csv" or file.stat().st_size > 200_000_000:
        return None
    return sum(1 for _ in read_table(file).rows)


def _write_report(path: Path, file: Path, columns: Columns, tally: Tally) -> None:
    from luoshi.formats.tables import write_csv

    if not tally.broken:
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="", errors="replace") as out:
        head = ["row", "reason", *columns.all]
        write_csv(out, head, _broken_rows(file, columns, tally))


def _broken_rows(file: Path, columns: Columns, tally: Tally) -> Iterator[list[object]]:
    from luoshi.formats.tables import read_table

    reasons: Mapping[int, str] = {
        broken.row: "; ".join(
            " ".join(filter(None, (problem.field, problem.code))) for problem in broken.problems
        )
        for broken in tally.broken
    }
    for row in read_table(file).rows:
        if row.number in reasons:
            cells = [row.cells.get(name, "") for name in columns.all]
            yield [row.number, reasons[row.number], *cells]


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
    lines = [
        f"{document['registered']} registered, {document['already']} known already, "
        f"{document['broken']} broken"
    ]
    if document["ignored"]:
        lines.append(f"columns not used: {', '.join(map(str, document['ignored']))} (see --map)")  # type: ignore[call-overload]
    if document["report"]:
        lines.append(f"broken rows, with reasons: {document['report']}")
    return "\n".join(lines)
