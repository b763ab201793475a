"""How long it takes to be there: the database, and the command line."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bench.figure import Figure
from luoshi.store.embedded import cluster_below

ROUNDS = 7


def figures() -> Iterator[Figure]:
    """Measure starting the embedded database, and asking the command for help."""
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as name:
        Path(name).chmod(0o711)
        cluster = cluster_below(Path(name))
        cluster.start()
        cluster.stop()
        yield Figure(
            work="start the embedded PostgreSQL",
            value=_median(cluster.start, after=cluster.stop), unit="s",
            against="one second", limit=1, target=1,
        )  # fmt: skip
    yield Figure(
        work="`luoshi --version`",
        value=_median(lambda: _python("from luoshi.cli.app import main; main()", "--version")),
        unit="s",
        against="Python that does nothing",
        limit=_median(lambda: _python("pass")),
        target=20,
    )


def _python(code: str, *words: str) -> None:
    subprocess.run([sys.executable, "-c", code, *words], check=True, stdout=subprocess.DEVNULL)


def _median(act: Callable[[], object], after: Callable[[], object] = lambda: None) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
        after()
    return median(taken)
