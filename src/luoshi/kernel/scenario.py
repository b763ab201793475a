"""Scenarios: a department's own examples of what its programme means.

A scenario says who does what when, what is refused, and what holds at the end. It may go on
``after`` another one. Nothing here knows a file.

Terms    scenario 情景 · step 步骤 · expectation 预期
Units    instants are aware; the reader of files puts the calendar's zone to those without one
Not here playing them, and which of a programme's rules they show (``playing``, ``shown``)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from luoshi.kernel.calendar import Calendar
from luoshi.kernel.fact import moment


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in a scenario, written ``role``, ``role@unit`` or ``role@unit:person``.

    Without a unit a role of the own unit acts for the unit that handles the case.
    """

    role: str
    place: str = ""
    person: str = ""

    def __str__(self) -> str:
        """Return who it is, as the file writes it."""
        at = f"@{self.place}" if self.place else ""
        return f"{self.role}{at}{':' + self.person if self.person else ''}"


class Ended(StrEnum):
    """How a part of joint handling came to an end."""

    DONE = "done"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a scenario, or something that happens by itself (then ``do`` is empty).

    Attributes:
        refused: Code of the refusal that is expected; empty when the act is allowed.
        fields: Fields that are named by a refusal of answers.
        times: How often it is done in a row.
        tick: Rungs that have come due are climbed.
        part: Unit whose part of joint handling is over; ``how`` it ended.
    """

    at: datetime
    by: Who = Who("")
    do: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    refused: str = ""
    fields: tuple[str, ...] = ()
    times: int = 1
    tick: bool = False
    part: str = ""
    how: Ended = Ended.DONE
    path: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What holds at the end of a scenario; what is not said is not looked at.

    Attributes:
        at: Instant of looking; that of the last step unless said.
        due, light, clocks: Due instant, light and state, by clock.
        provisional: Exactly those clocks whose due instant is provisional.
        count: How often transitions were taken.
        climbed: Exactly the rungs climbed, by clock.
        exempt: Exactly what does not count in an assessment.
    """

    at: datetime | None = None
    state: str = ""
    due: Mapping[str, datetime] = field(default_factory=dict)
    light: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    provisional: tuple[str, ...] | None = None
    count: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    published: bool | None = None
    climbed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exempt: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One example: what came before (``after``), what is done, and what must hold then."""

    name: str
    steps: tuple[Step, ...]
    after: str = ""
    then: Expected = Expected()
    path: str = ""


def instant_of(text: str, calendar: Calendar) -> datetime:
    """Return the instant *text*; without a zone it is in that of *calendar*."""
    given = moment(text)
    return given if given.tzinfo else given.replace(tzinfo=calendar.zone)
