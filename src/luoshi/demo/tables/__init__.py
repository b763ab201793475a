"""Tables of the demonstration city: names, departments, duties. Invented; edit them freely."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the table *name*, by column."""
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def column(name: str, key: str) -> tuple[str, ...]:
    """Return one column of a table."""
    return tuple(row[key] for row in rows(name))
