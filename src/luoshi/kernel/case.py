"""Cases: the state of a matter is the fold of its facts.

``fold`` needs no programme: every fact carries what followed from it, so a case can be read and
proved long after its programme has changed. A row in a table is a cache of this fold.

Terms    case 事项、工单 · fold 归并 · light 红黄绿灯
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from luoshi.kernel.clock import Light, Pause
from luoshi.kernel.fact import ClockEffect, Fact, Json


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock of one case.

    ``state`` is ``running``, ``paused``, ``met`` or ``stopped``. Whether it is overdue is never
    stored: it is computed from the instants.
    """

    name: str
    kind: str
    started: datetime
    due: datetime
    warn: datetime
    limit: str
    rests_on: str = ""
    provisional: bool = False
    state: str = "running"
    ended: datetime | None = None
    paused: datetime | None = None
    extended: int = 0
    unmoved: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    rungs: tuple[tuple[str, datetime], ...] = ()
    fired: tuple[str, ...] = ()

    @property
    def next_rung(self) -> tuple[str, datetime] | None:
        """The rung of the ladder that comes next, while the clock runs."""
        ahead = [rung for rung in self.rungs if rung[0] not in self.fired]
        if self.state != "running" or not ahead:
            return None
        return min(ahead, key=lambda rung: rung[1])

    def told(self, now: datetime) -> str:
        """Return the word that a condition asks for (see ``condition.CLOCK_STATES``)."""
        if self.state == "running":
            return "overdue" if now >= self.due else "running"
        if self.state == "met":
            return "late" if self.was_late else "met"
        return self.state

    @property
    def was_late(self) -> bool:
        """Whether it was met, but not before it was due."""
        return self.ended is not None and self.state == "met" and self.ended >= self.due

    def light(self, now: datetime) -> Light:
        """Return green, yellow or red; an ended clock keeps the light of the instant it ended."""
        seen = self.ended or self.paused or now
        if seen >= self.due:
            return Light.RED
        return Light.YELLOW if seen >= self.warn else Light.GREEN


@dataclass(frozen=True, slots=True)
class Part:
    """One part of joint handling 协办: who has it, and is it open, done, void or waived?"""

    unit: str
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Case:
    """A matter that is to be settled once.

    Attributes:
        seq: Number of facts folded; the next fact has ``seq + 1``.
        values: Latest answer to each field that is not personal.
        sealed: Digest of the latest answer to each personal field.
        counts: How often each transition was taken.
        doers: Who took each transition last.
        numbers: Its numbers, by name of their pattern.
        came_from: For each state the case has been in, the state it came from.
        holds: Acts that put up a hold which is not lifted, by name of the hold.
        parts: Parts of joint handling: key of the child case to its unit and how it stands.
        part_of: The case of which this one is a part; empty for a case of its own.
        follows: The main case this one was merged into; ``followers`` are those merged into it.
        exempt: What does not count in an assessment, by an upheld appeal that was not revoked; the
            facts stay.
        clocks: Every clock by name; earlier rounds of a clock that was started again are kept as
            ``name#1``, ``name#2``…, so that a redo never hides that the first round was late.
    """

    id: str
    programme: str
    version: str
    state: str
    seq: int
    opened: datetime
    moved: datetime
    values: Mapping[str, Json] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, ClockState] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    doers: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    came_from: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    part_of: str = ""
    follows: str = ""
    followers: tuple[str, ...] = ()
    exempt: frozenset[str] = frozenset()
    close_kind: str = ""

    @property
    def open_parts(self) -> tuple[str, ...]:
        """Keys of the parts that are neither done nor waived."""
        return tuple(key for key, part in self.parts.items() if part.state == "open")


def fold(facts: Iterable[Fact]) -> Case:
    """Return the case that *facts*, in order, add up to.

    Raises:
        ValueError: There is no fact, or one is missing, doubled or out of order.
    """
    case: Case | None = None
    for fact in facts:
        case = applied(case, fact)
    if case is None:
        raise ValueError("a case without facts does not exist")
    return case


def applied(case: Case | None, fact: Fact) -> Case:
    """Return *case* after *fact*.

    Raises:
        ValueError: *fact* does not follow on what *case* is (a broken chain).
    """
    if case is None:
        return _opened(fact)
    if fact.case != case.id or fact.seq != case.seq + 1 or fact.source != case.state:
        raise ValueError(f"fact {fact.id} does not follow case {case.id} at step {case.seq}")
    return _with_effects(_stepped(case, fact), fact)


def _stepped(case: Case, fact: Fact) -> Case:
    moved = fact.target != fact.source
    return replace(
        case,
        state=fact.target,
        came_from={**case.came_from, fact.target: fact.source} if moved else case.came_from,
        seq=fact.seq,
        moved=fact.at,
        version=fact.version,
        values={**case.values, **fact.values} if fact.values else case.values,
        sealed={**case.sealed, **fact.sealed} if fact.sealed else case.sealed,
        clocks=_clocks(case.clocks, fact),
        counts={**case.counts, fact.act: case.counts.get(fact.act, 0) + 1},
        doers={**case.doers, fact.act: fact.doer.id},
        numbers={**case.numbers, **fact.numbers} if fact.numbers else case.numbers,
    )


def _opened(fact: Fact) -> Case:
    if fact.seq != 1 or fact.source != "":
        raise ValueError(f"fact {fact.id} does not open a case")
    case = Case(
        id=fact.case,
        programme=fact.programme,
        version=fact.version,
        state=fact.target,
        seq=1,
        opened=fact.at,
        moved=fact.at,
        values=fact.values,
        sealed=fact.sealed,
        clocks=_clocks({}, fact),
        counts={fact.act: 1},
        doers={fact.act: fact.doer.id},
        numbers=fact.numbers,
    )
    return _with_effects(case, fact)


def _with_effects(case: Case, fact: Fact) -> Case:
    for effect in fact.effects:
        case = EFFECTS[str(effect["does"])](case, effect, fact)
    return case


def _raised(case: Case, effect: Mapping[str, Json], fact: Fact) -> Case:
    name = str(effect["hold"])
    return replace(case, holds={**case.holds, name: (*case.holds.get(name, ()), fact.id)})


def _lifted(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    name = str(effect["hold"])
    return replace(case, holds={**case.holds, name: case.holds.get(name, ())[1:]})


def _part_opened(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, parts={**case.parts, str(effect["case"]): Part(unit=str(effect["unit"]))})


def _part_ended(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    key = str(effect["case"])
    return replace(
        case, parts={**case.parts, key: replace(case.parts[key], state=str(effect["how"]))}
    )


def _part_moved(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    key = str(effect["case"])
    part = replace(case.parts[key], unit=str(effect["unit"]))
    return replace(case, parts={**case.parts, key: part})


def _part_of(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, part_of=str(effect["case"]))


def _follows(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, follows=str(effect["case"]))


def _followed(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, followers=(*case.followers, str(effect["case"])))


def _unfollowed(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    left = tuple(key for key in case.followers if key != effect["case"])
    return replace(case, followers=left)


def _exempted(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, exempt=case.exempt | {str(effect["what"])})


def _counted_again(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, exempt=case.exempt - {str(effect["what"])})


def _closed(case: Case, effect: Mapping[str, Json], _: Fact) -> Case:
    return replace(case, close_kind=str(effect["kind"]))


EFFECTS: Mapping[str, Callable[[Case, Mapping[str, Json], Fact], Case]] = {
    "raise": _raised,
    "lift": _lifted,
    "open_part": _part_opened,
    "end_part": _part_ended,
    "move_part": _part_moved,
    "part_of": _part_of,
    "follow": _follows,
    "leave": lambda case, _, __: replace(case, follows=""),
    "followed": _followed,
    "unfollowed": _unfollowed,
    "exempt": _exempted,
    "count_again": _counted_again,
    "close": _closed,
    "moved": lambda case, _, __: case,
}
"""What each kind of effect does to a case. A new kind is one line here."""


def _clocks(clocks: Mapping[str, ClockState], fact: Fact) -> Mapping[str, ClockState]:
    if not fact.clocks:
        return clocks
    after = dict(clocks)
    for effect in fact.clocks:
        before = after.get(effect.clock)
        if effect.does == "start" and before is not None:
            after[_round_name(after, effect.clock)] = _ended_by_restart(before, fact.at)
        after[effect.clock] = _clock_after(before, effect, fact.at)
    return after


def _round_name(clocks: Mapping[str, ClockState], name: str) -> str:
    """Return the key under which the round now over is kept: ``answer#1``, ``answer#2``…."""
    return f"{name}#{1 + sum(key.startswith(f'{name}#') for key in clocks)}"


def _ended_by_restart(clock: ClockState, at: datetime) -> ClockState:
    return clock if clock.ended else replace(clock, state="stopped", ended=at, paused=None)


ENDS = {"meet": "met", "stop": "stopped"}
"""Effects that end a clock, and the state in which they leave it."""


def _clock_after(clock: ClockState | None, effect: ClockEffect, at: datetime) -> ClockState:
    if effect.does == "start":
        return _started(effect, at)
    if clock is None:
        raise ValueError(f"clock {effect.clock} was never started")
    if effect.does in ENDS:
        return replace(clock, state=ENDS[effect.does], ended=at, paused=None)
    match effect.does:
        case "pause":
            return replace(clock, state="paused", paused=at)
        case "resume":
            pauses = (*clock.pauses, Pause(clock.paused or at, at))
            moved = _moved(clock, effect)
            return replace(moved, state="running", paused=None, pauses=pauses)
        case "rung":
            names = tuple(name for name, _ in effect.rungs)
            return replace(clock, fired=(*clock.fired, *names))
        case "extend":
            return replace(_moved(clock, effect), extended=clock.extended + 1)
    raise ValueError(f"a fact does {effect.does!r} to a clock")


def _started(effect: ClockEffect, at: datetime) -> ClockState:
    if effect.due is None or effect.warn is None:
        raise ValueError(f"clock {effect.clock} starts without a due instant")
    return ClockState(
        name=effect.clock,
        kind=effect.kind,
        started=at,
        due=effect.due,
        warn=effect.warn,
        limit=effect.limit,
        rests_on=effect.rests_on,
        provisional=effect.provisional,
        unmoved=effect.unmoved,
        rungs=effect.rungs,
    )


def _moved(clock: ClockState, effect: ClockEffect) -> ClockState:
    if effect.due is None or effect.warn is None:
        raise ValueError(f"clock {effect.clock} moves without a due instant")
    return replace(
        clock,
        due=effect.due,
        warn=effect.warn,
        provisional=effect.provisional,
        unmoved=effect.unmoved,
        rungs=effect.rungs,
    )
