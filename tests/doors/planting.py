"""Planting: cases of every programme, taken through real acts, with a mark in every answer.

A mark names the programme and the field, so that what is found anywhere says where it came from.
Whoever may take a step takes it; steps that nobody has taken yet are preferred, so that a case
goes through as much of its programme as one case can.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from PIL import Image
from tests.small_city import INSIDE, MONDAY

from luoshi.actions import clock
from luoshi.actions.acts import Request, act, register
from luoshi.actions.files import add_file
from luoshi.kernel.access import ANYBODY, Actor
from luoshi.kernel.draw import Dice
from luoshi.kernel.errors import CaseNotFound, FieldsRefused, Refused
from luoshi.kernel.programme import FREE_TEXT, Field, FieldType, Programme, Relation, Transition
from luoshi.store import models
from luoshi.store.directory import actor_of
from luoshi.store.keys import new_key
from luoshi.store.programmes import offered, programme_of
from luoshi.store.sight import case_seen

SOUGHT = "不得外传"
"""Stands in every marked answer: what somebody curious would search for."""

FILE_MARK, EXIF_MARK = "QZFILENAMEV", "QZEXIFV"
MARK = re.compile(
    r"QZ\d\dX\d\dV|qz\d\dx\d\dv@|154\d{4}6543|1101011990030\d{5}|QZFILENAMEV|QZEXIFV"
)
OUTSIDE = (Relation.REQUESTER, Relation.SYSTEM)
STEPS = 26
FIRST = ("route", "receive", "involve", "publish")
"""Steps that a case is led through first, once: to a unit, to others beside it, to the public."""

WRITTEN = FREE_TEXT | {FieldType.PHONE, FieldType.EMAIL}
FIXED: dict[FieldType, object] = {
    FieldType.UNIT: "roads",
    FieldType.UNITS: ["lamps"],
    FieldType.AREA: "9911",
    FieldType.POINT: INSIDE,
    FieldType.CASE: None,
}
PUBLIC_WORDS = "街灯修复情况公开说明，现场已经恢复照明。"


@dataclass
class Planted:
    """What was planted."""

    codes: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    taken: dict[str, set[str]] = field(default_factory=dict)


def place_of(rule: Field, programme: Programme) -> tuple[int, int]:
    """Return the numbers by which a mark names programme and field."""
    return sorted(offered()).index(programme.id), sorted(programme.fields).index(rule.name)


def marked(rule: Field, programme: Programme) -> str:
    """Return an answer to a personal question that can be found anywhere."""
    one, two = place_of(rule, programme)
    match rule.type:
        case FieldType.PHONE:
            return f"154{one:02d}{two:02d}6543"
        case FieldType.EMAIL:
            return f"qz{one:02d}x{two:02d}v@anlan.example"
        case FieldType.TEXT:
            return f"QZ{one:02d}X{two:02d}V {SOUGHT} 1101011990030{one:02d}{two:02d}7 门牌十七号"
    return f"QZ{one:02d}X{two:02d}V{SOUGHT}"


def photograph() -> bytes:
    """Return a photograph that says in its data who took it and where."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x010E] = EXIF_MARK, EXIF_MARK
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif, comment=EXIF_MARK.encode())
    return out.getvalue()


def marks_in(text: str) -> set[str]:
    """Return the marks that stand in *text*."""
    return set(MARK.findall(text))


def roles() -> dict[str, Relation]:
    """Return every role that somebody holds by a post, of every programme."""
    return {
        role.name: role.relation
        for programme in offered().values()
        for role in programme.roles.values()
        if role.relation not in OUTSIDE
    }


def staffed(name: str, role: str, unit: str = "", area: str = "") -> models.Account:
    """Make an account with one post."""
    made = models.Account.objects.create_user(name, None, name="工作人员")
    models.Post.objects.create(account=made, role=role, unit_id=unit or None, area_id=area or None)
    return made


class Gardener:
    """Plants cases and takes them through their programmes."""

    def __init__(self, accounts: dict[str, models.Account]) -> None:
        self.actors = {name: actor_of(account) for name, account in accounts.items()}
        self.chance = random.Random(1)
        self.planted = Planted()
        self.minutes = 0

    def plant(self) -> Planted:
        """Plant a case of every programme that somebody can open; its parts follow."""
        for programme in offered().values():
            for step in programme.opening * 2:  # the second case takes what the first one left
                self._open(programme, step)
        for kind in ("report", "help"):  # who reports stands behind a wall; help is published
            self._open(offered()["hotline"], offered()["hotline"].opening[0], kind=kind)
        tended: set[str] = set()
        while waiting := self._untended(tended):
            for row in waiting:
                self._tend(str(row.id), programme_of(row.programme, row.version))
                tended.add(str(row.id))
        self.planted.cases = sorted(tended)
        return self.planted

    def _untended(self, tended: set[str]) -> list[models.CaseRow]:
        return list(models.CaseRow.objects.exclude(id__in=tended).order_by("opened", "id"))

    def _open(self, programme: Programme, step: Transition, **fixed: object) -> None:
        case = new_key()
        wanted = {name: str(rule.relation) for name, rule in programme.roles.items()}
        for role in step.by:
            if wanted[role] == Relation.SYSTEM:
                continue
            actor = ANYBODY if wanted[role] == Relation.REQUESTER else self.actors[role]
            outcome = self._tried(programme, step, case, actor, fixed, is_new=True)
            assert outcome, f"{programme.id}.{step.name} could not be opened as {role}"
            if outcome.code:
                self.planted.codes.append(outcome.code)
            return

    def _tend(self, case: str, programme: Programme) -> None:
        taken = self.planted.taken.setdefault(programme.id, set())
        own: set[str] = set()
        for _ in range(STEPS):
            steps = list(self._possible(case, programme))
            steps.sort(key=lambda one: (
                one[0].name in own or one[0].name not in FIRST, one[0].name in taken
            ))  # fmt: skip
            done = next(
                (step for step, who in steps if self._tried(programme, step, case, who)), None
            )
            if done is None:
                return
            own.add(done.name)
            taken.add(done.name)

    def _possible(self, case: str, programme: Programme) -> Iterator[tuple[Transition, Actor]]:
        """Yield what may be done now, and by whom: staff, and the requester."""
        own = Actor(ANYBODY.id, own_case=case)
        staff = [one for one in self.actors.values() if one.posts[0].role in programme.roles]
        for actor in [*staff, own]:
            try:
                view = case_seen(case, actor, self._now())
            except CaseNotFound:
                continue
            yield from ((step, actor) for step in view.allowed)

    def _now(self) -> Any:
        return MONDAY + timedelta(minutes=self.minutes)

    def _tried(
        self, programme: Programme, step: Transition, case: str, actor: Actor,
        fixed: dict[str, object] | None = None, *, is_new: bool = False,
    ) -> Any:  # fmt: skip
        """Take *step*; drop answers that are not taken, and say nothing when it is refused."""
        self.minutes += 1
        names = dict.fromkeys(need.field for need in step.needs)
        answers = {n: self._answer(programme, programme.fields[n], case, actor) for n in names}
        answers |= fixed or {}
        for _ in range(4):
            given = {name: value for name, value in answers.items() if value is not None}
            try:
                with clock.at(self._now()):
                    if is_new:
                        wanted = Request(step.name, given, case)
                        return register(programme.id, wanted, actor)
                    return act(Request(step.name, given, case), actor)
            except FieldsRefused as refused:
                for problem in refused.problems:
                    answers[problem.field] = None
            except Refused:
                return None
        return None

    def _answer(self, programme: Programme, rule: Field, case: str, actor: Actor) -> object:
        if rule.personal and rule.type in WRITTEN:
            return marked(rule, programme)
        if rule.type is FieldType.FILES:
            return [str(add_file(case, photograph(), f"{FILE_MARK}.jpg", actor).id)]
        if rule.type in FIXED:
            return FIXED[rule.type]
        if rule.reviewed:
            return (PUBLIC_WORDS * 3)[: int(min(rule.most or 40, 40))]
        choices = {name: tuple(entries) for name, entries in programme.lists.items()}
        return Dice(self.chance.randrange, choices).answer(rule, self._now())
