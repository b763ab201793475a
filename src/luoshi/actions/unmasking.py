"""Unmasking: to look at a masked answer is an act of its own, with a reason, and is written down.

The person concerned sees who looked, when and why. Some days after a case has ended nobody at a
desk may look any more.

Terms    unmasking 查看联系方式 · masked 脱敏显示
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from luoshi.actions import clock
from luoshi.kernel.access import Actor, Sight
from luoshi.kernel.answers import Wrong, clean_text
from luoshi.kernel.errors import FieldProblem, FieldsRefused, Refused
from luoshi.kernel.fact import Fact
from luoshi.kernel.programme import Programme
from luoshi.store import records
from luoshi.store.models import Unmasking
from luoshi.store.sight import CaseView, case_seen

DAYS_AFTER_END = 30
"""How many days after a case has ended its masked answers may still be looked at."""

LEAST_REASON, MOST_REASON = 2, 200
"""Fewest and most characters of the reason."""


class NothingMasked(Refused):
    """This person sees no masked answer of this name on this case."""

    code = "unmask.nothing"
    template = "there is no masked answer {field!r} for you on this case"


class UnmaskingOver(Refused):
    """The case ended too long ago for anybody to need the contact."""

    code = "unmask.over"
    template = "the case ended more than {days} days ago; contacts are no longer shown"


def unmask(case: str, field: str, reason: str, actor: Actor) -> str:
    """Return the whole of a masked answer, after writing down who looked and why.

    Args:
        case: Key of the case.
        field: Name of the answer.
        actor: Who wants to see it.
        reason: Why it is needed, in words; the person concerned will read it.

    Raises:
        CaseNotFound: *actor* may not know of the case.
        Refused: ``NothingMasked``, ``UnmaskingOver``, or ``FieldsRefused`` for the reason.
    """
    words = _reason(reason)
    now = clock.now()
    with transaction.atomic():
        view = case_seen(case, actor, now)
        _refuse_over(view, now)
        value = _masked_value(view, field)
        Unmasking.objects.create(
            case=case,
            field=field,
            by=actor.id,
            role=view.post.role,
            unit=view.post.unit,
            reason=words,
            at=now,
        )
    return value


def _reason(raw: str) -> str:
    try:
        words = " ".join(clean_text(raw).split())
    except Wrong as wrong:
        raise FieldsRefused([FieldProblem("reason", wrong.code, wrong.data)]) from None
    if not words:
        raise FieldsRefused([FieldProblem("reason", "field.missing")])
    if len(words) < LEAST_REASON:
        data = {"least": LEAST_REASON, "length": len(words)}
        raise FieldsRefused([FieldProblem("reason", "text.too_short", data)])
    if len(words) > MOST_REASON:
        data = {"most": MOST_REASON, "length": len(words)}
        raise FieldsRefused([FieldProblem("reason", "text.too_long", data)])
    return words


def _refuse_over(view: CaseView, now: datetime) -> None:
    ended = ended_at(view.programme, (entry.fact for entry in view.timeline))
    if ended is not None and now >= ended + timedelta(days=DAYS_AFTER_END):
        raise UnmaskingOver(days=DAYS_AFTER_END)


def ended_at(programme: Programme, facts: Iterable[Fact]) -> datetime | None:
    """Return when the case came to the end in which it is now; ``None`` while it is open."""
    ended: datetime | None = None
    for fact in facts:
        if not programme.states[fact.target].kind.is_end:
            ended = None
        elif ended is None:
            ended = fact.at
    return ended


def _masked_value(view: CaseView, field: str) -> str:
    answer = view.answers.get(field)
    if answer is None or answer.sight is not Sight.MASKED or answer.value is None:
        raise NothingMasked(field=field[:60])
    step = max((e.fact.seq for e in view.timeline if field in e.fact.sealed), default=0)
    held = records.personal_values(view.case.id, step).get(field)
    if held is None:
        raise NothingMasked(field=field[:60])
    return held[0] if isinstance(held[0], str) else json.dumps(held[0], ensure_ascii=False)
