"""Measure, print the table, and say whether every target is reached.

python -m bench                 everything
python -m bench pages start     only these
python -m bench --readme        everything, and put the table into README.md
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from bench import pages, start
from bench.figure import Figure, Measure, table

README = Path(__file__).resolve().parent.parent / "README.md"
MARKS = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)

MEASURES: dict[str, Measure] = {
    "pages": pages.figures,
    "start": start.figures,
}


def main() -> int:
    """Return 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    wanted = parser.parse_args()
    unknown = [name for name in wanted.names if name not in MEASURES]
    if unknown:
        parser.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    figures = [figure for name in wanted.names or MEASURES for figure in _run(name)]
    print(table(figures))
    if wanted.readme:
        _write(figures)
    return 0 if all(figure.is_kept for figure in figures) else 1


def _run(name: str) -> list[Figure]:
    print(f"measuring {name} …", file=sys.stderr)
    return list(MEASURES[name]())


def _write(figures: list[Figure]) -> None:
    text = README.read_text(encoding="utf-8")
    cores = f"\nMeasured with {os.cpu_count()} cores; only the ratios travel.\n"
    filled = MARKS.sub(lambda marks: marks[1] + table(figures) + "\n" + cores + marks[2], text)
    README.write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
