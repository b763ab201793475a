"""Climbing: the worker's tick that tells people, in time, that a clock is running out.

Every rung of every ladder is climbed exactly once, by whichever worker comes first, also after a
time in which none was running. The tick finds what is due by one index, however many clocks run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

import structlog
from django.db import transaction

from luoshi.actions.acts import moved
from luoshi.actions.writing import Request, appended
from luoshi.kernel.access import SYSTEM_ACTOR
from luoshi.kernel.errors import CalendarNotCovered, LuoshiError, Refused
from luoshi.kernel.fact import body, chain
from luoshi.kernel.ladder import DueRung, climbed, due_rungs, rule_of
from luoshi.kernel.limit import Rung
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Decision
from luoshi.store import records
from luoshi.store.programmes import programme_of
from luoshi.store.statement import cursor

BATCH = 200

log = structlog.get_logger("luoshi.ladder")


def climb(now: datetime, limit: int = BATCH, begin: float = 0.0) -> int:
    """Climb the rungs that have come due by *now* on up to *limit* cases.

    Args:
        now: The present instant.
        limit: Most cases to look at; each is a transaction of its own.
        begin: Share of them to begin after: workers that begin at different places do not queue
            for the same cases.

    Returns:
        How many rungs were climbed; 0 when nothing is due.
    """
    found = cases_due(now, limit)
    first = int(begin * len(found))
    return sum(_climbed(case, now) for case in [*found[first:], *found[:first]])


def cases_due(now: datetime, limit: int) -> Sequence[str]:
    """Return keys of cases with a rung that is due, the longest due first."""
    with cursor() as run:
        run.execute(
            "SELECT case_id FROM luoshi_clock WHERE next_rung <= %s "
            "ORDER BY next_rung, case_id LIMIT %s",
            (now, limit),
            prepare=True,
        )
        return list(dict.fromkeys(str(case) for (case,) in run.fetchall()))


def _climbed(key: str, now: datetime) -> int:
    """Climb what is due on one case; if that fails, the other cases are climbed all the same."""
    try:
        return _climb_case(key, now)
    except LuoshiError as error:
        log.warning("ladder not climbed", case=key, reason=error.code)
        return 0


@transaction.atomic
def _climb_case(key: str, now: datetime) -> int:
    count, held = 0, records.locked(key)
    while held is not None and (due := due_rungs(held.case, now)):
        held = _climb_one(held, due[0], now)
        count += 1
    return count


def _climb_one(held: records.Locked, rung: DueRung, now: datetime) -> records.Locked | None:
    """Climb *rung*; return the case as it is then, still locked."""
    case = held.case
    programme = programme_of(case.programme, case.version)
    clock = case.clocks[rung.clock]
    act = str(uuid5(UUID(case.id), f"{rung.clock} {clock.started.isoformat()} {rung.name}"))
    fact = climbed(case, rung, act, max(now, case.moved))
    rule = rule_of(programme, rung)
    appended(programme, held, Decision(fact), _letters(programme, rule, act) if rule else [])
    if rule is None or not rule.do:
        head = chain(held.head, body(fact))
        return records.Locked(held.number, head, (*held.facts, fact))
    _do(key=case.id, transition=rule.do, act=act, now=now)
    return records.locked(case.id)


def _letters(programme: Programme, rule: Rung, act: str) -> list[records.Letter]:
    notice = next((one for one in programme.notices if one.name == rule.notice), None)
    if notice is None:
        return []
    return [
        records.Letter(f"{act}/{notice.name}/{role}/{way}", notice.name, role, way)
        for role in rule.tell
        for way in notice.by
    ]


def _do(key: str, transition: str, act: str, now: datetime) -> None:
    """Take the step that the rung asks for, if the case still allows it."""
    held = records.locked(key)
    if held is None:
        return
    case = held.case
    programme = programme_of(case.programme, case.version)
    request = Request(transition, case=key, act=str(uuid5(UUID(act), transition)))
    try:
        with transaction.atomic():  # what a refusal has written already is taken back
            moved(programme, held, request, SYSTEM_ACTOR, now)
    except (Refused, CalendarNotCovered) as refused:
        log.info("step of a rung not taken", case=key, step=transition, reason=refused.code)
