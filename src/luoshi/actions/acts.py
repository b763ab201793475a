"""Acts: the one way in which anybody does anything to a case.

The screens, the API, the command line and the import all end here: load and lock, decide, record,
announce. One act is one transaction; a refusal leaves nothing behind, and the same act sent again
changes nothing and is answered like the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import psycopg
from django.db import IntegrityError, transaction

from luoshi.actions import clock
from luoshi.actions.arrivals import arrived
from luoshi.actions.binding import open_part, spread, touches_others
from luoshi.actions.reconsidered import is_reconsidered, note_reconsidered
from luoshi.actions.suggested import record
from luoshi.actions.writing import (
    Outcome,
    Request,
    appended,
    decided,
    opened,
    query_code,
)
from luoshi.kernel.access import Actor, may_see
from luoshi.kernel.answers import Wrong, checked
from luoshi.kernel.case import Case
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, ResentDifferent
from luoshi.kernel.fact import Fact
from luoshi.kernel.programme import Programme
from luoshi.store import records
from luoshi.store.bound import keys_of
from luoshi.store.keys import is_key
from luoshi.store.programmes import calendar_of, offered, programme_of
from luoshi.store.wire import LOST, act_transaction

__all__ = [
    "Outcome",
    "Request",
    "act",
    "act_numbered",
    "moved",
    "query_code",
    "register",
    "same_content",
]

Asked = Callable[[Programme, str], Request | None]
"""Forms a request for the case with that key, under its programme."""


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


def act_numbered(number: str, asked: Asked, actor: Actor) -> Outcome | None:
    """Take a transition on the case with that register number, which is locked and read at once.

    Args:
        number: As a screen names the case.
        asked: Forms the request, when the programme and the key of the case are known; ``None``
            for one that names other cases, which would have to be locked before this one, or that
            somebody has to look at first. Then nothing is done.
        actor: Who acts.

    Raises:
        Refused: As from ``act``.
    """
    try:
        return _numbered(number, asked, actor)
    except (IntegrityError, psycopg.errors.UniqueViolation, LOST):
        return _numbered(number, asked, actor)


def _numbered(number: str, asked: Asked, actor: Actor) -> Outcome | None:
    with act_transaction():
        held = records.locked_numbered(number)
        if held is None:
            raise CaseNotFound
        case = held.case
        programme = programme_of(case.programme, case.version)
        request = asked(programme, case.id)
        if request is None or not is_key(request.act) or _to_be_touched(request):
            return None
        return _taken(programme, held, request, actor)


def _done(opening: Programme | None, request: Request, actor: Actor) -> Outcome:
    if not (is_key(request.case) and is_key(request.act)):
        raise FieldsRefused([FieldProblem("id", "id.invalid")])
    try:
        if opening is not None:
            return _opened(opening, request, actor)
        return _tried(request, actor)
    except (IntegrityError, psycopg.errors.UniqueViolation, LOST):
        return _tried(request, actor)  # the same request came in before, or at the same moment


def _opened(programme: Programme, request: Request, actor: Actor) -> Outcome:
    if not request.suggested:
        return opened(programme, request, actor)
    with transaction.atomic():
        outcome = opened(programme, request, actor)
        record(programme, outcome.case, outcome.fact, request.suggested)
    return outcome


def _tried(request: Request, actor: Actor) -> Outcome:
    with act_transaction():
        return _locked_and_moved(request, actor)


def _locked_and_moved(request: Request, actor: Actor) -> Outcome:
    held = records.locked(request.case, _to_be_touched(request))
    if held is None:
        raise CaseNotFound
    case = held.case
    return _taken(programme_of(case.programme, case.version), held, request, actor)


def _taken(programme: Programme, held: records.Locked, request: Request, actor: Actor) -> Outcome:
    known = next((fact for fact in held.facts if fact.id == request.act), None)
    if known is not None:
        return _resent(programme, held.case, held, known, request, actor)
    step = programme.transitions.get(request.transition)
    if step is not None and step.opens:
        if not _may_hear_again(programme, held.case, held.facts[0], actor):
            raise CaseNotFound  # nobody else learns that there is a case
        raise ResentDifferent(id=request.case)
    return moved(programme, held, request, actor, clock.now())


def _to_be_touched(request: Request) -> list[str]:
    """Return keys of cases that the answers name: they are locked before the case itself."""
    named = [value for value in request.answers.values() if isinstance(value, str)]
    keys = [value for value in named if is_key(value)]
    if _names_a_case(request.transition):
        keys += keys_of([value.strip() for value in named])
    return keys


def _names_a_case(transition: str) -> bool:
    """Return whether a step of this name merges a case into another one, named by its number."""
    steps = (one.transitions.get(transition) for one in offered().values())
    return any(step is not None and step.follows for step in steps)


def moved(
    programme: Programme, held: records.Locked, request: Request, actor: Actor, now: datetime
) -> Outcome:
    """Take a transition on a case that is locked, with everything that follows on other cases."""
    case = held.case
    decision = decided(programme, case, request, actor, max(now, case.moved))
    is_corrected = is_reconsidered(programme, case, decision.fact)
    also = request.suggested or is_corrected or decision.parts
    is_last = not (also or touches_others(case, decision))
    after = appended(programme, held, decision, is_last=is_last)
    for order in decision.parts:
        open_part(after, decision, order)
    spread(programme, case, after, decision)
    if is_corrected:
        note_reconsidered(programme, case, decision.fact)
    if request.suggested:
        record(programme, after, decision.fact, request.suggested)
    return Outcome(after, held.number, decision.fact)


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
    opened_it = known.seq == 1 and known.doer.id == actor.id and not actor.own_case
    return opened_it or bool(may_see(programme, case, actor))


def same_content(
    programme: Programme,
    known: Fact,
    kept: Mapping[str, tuple[object, bytes] | None],
    raw: Mapping[str, object],
) -> bool:
    """Return whether *raw* are the answers that *known* was made from.

    Args:
        programme: The programme, in the version of the case.
        known: What was recorded.
        raw: The answers, as they came in now.
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
