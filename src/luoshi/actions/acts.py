"""Acts: the one way in which anybody does anything to a case.

The screens, the API, the command line and the import all end here: load and lock, decide, record,
announce. One act is one transaction; a refusal leaves nothing behind, and the same act sent again
changes nothing and is answered like the first time.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

import psycopg
from django.conf import settings
from django.db import IntegrityError, transaction

from luoshi.actions import clock
from luoshi.actions.arrivals import arrived
from luoshi.actions.publishing import refresh_public
from luoshi.kernel.access import Actor, may_see
from luoshi.kernel.answers import Wrong, checked
from luoshi.kernel.case import Case, applied, fold
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, ResentDifferent
from luoshi.kernel.fact import GENESIS, Fact
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import Programme
from luoshi.kernel.publication import is_published
from luoshi.kernel.transition import Command, Decision, decide
from luoshi.store import records
from luoshi.store.keys import CODE_LENGTH, CODE_SIGNS, code_digest, is_key, new_key
from luoshi.store.programmes import calendar_of, programme_of


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
    """What a face asks for. Keys that the sender did not make are made here."""

    transition: str
    answers: Mapping[str, object] = field(default_factory=dict)
    case: str = field(default_factory=new_key)
    act: str = field(default_factory=new_key)
    seen: int | None = None


def register(programme: str, request: Request, actor: Actor) -> Outcome:
    """Open a case of *programme*.

    Raises:
        Refused: Not allowed, answers missing or wrong, or ``ResentDifferent``.
        ProgrammeUnknown: There is no such programme.
    """
    return _done(programme_of(programme), request, actor)


def act(request: Request, actor: Actor) -> Outcome:
    """Take a transition on a case that exists.

    Raises:
        Refused: With the rule that stands in the way; ``CaseNotFound`` also hides what the actor
            may not see.
    """
    return _done(None, request, actor)


def _done(opening: Programme | None, request: Request, actor: Actor) -> Outcome:
    if not (is_key(request.case) and is_key(request.act)):
        raise FieldsRefused([FieldProblem("id", "id.invalid")])
    try:
        return _tried(opening, request, actor)
    except (IntegrityError, psycopg.errors.UniqueViolation):
        return _tried(opening, request, actor)  # the same request came in twice at one moment


@transaction.atomic
def _tried(opening: Programme | None, request: Request, actor: Actor) -> Outcome:
    now = clock.now()
    held = records.locked(request.case)
    if held is None:
        if opening is None:
            raise CaseNotFound
        return _opened(opening, request, actor, now)
    case = fold(held.facts)
    programme = programme_of(case.programme, case.version)
    known = next((fact for fact in held.facts if fact.id == request.act), None)
    if known is not None:
        return _resent(programme, case, held, known, request, actor)
    if opening is not None:
        raise ResentDifferent(id=request.case)
    return _moved(programme, case, held, request, actor, now)


def _opened(programme: Programme, request: Request, actor: Actor, now: datetime) -> Outcome:
    decision = _decided(programme, None, request, actor, now)
    day = now.astimezone(calendar_of(programme).zone).date()
    number = records.next_number(NumberPattern.parse(programme.register_number), day)
    decision = replace(decision, fact=replace(decision.fact, numbers={"register": number}))
    code = query_code(request.case)
    case = applied(None, decision.fact)
    records.append(
        programme,
        decision,
        None,
        case,
        number=number,
        previous=GENESIS,
        code_digest=code_digest(settings.SECRET_KEY, request.case, code),
        letters=letters_for(programme, decision.fact),
    )
    _afterwards(programme, None, case, number, (decision.fact,))
    return Outcome(case, number, decision.fact, code)


def _moved(
    programme: Programme,
    case: Case,
    held: records.Locked,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Outcome:
    decision = _decided(programme, case, request, actor, max(now, case.moved))
    after = applied(case, decision.fact)
    records.append(
        programme,
        decision,
        case,
        after,
        number=held.number,
        previous=held.head,
        letters=letters_for(programme, decision.fact),
    )
    _afterwards(programme, case, after, held.number, (*held.facts, decision.fact))
    return Outcome(after, held.number, decision.fact)


def _decided(
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
        decision = decide(programme, case, command, actor, now, calendar_of(programme))
    except FieldsRefused as refused:
        found = {one.field for one in refused.problems}
        also = [one for one in problems if one.field not in found]
        raise FieldsRefused([*refused.problems, *also]) from None
    if problems:
        raise FieldsRefused(problems)
    return decision


def _afterwards(
    programme: Programme,
    before: Case | None,
    after: Case,
    number: str,
    facts: tuple[Fact, ...],
) -> None:
    was_end = before is not None and programme.states[before.state].kind.is_end
    if was_end or programme.states[after.state].kind.is_end:
        records.set_keep_until(programme, after)
    if is_published(programme, after) or (before and is_published(programme, before)):
        refresh_public(programme, after, facts, number)


def _resent(
    programme: Programme,
    case: Case,
    held: records.Locked,
    known: Fact,
    request: Request,
    actor: Actor,
) -> Outcome:
    if not _may_hear_again(programme, case, known, actor):
        raise CaseNotFound
    kept = records.personal_values(known.case, known.seq)
    same = same_content(programme, known, kept, request.answers)
    if known.act != request.transition or not same:
        raise ResentDifferent(id=request.act)
    code = query_code(case.id) if known.seq == 1 else ""
    return Outcome(case, held.number, known, code, resent=True)


def _may_hear_again(programme: Programme, case: Case, known: Fact, actor: Actor) -> bool:
    """Who has just opened a case may hear the answer again; for the rest, who may see it."""
    opened_it = known.seq == 1 and known.doer.id == actor.id
    return opened_it or bool(may_see(programme, case, actor))


def same_content(
    programme: Programme,
    known: Fact,
    kept: Mapping[str, tuple[object, bytes] | None],
    raw: Mapping[str, object],
) -> bool:
    """Return whether *raw* are the answers that *known* was made from.

    Args:
        kept: The personal answers given with *known*; ``None`` for one deleted since, which cannot
            contradict anything any more.
    """
    answers, _ = arrived(programme, known.act, known.case, raw)
    at = known.at.astimezone(calendar_of(programme).zone)
    sent = {}
    for name, answer in answers.items():
        try:
            sent[name] = checked(programme.fields[name], answer, programme.lists, at)
        except (Wrong, KeyError):
            return False
    given = {name: value for name, value in sent.items() if value is not None}
    own = set(programme.transitions[known.act].sets)
    if set(given) - own != (set(known.values) | set(known.sealed)) - own:
        return False
    return all(
        _equal(name, value, known, kept) for name, value in given.items() if name not in own
    )


def _equal(
    name: str, value: object, known: Fact, kept: Mapping[str, tuple[object, bytes] | None]
) -> bool:
    if name in known.values:
        return known.values[name] == value
    stored = kept.get(name)
    return stored is None or stored[0] == value


def letters_for(programme: Programme, fact: Fact) -> list[records.Letter]:
    """Return the messages that follow from *fact*, to be written to the outbox."""
    return [
        records.Letter(f"{fact.id}/{notice.name}/{way}", notice.name, notice.to, way)
        for notice in programme.notices
        if fact.act in notice.on
        for way in notice.by
    ]


def query_code(case: str) -> str:
    """Return the query code 查询码 of *case*: only this installation can compute it, so that a
    request sent again can be answered with the same code, and no table holds it.
    """
    mac = hmac.new(settings.SECRET_KEY.encode(), f"query code of {case}".encode(), sha256)
    number = int.from_bytes(mac.digest())
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[place])
    return "".join(signs)
