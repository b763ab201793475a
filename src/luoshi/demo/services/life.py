"""The life of a case of a service, told as the instants at which it goes on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from luoshi.actions import clock
from luoshi.demo.cast import Stage
from luoshi.demo.services.affair import Affair, new_affair
from luoshi.demo.services.casting import OPENED_WITHIN, Casting
from luoshi.demo.services.script import WAIT, Act, Course
from luoshi.demo.services.taking import took
from luoshi.store import records
from luoshi.store.programmes import programme_of

Instants = Iterator[datetime]

PATIENCE = 40
"""How often somebody looks again whether a step is possible by now; every working day, about."""


def life(stage: Stage, part: Casting) -> Instants:
    """Yield the instants of a case's life; between them, everybody does their part."""
    seed = f"{stage.seed}/{part.script.programme}/{part.number}"
    rng = random.Random(seed)  # noqa: S311  a story is no secret
    yield stage.rhythm.office(part.arrives, rng.uniform(0.1, OPENED_WITHIN))
    affair = new_affair(stage, part.script, rng, rng.choice(part.areas), part.course.topic)
    took(affair, part.course.acts[0])
    for name, days in part.script.again.items():
        stage.enter(_again(affair, Act(name), days))
    yield from _taken(affair, part.course.acts[1:])


def _taken(affair: Affair, acts: tuple[Act, ...]) -> Instants:
    """Take one act after the other; give up where one is not possible for weeks."""
    for act in acts:
        yield _when(affair, act)
        for _ in range(PATIENCE):
            if act.do == WAIT or took(affair, act):
                break
            yield _later(affair, 6)
        else:
            return
        _begin_parts(affair)


def _when(affair: Affair, act: Act) -> datetime:
    rng, now = affair.rng, clock.now()
    if act.days:
        now += timedelta(days=act.days * rng.triangular(0.8, 1.1, 1))
    return _later(affair, act.hours * rng.triangular(0.4, 1.6, 1) + rng.uniform(0.05, 0.4), now)


def _later(affair: Affair, hours: float, now: datetime | None = None) -> datetime:
    return affair.stage.rhythm.office(now or clock.now(), hours)


def _again(affair: Affair, act: Act, days: float) -> Instants:
    """Take a step every so many days as long as it can be taken, and the case is open."""
    while not affair.is_over:
        yield _later(affair, affair.rng.uniform(0.2, 5), clock.now() + timedelta(days=days))
        if affair.rng.random() < _DILIGENCE:
            took(affair, act)


_DILIGENCE = 0.9


def _begin_parts(affair: Affair) -> None:
    """Let the units begin that have come to help."""
    for key, part in affair.case.parts.items():
        if part.state == "open" and key not in affair.stage.concerns:
            course = affair.rng.choice(affair.script.parts)
            affair.stage.enter(_assisting(affair, key, course))


def _assisting(main: Affair, key: str, course: Course) -> Instants:
    """One assisting unit does its part."""
    held = records.locked(key)
    if held is None:
        raise LookupError(key)
    programme = programme_of(held.case.programme, held.case.version)
    unit = main.stage.city.unit_by_code[main.case.parts[key].unit]
    part = Affair(main.stage, main.script, main.rng, main.topic, main.area, unit, programme)
    part.joins(held.case)
    yield from _taken(part, course.acts)
