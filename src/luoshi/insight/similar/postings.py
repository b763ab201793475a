"""Which slots hold a feature, and which lie in a cell: sorted arrays that are never changed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.similar.features import Features
from luoshi.insight.similar.shelf import Shelf, Slots, cell_of_area, place_key


@dataclass(frozen=True, slots=True)
class Postings:
    """The slots from *first* up to *end* (excluded), looked up by feature and by place.

    Attributes:
        first: First slot covered.
        end: Slot after the last one covered.
        keys: Distinct features, sorted.
        bounds: Where the slots of each key begin; one longer than ``keys``.
        slots: Slots, grouped by feature.
        places: Cell and category of each placed slot, area and category of each whose area is
            known, sorted.
        placed: Slots in the order of ``places``, the newest of a group last.
    """

    first: int
    end: int
    keys: Features
    bounds: NDArray[np.int64]
    slots: Slots
    places: NDArray[np.int64]
    placed: Slots

    @property
    def memory(self) -> int:
        """Bytes of the arrays."""
        parts = (self.keys, self.bounds, self.slots, self.places, self.placed)
        return sum(part.nbytes for part in parts)

    def find(self, wanted: Features) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Begin and length of the postings of each feature wanted."""
        if not len(self.keys):
            nothing = np.zeros(len(wanted), np.int64)
            return nothing, nothing
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = self.keys[at] == wanted
        return self.bounds[at], np.where(found, self.bounds[at + 1] - self.bounds[at], 0)

    def near(self, cells: NDArray[np.int64], category: int, most: int) -> Slots:
        """Of each of *cells* the newest *most* of the category; all if it is not full."""
        same = np.full(len(cells), category, np.int64)
        lows = np.searchsorted(self.places, place_key(cells, same))
        highs = np.searchsorted(self.places, place_key(cells, same + 1))
        begins = np.searchsorted(self.places, place_key(cells, same * 0))
        ends = np.searchsorted(self.places, place_key(cells + 1, same * 0))
        parts = [self.placed[max(lo, hi - most) : hi] for lo, hi in zip(lows, highs, strict=True)]
        parts += [self.placed[b:e] for b, e in zip(begins, ends, strict=True) if e - b <= 4 * most]
        return np.concatenate([self.placed[:0], *parts])


def post(shelf: Shelf, first: int, end: int) -> Postings:
    """Sort the living slots from *first* to *end* into postings."""
    slots = (np.flatnonzero(shelf.alive[first:end]) + first).astype(np.int32)
    words, lengths = shelf.words_of(slots) if len(slots) else (shelf.words[:0], np.zeros(0, int))
    rare = [(column[slots], slots) for column in (shelf.address, shelf.spot)]
    hashes = np.concatenate([words, *(column[column > 0] for column, _ in rare)])
    owners = np.concatenate([np.repeat(slots, lengths), *(s[column > 0] for column, s in rare)])
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])[: len(hashes)])
    pointed, within = slots[shelf.cell[slots] >= 0], slots[shelf.area[slots] > 0]
    cells = np.concatenate(
        [shelf.cell[pointed], cell_of_area(shelf.area[within].astype(np.int64))]
    )
    placed = np.concatenate([pointed, within])
    places = place_key(cells, shelf.category[placed])
    by_place = np.lexsort((shelf.at[placed], places))
    return Postings(
        first,
        end,
        hashes[starts],
        np.append(starts, len(hashes)).astype(np.int64),
        owners[order],
        places[by_place],
        placed[by_place],
    )
