"""The areas in which matters lie: which holds which, and how much it says to share one.

An area is known by its path, the codes from the widest to the narrowest. Each path and each of its
beginnings has a number; matters are counted in all of them.

Terms    area 区域 · county 区县 · subdistrict 街道 · community 社区 · grid 网格
Units    shares are 0..1; rarity is a natural logarithm
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]

DEPTH: Final = 8
"""Levels of a path that are read, from the widest on."""
WITHIN: Final = 0.25
"""Share of an area that one area within it is taken to have, before matters were counted."""
WEIGHT: Final = 50.0
"""Matters for which that counts."""
UNKNOWN: Final = 0


class Areas:
    """Numbers of areas, and how many living matters lie in each.

    Example:
        >>> areas = Areas()
        >>> east, west = areas.number(("37", "37-1")), areas.number(("37", "37-2"))
        >>> shared, apart = areas.beside(east, np.array([east, west, 0], np.int32))
        >>> areas.codes(int(shared[0])), areas.codes(int(shared[1])), apart.tolist()
        (('37', '37-1'), ('37',), [False, True, False])
    """

    def __init__(self) -> None:
        self._number_of: dict[tuple[str, ...], int] = {(): UNKNOWN}
        self._paths: list[tuple[str, ...]] = [()]
        self._within = np.zeros((64, DEPTH), np.int32)
        self._depth = np.zeros(64, np.int32)
        self._held = np.zeros(64, np.int32)

    @property
    def memory(self) -> int:
        """Bytes of the arrays."""
        return self._within.nbytes + self._depth.nbytes + self._held.nbytes

    def number(self, path: Sequence[str]) -> int:
        """Return the number of the area with that *path*; 0 when it is empty, thus unknown."""
        codes = tuple(code for code in path if code)[:DEPTH]
        known = self._number_of.get(codes)
        return self._new(codes) if known is None else known

    def codes(self, number: int) -> tuple[str, ...]:
        """Return the path of an area."""
        return self._paths[number]

    def count(self, number: int, by: int) -> None:
        """Count a matter in (*by* 1) or out (-1), in the area and those around it."""
        self._held[self._within[number, : self._depth[number]]] += by
        self._held[UNKNOWN] += by if number else 0

    def uncounted(self) -> "Areas":
        """Return the same numbers with nothing counted in them."""
        fresh = Areas()
        fresh._number_of, fresh._paths = self._number_of, self._paths
        fresh._within, fresh._depth = self._within, self._depth
        fresh._held = np.zeros_like(self._held)
        return fresh

    def beside(self, here: int, there: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        """Lay one area beside others.

        Returns:
            For each of *there* the narrowest area known to hold both (0: none is known), and
            whether they part: neither lies in the other.
        """
        levels = (self._within[there] == self._within[here]) & (self._within[here] > 0)
        together = levels.sum(axis=1)
        shared = np.where(together > 0, self._within[here, together - 1], UNKNOWN)
        shorter = np.minimum(self._depth[there], self._depth[here])
        return shared.astype(np.int32), together < shorter

    def rarity(self, numbers: Numbers) -> Floats:
        """Return how much it says to lie in each area: ln(1 / its share of the matters)."""
        guessed = WEIGHT * WITHIN ** self._depth[numbers]
        share = (self._held[numbers] + guessed) / (self._held[UNKNOWN] + WEIGHT)
        return np.asarray(np.maximum(-np.log(share), 0.0), np.float64)

    def _new(self, codes: tuple[str, ...]) -> int:
        around = self.number(codes[:-1])
        number, depth = len(self._paths), len(codes)
        if number >= len(self._depth):
            self._within = np.concatenate([self._within, np.zeros_like(self._within)])
            self._depth = np.concatenate([self._depth, np.zeros_like(self._depth)])
            self._held = np.concatenate([self._held, np.zeros_like(self._held)])
        self._within[number] = self._within[around]
        self._within[number, depth - 1] = number
        self._depth[number] = depth
        self._number_of[codes] = number
        self._paths.append(codes)
        return number
