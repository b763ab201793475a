"""What lists cost when there is much: a worklist page, and finding what has just fallen due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from bench.figure import Figure
from bench.many import fill
from bench.site import OURS, get, home, rates, serving

FEW = (1_000, 3_000)
MANY = (100_000, 300_000)
FULL = (1_000_000, 10_000_000)
CLOCKS = 1_000_000


def figures(*, full: bool = False) -> Iterator[Figure]:
    """Measure the worklist of a supervisor, who sees everything, at two sizes; then the tick."""
    size = FULL if full else MANY
    with ExitStack() as stack:
        asked = {}
        for open_cases, ended in (FEW, size):
            made = stack.enter_context(home())
            session = made.city("settle")["sessions"]["supervisor"]
            fill(made, open_cases, ended, CLOCKS // size[0])
            page = get("/desk/", f"Cookie: luoshi={session}")
            asked[stack.enter_context(serving(made, OURS))] = page
        few, many = rates(asked, seconds=1.5, rounds=7, clients=1).values()
        yield Figure(
            work=f"worklist page, 20 rows, {size[0]:,} open and {size[1]:,} ended cases",
            value=1000 / many, unit="ms",
            against=f"with {FEW[0]:,} and {FEW[1]:,}", limit=1000 / few, target=2,
        )  # fmt: skip
        told = made.run("bench.many", "due")
    yield Figure(
        work=f"find the {told['found']:,} cases that fell due in a minute, {CLOCKS:,} clocks",
        value=told["ours"] * 1000, unit="ms",
        against="index-only scan", limit=told["scan"] * 1000, target=2,
    )  # fmt: skip
