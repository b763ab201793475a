"""The story of the demonstration city: weeks of its hotline, played through the real actions.

Every case is a small life driven by chance; all of them are played in the order of time, so that
numbers run, clocks start and people act as they would. The story ends now: what came in last is
still open, in every state.

Terms    story 演示情节 · fate 必然情节
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat

from luoshi.demo import hotline
from luoshi.demo.cast import Ending, Life, Pair, Part, Stage
from luoshi.demo.hotline.arriving import clustered
from luoshi.demo.matters import Matter
from luoshi.demo.services.casting import casting
from luoshi.demo.services.life import life as services_life

_CLUSTERED = 0.07
_CLUSTER_SIZES = (3, 12)
_CLUSTER_DAYS = 2.0


@dataclass(frozen=True, slots=True)
class Plot:
    """What the demonstration knows to tell about one programme."""

    life: Life
    fates: tuple[frozenset[str], ...]
    endings: tuple[Ending, ...]
    pairs: tuple[Pair, ...] = ()


PLOTS: Mapping[str, Plot] = {
    "hotline": Plot(hotline.life, hotline.FATES, hotline.ENDINGS, hotline.PAIRS),
}
"""By id of the programme."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far the story has been told."""

    until: datetime
    cases: int
    acts: int


def told(stage: Stage, days: int, cases: int, end: datetime, services: int = 0) -> Iterator[Told]:
    """Play the story up to *end*; yield how far it is after every act or so.

    Args:
        stage: City, people and programme.
        days: Length of the programme's story.
        cases: Its cases.
        end: The instant at which it ends.
        services: Cases of each of the other services; they began long before.

    Raises:
        Refused: An act of the story is not allowed: a mistake in the story, or a programme that
            has been changed so that the story does not fit any more.
    """
    plot = PLOTS[stage.programme]
    rng = random.Random(f"{stage.seed}/arrivals")  # noqa: S311  a story is no secret
    for part in parts(stage, rng, plot, days, cases, end):
        stage.enter(plot.life(stage, part))
    start = end - timedelta(days=days)
    others = list(casting(stage, services, end))
    for one in others:
        stage.enter(services_life(stage, one))
    stage.enter(stage.climbing(min([start, *(one.arrives for one in others)]), start))
    for at in stage.played(end):
        yield Told(at, stage.cases, stage.steps)


def parts(
    stage: Stage, rng: random.Random, plot: Plot, days: int, cases: int, end: datetime
) -> list[Part]:
    """Return the cases of the story in the order of their arrival."""
    start = end - timedelta(days=days)
    cast = [Part(0, at, matter) for at, matter in _crowds(stage, rng, days, cases, end)]
    cast += _paired(stage, rng, plot.pairs[: (cases - len(cast)) // 2], start, end)
    for ending in plot.endings[: cases - len(cast)]:
        at = max(start, end - timedelta(days=ending.days * rng.uniform(1, 1.15)))
        cast.append(Part(0, at, fate=ending.fate | {"fated"}, stays=ending.stays))
    alone = stage.rhythm.arrivals(rng, start, end, cases - len(cast))
    fates = [*plot.fates, *repeat(frozenset[str](), len(alone))]
    cast += [Part(0, at, fate=fate) for at, fate in zip(alone, fates, strict=False)]
    cast.sort(key=lambda part: part.arrives)
    return [replace(part, number=number) for number, part in enumerate(cast, start=1)]


_PAIRS_SETTLED = timedelta(days=9)


def _paired(
    stage: Stage, rng: random.Random, pairs: Sequence[Pair], start: datetime, end: datetime
) -> list[Part]:
    """Return the arrivals of two people each who report one matter within the hour."""
    found: list[Part] = []
    for pair in pairs:
        last = max(end - _PAIRS_SETTLED, start + timedelta(hours=1))
        at = stage.rhythm.arrivals(rng, start, last, 1)[0]
        if pair.days:
            at = max(start, end - timedelta(days=pair.days))
        matter = clustered(stage, rng, at.astimezone(stage.rhythm.calendar.zone).month)
        later = at + timedelta(minutes=rng.uniform(15, 50))
        first, second = pair.first | {"fated"}, pair.second | {"fated"}
        found.append(Part(0, at, matter, first, pair.first_stays))
        found.append(Part(0, later, matter, second, pair.second_stays))
    return found


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
