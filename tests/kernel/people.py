"""The two sample programmes, people who act in them, and a calendar."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tests.programmes.sample import HERE, lamp

from luoshi.formats.calendars import load_calendar
from luoshi.formats.programmes import load_programme
from luoshi.kernel.access import Actor, Post
from luoshi.kernel.case import Case, applied
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Command, Decision, decide

CALENDAR = load_calendar(HERE.parents[1] / "calendars" / "cn.yaml")
MONDAY = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
"""09:00 on a working Monday in the calendar's zone."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CASE = "00000000-0000-7000-8000-000000000001"


def act(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012}"


def staff(role: str, name: str = "", unit: str = "", *areas: str) -> Actor:
    units = frozenset({unit} if unit else ())
    return Actor(name or role, (Post(role, unit, units, frozenset(areas)),))


SYSTEM = Actor("system", is_system=True)
CLERK, HEAD = staff("clerk", "", "", "east"), staff("head")


@cache
def works(*changes: tuple[str, str]) -> Programme:
    """Return the sample that provides for everything, with some texts changed."""
    text = (HERE / "works.yaml").read_text("utf-8")
    return _loaded(text, *changes)


@cache
def lamps(*changes: tuple[str, str]) -> Programme:
    """Return the small sample, with some texts changed."""
    return _loaded((HERE / "lamp.yaml").read_text("utf-8"), *changes)


def _loaded(text: str, *changes: tuple[str, str]) -> Programme:
    with tempfile.TemporaryDirectory() as folder:
        return load_programme(lamp(Path(folder), *changes, text=text))


class Life:
    """One case, moved step by step; keeps its facts."""

    def __init__(self, programme: Programme, now: datetime = MONDAY) -> None:
        self.programme, self.now = programme, now
        self.case: Case | None = None
        self.decisions: list[Decision] = []

    def decided(self, step: str, actor: Actor, **answers: object) -> Decision:
        """Decide without taking the step."""
        command = Command(act(len(self.decisions) + 1), CASE, step, answers, b"secret")
        return decide(self.programme, self.case, command, actor, self.now, CALENDAR)

    def take(self, step: str, actor: Actor, **answers: object) -> Case:
        decision = self.decided(step, actor, **answers)
        self.decisions.append(decision)
        self.case = applied(self.case, decision.fact)
        return self.case

    def forward(self, by: timedelta) -> None:
        self.now += by


def begun(**answers: object) -> Life:
    """Return a case of the works programme that is at work since Monday, due at its end."""
    life = Life(works())
    life.take("open", CLERK, what="塔吊", day="2026-03-20", **answers)
    life.take("begin", CLERK, unit="roads")
    return life
