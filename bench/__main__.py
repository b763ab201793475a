"""Measure, print the table, and say whether every target is reached.

python -m bench                 everything
python -m bench pages start     only these
python -m bench --readme        everything, and put the table into README.md
python -m bench --json FILE     everything, and write it to FILE
python -m bench lists --full    with 1 000 000 open and 10 000 000 ended cases; takes long
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from bench import acts, api, bulk, check, deadlines, lists, open311, pages, start
from bench.figure import Figure, Measure, rich_table, table

README = Path(__file__).resolve().parent.parent / "README.md"
MARKS = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)

MEASURES: dict[str, Measure] = {
    "acts": acts.figures,
    "lists": lists.figures,
    "bulk": bulk.figures,
    "deadlines": deadlines.figures,
    "check": check.figures,
    "open311": open311.figures,
    "api": api.figures,
    "pages": pages.figures,
    "start": start.figures,
}


def main() -> int:
    """Return 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--full", action="store_true", help="lists of the largest size")
    wanted = parser.parse_args()
    if wanted.full:
        MEASURES["lists"] = lambda: lists.figures(full=True)
    unknown = [name for name in wanted.names if name not in MEASURES]
    if unknown:
        parser.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    figures = [figure for name in wanted.names or MEASURES for figure in _run(name)]
    Console(soft_wrap=True).print(rich_table(figures))
    if wanted.json:
        found = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
        wanted.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    if wanted.readme:
        _write(figures)
    return 0 if all(figure.is_kept for figure in figures) else 1


def _run(name: str) -> list[Figure]:
    print(f"measuring {name} …", file=sys.stderr)
    found = []
    for figure in MEASURES[name]():
        print(f"  {figure.ratio:.3f}  {figure.work}", file=sys.stderr)
        found.append(figure)
    return found


def _write(figures: list[Figure]) -> None:
    text = README.read_text(encoding="utf-8")
    cores = f"\n`make bench` on {os.cpu_count()} cores, with other work; only the ratios travel.\n"
    filled = MARKS.sub(lambda marks: marks[1] + table(figures) + "\n" + cores + marks[2], text)
    README.write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
