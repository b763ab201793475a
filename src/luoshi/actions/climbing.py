"""Climbing: the worker's tick that tells people, in time, that a clock is running out.

Every rung of every ladder is climbed exactly once, by whichever worker comes first, also after a
time in which none was running. The tick finds what is due by one index, however many clocks run;
what concerns a case alone is written for many cases at once, so that it catches up quickly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import structlog
from django.db import transaction

from luoshi.actions.acts import moved
from luoshi.actions.ascent import Wider, ascent, rung_fact, rung_letters, step_of_rung
from luoshi.actions.writing import appended
from luoshi.kernel.access import SYSTEM_ACTOR
from luoshi.kernel.errors import CalendarNotCovered, LuoshiError, Refused
from luoshi.kernel.fact import body, chain
from luoshi.kernel.ladder import CLIMBED, DueRung, due_rungs, rule_of
from luoshi.kernel.limit import Rung
from luoshi.kernel.transition import Decision
from luoshi.store import continuing, records
from luoshi.store.programmes import programme_of
from luoshi.store.statement import cursor

BATCH = 200
TOGETHER = 50
"""Cases written in one transaction: nobody waits for one of them longer than that takes."""

log = structlog.get_logger("luoshi.ladder")


def climb(now: datetime, limit: int = BATCH, begin: float = 0.0) -> int:
    """Climb the rungs that have come due by *now* on up to *limit* cases.

    Cases that somebody acts on just now are left for the next tick.

    Args:
        now: The present instant.
        limit: Most clocks to look at, as long as something of them can be climbed.
        begin: Share of them to begin after: workers that begin at different places do not queue
            for the same cases.

    Returns:
        How many rungs were climbed; 0 when nothing is due.
    """
    for found in _pages(now, limit):
        first = int(begin * len(found))
        keys = [*found[first:], *found[:first]]
        chunks = (keys[place : place + TOGETHER] for place in range(0, len(keys), TOGETHER))
        if count := sum(_climb_together(chunk, now) for chunk in chunks):
            return count
    return 0


def cases_due(now: datetime, limit: int) -> Sequence[str]:
    """Return keys of cases with a rung that is due, the longest due first."""
    return next(_pages(now, limit), [])


def _pages(now: datetime, limit: int) -> Iterator[list[str]]:
    """Yield the keys of cases with a rung that is due, so many clocks at a time."""
    rows = _due(FIRST, now, limit)
    while rows:
        yield list(dict.fromkeys(str(case) for _, case in rows))
        rows = _due(NEXT, now, *rows[-1], limit) if len(rows) == limit else []


FIRST = """
SELECT next_rung, case_id FROM luoshi_clock WHERE next_rung <= %s
ORDER BY next_rung, case_id LIMIT %s
"""
NEXT = """
SELECT next_rung, case_id FROM luoshi_clock
WHERE next_rung <= %s AND (next_rung, case_id) > (%s, %s)
ORDER BY next_rung, case_id LIMIT %s
"""


def _due(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with cursor() as run:
        run.execute(statement, values, prepare=True)
        return run.fetchall()


def _climb_together(keys: Sequence[str], now: datetime) -> int:
    """Climb what is due on some cases; what touches more than one of them is done afterwards."""
    written, alone = [], []
    with transaction.atomic():
        for key, held in continuing.locked_at_once(keys).items():
            try:
                written.append(ascent(held, now))
            except Wider:
                alone.append(key)
            except LuoshiError as error:
                _warn(key, error.code)
        if written:
            continuing.write(written)
    rungs = sum(fact.act == CLIMBED for one in written for fact in one.facts)
    return rungs + sum(_climb_alone(key, now) for key in alone)


@lru_cache(maxsize=100_000)
def _warn(case: str, reason: str) -> None:
    """Say once in the life of a process why a case is passed over: it is tried every second."""
    log.warning("ladder not climbed", case=case, reason=reason)


@transaction.atomic
def _climb_alone(key: str, now: datetime) -> int:
    """Climb what is due on a case of which others may hear."""
    count, held = 0, records.locked(key)
    while held is not None and (due := due_rungs(held.case, now)):
        held = _climb_one(held, due[0], now)
        count += 1
    return count


def _climb_one(held: records.Locked, rung: DueRung, now: datetime) -> records.Locked | None:
    """Climb *rung*; return the case as it is then, still locked."""
    case = held.case
    programme = programme_of(case.programme, case.version)
    fact = rung_fact(case, rung, max(now, case.moved))
    rule = rule_of(programme, rung)
    appended(programme, held, Decision(fact), rung_letters(programme, rule, fact.id))
    held = records.Locked(held.number, chain(held.head, body(fact)), (*held.facts, fact))
    return _did(held, rule, fact.id, now) if rule and rule.do else held


def _did(held: records.Locked, rule: Rung, act: str, now: datetime) -> records.Locked | None:
    """Take the step that a rung asks for, if the case still allows it."""
    case = held.case
    programme = programme_of(case.programme, case.version)
    request = step_of_rung(case, act, rule)
    try:
        with transaction.atomic():  # what a refusal has written already is taken back
            moved(programme, held, request, SYSTEM_ACTOR, now)
    except (Refused, CalendarNotCovered) as refused:
        log.info("step of a rung not taken", case=case.id, step=rule.do, reason=refused.code)
        return held
    return records.locked(case.id)
