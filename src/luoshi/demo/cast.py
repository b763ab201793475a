"""The cast: who takes part in the story, and what they share.

Terms    actor 操作人 · desk 席位 · handler 承办人
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol

from luoshi.actions import clock
from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.actions.climbing import BATCH, cases_due, climb
from luoshi.actions.suggested import Suggested
from luoshi.demo.city import City
from luoshi.demo.matters import Matter
from luoshi.demo.rhythm import Rhythm
from luoshi.demo.units import Unit
from luoshi.kernel.access import Actor
from luoshi.kernel.case import Case
from luoshi.store import records
from luoshi.store.keys import new_key


@dataclass(frozen=True, slots=True)
class Part:
    """One case that will be: when it arrives, about what, and what must happen to it.

    Attributes:
        number: Its place in the order of arrival; with the seed, the source of its chance.
        matter: The occurrence, when several people report the same one.
        fate: Events that happen to it for sure, and then no others; empty leaves it to chance.
        stays: State in which nobody takes their turn any more; empty for none.
    """

    number: int
    arrives: datetime
    matter: Matter | None = None
    fate: frozenset[str] = frozenset()
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """A state in which a case shall be when the story ends, and how to get there.

    Attributes:
        stays: The state.
        fate: What must happen before.
        days: How long before the end it comes in.
    """

    stays: str
    fate: frozenset[str]
    days: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who report one matter, the second soon after the first.

    Attributes:
        first, second: What must happen to each.
        first_stays, second_stays: State in which each shall be when the story ends, if any.
        days: How long before the end they come in; 0 leaves it to chance.
    """

    first: frozenset[str]
    second: frozenset[str]
    first_stays: str = ""
    second_stays: str = ""
    days: float = 0


class Concern(Protocol):
    """Whatever looks after one case and must know how it stands."""

    case: Case


@dataclass
class Stage:
    """What all lives share: the city, the people, the rhythm, and what happens next.

    Attributes:
        programme: Id of the programme that takes the cases.
        actors: Everybody on the staff, by username.
        steps: How many steps have been taken.
        cases: How many cases have been opened.
        concerns: Who looks after which case, by its key.
        matters: Who looks after the first case about a matter, by its id.
    """

    seed: int
    programme: str
    city: City
    actors: Mapping[str, Actor]
    rhythm: Rhythm
    steps: int = 0
    cases: int = 0
    concerns: dict[str, Concern] = field(default_factory=dict)
    matters: dict[str, Concern] = field(default_factory=dict)
    _queue: list[tuple[datetime, int, Iterator[datetime]]] = field(default_factory=list)
    _order: int = 0

    def enter(self, life: Iterator[datetime]) -> None:
        """Let a life begin; it yields the instants at which it goes on."""
        first = next(life, None)
        if first is not None:
            self._expect(first, life)

    def _expect(self, at: datetime, life: Iterator[datetime]) -> None:
        self._order += 1
        heapq.heappush(self._queue, (at, self._order, life))

    def played(self, until: datetime) -> Iterator[datetime]:
        """Let everything happen in the order of time; yield each instant after it."""
        while self._queue and self._queue[0][0] <= until:
            at, _, life = heapq.heappop(self._queue)
            with clock.at(at):
                following = next(life, None)
            if following is not None:
                self._expect(max(following, at), life)
            yield at

    def do(
        self,
        transition: str,
        answers: Mapping[str, object],
        case: str,
        by: Actor,
        shown: tuple[Suggested, ...] = (),
    ) -> Outcome:
        """Take a step as *by*, now; *case* is opened by the first one, *shown* was suggested.

        Raises:
            Refused: The step is not allowed: a mistake in the story.
        """
        given = {name: value for name, value in answers.items() if value not in ("", None, [])}
        request = Request(transition, given, case=case, act=fresh_key(), suggested=shown)
        self.steps += 1
        return act(request, by)

    def open(
        self, transition: str, answers: Mapping[str, object], case: str, by: Actor
    ) -> Outcome:
        """Open a case.

        Raises:
            Refused: The step is not allowed: a mistake in the story.
        """
        given = {name: value for name, value in answers.items() if value not in ("", None, [])}
        self.steps += 1
        self.cases += 1
        return register(self.programme, Request(transition, given, case=case, act=fresh_key()), by)

    def climbing(self, start: datetime, busy: datetime) -> Iterator[datetime]:
        """Do what the worker does: climb the ladders of clocks that run out.

        Args:
            start: From when on; twice a day at first.
            busy: From when on every hour.
        """
        hour = start
        while True:
            hour += timedelta(hours=1 if hour >= busy else 12)
            yield hour
            while due := cases_due(hour, BATCH):
                climb(hour, BATCH)
                self.look_again(due)

    def first_about(self, matter: str) -> Concern | None:
        """Return who looks after the first case about a matter; ``None`` if there is none."""
        return self.matters.get(matter)

    def look_again(self, keys: Iterable[str]) -> None:
        """Tell those who look after these cases how they stand."""
        for key in keys:
            held = records.locked(key)
            if held is not None and key in self.concerns:
                self.concerns[key].case = held.case

    def somebody(self, rng: random.Random, role: str, unit: str = "") -> Actor:
        """Return one of those who hold a role."""
        return self.actors[rng.choice(self._holders[role, unit])]

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for post in self.city.staff.posts:
            for unit in ("", post.unit):
                found.setdefault((post.role, unit), []).append(post.username)
        return found

    @cached_property
    def handling_units(self) -> tuple[Unit, ...]:
        """Units that handle cases."""
        return tuple(u for u in self.city.units if ("handler", u.code) in self._holders)

    def slowness(self, unit: str) -> float:
        """Return how slow a unit is: 1 is usual. Units differ, so that figures have something."""
        return random.Random(f"{self.seed}/{unit}").uniform(0.72, 1.38)  # noqa: S311  no secret


def fresh_key() -> str:
    """Return a key that begins with the time that is played, as if it had been made then."""
    return new_key(int(clock.now().timestamp() * 1000))


Life = Callable[[Stage, Part], Iterator[datetime]]
"""What becomes of a case: acts, and between them the instants at which it goes on."""
