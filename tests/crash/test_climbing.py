"""After a week in which no worker ran, every rung is climbed once, whoever is killed meanwhile.

Tens of thousands of rungs are due. A worker is killed in the midst of them, then the other one,
and one is started again: nothing is lost, nothing is done twice, nobody is woken.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from tests.crash.laddered import LETTERS, NUDGES, RUNGS, write
from tests.crash.site import LUOSHI, Site, ours

pytestmark = pytest.mark.slow

CASES = 4000
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
CONNECTED = """
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
WOKEN = "SELECT count(*) FROM luoshi_message WHERE sent IS NOT NULL OR tries > 0"


@dataclass(frozen=True)
class Behind:
    """An installation in which tens of thousands of rungs have come due, and nobody works."""

    site: Site
    quiet_until: datetime

    @property
    def environ(self) -> dict[str, str]:
        return ours(self.site.home) | {"LUOSHI_PROGRAMMES": str(self.site.home / "programmes")}

    def count(self, statement: str) -> int:
        return self.site.count(statement)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker, until it is killed."""
        with (self.site.home / "work.log").open("ab") as log:
            process = subprocess.Popen([LUOSHI, "work"], env=self.environ, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def wait_until(self, statement: str, least: int = 0, most: int = 1_000_000) -> None:
        give_up = time.monotonic() + 300
        while not least <= self.count(statement) <= most:
            assert time.monotonic() < give_up, (self.site.home / "work.log").read_text()
            time.sleep(0.05)


@pytest.fixture
def behind(home: Path) -> Iterator[Behind]:
    found = Behind(Site(home), write(home / "programmes"))
    with found.site.cluster.held():
        subprocess.run(
            [sys.executable, "-m", "tests.crash.laddered", str(CASES)],
            env=found.environ, check=True,
        )  # fmt: skip
        yield found


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it at once, without a word (SIGKILL)."""
    process.kill()
    process.wait()


def test_workers_catch_up_once_though_they_are_killed(behind: Behind) -> None:
    assert behind.count(DUE) == CASES
    with behind.worker() as first, behind.worker() as second:
        behind.wait_until(CLIMBED, least=RUNGS * CASES // 20)
        kill(first)
        behind.wait_until(CLIMBED, least=RUNGS * CASES // 5)
        kill(second)
    behind.wait_until(CONNECTED, most=0)  # PostgreSQL ends what it was told to do
    left = behind.count(DUE)
    assert left > 0, "they were killed too late to learn anything"
    time.sleep(1.0)
    assert behind.count(DUE) == left  # nobody works
    with behind.worker(), behind.worker():
        behind.wait_until(DUE, most=0)
        time.sleep(1.5)  # whoever still works does what there is to do
    assert behind.count(CLIMBED) == RUNGS * CASES
    assert behind.count(TWICE) == 0
    assert behind.count(NOT_IN_ORDER) == 0
    assert behind.count("SELECT count(*) FROM luoshi_fact WHERE act = 'nudge'") == NUDGES * CASES
    nobody_is_woken(behind)
    behind.site.verify()


def nobody_is_woken(behind: Behind) -> None:
    """Every letter is there once, and waits for the end of the quiet hours."""
    end = int(behind.quiet_until.timestamp())
    assert behind.count("SELECT count(*) FROM luoshi_message") == LETTERS * CASES
    assert behind.count("SELECT extract(epoch FROM min(next_try)) FROM luoshi_message") == end
    assert behind.count("SELECT extract(epoch FROM max(next_try)) FROM luoshi_message") == end
    assert behind.count(WOKEN) == 0
