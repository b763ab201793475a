"""After a week in which no worker ran, every rung is climbed once, whoever is killed meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.crash.laddered import LETTERS, NUDGES, RUNGS, write
from tests.crash.site import LUOSHI, Site, ours

pytestmark = pytest.mark.slow

CASES = 400
DUE = "SELECT count(*) FROM luoshi_clock WHERE next_rung <= now()"
CLIMBED = "SELECT count(*) FROM luoshi_fact WHERE act = '@rung'"
TWICE = """
SELECT count(*) FROM (
  SELECT case_id FROM luoshi_fact WHERE act = '@rung' GROUP BY case_id
  HAVING count(*) <> 5 OR count(DISTINCT body::json #>> '{clocks,0,rungs,0,0}') <> 5
) q
"""
NOT_IN_ORDER = """
SELECT count(*) FROM luoshi_fact a JOIN luoshi_fact b USING (case_id)
WHERE a.act = '@rung' AND b.act = '@rung' AND a.seq < b.seq
  AND a.body::json #>> '{clocks,0,rungs,0,1}' > b.body::json #>> '{clocks,0,rungs,0,1}'
"""


@pytest.fixture
def behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An installation in which thousands of rungs have come due, and nobody works."""
    write(home / "programmes")
    monkeypatch.setenv("LUOSHI_PROGRAMMES", str(home / "programmes"))
    site = Site(home)
    with site.cluster.held():
        subprocess.run(
            [sys.executable, "-m", "tests.crash.laddered", str(CASES)],
            env=environ(site), check=True,
        )  # fmt: skip
        yield site


def environ(site: Site) -> dict[str, str]:
    return ours(site.home) | {"LUOSHI_PROGRAMMES": str(site.home / "programmes")}


@contextmanager
def working(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, until it is killed."""
    with (site.home / "work.log").open("ab") as log:
        process = subprocess.Popen([LUOSHI, "work"], env=environ(site), stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(site: Site, statement: str, least: int = 0, most: int = 1_000_000) -> None:
    give_up = time.monotonic() + 300
    while not least <= site.count(statement) <= most:
        assert time.monotonic() < give_up, (site.home / "work.log").read_text()
        time.sleep(0.05)


def test_two_workers_catch_up_though_one_is_killed(behind: Site) -> None:
    assert behind.count(DUE) == CASES
    with ExitStack() as stack:
        killed, _ = (stack.enter_context(working(behind)) for _ in range(2))
        wait_until(behind, CLIMBED, least=RUNGS * CASES // 4)
        killed.kill()
        assert behind.count(DUE) > 0, "it was killed too late to learn anything"
        wait_until(behind, DUE, most=0)
        time.sleep(1.5)  # whoever still works does what there is to do
    assert behind.count(CLIMBED) == RUNGS * CASES
    assert behind.count(TWICE) == 0
    assert behind.count(NOT_IN_ORDER) == 0
    assert behind.count("SELECT count(*) FROM luoshi_fact WHERE act = 'nudge'") == NUDGES * CASES
    assert behind.count("SELECT count(*) FROM luoshi_message") == LETTERS * CASES
    behind.verify()
