"""The index of open and recent matters: kept current, asked within milliseconds."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.similar.evidence import Weighing, comparison, explained, shares_something
from luoshi.insight.similar.features import Features
from luoshi.insight.similar.item import Candidate, Item
from luoshi.insight.similar.phrases import Phrases
from luoshi.insight.similar.postings import Postings, post
from luoshi.insight.similar.shelf import Row, Shelf, Slots, cell_of_area, neighbours
from luoshi.insight.similar.weights import WEIGHING

Found = list[tuple[NDArray[np.int64], NDArray[np.int64]]]

FRESH: Final = 256
"""Newest matters that are looked at one by one, before they are sorted into postings."""
FAN: Final = 8
"""As many postings of one size are joined into one of the next size."""
JOIN_AT_ONCE: Final = 20_000
"""Largest join that ``add`` makes by itself (0.2 s); larger ones wait for ``tidy``."""
READ_AT_MOST: Final = 30_000
"""Postings read for one question, the rarest features first."""
BY_TEXT: Final = 200
"""Best matters by wording that are weighed."""
BY_CELL: Final = 48
"""Newest matters of each neighbouring cell, and of the same area, that are weighed."""


class Index:
    """Open and recent matters, searched by text, place, time and category.

    Example:
        >>> from datetime import datetime
        >>> index = Index()
        >>> index.add(Item("1", "幸福路与和平街口路灯不亮", datetime(2025, 3, 1, 20)))
        >>> [c.id for c in index.candidates(Item("2", "和平街口路灯坏了", datetime(2025, 3, 2)))]
        ['1']
    """

    def __init__(self, items: Iterable[Item] = (), weighing: Weighing = WEIGHING) -> None:
        self._weighing = weighing
        self._shelf = Shelf()
        self._postings: list[Postings] = []
        for item in items:
            self._put(item.id, self._shelf.row(item))
        if self._shelf.used > FRESH:
            self._postings = [post(self._shelf, 0, self._shelf.used)]

    def __len__(self) -> int:
        return len(self._shelf)

    def __contains__(self, key: object) -> bool:
        return key in self._shelf.slot_of

    @property
    def memory(self) -> int:
        """Bytes of all arrays (keys and their dictionary: about 150 more for each matter)."""
        return self._shelf.memory + sum(part.memory for part in self._postings)

    def add(self, item: Item) -> None:
        """Take *item* in; one with the same id is replaced, unless it is the same in all."""
        row, slot = self._shelf.row(item), self._shelf.slot_of.get(item.id)
        if slot is None or not _same(row, _row(self._shelf, slot)):
            self._put(item.id, row)
            self._sort_in()

    def remove(self, key: str) -> bool:
        """Take the matter *key* out; False if it was not there."""
        return self._shelf.drop(key) is not None

    @property
    def room(self) -> int:
        """Places taken, those of removed matters included; ``tidy`` gives these back."""
        return self._shelf.used

    def oldest(self, count: int) -> tuple[str, ...]:
        """Keys of the *count* matters reported first."""
        living = np.flatnonzero(self._shelf.alive[: self._shelf.used])
        first = living[np.argsort(self._shelf.at[living], kind="stable")[:count]]
        return tuple(str(self._shelf.ids[slot]) for slot in first.tolist())

    def tidy(self) -> None:
        """Sort everything anew and give the room of removed matters back (15 s for 1 000 000)."""
        old, self._shelf = self._shelf, Shelf(max(1024, len(self._shelf)))
        self._shelf.categories, self._shelf.areas = old.categories, old.areas.uncounted()
        for slot in np.flatnonzero(old.alive[: old.used]).tolist():
            self._shelf.put(str(old.ids[slot]), _row(old, slot))
        self._postings = [post(self._shelf, 0, self._shelf.used)]

    def candidates(self, item: Item, limit: int = 5) -> tuple[Candidate, ...]:
        """The matters most probably the same as *item*, best first.

        Args:
            item: The new message; need not be in the index, and is never its own candidate.
            limit: At most so many.

        Returns:
            Candidates with probability and evidence; empty when nothing is shared.
        """
        row = self._shelf.row(item)
        asked = np.unique(np.concatenate([row.text, _keys(row)]))
        found, counts = self._frequencies(asked)
        pool = self._pool(row, item.id, found, counts)
        if not len(pool) or limit < 1:
            return ()
        compared = comparison(self._shelf, row, pool)
        chances = self._weighing.probabilities(compared.columns)
        best = np.lexsort((compared.at, -np.round(chances, 6)))
        best = best[shares_something(compared)[best]]
        flags = self._weighing.likely(chances[best[: max(limit, 2)]])
        rarity = self._shelf.rarity(row.text).tolist()
        phrases = Phrases(item.text)
        weights = dict(zip(row.text.tolist(), rarity, strict=True))
        return tuple(
            Candidate(
                id=str(self._shelf.ids[pool[line]]),
                probability=float(chances[line]),
                likely=flag,
                evidence=explained(compared, line, phrases, weights, self._shelf.areas),
            )
            for line, flag in zip(best[:limit].tolist(), flags, strict=False)
        )

    @property
    def _posted(self) -> int:
        return self._postings[-1].end if self._postings else 0

    def _put(self, key: str, row: Row) -> None:
        self._shelf.drop(key)
        self._shelf.put(key, row)

    def _sort_in(self) -> None:
        """Sort the newest into postings when there are enough of them."""
        if self._shelf.used - self._posted >= FRESH:
            self._postings.append(post(self._shelf, self._posted, self._shelf.used))
            self._join()

    def _join(self) -> None:
        """Join the last postings while there are as many small ones as the fan."""
        while len(self._postings) >= FAN:
            last = self._postings[-FAN:]
            sizes = [part.end - part.first for part in last]
            if max(sizes) >= FAN * min(sizes) or sum(sizes) > JOIN_AT_ONCE:
                return
            self._postings[-FAN:] = [post(self._shelf, last[0].first, last[-1].end)]

    def _frequencies(self, asked: Features) -> tuple[Found, NDArray[np.int64]]:
        """Where each feature is posted, part by part, and how often over all."""
        found = [part.find(asked) for part in self._postings]
        counts = sum((lengths for _, lengths in found), np.zeros(len(asked), np.int64))
        return found, counts

    def _pool(
        self,
        row: Row,
        own: str,
        found: Found,
        counts: NDArray[np.int64],
    ) -> Slots:
        """Living slots worth weighing: by wording, by place, and the newest."""
        order = np.argsort(counts, kind="stable")
        read = order[np.cumsum(counts[order]) <= READ_AT_MOST]
        parts = [self._by_text(found, read, counts)]
        cells = self._cells(row)
        parts += [part.near(cells, row.category, BY_CELL) for part in self._postings]
        parts.append(np.arange(self._posted, self._shelf.used, dtype=np.int32))
        pool = np.unique(np.concatenate(parts))
        pool = pool[self._shelf.alive[pool]]
        itself = self._shelf.slot_of.get(own, -1)
        return np.asarray(pool[pool != itself], np.int32)

    def _cells(self, row: Row) -> NDArray[np.int64]:
        """The cells around its point, if it has a real one, and its area, if that is known."""
        pointed = row.cell >= 0 and not self._shelf.crowded(np.array([row.spot], np.uint32))[0]
        around = np.array(neighbours(row.cell) if pointed else [], np.int64)
        within = np.array([row.area] if row.area else [], np.int64)
        return np.concatenate([around, cell_of_area(within)])

    def _by_text(
        self,
        found: Found,
        read: NDArray[np.int64],
        counts: NDArray[np.int64],
    ) -> Slots:
        """The slots that share most, counting a feature by how rare it is."""
        weight = np.log1p(len(self) / np.maximum(counts, 1))
        hits, weights = [np.zeros(0, np.int32)], [np.zeros(0)]
        for part, (begins, lengths) in zip(self._postings, found, strict=True):
            for feature in read[lengths[read] > 0].tolist():
                begin = begins[feature]
                hits.append(part.slots[begin : begin + lengths[feature]])
                weights.append(np.full(int(lengths[feature]), weight[feature]))
        slots, where = np.unique(np.concatenate(hits), return_inverse=True)
        shared = np.bincount(where, np.concatenate(weights), minlength=len(slots))
        shared *= self._shelf.alive[slots]
        if len(slots) <= BY_TEXT:
            return np.asarray(slots, np.int32)
        return np.asarray(slots[np.argpartition(-shared, BY_TEXT)[:BY_TEXT]], np.int32)


def _keys(row: Row) -> Features:
    return np.array([key for key in (row.address, row.spot) if key], np.uint32)


def _row(shelf: Shelf, slot: int) -> Row:
    return Row(
        shelf.words[shelf.start[slot] : shelf.start[slot + 1]],
        float(shelf.at[slot]),
        float(shelf.longitude[slot]),
        float(shelf.latitude[slot]),
        int(shelf.cell[slot]),
        int(shelf.category[slot]),
        int(shelf.address[slot]),
        int(shelf.district[slot]),
        int(shelf.spot[slot]),
        int(shelf.area[slot]),
        shelf.names[slot],
        int(shelf.subjects[slot]),
    )


def _same(one: Row, other: Row) -> bool:
    """Are they equal? Points are, when they lie on one spot: a shelf keeps them less finely."""
    arrays = ((one.text, other.text), (one.names, other.names))
    return _figures(one) == _figures(other) and all(np.array_equal(*pair) for pair in arrays)


def _figures(row: Row) -> tuple[float | None, ...]:
    at = None if np.isnan(row.at) else row.at
    place = (row.spot, row.cell, row.area, row.address, row.district)
    return (at, row.category, row.subjects, *place)
