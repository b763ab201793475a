"""``luoshi verify``: prove that history is whole, and that the tables say what the facts say."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.installation import installed
from luoshi.cli.options import AsJson

if TYPE_CHECKING:
    from luoshi.store.verification import Report

MANY = 50_000
"""Cases from which on a second process is worth its start."""

Share = tuple[str, str]
Processes = Annotated[
    int, typer.Option(min=0, max=64, help="How many look at once; 0: two when there is much.")
]


def verify(*, processes: Processes = 0, as_json: AsJson = False) -> None:
    """Check the hash chain of every case, and that the fold of its facts equals the tables.

    Exit status 1, with the first differences, when something was changed behind Luoshi's back.
    """
    with installed():
        report = _verified(processes)
    typer.echo(json.dumps(_document(report), ensure_ascii=False) if as_json else _told(report))
    raise typer.Exit(0 if report.ok else 1)


def _verified(processes: int) -> Report:
    from rich.console import Console
    from rich.progress import Progress

    from luoshi.store import verification

    console = Console(stderr=True)
    count = verification.count_cases()
    parts = processes or (2 if count >= MANY and (os.cpu_count() or 1) > 1 else 1)
    ours, *others = verification.shares(count, parts)
    report = verification.Report()
    with _beside(others) as lines, Progress(console=console, disable=not console.is_terminal) as p:
        bar = p.add_task("Verifying", total=count)
        for _ in verification.verify(report, *ours):
            p.update(bar, completed=report.cases * parts)
        for line in lines:
            report.include(line())
    return report


@contextmanager
def _beside(shares: Sequence[Share]) -> Iterator[list[Callable[[], Report]]]:
    """Verify each of *shares* in a process of its own; yield what waits for their reports."""
    spawning = multiprocessing.get_context("spawn")
    lines, running = [], []
    for share in shares:
        ours, theirs = spawning.Pipe(duplex=False)
        process = spawning.Process(target=verify_share, args=(theirs, share), daemon=True)
        process.start()
        theirs.close()
        lines.append(ours.recv)
        running.append(process)
    try:
        yield lines
    finally:
        for process in running:
            process.terminate()
            process.join()


def verify_share(told: Connection, share: Share) -> None:
    """Verify one share of the cases, and tell what was found."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both: whoever asked will tell
    with installed():
        from luoshi.store import verification

        report = verification.Report()
        for _ in verification.verify(report, *share):
            pass
        told.send(report)


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
