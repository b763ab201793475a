"""What many rows cost at once: bringing cases in, and proving that nobody rewrote them.

LUOSHI_HOME=… python -m bench.bulk CASES FILE     prints seconds of both, with their limits

Both are measured in one process, as the command works on what is not big; for big files and tables
``luoshi import`` and ``luoshi verify`` take more (see docs/reference/speed.md).
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.site import home

CASES = 20_000
ROUNDS = 3


def figures() -> Iterator[Figure]:
    """Measure ``luoshi import cases`` and ``luoshi verify`` on the same cases."""
    with home() as made:
        made.city("settle")
        told = made.run("bench.bulk", str(CASES), str(made.folder / "cases.csv"))
    yield Figure(
        work=f"import {CASES:,} cases from CSV: checked, numbered, located, with facts",
        value=CASES / told["import"], unit="/s",
        against="plain COPY of the same rows", limit=CASES / told["copy"], target=0.1,
    )  # fmt: skip
    yield Figure(
        work=f"verify {told['facts']:,} facts: chain, fold, tables, digests",
        value=told["verify"], unit="s",
        against="hashlib.sha256 over the same bytes", limit=told["hash"], target=5,
    )  # fmt: skip


def measured(count: int, file: Path) -> dict[str, float]:
    """Return seconds: import, copy, verify, hash."""
    from luoshi.store import records

    _write(file, count)
    with records.cursor() as run:
        run.execute("CREATE TABLE bench_plain (id text, at text, subject text, content text, "
                    "name text, phone text, address text, lon text, lat text)")  # fmt: skip
    copies = [_seconds(lambda: _copied(file)) for _ in range(ROUNDS)]
    taken = {"copy": median(copies), "import": _seconds(lambda: _in(file, count))}
    with records.cursor() as run:
        run.execute("SELECT body, hash FROM luoshi_fact")
        facts = [(text.encode(), bytes(head)) for text, head in run.fetchall()]
    proofs, hashes = [], []
    for _ in range(ROUNDS):  # by turns, so that noise meets both alike
        proofs.append(_seconds(lambda: _proven(count)))
        hashes.append(_seconds(lambda: [sha256(head + text).digest() for text, head in facts]))
    taken |= {"verify": median(proofs), "hash": median(hashes)}
    return taken | {"facts": len(facts)}


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _write(file: Path, count: int) -> None:
    from bench.city import answered
    from luoshi.store.directory import directory

    at = datetime(2026, 1, 5, tzinfo=UTC)
    box = directory().box
    assert box is not None
    lon, lat = round((box[0] + box[2]) / 2, 5), round((box[1] + box[3]) / 2, 5)
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["编号", "时间", "标题", "内容", "姓名", "电话", "地址", "lon", "lat"])
        for row, said in answered(count):
            words = [
                str(said[name]) for name in ("subject", "content", "name", "phone", "address")
            ]
            moment = (at + timedelta(minutes=row % 40_000)).isoformat()
            rows.writerow([f"B{row}", moment, *words, lon, lat])


def _copied(file: Path) -> None:
    from luoshi.store import records

    with (
        records.cursor() as run,
        run.copy("COPY bench_plain FROM STDIN WITH (FORMAT csv, HEADER)") as copy,
    ):
        copy.write(file.read_bytes())


def _in(file: Path, count: int) -> None:
    from luoshi.actions.bulk import Tally, register_many
    from luoshi.actions.incoming import Reader
    from luoshi.formats.columns import columns_of
    from luoshi.formats.tables import read_table
    from luoshi.store.programmes import calendar_of, programme_of

    programme, tally = programme_of("hotline"), Tally()
    with read_table(file) as table:
        columns = columns_of(programme, table.columns, {"@id": "编号", "@time": "时间"})
        reader = Reader(programme, columns, calendar_of(programme).zone)
        for _ in register_many(programme.id, reader.incoming(table.rows), tally):
            pass
    assert tally.registered == count, (tally.registered, tally.broken[:3])


def _proven(count: int) -> None:
    from luoshi.store import verification

    report = verification.Report()
    for _ in verification.verify(report):
        pass
    assert report.ok
    assert report.cases == count


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    print(json.dumps(measured(int(sys.argv[1]), Path(sys.argv[2]))))
