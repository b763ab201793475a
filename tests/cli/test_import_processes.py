"""``luoshi import cases`` in processes of its own: helped by others, or killed half way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.cli.test_import import BAD, bad, good, written

from luoshi.store.embedded import cluster_below

LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]


HALT = """
CREATE FUNCTION halt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM luoshi_case) THEN PERFORM pg_advisory_xact_lock(1); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER halt BEFORE INSERT ON luoshi_case EXECUTE FUNCTION halt();
SELECT pg_advisory_lock(1);
"""
GO_ON = """
SELECT pg_advisory_unlock(1);
DROP TRIGGER halt ON luoshi_case;
DROP FUNCTION halt;
"""


@contextmanager
def halted_half_way(home: Path) -> Iterator[None]:
    """Let the second batch of cases that is written in *home* wait until the end of the block."""
    cluster = cluster_below(home)
    with cluster.held(), psycopg.connect(cluster.conninfo(), autocommit=True) as keeping:
        keeping.execute(HALT)
        yield
        for statement in GO_ON.strip().splitlines():
            keeping.execute(statement.encode())


@pytest.mark.slow
@pytest.mark.parametrize("helpers", [0, 2])
def test_killed_half_way_and_run_again_it_is_complete(tmp_path: Path, helpers: int) -> None:
    tmp_path.chmod(0o711)
    home = tmp_path / "home"
    path = written(tmp_path / "t.csv", [good(number) for number in range(9_000)])
    words = [*LUOSHI, "import", "cases", str(path), "--programme", "hotline", "--json"]
    words += ["--processes", str(helpers)]
    environ = {"PATH": os.environ["PATH"], "LUOSHI_HOME": str(home)}
    subprocess.run([*LUOSHI, "init"], env=environ, capture_output=True, check=True)
    with halted_half_way(home):
        run = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL)
        assert cases_when_killed(run, home) == 2_000
        assert none_are_left(str(home))
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=True)
    document = json.loads(done.stdout)
    assert document["registered"] + document["already"] == 9_000
    assert document["already"] == 2_000
    verified = subprocess.run(
        [*LUOSHI, "verify", "--json"], env=environ, capture_output=True, text=True, check=True
    )
    assert json.loads(verified.stdout)["cases"] == 9_000


def none_are_left(home: str) -> bool:
    """Return whether every helper of an import in *home* has ended, or does so shortly."""
    give_up = time.monotonic() + 300
    while any(helps(process, home) for process in Path("/proc").glob("[0-9]*")):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


def helps(process: Path, home: str) -> bool:
    try:
        is_helper = b"multiprocessing" in (process / "cmdline").read_bytes()
        return is_helper and f"LUOSHI_HOME={home}\0".encode() in (process / "environ").read_bytes()
    except OSError:
        return False


@pytest.mark.slow
def test_helpers_decide_as_one_alone_would(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    rows = [good(number) for number in range(5_000)]
    rows[10] = bad(10, BAD["no telephone"])
    rows[2_500] = good(3)
    rows[2_501] = ["S2600", *good(1)[1:]]
    rows[4_999] = [*good(7)[:2], "别的", "", ""]
    path = written(tmp_path / "t.csv", rows)
    told = {}
    for helpers in ("0", "2"):
        home = tmp_path / helpers
        environ = {"PATH": os.environ["PATH"], "LUOSHI_HOME": str(home)}
        words = ["import", "cases", str(path), "--programme", "hotline", "--json"]
        words += ["--processes", helpers, "--report", str(tmp_path / f"{helpers}.csv")]
        done = subprocess.run(
            [*LUOSHI, *words],
            env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        with cluster_below(home).held(), psycopg.connect(cluster_below(home).conninfo()) as run:
            found = run.execute(
                "SELECT id, number, state, due, unit FROM luoshi_case ORDER BY id"
            ).fetchall()
        told[helpers] = (json.loads(done.stdout)["already"], found)
    assert told["0"] == told["2"]
    assert len(told["0"][1]) == 4_996
    reports = [(tmp_path / f"{helpers}.csv").read_text("utf-8-sig") for helpers in ("0", "2")]
    assert reports[0] == reports[1]


def cases_when_killed(run: subprocess.Popen[bytes], home: Path) -> int:
    """Kill *run* as soon as its first batch is in, and return how many cases are."""
    give_up = time.monotonic() + 300
    while run.poll() is None and time.monotonic() < give_up:
        found = cases_in(home)
        if found:
            run.send_signal(signal.SIGKILL)
            run.wait()
            return cases_in(home)
        time.sleep(0.05)
    pytest.fail("the import ended, or never began, before it could be killed")


def cases_in(home: Path) -> int:
    try:
        with psycopg.connect(cluster_below(home).conninfo(), connect_timeout=5) as connection:
            row = connection.execute("SELECT count(*) FROM luoshi_case").fetchone()
            return int(row[0]) if row else 0
    except (psycopg.Error, OSError):
        return 0
