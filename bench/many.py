"""Rows by the hundred thousand, as lists and ticks see them; and how long the tick looks for work.

LUOSHI_HOME=… python -m bench.many due             prints seconds: ours, and the index-only scan
LUOSHI_HOME=… python -m bench.many behind CASES    prints rungs, and per second: ours, bare inserts
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

import psycopg

from bench.site import Home

ROUNDS = 151

CASES = """
INSERT INTO luoshi_case (id, programme, version, number, state, kind, step, head, opened, moved,
  due, warn, unit, area, category, lon, lat, cell, "values", code_digest)
SELECT md5(%(kind)s || n)::uuid, 'hotline', %(version)s, %(kind)s || n,
  (%(states)s::text[])[1 + n %% cardinality(%(states)s::text[])], %(kind)s, 1,
  sha256(n::text::bytea), at, at + interval '3 days',
  CASE WHEN %(kind)s = 'open' THEN at + interval '12 days' END,
  CASE WHEN %(kind)s = 'open' THEN at + interval '10 days' END,
  (%(units)s::text[])[1 + n %% cardinality(%(units)s::text[])],
  (%(areas)s::text[])[1 + n %% cardinality(%(areas)s::text[])], 'roads.streetlight',
  122.5, 35.5, NULL, '{"channel": "phone"}', NULL
FROM (
  SELECT n, now() - %(days)s * interval '1 day' * (n::float / %(count)s) AS at
  FROM generate_series(1, %(count)s) n
) q
"""
CLOCKS = """
INSERT INTO luoshi_clock (case_id, name, kind, state, started, due, warn, provisional, "limit",
  rests_on, extended, next_rung)
SELECT id, 'clock' || k, 'duty', 'running', opened, due + k * interval '7 hours', warn, false,
  '15 working days', 'ordinance art. 20', 0, due + k * interval '7 hours'
FROM luoshi_case, generate_series(1, %(each)s) k WHERE kind = 'open' ORDER BY 6
"""
TITLES = """
INSERT INTO luoshi_personal (case_id, seq, field, value, salt)
SELECT id, 1, 'subject', '"某路路灯不亮，晚上看不清"', '\\x00' FROM luoshi_case WHERE kind = 'open'
"""
SCAN = """
SELECT next_rung, case_id FROM luoshi_clock WHERE next_rung <= %s AND next_rung > %s
ORDER BY next_rung, case_id
"""
OPEN = ["accepted", "dispatched", "handling", "returned"]
ENDED = ["closed", "answered_on_spot", "declined"]


def fill(made: Home, open_cases: int, ended: int, clocks_each: int = 1) -> None:
    """Put so many cases into the tables, each open one with so many running clocks."""
    with psycopg.connect(made.cluster.conninfo(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        units = [row[0] for row in connection.execute("SELECT code FROM store_unit")]
        areas = [row[0] for row in connection.execute("SELECT code FROM store_area")]
        version = connection.execute(
            "SELECT version FROM luoshi_programme WHERE programme = 'hotline'"
        ).fetchone()
        shared = {"units": units, "areas": areas, "version": version[0] if version else ""}
        for kind, states, count, days in (
            ("open", OPEN, open_cases, 30),
            ("done", ENDED, ended, 900),
        ):
            given = {"kind": kind, "states": states, "count": count, "days": days}
            connection.execute(CASES, shared | given)
        connection.execute(CLOCKS, {"each": clocks_each})
        connection.execute(TITLES)
        connection.execute("VACUUM ANALYZE")


def due() -> dict[str, float]:
    """Return how long the tick looks for what came due in the last minute, and a bare scan."""
    from luoshi.actions.climbing import cases_due
    from luoshi.store import records

    with records.cursor() as run:
        # The worker has climbed everything up to a minute ago: those clocks have no next rung.
        run.execute("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY due) FROM luoshi_clock")
        (now,) = run.fetchone() or (None,)
        run.execute(
            "UPDATE luoshi_clock SET next_rung = NULL WHERE next_rung <= %s - interval '1 minute'",
            (now,),
        )
        run.execute("VACUUM ANALYZE luoshi_clock")

        def scan() -> int:
            run.execute(SCAN, (now, "2000-01-01"), prepare=True)
            return len(run.fetchall())

        found = len(cases_due(now, 100_000))
        assert 0 < found <= scan()
        ours, limit = _timed(lambda: cases_due(now, 100_000), scan)
    return {"found": found, "ours": ours, "scan": limit}


def behind(count: int) -> dict[str, float]:
    """Register *count* cases ten days ago, climb everything due since; compare bare inserts."""
    from bench.city import cases
    from luoshi.actions import clock
    from luoshi.actions.climbing import climb

    now = clock.now()
    with clock.at(now - timedelta(days=10)):
        cases(count)
    before, rungs, begun = _bare(), 0, time.perf_counter()
    while climbed := climb(now):
        rungs += climbed
    taken = time.perf_counter() - begun
    return {"rungs": rungs, "ours": rungs / taken, "bare": (before + _bare()) / 2}


def _bare(seconds: float = 2.0) -> float:
    """Return how many rows are inserted per second, each durable before the next."""
    from luoshi.store import records

    with records.cursor() as run:
        run.execute("CREATE TABLE IF NOT EXISTS bench_rung (id bigserial PRIMARY KEY, body text)")
        inserted, begun = 0, time.perf_counter()
        while (taken := time.perf_counter() - begun) < seconds:
            run.execute("INSERT INTO bench_rung (body) VALUES (%s)", ("x" * 400,), prepare=True)
            inserted += 1
    return inserted / taken


def _timed(*acts: Callable[[], object]) -> list[float]:
    """Return the median time of each, measured by turns."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for times, act in zip(taken, acts, strict=True):
            begun = time.perf_counter()
            act()
            times.append(time.perf_counter() - begun)
    return [median(times) for times in taken]


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    print(json.dumps(behind(int(sys.argv[2])) if sys.argv[1] == "behind" else due()))
