"""Casting: which cases a service has, which course each takes, and when it comes in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.demo.areas import Area
from luoshi.demo.cast import Stage
from luoshi.demo.services.script import Course, Script, scripts
from luoshi.demo.units import upwards
from luoshi.kernel.programme import Relation
from luoshi.store.programmes import programme_of

_SLACK = 1.25
"""A course may take so much longer than it usually does."""

OPENED_WITHIN = 3.0
"""Office hours within which a case is opened that has come in: each is, also after a holiday."""


@dataclass(frozen=True, slots=True)
class Casting:
    """One case that will be; it lies in one of *areas*."""

    script: Script
    number: int
    course: Course
    arrives: datetime
    areas: tuple[Area, ...]


def casting(stage: Stage, each: int, end: datetime) -> Iterator[Casting]:
    """Yield the cases of every service: *each* of them, and every course once at least."""
    worked = stage.rhythm.office_before(end, 0)
    latest = stage.rhythm.office_before(end, OPENED_WITHIN)
    for script in scripts() if each else ():
        rng = random.Random(f"{stage.seed}/{script.programme}")  # noqa: S311  no secret
        courses = list(script.courses)
        more = max(0, each - len(courses))
        areas = _served(stage, script)
        weights = [course.weight for course in courses]
        for number, course in enumerate([*courses, *rng.choices(courses, weights, k=more)]):
            sure = number < len(courses) or course.stays
            arrives = min(_arrival(rng, script, course, worked, sure=sure), latest)
            yield Casting(script, number, course, arrives, areas)


def _arrival(
    rng: random.Random, script: Script, course: Course, worked: datetime, *, sure: bool
) -> datetime:
    """Return when a case comes in: if *sure*, early enough for its course until people stop."""
    least = course.days * (1.08 if course.stays else _SLACK) if sure else 0.5
    most = least * 1.15 + 0.2 if course.stays else max(script.days, least + 1)
    return worked - timedelta(days=rng.uniform(least, most))


def _served(stage: Stage, script: Script) -> tuple[Area, ...]:
    """Return the areas in which everybody is at work whom the programme needs there."""
    posts, areas = stage.city.staff.posts, stage.city.area_by_code
    needed = [
        {post.area for post in posts if post.role == role.name}
        for role in programme_of(script.programme).roles.values()
        if role.relation is Relation.OWN_AREA
    ]
    return tuple(
        area
        for area in stage.city.of_level(script.area)
        if all(held & {one.code for one in upwards(area, areas)} for held in needed)
    )
