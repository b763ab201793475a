"""Versions: what changes between two versions of a programme, and what that means for open cases.

A case keeps the version it was opened under. Moving it to another one is an act of its own: a fact
that can be read in the timeline and taken back.

Terms    version 版本 · move 迁移
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from luoshi.kernel.case import Case
from luoshi.kernel.fact import ClockEffect, Doer, Fact
from luoshi.kernel.programme import Programme

MOVED = "@move"
MOVED_BACK = "@move_back"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two versions: ``kind`` is ``added``, ``removed`` or ``changed``."""

    section: str
    name: str
    kind: str


def differences(old: Programme, new: Programme) -> tuple[Difference, ...]:
    """Return how *new* differs from *old*, section by section."""
    return tuple(
        difference
        for section in ("states", "transitions", "fields", "clocks", "roles", "lists", "holds")
        for difference in _section(section, getattr(old, section), getattr(new, section))
    )


def _section(
    section: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield Difference(section, name, "removed")
        elif name not in old:
            yield Difference(section, name, "added")
        elif old[name] != new[name]:
            yield Difference(section, name, "changed")


def target_state(new: Programme, state: str, mapping: Mapping[str, str]) -> str:
    """Return where a case in *state* goes; empty when *new* has none such and none is named."""
    target = mapping.get(state, state)
    return target if target in new.states else ""


@dataclass(frozen=True, slots=True)
class Move:
    """A move of one case: ``run`` names all moves made together, so that they can be undone."""

    run: str
    version: str
    state: str
    back: bool = False


def moved_to(case: Case, move: Move, new: Programme, act: str, doer: Doer, now: datetime) -> Fact:
    """Return the fact that *case* goes on under another version.

    Clocks that run keep their due instants (the rule of their day); those that *new* does not know
    are stopped.
    """
    gone = tuple(
        ClockEffect(name, "stop")
        for name, clock in case.clocks.items()
        if clock.state in ("running", "paused") and _plain(name) not in new.clocks
    )
    return Fact(
        id=act,
        case=case.id,
        seq=case.seq + 1,
        act=MOVED_BACK if move.back else MOVED,
        at=max(now, case.moved),
        doer=doer,
        programme=case.programme,
        version=move.version,
        source=case.state,
        target=move.state,
        clocks=gone,
        effects=(
            {"does": "moved", "run": move.run, "version": case.version, "state": case.state},
        ),
    )


def _plain(clock: str) -> str:
    return clock.partition("#")[0].partition(".")[0]
