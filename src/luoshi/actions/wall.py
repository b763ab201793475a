"""The wall: who reported is seen only when two people together have asked, and it is logged.

One person asks and gives a reason, another one grants or refuses; then the first may look once. The
handlers of the case never see it, and no list, export or search reads behind the wall.

Terms    whistle-blower 举报人 · reveal 揭示 · two-person rule 双人核准
Source   hotline ordinances (Weifang art. 33; Jinan art. 10, 32): who reports may demand secrecy
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import transaction

from luoshi.actions import clock
from luoshi.kernel.access import Actor, may_see, posts_of
from luoshi.kernel.case import Case, fold
from luoshi.kernel.errors import CaseNotFound, FieldProblem, FieldsRefused, NotYours, SamePerson
from luoshi.kernel.programme import Programme
from luoshi.store import records
from luoshi.store.models import Reveal, WalledValue
from luoshi.store.programmes import programme_of

OPEN_FOR = timedelta(hours=24)
"""How long a granted look stays open."""

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
    """Return who reported, once, to the person who asked.

    Raises:
        CaseNotFound: It was not granted to *actor*, was looked at already, or the time is over.
    """
    asked = _locked(reveal)
    if asked.asked_by != actor.id or not _is_open(asked, clock.now()):
        raise CaseNotFound
    asked.looked = clock.now()
    asked.save(update_fields=["looked"])
    rows = WalledValue.objects.filter(case_id=asked.case).exclude(value=None).order_by("seq")
    return {row.field: json.loads(row.value or "null") for row in rows}


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
    case = fold(held.facts)
    programme = programme_of(case.programme, case.version)
    if not may_see(programme, case, actor):
        raise CaseNotFound
    return programme, case
