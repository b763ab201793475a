"""Hinting: what to look at in an answer before it is sent, with the sentence concerned.

Never a score, and never about a person. An answer with something to look at that was not shown yet
is shown again with the hints; sent once more, it goes out as it is.

Terms    hint 答复提示 · send anyway 仍然发送
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from luoshi.actions import clock
from luoshi.actions.suggested import Suggested, switches
from luoshi.actions.suggesting import text_fields
from luoshi.apps.desk.advice import MOST_SIGNED, read
from luoshi.apps.desk.questions import typed
from luoshi.apps.look.language import page_language
from luoshi.apps.look.staff import staff
from luoshi.insight.reply import hints, words_for
from luoshi.insight.reply.checks import COPIED
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.fact import instant, moment
from luoshi.kernel.programme import Programme, Transition
from luoshi.store.keys import is_key
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView
from luoshi.store.suggestions import answered_lately

SALT = "luoshi.noticed"
MOST = 8
"""Hints that are shown, those that matter most first."""


Shown = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing to look at.

    Attributes:
        sentence: The sentence concerned; empty when the whole answer is.
        of_request: The sentence is one of the request, which the answer leaves out.
        holds: It is worth a second look before the answer goes out.
    """

    field: str
    code: str
    said: str
    sentence: str
    of_request: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What was noticed in the answers of one form, and the proof that it was shown.

    Attributes:
        before: What had been shown earlier: field and code of each hint.
    """

    found: tuple[Noticed, ...]
    token: str
    before: Shown = ()

    @property
    def holds(self) -> bool:
        """Is there something that is worth a second look, and was not shown yet?"""
        return any(one.holds and (one.field, one.code) not in self.before for one in self.found)


def watched(view: CaseView, step: Transition) -> tuple[str, ...]:
    """Return the answers of *step* that are looked through."""
    return looked_at(view.programme, step)


def looked_at(programme: Programme, step: Transition) -> tuple[str, ...]:
    """Return the answers of *step* that are looked through in *programme*."""
    asked = {need.field for need in step.needs}
    return tuple(name for name in switches(programme.id).hints if name in asked)


def look(
    view: CaseView,
    step: Transition,
    act: str,
    given: Mapping[str, object],
    before: Shown = (),
) -> Look:
    """Return what there is to look at in the answers *given* to *step*, *before* shown already."""
    request = "\n".join(read(view, name) for name in text_fields(view.programme))
    found = tuple(
        one
        for name in watched(view, step)
        if (text := given.get(name)) and isinstance(text, str)
        for one in _noticed(name, request, text, _others(view, name, text))
    )
    codes = list(dict.fromkeys([*before, *((one.field, one.code) for one in found)]))
    signed = [view.case.id, act, instant(clock.now()), codes]
    return Look(found, signing.dumps(signed, salt=SALT, compress=True), before)


def _others(view: CaseView, field: str, text: str) -> list[str]:
    """Return the latest answers of the unit to other cases; none for a text too short to copy."""
    unit = view.case.values.get(view.programme.holder_field)
    if not unit or len(text.strip()) < COPIED:
        return []
    return answered_lately(view.programme.id, str(unit), field, view.case.id)


def _noticed(field: str, request: str, text: str, others: Sequence[str]) -> list[Noticed]:
    language = page_language()
    return [
        Noticed(
            field=field,
            code=hint.code,
            said=words_for(hint.code, language),
            sentence=hint.sentence,
            of_request=hint.of == "request",
            holds=hint.severity != "note",
        )
        for hint in hints(request, text, others)[:MOST]
    ]


def shown(sent: QueryDict, case: str, act: str) -> Shown:
    """Return the hints that somebody has seen on the form that was sent."""
    _, codes = _proof(sent, case, act)
    return codes


def _proof(sent: QueryDict, case: str, act: str) -> tuple[str, Shown]:
    """Return when hints were shown on the form, and which; none if it is not ours."""
    token = sent.get("noticed", "")
    proof: list[Any]
    try:
        proof = signing.loads(token, salt=SALT) if 0 < len(token) < MOST_SIGNED else [""]
    except signing.BadSignature:
        return "", ()
    if proof[:2] != [case, act]:
        return "", ()
    return proof[2], tuple((field, code) for field, code in proof[3])


def heeded(
    sent: QueryDict, view: CaseView, step: Transition, act: str, given: Mapping[str, object]
) -> tuple[Suggested, ...]:
    """Return the hints that were shown, and whether the answer was changed after each."""
    at, codes = _proof(sent, view.case.id, act)
    if not codes:
        return ()
    still = {(one.field, one.code) for one in look(view, step, act, given).found}
    return tuple(
        Suggested("hint", field, code, moment(at), chosen=_made_of((field, code) in still))
        for field, code in codes
    )


def _made_of(is_still_there: bool) -> str:  # noqa: FBT001  the one thing there is to know
    return "sent" if is_still_there else "changed"


@require_POST
@staff
def looked_through(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponse:
    """Say what there is to look at in the answer that was typed so far. Nothing is changed."""
    view = case_numbered(number, actor, clock.now())
    step = next((one for one in view.allowed if one.name == name), None)
    act = request.POST.get("act", "")
    if step is None or not watched(view, step) or not is_key(act):
        raise CaseNotFound
    given = typed(view.programme, step, request.POST)
    found = look(view, step, act, given, shown(request.POST, view.case.id, act))
    return render(request, "desk/parts/noticed.html", {"look": found})
