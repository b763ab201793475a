"""Conditions: what must hold before a step may be taken, or before a rule applies.

A condition is structure, never a string of code, so that it can be checked, explained and
translated. ``str`` tells it as an English phrase, for logs, reports and refusals.

Terms    condition 条件 · clock 时限 · count 次数
Not here who may act (``access``); which answers are needed (``values``)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


class Situation(Protocol):
    """What a condition may look at."""

    def value(self, field: str, /) -> object:
        """Return the present answer to *field*, ``None`` when there is none."""

    def clock(self, clock: str, /) -> str:
        """Return one of ``CLOCK_STATES``."""

    def count(self, transition: str, /) -> int:
        """Return how often *transition* was taken."""

    def raised(self, hold: str, /) -> int:
        """Return how many holds of this name are up, not lifted yet."""

    def open_parts(self) -> int:
        """Return how many parts of joint handling are neither done nor waived."""

    def draw(self, name: str, /) -> float:
        """Return the lot of the case in the draw *name*, from 0 up to 1; always the same one."""


@dataclass(frozen=True, slots=True)
class FieldIs:
    """The answer to ``field`` is one of ``values``."""

    field: str
    values: tuple[object, ...]

    def holds(self, situation: Situation) -> bool:
        return situation.value(self.field) in self.values

    def __str__(self) -> str:
        return f"{self.field} is {' or '.join(map(str, self.values))}"


@dataclass(frozen=True, slots=True)
class FieldWithin:
    """The answer is a number not below ``at_least`` and not above ``at_most``."""

    field: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, situation: Situation) -> bool:
        value = situation.value(self.field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        return f"{self.field} is between {self.at_least} and {self.at_most}"


@dataclass(frozen=True, slots=True)
class FieldGiven:
    """The field has been answered (or, with ``given=False``, has not)."""

    field: str
    given: bool = True

    def holds(self, situation: Situation) -> bool:
        return (situation.value(self.field) not in (None, "", (), [])) is self.given

    def __str__(self) -> str:
        return f"{self.field} is {'given' if self.given else 'empty'}"


@dataclass(frozen=True, slots=True)
class ClockIs:
    """The clock is in one of ``states`` now."""

    clock: str
    states: tuple[str, ...]

    def holds(self, situation: Situation) -> bool:
        return situation.clock(self.clock) in self.states

    def __str__(self) -> str:
        return f"clock {self.clock} is {' or '.join(self.states)}"


@dataclass(frozen=True, slots=True)
class CountIs:
    """The transition was taken at least ``at_least`` and at most ``at_most`` times."""

    transition: str
    at_least: int = 0
    at_most: int | None = None

    def holds(self, situation: Situation) -> bool:
        done = situation.count(self.transition)
        return done >= self.at_least and (self.at_most is None or done <= self.at_most)

    def __str__(self) -> str:
        most = "" if self.at_most is None else f" and at most {self.at_most}"
        return f"{self.transition} was done at least {self.at_least}{most} time(s)"


@dataclass(frozen=True, slots=True)
class Held:
    """A hold of this name is up (督办、挂起…), or, with ``up=False``, none is."""

    hold: str
    up: bool = True

    def holds(self, situation: Situation) -> bool:
        return (situation.raised(self.hold) > 0) is self.up

    def __str__(self) -> str:
        return f"{self.hold} is {'up' if self.up else 'lifted'}"


@dataclass(frozen=True, slots=True)
class PartsDone:
    """Every part of joint handling is done or waived (or, with ``done=False``, one is open)."""

    done: bool = True

    def holds(self, situation: Situation) -> bool:
        return (situation.open_parts() == 0) is self.done

    def __str__(self) -> str:
        return "every part is done" if self.done else "a part is open"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The case is among the ``share`` of all cases drawn for a spot check 抽查."""

    name: str
    share: float

    def holds(self, situation: Situation) -> bool:
        return situation.draw(self.name) < self.share

    def __str__(self) -> str:
        return f"drawn for {self.name} ({self.share:.0%} of cases)"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, situation: Situation) -> bool:
        return all(part.holds(situation) for part in self.parts)

    def __str__(self) -> str:
        return " and ".join(f"({part})" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, situation: Situation) -> bool:
        return any(part.holds(situation) for part in self.parts)

    def __str__(self) -> str:
        return " or ".join(f"({part})" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition

    def holds(self, situation: Situation) -> bool:
        return not self.part.holds(situation)

    def __str__(self) -> str:
        return f"not ({self.part})"


Leaf = FieldIs | FieldWithin | FieldGiven | ClockIs | CountIs | Held | PartsDone | Drawn
Condition = Leaf | All | Any | Not

CLOCK_STATES = frozenset({"absent", "running", "overdue", "paused", "met", "late", "stopped"})


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the conditions that look at something, without the words that join them."""
    if isinstance(condition, All | Any):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def first_unmet(condition: Condition, situation: Situation) -> Condition:
    """Return the smallest part that explains why *condition* does not hold."""
    if isinstance(condition, All):
        unmet = next(part for part in condition.parts if not part.holds(situation))
        return first_unmet(unmet, situation)
    return condition


@dataclass(frozen=True, slots=True)
class Answers:
    """A situation in which only answers are known: used while a case is being registered."""

    values: Mapping[str, object]

    def value(self, field: str) -> object:
        return self.values.get(field)

    def clock(self, _clock: str) -> str:
        return "absent"

    def count(self, _transition: str) -> int:
        return 0

    def raised(self, _hold: str) -> int:
        return 0

    def open_parts(self) -> int:
        return 0

    def draw(self, _name: str) -> float:
        return 1.0
