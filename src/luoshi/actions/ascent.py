"""Ascent: what climbing comes to on one case, decided before anything is written.

Terms    rung 级 · step 环节 · ascent 逐级预警
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid5

import structlog

from luoshi.actions.writing import Request, decided, letters_for
from luoshi.kernel.access import SYSTEM_ACTOR
from luoshi.kernel.case import Case, applied
from luoshi.kernel.errors import CalendarNotCovered, Refused
from luoshi.kernel.fact import Fact
from luoshi.kernel.ladder import DueRung, climbed, due_rungs, not_before, rule_of
from luoshi.kernel.limit import Rung
from luoshi.kernel.programme import Programme
from luoshi.kernel.publication import is_published
from luoshi.kernel.transition import Decision
from luoshi.store.continuing import Continuation
from luoshi.store.programmes import calendar_of, programme_of
from luoshi.store.records import Letter, Locked

log = structlog.get_logger("luoshi.ladder")

Told = tuple[Fact, list[Letter]]
"""A fact, and the messages that follow from it."""


class Wider(Exception):
    """More than the case itself is touched: it ends, is published, or others are bound to it."""


def ascent(held: Locked, now: datetime) -> Continuation:
    """Return what is added to a case on which rungs are due.

    Raises:
        Wider: More follows from it than what can be written for many cases at once.
        ProgrammeUnknown: The version of the case is lost.
    """
    case = held.case
    programme = programme_of(case.programme, case.version)
    if _is_wide(programme, case):
        raise Wider
    facts: list[Fact] = []
    letters: list[Letter] = []
    for fact, told in _climbed(programme, case, max(now, case.moved)):
        case = applied(case, fact)
        facts.append(fact)
        letters += told
    at = not_before(programme, case.moved, calendar_of(programme), case.values)
    return Continuation(programme, held, case, tuple(facts), tuple(letters), at)


def _climbed(programme: Programme, case: Case, now: datetime) -> Iterator[Told]:
    while due := due_rungs(case, now):
        fact = rung_fact(case, due[0], now)
        rule = rule_of(programme, due[0])
        case = applied(case, fact)
        yield fact, rung_letters(programme, rule, fact.id)
        made = _decided(programme, case, fact.id, rule, now) if rule and rule.do else None
        if made is not None:
            case = applied(case, made.fact)
            yield made.fact, letters_for(programme, made.fact)


def _decided(
    programme: Programme, case: Case, act: str, rule: Rung, now: datetime
) -> Decision | None:
    """Decide the step that a rung asks for; ``None`` if the case does not allow it any more."""
    try:
        request = step_of_rung(case, act, rule)
        made = decided(programme, case, request, SYSTEM_ACTOR, now)
    except (Refused, CalendarNotCovered) as refused:
        log.info("step of a rung not taken", case=case.id, step=rule.do, reason=refused.code)
        return None
    step, fact = programme.transitions[rule.do], made.fact
    touches_more = made.parts or made.private or fact.effects or step.numbers or step.for_followers
    if touches_more or fact.values or _is_wide(programme, applied(case, fact)):
        raise Wider
    return made


def _is_wide(programme: Programme, case: Case) -> bool:
    state = programme.states.get(case.state)
    return state is None or state.kind.is_end or is_published(programme, case)


def rung_fact(case: Case, rung: DueRung, now: datetime) -> Fact:
    """Return the fact that *rung* was climbed; always the same one, whoever comes first."""
    started = case.clocks[rung.clock].started.isoformat()
    act = str(uuid5(UUID(case.id), f"{rung.clock} {started} {rung.name}"))
    return climbed(case, rung, act, now)


def rung_letters(programme: Programme, rule: Rung | None, act: str) -> list[Letter]:
    """Return the messages to those whom a rung tells."""
    notice = next((n for n in programme.notices if rule and n.name == rule.notice), None)
    if rule is None or notice is None:
        return []
    return [
        Letter(f"{act}/{notice.name}/{role}/{way}", notice.name, role, way)
        for role in rule.tell
        for way in notice.by
    ]


def step_of_rung(case: Case, act: str, rule: Rung) -> Request:
    """Return the step that a rung asks for, as a request of the system."""
    return Request(rule.do, case=case.id, act=str(uuid5(UUID(act), rule.do)))
