"""The story of the demonstration city: weeks of its hotline, played through the real actions.

Every case is a small life driven by chance; all of them are played in the order of time, so that
numbers run, clocks start and people act as they would. The story ends now: what came in last is
still open, in every state.

Terms    story 演示情节 · fate 必然情节
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.demo import hotline
from luoshi.demo.cast import Life, Part, Stage
from luoshi.demo.hotline.arriving import clustered
from luoshi.demo.matters import Matter

_CLUSTERED = 0.07
_CLUSTER_SIZES = (3, 12)
_CLUSTER_DAYS = 2.0

LIVES: Mapping[str, tuple[Life, tuple[frozenset[str], ...]]] = {
    "hotline": (hotline.life, hotline.FATES),
}
"""What the demonstration can tell about: by programme, a life and the fates it knows."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far the story has been told."""

    until: datetime
    cases: int
    acts: int


def told(stage: Stage, days: int, cases: int, end: datetime) -> Iterator[Told]:
    """Play the story up to *end*; yield how far it is after every act or so.

    Raises:
        Refused: An act of the story is not allowed: a mistake in the story, or a programme that
            has been changed so that the story does not fit any more.
    """
    life, fates = LIVES[stage.programme]
    rng = random.Random(f"{stage.seed}/arrivals")  # noqa: S311  a story is no secret
    for part in cast_parts(stage, rng, days, cases, end, fates):
        stage.enter(life(stage, part))
    for at in stage.played(end):
        yield Told(at, stage.cases, stage.steps)


def cast_parts(
    stage: Stage,
    rng: random.Random,
    days: int,
    cases: int,
    end: datetime,
    fates: tuple[frozenset[str], ...],
) -> list[Part]:
    """Return the cases of the story in the order of their arrival."""
    crowds = _crowds(stage, rng, days, cases, end)
    alone = stage.rhythm.arrivals(rng, end - timedelta(days=days), end, cases - len(crowds))
    arrivals = sorted([*crowds, *((at, None) for at in alone)], key=lambda one: one[0])
    left = list(reversed(fates))
    parts = []
    for number, (at, matter) in enumerate(arrivals, start=1):
        fate = left.pop() if left and matter is None else frozenset[str]()
        parts.append(Part(number, at, matter, fate))
    return parts


def _crowds(
    stage: Stage, rng: random.Random, days: int, cases: int, end: datetime
) -> list[tuple[datetime, Matter | None]]:
    """Return arrivals of occurrences that many people report within a day or two."""
    found: list[tuple[datetime, Matter | None]] = []
    wanted = int(cases * _CLUSTERED)
    while wanted >= _CLUSTER_SIZES[0]:
        size = min(wanted, rng.randint(*_CLUSTER_SIZES))
        began = stage.rhythm.arrivals(
            rng, end - timedelta(days=days), end - timedelta(days=_CLUSTER_DAYS), 1
        )[0]
        month = began.astimezone(stage.rhythm.calendar.zone).month
        matter = clustered(stage, rng, month)
        until = began + timedelta(days=_CLUSTER_DAYS)
        found += [(at, matter) for at in stage.rhythm.arrivals(rng, began, until, size)]
        wanted -= size
    return found
