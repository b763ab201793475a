"""A request on its way: what it is about, where it stands, and the hands it is in.

Terms    request 诉求 · requester 诉求人 · handling unit 承办单位
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from luoshi.actions import clock
from luoshi.actions.files import add_file
from luoshi.demo.cast import Part, Stage, fresh_key
from luoshi.demo.hotline.chances import CHANCES
from luoshi.demo.hotline.shown import shown
from luoshi.demo.messages import DemoMessage
from luoshi.demo.photos import photo, photo_kinds
from luoshi.demo.replies import work_phrase
from luoshi.demo.units import HOTLINE, Unit
from luoshi.kernel.access import Actor, requester_of
from luoshi.kernel.case import Case
from luoshi.kernel.obstacles import allowed
from luoshi.kernel.programme import Programme
from luoshi.kernel.seen import lot
from luoshi.store.programmes import programme_of

DRAWN, SHARE = "review_check", 0.1
"""The draw of the spot check, and its share, in ``programmes/hotline``."""

DRAWN_FATE = frozenset({"checked"})
"""Fates of those that a spot check draws."""


@dataclass
class Request:
    """One request.

    Attributes:
        message: What the requester wrote.
        right_unit: The unit that is competent for it.
        unit: The unit that has it now.
        handler: Who in that unit looks after it.
        todo: Steps that the handler has in mind.
        outcome: solved, explained or unsolved: what the work will really have come to.
        reply: The last answer given.
        last: The last step taken.
        parted: It was taken out of a merger: it is another matter.
        began: When it arrived.
    """

    stage: Stage
    part: Part
    rng: random.Random
    message: DemoMessage
    key: str = field(default_factory=fresh_key)
    case: Case = field(init=False)
    unit: Unit = field(init=False)
    handler: Actor = field(init=False)
    todo: deque[str] = field(default_factory=deque)
    outcome: str = "solved"
    reply: str = ""
    last: str = ""
    parted: bool = False
    began: datetime = field(default_factory=clock.now)

    def __post_init__(self) -> None:
        self.unit = self.right_unit
        while self.part.fate & DRAWN_FATE and lot(self.key, DRAWN) >= SHARE:
            self.key = fresh_key()

    @cached_property
    def right_unit(self) -> Unit:
        """The unit that is competent, by the routing catalogue."""
        return self.stage.city.handling_unit(self.message.category, self.message.grid)

    @property
    def is_for_desk(self) -> bool:
        """Whether no unit but the hotline itself is competent."""
        return self.right_unit.code == HOTLINE

    @property
    def programme(self) -> Programme:
        """The programme under which it is handled."""
        return programme_of(self.stage.programme)

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.case.state

    @property
    def is_urgent(self) -> bool:
        """Whether it cannot wait."""
        return self.message.urgency == "urgent"

    @property
    def requester(self) -> Actor:
        """Whoever has the query code."""
        return requester_of(self.key)

    def happens(self, event: str) -> bool:
        """Say whether an event happens: by fate if there is one, else by chance."""
        if self.part.fate:
            return event in self.part.fate
        return self.rng.random() < CHANCES[event]

    def likely(self, share: float) -> bool:
        """Say whether something happens that changes no course: *share* is of 1."""
        return self.rng.random() < share

    def count(self, transition: str) -> int:
        """Return how often a step has been taken."""
        return self.case.counts.get(transition, 0)

    def may(self, transition: str, actor: Actor) -> bool:
        """Return whether the programme lets *actor* take a step now."""
        if self.case.state == "merged":
            self.look_again()  # its main case may have been answered meanwhile
        steps = allowed(self.programme, self.case, actor, clock.now())
        return any(step.name == transition for step in steps)

    def look_again(self) -> None:
        """See how it stands, after something happened to a case it is bound to."""
        self.stage.look_again([self.key])

    @property
    def is_walled(self) -> bool:
        """Whether who reported is kept apart, so that nobody calls."""
        return self.case.values.get("secret") is True or self.case.values.get("kind") == "report"

    def do(self, transition: str, by: Actor, **answers: object) -> None:
        """Take a step; empty answers are left out."""
        suggested = shown(
            self.part.number, transition, self.message, self.case, answers, self.reply
        )
        self.case = self.stage.do(transition, answers, self.key, by, suggested).case
        self.last = transition

    def open(self, by: Actor, answers: Mapping[str, object]) -> None:
        """Register it."""
        self.case = self.stage.open("register", answers, self.key, by).case
        self.stage.concerns[self.key] = self
        self.stage.matters.setdefault(self.message.matter.id, self)

    def desk(self, role: str) -> Actor:
        """Return one of those who hold a role at a desk."""
        return self.stage.somebody(self.rng, role)

    def says(self, phrase: str, other: Unit | None = None) -> str:
        """Return a sentence of those at work."""
        return work_phrase(self.rng, phrase, self.message, self.unit, other)

    def replies(self, phrase: str) -> str:
        """Return a sentence of the requester, in the language of the message."""
        return self.says(f"{phrase}_en" if self.message.language == "en" else phrase)

    def hours(self, least: float, usual: float, most: float) -> float:
        """Return a length of time, mostly near the usual one."""
        return self.rng.triangular(least, most, usual)

    @property
    def slowness(self) -> float:
        """How slow the unit is that has it."""
        return self.stage.slowness(self.unit.code)

    def another_unit(self) -> Unit:
        """Return a department of the city that has something to do with it, too."""
        others = [u for u in self.stage.handling_units if u.kind == "department"]
        return self.rng.choice([u for u in others if u.code != self.unit.code])

    def give_to(self, unit: Unit) -> None:
        """Let a unit have it, and one of its handlers look after it."""
        self.unit = unit
        self.handler = self.stage.somebody(self.rng, "handler", unit.code)
        self.todo.clear()

    @property
    def is_pictured(self) -> bool:
        """Whether it is about something that can be photographed."""
        return self.message.category.split(".")[0] in photo_kinds()

    def pictures(self, by: Actor, count: int, *, mended: bool = False) -> list[str]:
        """Attach drawn photographs; return their ids."""
        now = clock.now().astimezone(self.stage.rhythm.calendar.zone)
        return [self._picture(by, now, shot, mended=mended) for shot in range(count)]

    def _picture(self, by: Actor, at: datetime, shot: int, *, mended: bool) -> str:
        seed = self.part.number * 8 + shot
        drawn = photo(self.message.category, seed, at, self.message.grid[-7:], mended=mended)
        return str(add_file(self.key, drawn, "", by).id)
