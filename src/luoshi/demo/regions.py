"""Small areas to large ones: groups that hang together, of about equal size.

Groups grow from their middles over shared borders only, so that every group is one piece; the
middles are moved a few times until the groups are even.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.demo.plane import Spot

_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to be grouped: a place, its width as the unit of distance, its neighbours."""

    spot: Spot
    width: float
    neighbours: frozenset[int]


def groups(patches: Sequence[Patch], count: int) -> list[int]:
    """Return for every patch the number of its group, from 0; each group is one piece."""
    middles = _spread(patches, count)
    for _ in range(_ROUNDS):
        owner = _grown(patches, middles)
        middles = [_middle(patches, owner, group) for group in range(count)]
    return _grown(patches, middles)


def merged(patches: Sequence[Patch], owner: Sequence[int]) -> list[Patch]:
    """Return the groups as patches of their own, ready to be grouped again."""
    return [_merged_patch(patches, owner, group) for group in range(max(owner) + 1)]


def _merged_patch(patches: Sequence[Patch], owner: Sequence[int], group: int) -> Patch:
    members = [patch for patch, own in zip(patches, owner, strict=True) if own == group]
    beside = {owner[n] for patch in members for n in patch.neighbours} - {group}
    return Patch(_mean([p.spot for p in members]), _width(members), frozenset(beside))


def _width(members: Sequence[Patch]) -> float:
    return float(sum(patch.width**2 for patch in members) ** 0.5)


def _mean(spots: Sequence[Spot]) -> Spot:
    return sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)


def _steps(a: Patch, b: Patch) -> float:
    """Return the distance between two patches in their own widths, so that towns count as much."""
    apart = ((a.spot[0] - b.spot[0]) ** 2 + (a.spot[1] - b.spot[1]) ** 2) ** 0.5
    return float(apart / (a.width + b.width))


def _reached(patches: Sequence[Patch], sources: Sequence[int]) -> list[tuple[float, int]]:
    """Return how far the nearest source is from every patch, and which source it is."""
    best: list[tuple[float, int]] = [(float("inf"), -1)] * len(patches)
    queue = [(0.0, group, source) for group, source in enumerate(sources)]
    heapq.heapify(queue)
    while queue:
        far, group, here = heapq.heappop(queue)
        if best[here][1] >= 0:
            continue
        best[here] = (far, group)
        for there in sorted(patches[here].neighbours):
            if best[there][1] < 0:
                step = far + _steps(patches[here], patches[there])
                heapq.heappush(queue, (step, group, there))
    return best


def _grown(patches: Sequence[Patch], middles: Sequence[int]) -> list[int]:
    return [group for _, group in _reached(patches, middles)]


def _spread(patches: Sequence[Patch], count: int) -> list[int]:
    """Return first middles, each as far as possible from those before."""
    middles = [0]
    while len(middles) < count:
        reached = _reached(patches, middles)
        middles.append(max(range(len(patches)), key=lambda i: reached[i][0]))
    return middles


def _middle(patches: Sequence[Patch], owner: Sequence[int], group: int) -> int:
    """Return the member of a group that is nearest to all the others together."""
    members = [i for i, own in enumerate(owner) if own == group]
    return min(members, key=lambda i: sum(_steps(patches[i], patches[j]) for j in members))
