"""Limits: how long something may take, from which day on, for which cases, and who says so.

A rule is data with a day, a unit and a source. What a limit means in instants is in ``clock``.

Terms    limit 时限 · unlimited 不设时限 · stage 阶段时限 · rung 预警升级 · window 可办期限
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luoshi.kernel.condition import Condition, Situation
from luoshi.kernel.duration import Duration

UNLIMITED = "unlimited"
"""Written in place of a length where nothing limits how long something may take."""

Labels = Mapping[str, str]
"""Words for people by language tag, such as zh-Hans or en."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One of several targets on the way: 现场围护 within 3 hours, 修复 within 8, and so on."""

    name: str
    labels: Labels
    within: Duration


@dataclass(frozen=True, slots=True)
class Limit:
    """How long, from which day on, for which cases, and says who.

    A limit has ``within``, or ``stages`` (each target counted from the same start), or ``until``:
    a date field, at the end of whose day it expires. Or it says that there is none: then the
    clock is ``unlimited`` for such cases, and is not started.
    """

    in_force: date
    source: str
    within: Duration | None = None
    stages: tuple[Stage, ...] = ()
    until: str = ""
    unlimited: bool = False
    when: Condition | None = None

    def applies(self, day: date, situation: Situation) -> bool:
        """Return whether the rule is in force on *day* for such a case."""
        return self.in_force <= day and (self.when is None or self.when.holds(situation))


@dataclass(frozen=True, slots=True)
class Warn:
    """When the light turns yellow: at a ``share`` of the limit, or when ``left`` remains of it."""

    share: float | None = 0.8
    left: Duration | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an escalation ladder 预警升级: somebody is told, or the system takes a step.

    The instant is at ``share`` of the limit, or ``before`` the due instant, or ``after`` it:
    exactly one of the three.

    Attributes:
        tell: Roles that are told, by the notice ``notice``.
        do: Transition that the system takes, if it can be taken then.
    """

    name: str
    share: float | None = None
    before: Duration | None = None
    after: Duration | None = None
    tell: tuple[str, ...] = ()
    notice: str = ""
    do: str = ""


class ClockKind(StrEnum):
    """A duty falls due and can be late; a window merely closes."""

    DUTY = "duty"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that somebody has to keep (duty), or a time in which something is open (window).

    Attributes:
        limits: Dated rules; the first that applies on the day of the start counts, newest first.
        most_extension: Longest that one extension may add.
        ladder: Who is told, or what happens, at which instant of the clock.
    """

    name: str
    labels: Labels
    limits: tuple[Limit, ...]
    kind: ClockKind = ClockKind.DUTY
    warn: Warn = Warn()
    most_extension: Duration | None = None
    ladder: tuple[Rung, ...] = ()

    def limit_on(self, day: date, situation: Situation) -> Limit | None:
        """Return the rule for a clock that starts on *day*; an old case keeps that of its day."""
        fitting = [limit for limit in self.limits if limit.applies(day, situation)]
        newest = max((limit.in_force for limit in fitting), default=None)
        return next((limit for limit in fitting if limit.in_force == newest), None)

    @property
    def may_not_start(self) -> bool:
        """Whether there are cases for which it is not started, because nothing limits them."""
        return any(limit.unlimited for limit in self.limits)
