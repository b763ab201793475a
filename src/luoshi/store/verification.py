"""Verification: prove that nobody rewrote history, and that every table says what the facts say.

Every case is looked at swiftly (``swift``); where that leaves a doubt, with care
(``differences``).

Terms    chain 链 · fold 归并 · digest 摘要
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from django.db import connection, transaction

from luoshi.kernel.sketch import Doubt
from luoshi.store.differences import Difference, Report, digests, told
from luoshi.store.garbage import uncollected
from luoshi.store.programmes import ProgrammeUnknown, programme_of
from luoshi.store.statement import cursor
from luoshi.store.swift import Rows, Told, deleted_of, rows_between

__all__ = ["CHUNK", "Difference", "Report", "count_cases", "shares", "verify"]

CHUNK = 2000
FIRST_KEY = "00000000-0000-0000-0000-000000000000"
LAST_KEY = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def verify(
    report: Report | None = None, after: str = FIRST_KEY, until: str = LAST_KEY
) -> Iterator[Report]:
    """Verify every case; yield the growing report after each chunk (for a progress bar).

    Args:
        report: What is added to.
        after: Only cases with keys after this one.
        until: Only cases with keys up to this one.
    """
    report = report or Report()
    programmes = _Programmes()
    while True:
        with _one_instant(), uncollected():
            rows = rows_between(after, until, CHUNK)
            _verify(rows, programmes, report)
        yield report
        if not rows.cases:
            return
        after = rows.cases[-1][0]


def count_cases() -> int:
    """Return how many cases there are to verify."""
    with cursor() as run:
        run.execute("SELECT count(*) FROM luoshi_case")
        (count,) = run.fetchone() or (0,)
    return int(count)


def shares(count: int, parts: int) -> list[tuple[str, str]]:
    """Return bounds between which *count* cases lie in *parts* shares of about the same size.

    Each share is what ``verify`` takes: after which key, and up to which.
    """
    cuts = [_key_at(count * part // parts) for part in range(1, parts)]
    return list(pairwise([FIRST_KEY, *cuts, LAST_KEY]))


def _key_at(place: int) -> str:
    with cursor() as run:
        run.execute(
            "SELECT id::text FROM luoshi_case ORDER BY luoshi_case.id OFFSET %s LIMIT 1", (place,)
        )
        (key,) = run.fetchone() or (LAST_KEY,)
    return str(key)


DOUBTS = (
    *(Doubt, ProgrammeUnknown),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
)
"""What a swift look may stumble over: it is told with care, whatever it was."""


class _Programmes(dict[tuple[str, str], Told]):
    """What programmes tell about rows, by name and version."""

    def __missing__(self, key: tuple[str, str]) -> Told:
        self[key] = Told(programme_of(*key))
        return self[key]


@contextmanager
def _one_instant() -> Iterator[None]:
    """Let everything in the block be read as it was at one instant: people go on working."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with cursor() as run:
                run.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _verify(rows: Rows, programmes: _Programmes, report: Report) -> None:
    """Look at every case swiftly, then with care at those that leave a doubt."""
    for case, found in digests(sorted(rows.odd)).items() if rows.odd else ():
        rows.sealed[case] = {}
        for (seq, name), digest in found.items():
            rows.sealed[case].setdefault(seq, {})[name] = digest
    for case in sorted(rows.facts.keys() - {row[0] for row in rows.cases}):
        report.add(case, "there are facts, but the case is not there")
    doubtful = []
    for row in rows.cases:
        try:
            report.deleted += deleted_of(row, rows, programmes)
        except DOUBTS:
            doubtful.append(row[0])
        else:
            report.cases += 1
            report.facts += row[6]
    if doubtful:
        told(doubtful, report)
