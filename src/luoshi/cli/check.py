"""``luoshi check``: is what the programmes promise sound, and do their scenarios come true?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.folders import CALENDARS, Calendars
from luoshi.cli.options import AsJson

if TYPE_CHECKING:
    from luoshi.formats.judgement import Judgement
    from luoshi.kernel.errors import Problem

Root = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Folder of programmes, or of one programme.")
]


def check(root: Root, *, calendars: Calendars = CALENDARS, as_json: AsJson = False) -> None:
    """Prove programmes sound and play their scenarios; say every problem with file and line.

    Exit status 1 when there is a problem.

    Example: luoshi check programmes/
    """
    from luoshi.formats.judgement import judged

    judgement = judged(root, calendars)
    if as_json:
        typer.echo(json.dumps(_document(judgement), ensure_ascii=False))
    else:
        typer.echo(_told(judgement, root))
    raise typer.Exit(1 if judgement.problems else 0)


def _document(judgement: Judgement) -> dict[str, object]:
    return {
        "programmes": len(judgement.programmes),
        "problems": len(judgement.problems),
        "list": [asdict(problem) for problem in judgement.problems],
    }


def _told(judgement: Judgement, root: Path) -> str:
    """Return a line for each problem, as an editor can follow it, and the count."""
    folder = root.parent if judgement.programmes == [root.name] else root
    lines = [
        f"{_where(problem, folder, root)}: {_said(problem)}" for problem in judgement.problems
    ]
    count = f"{len(judgement.programmes)} programme(s), {len(judgement.problems)} problem(s)"
    return "\n".join([*lines, count])


def _where(problem: Problem, folder: Path, root: Path) -> str:
    return f"{folder / problem.file}:{problem.line}" if problem.file else str(root)


def _said(problem: Problem) -> str:
    return f"{problem.path}: {problem.message}" if problem.path else problem.message
