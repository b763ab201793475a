"""The command ``luoshi``.

One file per sub-command; each is added here by one line. A command imports what it needs when
it runs, not when it is listed: ``luoshi check`` must not wait for Django.

Exit statuses  0 all well · 1 problems found, or refused · 2 wrong use · 3 environment not ready
Output         results go to stdout, all else to stderr; ``--json`` gives one JSON document
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import luoshi
from luoshi.cli import (
    administrators,
    backup,
    check,
    demo,
    diagram,
    export,
    founding,
    import_,
    init,
    keys,
    migrate_cases,
    restore,
    serve,
    simulate,
    staff,
    tokens,
    topics,
    triage,
    verify,
    webhooks,
    work,
)
from luoshi.cli.failures import FULL, DiskFull, told
from luoshi.kernel.errors import LuoshiError

PROBLEMS = 1
NOT_READY = 3
NOT_READY_CODES = ("database.", "environment.")

app = typer.Typer(
    name="luoshi",
    help="Luoshi (落实): every matter gets an answer, and every answer is carried through.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(administrators.app, name="administrators")
app.command("backup")(backup.backup)
app.command("check")(check.check)
app.command("demo")(demo.demo)
app.command("diagram")(diagram.diagram)
app.command("init")(init.init)
app.command("migrate-cases")(migrate_cases.migrate_cases)
app.command("restore")(restore.restore)
app.command("serve")(serve.serve)
app.add_typer(export.app, name="export")
import_.app.command("areas")(founding.areas)
import_.app.command("units")(founding.units)
import_.app.command("staff")(founding.staff)
app.add_typer(import_.app, name="import")
app.add_typer(keys.app, name="keys")
app.command("simulate")(simulate.simulate)
app.add_typer(staff.app, name="staff")
app.add_typer(tokens.app, name="tokens")
app.command("topics")(topics.topics)
app.add_typer(triage.app, name="triage")
app.command("verify")(verify.verify)
app.add_typer(webhooks.app, name="webhooks")
app.command("work")(work.work)


def _print_version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with the option's value
    if wanted:
        typer.echo(f"luoshi {luoshi.__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
]


@app.callback()
def luoshi_command(*, version: Version = False) -> None:
    """Luoshi (落实): every matter gets an answer, and every answer is carried through."""


def exit_status(error: LuoshiError) -> int:
    """Return the status with which *error* ends the command."""
    return NOT_READY if error.code.startswith(NOT_READY_CODES) else PROBLEMS


def main() -> None:
    """Run the command line; say errors made on purpose in one line, with the next step."""
    try:
        app()
    except LuoshiError as error:
        typer.echo(told(error), err=True)
        sys.exit(exit_status(error))
    except OSError as error:
        if error.errno not in FULL:
            raise
        typer.echo(told(DiskFull()), err=True)
        sys.exit(NOT_READY)
