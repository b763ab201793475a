"""Scripts: what a story file says about one service.

Terms    script 脚本 · course 办理经过 · act 一步 · topic 事由

An act is written ``step``, ``step by role``, ``step after 3 hours`` (of office time) or ``step
after 20 days``; ``wait after 20 days`` lets time pass for what happens by itself. With answers of
its own it is a table: ``{act = "route", with = {unit = "@another"}}``. Answers that begin with
``@`` stand for something: see ``answering``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

ACT = re.compile(r"(\w+)(?: by (\w+))?(?: after ([\d.]+) (hours|days))?")
WAIT = "wait"
USUAL_HOURS = 3.0


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a course.

    Attributes:
        do: The transition; ``WAIT`` for none.
        by: Role that takes it; empty for the first that may.
        hours: Office hours that pass before, usually; ``days`` are calendar days, more or less.
    """

    do: str
    by: str = ""
    hours: float = 0
    days: float = 0
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of a case.

    Attributes:
        weight: How often, compared with the others; each is taken once at least.
        stays: It goes on no further than this, and came in so that it stands there now.
        topic: Id of the topic that it needs; empty for any that has no id.
    """

    acts: tuple[Act, ...]
    weight: int = 1
    stays: bool = False
    topic: str = ""

    @property
    def days(self) -> float:
        """About how many calendar days it takes."""
        return sum(act.days + act.hours / 5 for act in self.acts)


@dataclass(frozen=True, slots=True)
class Posting:
    """Who works there: ``count`` people in each of the units or areas that are named.

    Attributes:
        units: Codes of units, kinds of units, or ``county:code`` for that of every county.
        areas: Level of the areas that one person each looks after.
        towns: In these towns only: their places in the list of towns, from 1.
    """

    role: str
    units: tuple[str, ...] = ()
    areas: str = ""
    towns: tuple[int, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Script:
    """One story file.

    Attributes:
        days: How long ago the first case came in, at most.
        area: Level of the areas that cases lie in.
        topics: What cases are about: answers by field, with ``unit`` for who is competent, and
            ``id`` where only courses that name it are about it.
        parts: What becomes of the parts of joint handling.
        say: Answers by ``field``, ``step.field`` or ``in state.field``, one of which is chosen.
        again: Steps that are taken every so many days as long as the case is open.
        papers: Fields of files that are documents and no photographs.
    """

    programme: str
    days: int
    area: str
    topics: tuple[Mapping[str, Any], ...]
    courses: tuple[Course, ...]
    parts: tuple[Course, ...]
    say: Mapping[str, tuple[Any, ...]]
    posts: tuple[Posting, ...]
    again: Mapping[str, float]
    papers: frozenset[str]


@cache
def scripts() -> tuple[Script, ...]:
    """Return every script, in the order of their names."""
    folder = files(__package__).joinpath("stories")
    found = sorted((one for one in folder.iterdir()), key=lambda one: one.name)
    return tuple(
        _script(one.name.removesuffix(".toml"), tomllib.loads(one.read_text(encoding="utf-8")))
        for one in found
        if one.name.endswith(".toml")
    )


def _script(programme: str, read: Mapping[str, Any]) -> Script:
    pace = read.get("pace", {})
    return Script(
        programme=programme,
        days=read["days"],
        area=read["area"],
        topics=tuple(read["topic"]),
        courses=tuple(_course(one, pace) for one in read["course"]),
        parts=tuple(_course(one, pace) for one in read.get("part", ())),
        say={name: _several(said) for name, said in read["say"].items()},
        posts=tuple(_posting(one) for one in read.get("post", ())),
        again=read.get("again", {}),
        papers=frozenset(read.get("papers", ())),
    )


def _course(read: Mapping[str, Any], pace: Mapping[str, float]) -> Course:
    acts = tuple(_act(one, pace) for one in read["acts"])
    return Course(acts, read.get("weight", 1), read.get("stays", False), read.get("topic", ""))


def _act(read: str | Mapping[str, Any], pace: Mapping[str, float]) -> Act:
    text, answers = (read, {}) if isinstance(read, str) else (read["act"], read["with"])
    found = ACT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no act")
    do, by, length, unit = found.groups()
    if length is None:
        return Act(do, by or "", pace.get(do, USUAL_HOURS), answers=answers)
    if unit == "days":
        return Act(do, by or "", days=float(length), answers=answers)
    return Act(do, by or "", float(length), answers=answers)


def _posting(read: Mapping[str, Any]) -> Posting:
    return Posting(
        read["role"],
        _several(read.get("units", ())),
        read.get("areas", ""),
        _several(read.get("towns", ())),
        read.get("count", 1),
    )


def _several(read: object) -> tuple[Any, ...]:
    return tuple(read) if isinstance(read, list | tuple) else (read,)
