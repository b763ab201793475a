"""Updates: every change of state as one line, and what a requester adds through an application.

Terms    update 进展 · addition 补充情况
Source   the extension of GeoReport by mySociety, ``servicerequestupdates``
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from luoshi.actions import clock
from luoshi.actions.acts import Request, act
from luoshi.api.open311.admission import admitted
from luoshi.api.open311.answers import MOST_DESCRIPTION
from luoshi.api.open311.asking import Ask, Told, answering
from luoshi.api.open311.identity import derived_key
from luoshi.api.open311.listing import MOST, own, programmes_of, span
from luoshi.api.open311.refusals import Problem, Stop, missing, problems_of
from luoshi.api.open311.services import services_of
from luoshi.api.open311.telling import extended_of, public_words, status_of
from luoshi.formats.open311 import instant_in
from luoshi.kernel.access import ANYBODY, Actor, may_take
from luoshi.kernel.errors import CaseNotFound, FieldsRefused, Refused
from luoshi.kernel.fact import moment, read
from luoshi.kernel.programme import SAME, FieldType, Programme, Transition
from luoshi.store.applications import Brought, brought_numbered
from luoshi.store.programmes import calendars, programme_of
from luoshi.store.public_requests import Listed, Range, changed_in, histories_of_own

ROOT = "service_request_updates"
NEEDED = ("service_request_id", "update_id", "status", "updated_datetime", "description")


@dataclass(frozen=True, slots=True)
class _Change:
    row: Listed
    place: int
    at: datetime
    state: str


@answering("GET", "HEAD", "POST")
def updates(ask: Ask) -> Told:
    """GET changes of state in a window; POST something that the requester adds."""
    return _added(ask) if ask.request.method == "POST" else _changes(ask)


def _changes(ask: Ask) -> Told:
    services = services_of(ask.programmes().values())
    zone = next(iter(calendars().values())).zone
    start, end = span(
        instant_in("start_date", ask.one("start_date"), zone),
        instant_in("end_date", ask.one("end_date"), zone),
        clock.now(),
    )
    range_ = Range(programmes_of(services), start=start, end=end, application=own(ask))
    found = [change for change in _found(range_) if start <= change.at <= end]
    found.sort(key=lambda change: (change.at, change.row.case, change.place))
    return Told(ROOT, [_out(ask, change) for change in found[:MOST]])


def _found(range_: Range) -> Iterator[_Change]:
    """Yield changes of state: of its own cases to an application, of published ones to all."""
    seen = set()
    for row, texts in histories_of_own(range_, MOST) if range_.application else ():
        seen.add(row.case)
        facts = [read(text) for text in texts]
        moves = [(fact.at, fact.target) for fact in facts if fact.source != fact.target]
        yield from _numbered(row, moves)
    for row in changed_in(range_, MOST):
        steps = row.view.get("steps", []) if row.view else []
        if row.case not in seen:
            yield from _numbered(row, [(moment(at), state) for at, state in steps])


def _numbered(row: Listed, moves: list[tuple[datetime, str]]) -> Iterator[_Change]:
    """The first move opened the case, which is the request itself and no update."""
    for place, (at, state) in enumerate(moves):
        if place:
            yield _Change(row, place, at, state)


def _out(ask: Ask, change: _Change) -> dict[str, object]:
    programme = ask.programmes()[change.row.programme]
    state = programme.states.get(change.state)
    status = status_of(state.kind.value if state else "open")
    is_extended = ask.door.is_extended or ask.is_extended
    return {
        "update_id": f"{change.row.number}-{change.place}",
        "service_request_id": change.row.number,
        "status": extended_of(programme, change.state) if is_extended else status,
        "updated_datetime": change.at,
        "description": public_words(ask, programme, change.state),
        "media_url": None,
    }


def _added(ask: Ask) -> Told:
    ask.programmes()  # the jurisdiction is judged before the key
    application = admitted(ask)
    absent = [name for name in NEEDED if not ask.one(name)]
    if absent:
        raise missing(*absent)
    zone = next(iter(calendars().values())).zone
    instant_in("updated_datetime", ask.one("updated_datetime"), zone)
    if len(ask.one("description")) > MOST_DESCRIPTION:
        raise Stop(400, Problem("text.too_long", "description", {"most": MOST_DESCRIPTION}))
    known = brought_numbered(ask.one("service_request_id"), application)
    if known is None or known.programme not in ask.programmes():
        raise Stop(404, Problem("case.not_found", "service_request_id"))
    programme = programme_of(known.programme, known.version)
    step = _adding(programme, known)
    key = derived_key(application, "update", known.case, ask.one("update_id"))
    wanted = Request(step.name, {_text(programme, step): ask.one("description")}, known.case, key)
    return Told(ROOT, [{"update_id": f"{known.number}-{_taken(wanted, application.doer)}"}])


def _taken(wanted: Request, doer: str) -> str:
    """Take the step in the name of the requester; return the place of its fact."""
    try:
        outcome = act(wanted, Actor(doer, own_case=wanted.case))
    except CaseNotFound:
        raise Stop(404, Problem("case.not_found", "service_request_id")) from None
    except FieldsRefused as refused:
        named = dict.fromkeys(wanted.answers, "description")
        raise Stop(400, *problems_of(refused.problems, named)) from None
    except Refused as refused:
        known = refused.code == "case.resent_different"
        code = refused.code if known else "update.not_now"
        raise Stop(400, Problem(code, "update_id" if known else "", refused.data)) from None
    return f"u{outcome.fact.seq}"


def _adding(programme: Programme, known: Brought) -> Transition:
    """Return the step by which a requester adds words and nothing else changes.

    Raises:
        Stop: 400, the programme has none.
    """
    found = [
        step
        for step in programme.transitions.values()
        if step.target == SAME
        and _text(programme, step)
        and may_take(programme, None, step, ANYBODY)
    ]
    if not found:
        raise Stop(400, Problem("update.not_now"))
    return next((step for step in found if known.state in step.source_states), found[0])


def _text(programme: Programme, step: Transition) -> str:
    """Return the field of the one text that *step* needs; empty when it needs anything else."""
    needed = {need.field for need in step.needs if need.required}
    texts = [name for name in needed if programme.fields[name].type is FieldType.TEXT]
    return texts[0] if len(needed) == 1 and texts else ""
