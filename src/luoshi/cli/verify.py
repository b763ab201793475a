"""``luoshi verify``: prove that history is whole, and that the tables say what the facts say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installation

if TYPE_CHECKING:
    from luoshi.store.verification import Report

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def verify(*, as_json: AsJson = False) -> None:
    """Check the hash chain of every case, and that the fold of its facts equals the tables.

    Exit status 1, with the first differences, when something was changed behind Luoshi's back.
    """
    with installation():
        report = _verified()
    typer.echo(json.dumps(_document(report), ensure_ascii=False) if as_json else _told(report))
    raise typer.Exit(0 if report.ok else 1)


def _verified() -> Report:
    from rich.console import Console
    from rich.progress import track

    from luoshi.store import verification

    report = verification.Report()
    console = Console(stderr=True)
    chunks = -(-verification.count_cases() // verification.CHUNK)
    for _ in track(
        verification.verify(report),
        "Verifying",
        total=chunks + 1,
        console=console,
        disable=not console.is_terminal,
    ):
        pass
    return report


def _document(report: Report) -> dict[str, object]:
    return {
        "ok": report.ok,
        "cases": report.cases,
        "facts": report.facts,
        "deleted_values": report.deleted,
        "differences": report.count,
        "first": [{"case": one.case, "what": one.what} for one in report.differences],
    }


def _told(report: Report) -> str:
    counts = f"{report.cases} cases, {report.facts} facts, {report.deleted} values deleted in time"
    if report.ok:
        return f"all is as it was recorded: {counts}"
    listing = "\n".join(f"  {one.case}: {one.what}" for one in report.differences)
    return f"{report.count} difference(s) in {counts}\n{listing}"
