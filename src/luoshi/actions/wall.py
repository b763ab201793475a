"""The wall: who reported is seen only when two people together have asked, and it is logged.

One person asks and gives a reason, another one grants or refuses; then the first may look once.
The handlers of the case never see it, and no list, export or search reads behind the wall.

Terms    whistle-blower 举报人 · reveal 揭示 · two-person rule 双人核准
Source   hotline ordinances (Weifang art. 33; Jinan art. 10, 32): who reports may demand secrecy
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from luoshi.actions import clock
from luoshi.kernel.access import Actor, may_see, posts_of
from luoshi.kernel.case import Case
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, NotYours, SamePerson
from luoshi.kernel.programme import Programme
from luoshi.store import records
from luoshi.store.models import CaseRow, Reveal, Unmasking, WalledValue
from luoshi.store.programmes import programme_of

OPEN_FOR = timedelta(hours=24)
"""How long a granted look stays open."""

MOST_UNMASKING_REASON = 200
"""Characters of the reason that the person concerned reads."""

LEAST_REASON = 10
MOST_REASON = 400


@transaction.atomic
def ask(case: str, actor: Actor, reason: str) -> Reveal:
    """Ask to see who reported *case*.

    Raises:
        CaseNotFound: There is none, or *actor* may not see it.
        NotYours: Their role may not ask.
        FieldsRefused: The reason is missing, too short or too long.
    """
    role = _role(case, actor, granting=False)
    words = reason.strip()
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        code = "text.too_short" if len(words) < LEAST_REASON else "text.too_long"
        raise FieldsRefused([FieldProblem("reason", code, {"least": LEAST_REASON})])
    return Reveal.objects.create(
        case=case, asked_by=actor.id, asked_role=role, reason=words, asked=clock.now()
    )


@transaction.atomic
def decide(reveal: str, actor: Actor, *, grant: bool) -> Reveal:
    """Grant or refuse the request *reveal*; never one's own.

    Raises:
        CaseNotFound, NotYours, SamePerson: As the name says.
    """
    asked = _locked(reveal)
    _role(str(asked.case), actor, granting=True)
    if asked.asked_by == actor.id:
        raise SamePerson(transition="grant", other="ask")
    if asked.granted is None and asked.refused is None:
        asked.granted_by = actor.id
        asked.granted, asked.refused = (clock.now(), None) if grant else (None, clock.now())
        asked.save(update_fields=["granted_by", "granted", "refused"])
    return asked


@transaction.atomic
def look(reveal: str, actor: Actor) -> dict[str, object]:
    """Return who reported, once, to the person who asked; who reported sees that they looked.

    Raises:
        CaseNotFound: It was not granted to *actor*, was looked at already, or the time is over.
    """
    asked = _locked(reveal)
    if asked.asked_by != actor.id or not _is_open(asked, clock.now()):
        raise CaseNotFound
    asked.looked = clock.now()
    asked.save(update_fields=["looked"])
    rows = WalledValue.objects.filter(case_id=asked.case).exclude(value=None).order_by("seq")
    seen = {row.field: json.loads(row.value or "null") for row in rows}
    Unmasking.objects.bulk_create(
        Unmasking(
            case=asked.case,
            field=field,
            by=actor.id,
            role=asked.asked_role,
            reason=asked.reason[:MOST_UNMASKING_REASON],
            at=asked.looked,
        )
        for field in seen
    )
    return seen


def asked_about(case: str) -> list[Reveal]:
    """Return every request to look, the latest first; for those whom *case* lets ask or grant."""
    return list(Reveal.objects.filter(case=case).order_by("-asked"))


def state_of(asked: Reveal, now: datetime) -> str:
    """Return how a request stands: waiting, open, looked, refused or over."""
    if asked.looked is not None:
        return "looked"
    if asked.refused is not None:
        return "refused"
    if asked.granted is None:
        return "waiting"
    return "open" if _is_open(asked, now) else "over"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for a decision."""

    number: str
    reason: str
    asked: datetime


MOST_WAITING = 100


def waiting(actor: Actor) -> list[Waiting]:
    """Return the requests that *actor* may decide on, the oldest first; never their own."""
    found = Reveal.objects.filter(granted=None, refused=None).exclude(asked_by=actor.id)
    lines = []
    for one in found.order_by("asked")[:MOST_WAITING]:
        row = CaseRow.objects.filter(id=one.case).first()
        rule = programme_of(row.programme, row.version).wall if row else None
        if row and rule and {post.role for post in actor.posts} & set(rule.granted_by):
            lines.append(Waiting(row.number, one.reason, one.asked))
    return lines


def _is_open(asked: Reveal, now: datetime) -> bool:
    return asked.granted is not None and asked.looked is None and now < asked.granted + OPEN_FOR


def _locked(reveal: str) -> Reveal:
    found = Reveal.objects.select_for_update().filter(id=reveal).first()
    if found is None:
        raise CaseNotFound
    return found


def _role(key: str, actor: Actor, *, granting: bool) -> str:
    """Return the role by which *actor* may ask or grant.

    Raises:
        CaseNotFound, NotYours: They may not.
    """
    programme, case = _seen(key, actor)
    wall = programme.wall
    roles = () if wall is None else wall.granted_by if granting else wall.asked_by
    mine = [post.role for post in posts_of(actor, programme, case) if post.role in roles]
    if not mine:
        raise NotYours(transition="reveal", roles=" / ".join(roles) or "nobody", allowed="")
    return mine[0]


def _seen(key: str, actor: Actor) -> tuple[Programme, Case]:
    held = records.locked(key)
    if held is None:
        raise CaseNotFound
    case = held.case
    programme = programme_of(case.programme, case.version)
    if not may_see(programme, case, actor):
        raise CaseNotFound
    return programme, case
