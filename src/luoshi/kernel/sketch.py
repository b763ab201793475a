"""Sketches: the part of a fold that the tables hold, made from facts as they are written.

A sketch is quicker to make than a whole ``Case``, and says less: it never explains. What it does
not plainly understand it doubts, and whoever asks then folds the facts properly. What it accepts,
``case.fold`` accepts and folds to the same.

Terms    sketch 速写 · fold 归并
Units    instants are aware
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from luoshi.kernel.case import ENDS

Raw = Mapping[str, Any]
moment = datetime.fromisoformat


class Doubt(Exception):
    """Something that only a whole fold can judge."""


class SketchedClock:
    """One clock, as far as its row goes."""

    __slots__ = (
        "due",
        "ended",
        "extended",
        "fired",
        "kind",
        "limit",
        "paused",
        "provisional",
        "rests_on",
        "rungs",
        "started",
        "state",
        "warn",
    )

    def __init__(self, effect: Raw, at: datetime) -> None:
        self.kind, self.limit, self.rests_on = effect["kind"], effect["limit"], effect["rests_on"]
        self.started, self.state, self.extended = at, "running", 0
        self.ended: datetime | None = None
        self.paused: datetime | None = None
        self.fired: tuple[str, ...] = ()
        self.move(effect)

    def move(self, effect: Raw) -> None:
        """Take the instants of *effect*."""
        self.due, self.warn = moment(effect["due"]), moment(effect["warn"])
        self.provisional = bool(effect["provisional"])
        self.rungs = [(name, moment(at)) for name, at in effect.get("rungs", ())]
        if "unmoved" in effect:
            moment(effect["unmoved"])

    def end(self, state: str, at: datetime) -> None:
        """Let it run no more."""
        self.state, self.ended, self.paused = state, at, None

    @property
    def row(self) -> tuple[object, ...]:
        """Its columns, from the kind to the next rung, in the order of the table."""
        return (
            self.kind,
            self.state,
            self.started,
            self.due,
            self.warn,
            self.ended,
            self.paused,
            self.provisional,
            self.limit,
            self.rests_on,
            self.extended,
            self._next_rung,
        )

    @property
    def _next_rung(self) -> datetime | None:
        if self.state != "running":
            return None
        return min((at for name, at in self.rungs if name not in self.fired), default=None)


class Sketch:
    """A case as far as its row, its clocks and its publication go.

    Args:
        raw: The fact that opened it.

    Raises:
        Doubt, KeyError, TypeError, ValueError: It is not plainly the opening of a case.
    """

    def __init__(self, raw: Raw) -> None:
        self.id, self.programme = raw["case"], raw["programme"][0]
        self.seq, self.state, self.version = 0, "", ""
        self.opened = self.moved = moment(raw["at"])
        self.values: dict[str, Any] = {}
        self.sealed: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.clocks: dict[str, SketchedClock] = {}
        self.parts: dict[str, str] = {}  # how each stands, by key
        self.part_of = self.follows = self.fact = self.doer = ""
        self.take(raw)

    def take(self, raw: Raw) -> None:
        """Go on with the next fact.

        Raises:
            Doubt, KeyError, TypeError, ValueError: It does not plainly follow.
        """
        if raw["seq"] != self.seq + 1 or raw["from"] != self.state or raw["case"] != self.id:
            raise Doubt
        if not isinstance(raw["to"], str):
            raise Doubt
        self.fact, (self.doer, _, _) = raw["id"], raw["by"]
        self.seq += 1
        self.state, self.version, self.moved = raw["to"], raw["programme"][1], moment(raw["at"])
        self.values = {**self.values, **raw["values"]}
        self.sealed = {**self.sealed, **raw["sealed"]}
        self.numbers = {**self.numbers, **raw["numbers"]}
        self.counts[raw["act"]] = self.counts.get(raw["act"], 0) + 1
        for effect in raw["clocks"]:
            self._wind(effect)
        for effect in raw["effects"]:
            EFFECTS.get(effect["does"], _doubted)(self, effect)

    def _wind(self, effect: Raw) -> None:
        name, does = effect["clock"], effect["does"]
        clock = self.clocks.get(name)
        if does == "start":
            if clock is not None:
                self._keep_round(name, clock)
            self.clocks[name] = SketchedClock(effect, self.moved)
        elif clock is None:
            raise Doubt
        else:
            WINDS.get(does, _doubted)(clock, effect, self.moved)

    def _keep_round(self, name: str, clock: SketchedClock) -> None:
        """Keep a round that is over under the name that the fold gives it."""
        if clock.ended is None:
            clock.end("stopped", self.moved)
        round_before = sum(key.startswith(f"{name}#") for key in self.clocks)
        self.clocks[f"{name}#{1 + round_before}"] = clock

    # What a condition may ask (see ``condition.Situation``); the rest is doubted.

    def value(self, field: str) -> object:
        """Return the latest answer to *field*, or its digest."""
        return self.values.get(field, self.sealed.get(field))

    def count(self, transition: str) -> int:
        """Return how often *transition* was taken."""
        return self.counts.get(transition, 0)

    def clock(self, _: str) -> str:
        """Doubt: only the fold tells whether a clock is late."""
        raise Doubt

    def raised(self, _: str) -> int:
        """Doubt: holds are not sketched."""
        raise Doubt

    def open_parts(self) -> int:
        """Return how many parts are neither done nor waived."""
        return [*self.parts.values()].count("open")

    def draw(self, _: str) -> float:
        """Doubt: a lot is drawn by the whole case."""
        raise Doubt


def _doubted(*_: object) -> None:
    raise Doubt


def _ended(clock: SketchedClock, effect: Raw, at: datetime) -> None:
    if "due" in effect:
        raise Doubt
    clock.end(ENDS[effect["does"]], at)


def _paused(clock: SketchedClock, effect: Raw, at: datetime) -> None:
    if "due" in effect:
        raise Doubt
    clock.state, clock.paused = "paused", at


def _resumed(clock: SketchedClock, effect: Raw, at: datetime) -> None:
    if (clock.paused or at) > at:
        raise Doubt
    _extended_like(clock, effect)
    clock.state, clock.paused = "running", None


def _extended(clock: SketchedClock, effect: Raw, _: datetime) -> None:
    _extended_like(clock, effect)
    clock.extended += 1


def _extended_like(clock: SketchedClock, effect: Raw) -> None:
    """Move a clock; whatever the effect repeats must be there, as when a fact is read."""
    for name in ("limit", "rests_on", "kind"):
        effect[name]
    clock.move(effect)


def _fired(clock: SketchedClock, effect: Raw, _: datetime) -> None:
    if "due" in effect:
        raise Doubt
    names = [(name, moment(at)) for name, at in effect.get("rungs", ())]
    clock.fired = (*clock.fired, *(name for name, _ in names))


WINDS: Mapping[str, Callable[[SketchedClock, Raw, datetime], None]] = {
    **dict.fromkeys(ENDS, _ended),
    "pause": _paused,
    "resume": _resumed,
    "extend": _extended,
    "rung": _fired,
}
"""What each effect does to a clock that is there."""


NOTED = {
    "raise": "hold",
    "lift": "hold",
    "exempt": "what",
    "count_again": "what",
    "close": "kind",
    "followed": "case",
    "unfollowed": "case",
}
"""Effects that no table holds, with what the fold reads of each: it must be there."""


def _noted(_: Sketch, effect: Raw) -> None:
    effect[NOTED[effect["does"]]]


def _part_opened(sketch: Sketch, effect: Raw) -> None:
    effect["unit"]
    sketch.parts[str(effect["case"])] = "open"


def _part_ended(sketch: Sketch, effect: Raw) -> None:
    sketch.parts[_known_part(sketch, effect)] = str(effect["how"])


def _part_moved(sketch: Sketch, effect: Raw) -> None:
    _known_part(sketch, effect)
    effect["unit"]


def _known_part(sketch: Sketch, effect: Raw) -> str:
    key = str(effect["case"])
    if key not in sketch.parts:
        raise Doubt
    return key


def _part_of(sketch: Sketch, effect: Raw) -> None:
    sketch.part_of = str(effect["case"])


def _follows(sketch: Sketch, effect: Raw) -> None:
    sketch.follows = str(effect["case"])


def _left(sketch: Sketch, _: Raw) -> None:
    sketch.follows = ""


EFFECTS: Mapping[str, Callable[[Sketch, Raw], None]] = {
    **dict.fromkeys(NOTED, _noted),
    "moved": lambda _, __: None,
    "open_part": _part_opened,
    "end_part": _part_ended,
    "move_part": _part_moved,
    "part_of": _part_of,
    "follow": _follows,
    "leave": _left,
}
"""What each effect on the case comes to; ``Sketch.take`` doubts any other."""
