"""Sight: one case as one person may see it.

Views never meet a row: they get a ``CaseView``, in which every answer is already whole, masked or
absent, and the steps that this person may take now are listed.

Terms    timeline 办理过程 · answer 填报值 · light 红黄绿灯
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from luoshi.kernel.access import Actor, Post, Sight, masked, may_see, sight_of
from luoshi.kernel.case import Case, ClockState, fold
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.fact import Doer, Fact, Json, read
from luoshi.kernel.obstacles import allowed
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.withheld import Withheld, withheld
from luoshi.store import records
from luoshi.store.models import Attachment, Unmasking
from luoshi.store.programmes import programme_of
from luoshi.store.statement import cursor, together


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as this person sees it. ``value`` is ``None`` when it has been deleted."""

    field: str
    value: Json
    sight: Sight = Sight.WHOLE
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline: one fact, with the answers given in it."""

    fact: Fact
    answers: tuple[Answer, ...]

    @property
    def doer(self) -> Doer:
        """Who did it."""
        return self.fact.doer


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one person may see it, at one instant."""

    case: Case
    number: str
    programme: Programme
    actor: Actor
    post: Post
    now: datetime
    answers: Mapping[str, Answer]
    timeline: tuple[Entry, ...]
    allowed: tuple[Transition, ...]
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    unmaskings: tuple[Unmasking, ...] = ()

    @property
    def clocks(self) -> tuple[ClockState, ...]:
        """Duty clocks of the present round, the most urgent first, ended ones last."""
        mine = [c for key, c in self.case.clocks.items() if "#" not in key and c.kind == "duty"]
        return tuple(sorted(mine, key=lambda c: (c.state not in ("running", "paused"), c.due)))

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The steps that have to wait, and what for."""
        return withheld(self.programme, self.case, self.actor, self.now)

    @property
    def title(self) -> str:
        """The line that says what it is about, as far as this person may see it."""
        answer = self.answers.get(self.programme.title_field)
        return str(answer.value) if answer and answer.value is not None else ""


def case_seen(case: str, actor: Actor, now: datetime) -> CaseView:
    """Return the case with the key *case* as *actor* sees it.

    Raises:
        CaseNotFound: There is none, or *actor* may not know of it.
    """
    own = records.BOTH if actor.own_case == case else "luoshi_personal"
    with together(), cursor() as first, cursor() as then, cursor() as beside:
        first.execute(
            "SELECT c.number, f.body FROM luoshi_fact f JOIN luoshi_case c ON c.id = f.case_id "
            "WHERE f.case_id = %s ORDER BY f.seq",
            (case,),
            prepare=True,
        )
        then.execute(
            f"SELECT seq, field, value FROM {own} p WHERE case_id = %s",
            (case,),
            prepare=True,
        )
        beside.execute(BESIDE, {"case": case}, prepare=True)
        rows = first.fetchall()
        personal = {(seq, name): value for seq, name, value in then.fetchall()}
        has_files, has_unmaskings = beside.fetchall()[0]
    if not rows:
        raise CaseNotFound
    view = _view(rows[0][0], [read(body) for _, body in rows], personal, actor, now)
    return replace(
        view,
        attachments=_attachments(case) if has_files else {},
        unmaskings=_unmaskings(case) if has_unmaskings else (),
    )


BESIDE = """
SELECT EXISTS (SELECT FROM luoshi_attachment WHERE "case" = %(case)s AND deleted IS NULL),
  EXISTS (SELECT FROM luoshi_unmasking WHERE "case" = %(case)s)
"""


def _view(
    number: str,
    facts: list[Fact],
    personal: Mapping[tuple[int, str], str | None],
    actor: Actor,
    now: datetime,
) -> CaseView:
    folded = fold(facts)
    programme = programme_of(folded.programme, folded.version)
    verdict = may_see(programme, folded, actor)
    if verdict.post is None:
        raise CaseNotFound
    timeline = tuple(_entry(programme, folded, fact, personal, actor) for fact in facts)
    return CaseView(
        case=folded,
        number=number,
        programme=programme,
        actor=actor,
        post=verdict.post,
        now=now,
        answers=_latest(timeline),
        timeline=timeline,
        allowed=allowed(programme, folded, actor, now),
    )


def _entry(
    programme: Programme,
    case: Case,
    fact: Fact,
    personal: Mapping[tuple[int, str], str | None],
    actor: Actor,
) -> Entry:
    shown = [
        _answer(programme, case, name, _value(name, fact, personal), actor)
        for name in [*fact.values, *fact.sealed]
        if name in programme.fields
    ]
    return Entry(fact, tuple(one for one in shown if one.sight is not Sight.HIDDEN))


def _value(
    name: str, fact: Fact, personal: Mapping[tuple[int, str], str | None]
) -> tuple[Json, bool]:
    if name in fact.values:
        return fact.values[name], False
    text = personal.get((fact.seq, name))
    return (None, True) if text is None else (json.loads(text), False)


def _answer(
    programme: Programme, case: Case, name: str, held: tuple[Json, bool], actor: Actor
) -> Answer:
    value, deleted = held
    sight = sight_of(programme, name, case, actor)
    if sight is Sight.MASKED and isinstance(value, str):
        value = masked(value)
    return Answer(name, None if sight is Sight.HIDDEN else value, sight, deleted)


def _latest(timeline: Iterable[Entry]) -> dict[str, Answer]:
    return {answer.field: answer for entry in timeline for answer in entry.answers}


def _unmaskings(case: str) -> tuple[Unmasking, ...]:
    return tuple(Unmasking.objects.filter(case=case).order_by("at"))


def _attachments(case: str) -> dict[str, Attachment]:
    return {str(one.id): one for one in Attachment.objects.filter(case=case, deleted=None)}
