"""An affair: one case of a service on its way, and the hands it is in.

Terms    affair 事项 · unit 单位 · course 办理经过
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from luoshi.demo.areas import Area
from luoshi.demo.cast import Stage, fresh_key
from luoshi.demo.city import random_point
from luoshi.demo.matters import labels_around
from luoshi.demo.plane import Spot
from luoshi.demo.services.script import Script
from luoshi.demo.units import Unit, upwards
from luoshi.demo.wording import said
from luoshi.kernel.access import ANYBODY, Actor, is_related, requester_of
from luoshi.kernel.case import Case
from luoshi.kernel.programme import Programme, Relation, Role, Transition
from luoshi.store.programmes import programme_of

_OURS = ("unit", "look", "id")
"""Words of a topic that are no answers: who is competent, what its photographs show, its name."""


@dataclass
class Affair:
    """One case.

    Attributes:
        topic: What it is about: answers by field.
        area: Where it is; ``point`` is a spot in it.
        unit: The competent unit.
        look: What its photographs show.
        slots: Names that sentences may use.
        begun: The case has been opened.
    """

    stage: Stage
    script: Script
    rng: random.Random
    topic: dict[str, Any]
    area: Area
    unit: Unit
    programme: Programme
    key: str = field(default_factory=fresh_key)
    begun: bool = False
    case: Case = field(init=False)
    look: str = field(init=False)
    point: Spot = field(init=False)
    slots: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.look = self.topic.get("look", "")
        self.topic = {name: said for name, said in self.topic.items() if name not in _OURS}
        self.point = random_point(self.rng, self.area)
        labels = labels_around(self.rng, self.stage.city, _grid_in(self.stage, self.area))
        self.slots = {slot: label.zh for slot, label in labels.items()}
        self.slots |= {"unit": self.unit.name_zh, "unit_phone": self.unit.phone}
        self.slots |= {"number": str(self.rng.randint(1, 40)), "n": str(self.rng.randint(2, 9))}
        for name in ("subject", "title", "item"):
            if name in self.topic:
                self.topic[name] = said(self.topic[name], self.rng, self.slots)
                self.slots["subject"] = self.topic[name]

    @property
    def is_over(self) -> bool:
        """Whether the case has come to an end."""
        return self.programme.states[self.case.state].kind.is_end

    def joins(self, case: Case) -> None:
        """Look after *case* from here on."""
        self.case, self.key, self.begun = case, case.id, True
        self.stage.concerns[self.key] = self

    def actor(self, step: Transition, role: str) -> Actor:
        """Return somebody who may take a step; rather who has had a hand in the case before.

        Raises:
            LookupError: Nobody may: a mistake in the story.
        """
        rules = [self.programme.roles[name] for name in ([role] if role else step.by)]
        if any(rule.relation is Relation.REQUESTER for rule in rules):
            return requester_of(self.key) if self.begun else ANYBODY
        kept_out = {self.case.doers.get(name) for name in step.not_same_person_as if self.begun}
        fitting = [one for rule in rules for one in self._holders(rule) if one.id not in kept_out]
        if not fitting:
            raise LookupError(f"{self.programme.id}: nobody may {step.name} as {role or step.by}")
        known = {*self.case.doers.values()} if self.begun else set()
        return next((one for one in fitting if one.id in known), self.rng.choice(fitting))

    def _holders(self, rule: Role) -> list[Actor]:
        """Return those who hold a role and are related to the case as it asks."""
        usernames = dict.fromkeys(self.stage.city.staff.holders(rule.name))
        return [self.stage.actors[one] for one in usernames if self._is_theirs(rule, one)]

    def _is_theirs(self, rule: Role, username: str) -> bool:
        for post in self.stage.actors[username].posts:
            if post.role != rule.name:
                continue
            if self.begun and is_related(self.programme, rule, post, self.case):
                return True
            if not self.begun and _would_be_theirs(rule, post.units, post.areas, self):
                return True
        return False

    def another_unit(self) -> str:
        """Return a unit of the same kind that is not competent."""
        others = self._others()
        return self.rng.choice(others).code

    def helpers(self) -> list[str]:
        """Return one or two units that help."""
        others = self._others()
        return [one.code for one in self.rng.sample(others, self.rng.choice((1, 1, 2)))]

    def _others(self) -> list[Unit]:
        units = [unit for unit in self.stage.handling_units if unit.kind == "department"]
        return [unit for unit in units if unit.code != self.unit.code]


def _would_be_theirs(
    rule: Role, units: frozenset[str], areas: frozenset[str], affair: Affair
) -> bool:
    match rule.relation:
        case Relation.OWN_UNIT:
            return affair.unit.code in units
        case Relation.OWN_AREA:
            return affair.area.code in areas
        case _:
            return True


def new_affair(
    stage: Stage, script: Script, rng: random.Random, area: Area, named: str = ""
) -> Affair:
    """Return a case that is not opened yet, about the topic *named*, or one that has no name."""
    topic = rng.choice([topic for topic in script.topics if topic.get("id", "") == named])
    unit = _competent(stage, str(topic["unit"]), area)
    return Affair(stage, script, rng, dict(topic), area, unit, programme_of(script.programme))


def _competent(stage: Stage, named: str, area: Area) -> Unit:
    """Return the unit that a topic names: by code, or ``town``, ``county``, ``county:code``."""
    units, areas = stage.city.unit_by_code, stage.city.area_by_code
    level, _, code = named.partition(":")
    if level not in ("town", "county"):
        return units[named]
    here = [one.code for one in upwards(area, areas) if one.level == level]
    own = next(unit for unit in stage.city.units if unit.area in here and unit.kind == level)
    return units.get(f"{own.code}.{code}", units.get(code, own)) if code else own


def _grid_in(stage: Stage, area: Area) -> Area:
    areas = stage.city.area_by_code
    return next(grid for grid in stage.city.grids if area in list(upwards(grid, areas)))
