"""Writing: decide, append, refresh, announce — what every act comes down to.

Everything here runs inside the transaction of ``acts``.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.announcing import announce_public
from luoshi.actions.arrivals import arrived
from luoshi.actions.publishing import refresh_public
from luoshi.actions.suggested import Suggested
from luoshi.kernel.access import Actor
from luoshi.kernel.case import Case, applied
from luoshi.kernel.errors import FieldsRefused
from luoshi.kernel.fact import GENESIS, Fact
from luoshi.kernel.ladder import not_before
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.opening import Opening
from luoshi.kernel.programme import Programme
from luoshi.kernel.publication import is_published
from luoshi.kernel.seen import Seen
from luoshi.kernel.transition import Command, Decision, decide
from luoshi.store import records, registering
from luoshi.store.keys import CODE_LENGTH, CODE_SIGNS, code_digest, new_key
from luoshi.store.programmes import calendar_of, remembered
from luoshi.store.walls import wall_off
from luoshi.store.wire import ends_here

MOST_PREPARED = 1_000
"""Openings of one programme kept prepared: one for residents, one for each application."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act came to.

    Attributes:
        code: Query code 查询码 of a case that was opened by this act, else empty.
        resent: The act had been received before; nothing was done again.
    """

    case: Case
    number: str
    fact: Fact
    code: str = ""
    resent: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a face asks for. Keys that the sender did not make are made here.

    ``suggested`` is what the person had before them: it is recorded, and changes nothing.
    """

    transition: str
    answers: Mapping[str, object] = field(default_factory=dict)
    case: str = field(default_factory=new_key)
    act: str = field(default_factory=new_key)
    seen: int | None = None
    suggested: tuple[Suggested, ...] = ()


def opened(programme: Programme, request: Request, actor: Actor, part_of: str = "") -> Outcome:
    """Open a case of *programme*; as a part of the case *part_of* where one is named."""
    now = clock.now()
    decision = decided(programme, None, request, actor, now)
    if part_of:
        effect = {"does": "part_of", "case": part_of}
        fact = replace(decision.fact, effects=(*decision.fact.effects, effect))
        decision = replace(decision, fact=fact)
    at_once = _opened_at_once(programme, decision, now)
    return at_once or _opened_step_by_step(programme, decision, now)


def _opened_at_once(programme: Programme, decision: Decision, now: datetime) -> Outcome | None:
    """Register in one round trip where nothing else follows; else do nothing."""
    case = applied(None, decision.fact)
    if programme.states[case.state].kind.is_end or is_published(programme, case):
        return None
    row = records.row_of(programme, decision, None, case, **_beside(programme, decision, now))
    code = query_code(case.id)
    row["code_digest"] = code_digest(settings.SECRET_KEY, case.id, code)
    pattern = _pattern(programme.register_number)
    number = registering.register(pattern, civil_day(programme, now), decision.fact, row)
    if not number:
        return None
    numbers = {"register": number}
    fact = replace(decision.fact, numbers=numbers)
    return Outcome(replace(case, numbers=numbers), number, fact, code)


_pattern = lru_cache(maxsize=256)(NumberPattern.parse)


@transaction.atomic
def _opened_step_by_step(programme: Programme, decision: Decision, now: datetime) -> Outcome:
    number = number_for(programme, programme.register_number, now)
    fact = replace(decision.fact, numbers={"register": number})
    decision = replace(decision, fact=fact)
    case = applied(None, fact)
    records.append(
        programme,
        decision,
        None,
        case,
        number=number,
        previous=GENESIS,
        code_digest=_code_digest(case.id),
        **_beside(programme, decision, now),
    )
    _afterwards(programme, None, case, number, (fact,))
    return Outcome(case, number, fact, query_code(case.id))


def _beside(programme: Programme, decision: Decision, now: datetime) -> dict[str, Any]:
    """Return what is written beside an opening fact: its letters, and when they may go out."""
    return {
        "letters": letters_for(programme, decision.fact),
        "not_before": not_before(programme, now, calendar_of(programme), decision.fact.values),
    }


def _code_digest(case: str) -> bytes:
    return code_digest(settings.SECRET_KEY, case, query_code(case))


def appended(
    programme: Programme,
    held: records.Locked,
    decision: Decision,
    letters: Sequence[records.Letter] | None = None,
    *,
    is_last: bool = False,
) -> Case:
    """Append the fact of *decision* to a case that is locked; return the case as it is then.

    *is_last* says that the caller has nothing else to write in this transaction.
    """
    before = held.case
    decision = _numbered(programme, before, decision)
    fact = decision.fact
    after = applied(before, fact)
    records.append(
        programme,
        decision,
        before,
        after,
        number=held.number,
        previous=held.head,
        letters=letters_for(programme, fact) if letters is None else letters,
        not_before=not_before(programme, fact.at, calendar_of(programme), after.values),
        commits=is_last and ends_here() and not _concerns_more(programme, before, after),
    )
    _afterwards(programme, before, after, held.number, (*held.facts, fact))
    return after


def _numbered(programme: Programme, case: Case, decision: Decision) -> Decision:
    """Give the numbers that the step gives, unless the case has them already."""
    step = programme.transitions.get(decision.fact.act)
    wanted = [name for name in step.numbers if name not in case.numbers] if step else []
    if not wanted:
        return decision
    at = decision.fact.at
    numbers = {name: number_for(programme, programme.numbers[name], at) for name in wanted}
    return replace(decision, fact=replace(decision.fact, numbers=numbers))


def number_for(programme: Programme, pattern: str, now: datetime) -> str:
    """Return the next number of *pattern* on the civil day of *now*."""
    return records.next_number(_pattern(pattern), civil_day(programme, now))


def civil_day(programme: Programme, now: datetime) -> date:
    """Return the day of *now* in the zone of the programme's calendar."""
    return now.astimezone(calendar_of(programme).zone).date()


def decided(
    programme: Programme, case: Case | None, request: Request, actor: Actor, now: datetime
) -> Decision:
    """Decide, and name what is wrong with the answers in one refusal, wherever it was found."""
    answers, problems = arrived(programme, request.transition, request.case, request.answers)
    command = Command(
        id=request.act,
        case=request.case,
        transition=request.transition,
        answers=answers,
        secret=os.urandom(32),
        seen=request.seen,
    )
    try:
        decision = _decision(programme, case, command, actor, now)
    except FieldsRefused as refused:
        found = {one.field for one in refused.problems}
        also = [one for one in problems if one.field not in found]
        raise FieldsRefused([*refused.problems, *also]) from None
    if problems:
        raise FieldsRefused(problems)
    return decision


def _decision(
    programme: Programme, case: Case | None, command: Command, actor: Actor, now: datetime
) -> Decision:
    """Decide; about an opening by whom it may be anybody with what was prepared for the last."""
    if case is not None or actor.posts or actor.own_case or actor.is_system:
        return decide(programme, case, command, actor, now, calendar_of(programme))
    known = _openings(programme)
    opening = known.get((command.transition, actor.id))
    if opening is None:
        opening = Opening(programme, command.transition, actor, calendar_of(programme))
        if len(known) < MOST_PREPARED:
            known[command.transition, actor.id] = opening
    return opening.decide(command, now)


@remembered
def _openings(_: Programme) -> dict[tuple[str, str], Opening]:
    return {}


def _afterwards(
    programme: Programme,
    before: Case | None,
    after: Case,
    number: str,
    facts: tuple[Fact, ...],
) -> None:
    """Write what follows from a step beside its fact; ``_concerns_more`` says whether any does."""
    if _ends_or_ended(programme, before, after):
        records.set_keep_until(programme, after)
    if _comes_behind_wall(programme, before, after):
        wall_off(after.id, programme.wall.fields if programme.wall else ())
    if _is_or_was_public(programme, before, after):
        refresh_public(programme, after, facts, number)
        announce_public(programme, before, after)


def _concerns_more(programme: Programme, before: Case, after: Case) -> bool:
    asked = (_ends_or_ended, _comes_behind_wall, _is_or_was_public)
    return any(one(programme, before, after) for one in asked)


def _ends_or_ended(programme: Programme, before: Case | None, after: Case) -> bool:
    old = programme.states.get(before.state) if before else None  # a later version may lack it
    was_end = old is not None and old.kind.is_end
    return was_end or programme.states[after.state].kind.is_end


def _comes_behind_wall(programme: Programme, before: Case | None, after: Case) -> bool:
    if before is None or programme.wall is None:
        return False
    return _is_walled(programme, after) and not _is_walled(programme, before)


def _is_or_was_public(programme: Programme, before: Case | None, after: Case) -> bool:
    return is_published(programme, after) or bool(before and is_published(programme, before))


def _is_walled(programme: Programme, case: Case) -> bool:
    wall = programme.wall
    return wall is not None and wall.when.holds(Seen(case, {}, case.moved))


def letters_for(programme: Programme, fact: Fact) -> list[records.Letter]:
    """Return the messages that follow from *fact*, to be written to the outbox."""
    return [
        records.Letter(f"{fact.id}/{notice.name}/{way}", notice.name, notice.to, way)
        for notice in programme.notices
        if fact.act in notice.on
        for way in notice.by
    ]


def query_code(case: str) -> str:
    """Return the query code 查询码 of *case*.

    Only this installation can compute it: a request sent again is answered with the same code, and
    no table holds it.
    """
    mac = hmac.digest(settings.SECRET_KEY.encode(), f"query code of {case}".encode(), "sha256")
    number = int.from_bytes(mac) % len(CODE_SIGNS) ** CODE_LENGTH
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[place])
    return "".join(signs)
