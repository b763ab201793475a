"""Where the matters stand: one slot each, as columns of numbers that grow by doubling.

About 0.6 kB a matter of 90 features, the key's string and its entry in the dictionary included;
``Shelf.memory`` counts the arrays.
"""

import math
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.similar.addresses import address_key
from luoshi.insight.similar.areas import Areas
from luoshi.insight.similar.features import (
    Features,
    features,
    point_feature,
)
from luoshi.insight.similar.item import Item
from luoshi.insight.similar.places import MOST, Names, named

Slots = NDArray[np.int32]
Number = TypeVar("Number", bound=np.generic)

CELL_DEGREES: Final = (0.002, 0.0015)
"""Size of a cell in degrees of longitude and latitude: about 160 m at 36° north."""
EAST: Final = 180.0
NORTH: Final = 90.0
NULL: Final = 0.001
"""Degrees from 0, 0 up to which a point is a field left empty; there is only sea."""
DAY: Final = 86_400.0
CROWD: Final = 20
"""More matters than this (plus ``CROWD_SHARE`` of all) on one point: a default point."""
CROWD_SHARE: Final = 0.005
GROWING: Final = (
    *("at", "longitude", "latitude", "cell"),
    *("category", "address", "district", "spot", "area", "names", "subjects", "alive"),
)
_NOWHERE: Final = -1
_CATEGORY_BITS: Final = 20
_ROW_BITS: Final = 21
_SKETCH: Final = (1 << 20) - 1
_WORDS: Final = (1 << 22) - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One matter as numbers.

    ``address``, ``district`` (the one written in the address), ``spot`` and ``area`` are 0,
    ``cell`` -1, ``at`` not-a-number when unknown. ``names`` are the places that the text names,
    the first ``subjects`` of them in its subject.
    """

    text: Features
    at: float
    longitude: float
    latitude: float
    cell: int
    category: int
    address: int
    district: int
    spot: int
    area: int
    names: Names
    subjects: int


class Shelf:
    """The columns, and which slot belongs to which key."""

    def __init__(self, room: int = 1024) -> None:
        self.slot_of: dict[str, int] = {}
        self.ids: list[str | None] = []
        self.categories: dict[str, int] = {}
        self.areas = Areas()
        self.at = np.zeros(room, np.float64)
        self.longitude = np.zeros(room, np.float32)
        self.latitude = np.zeros(room, np.float32)
        self.cell = np.full(room, _NOWHERE, np.int64)
        self.category = np.zeros(room, np.int32)
        self.address = np.zeros(room, np.uint32)
        self.district = np.zeros(room, np.uint32)
        self.spot = np.zeros(room, np.uint32)
        self.area = np.zeros(room, np.int32)
        self.names = np.zeros((room, MOST), np.uint32)
        self.subjects = np.zeros(room, np.uint8)
        self.alive = np.zeros(room, np.bool_)
        self.sketch = np.zeros(_SKETCH + 1, np.int32)
        self.borne = np.zeros(_WORDS + 1, np.int32)
        self.start = np.zeros(room + 1, np.int64)
        self.words = np.zeros(room * 32, np.uint32)

    def __len__(self) -> int:
        return len(self.slot_of)

    @property
    def used(self) -> int:
        """Slots given out so far, those of removed matters included."""
        return len(self.ids)

    @property
    def memory(self) -> int:
        """Bytes of the columns; keys and dictionary come on top."""
        columns = (v.nbytes for v in vars(self).values() if isinstance(v, np.ndarray))
        return sum(columns) + self.areas.memory

    def row(self, item: Item) -> Row:
        """Turn *item* into numbers without keeping it."""
        address, district = (_number(part) for part in address_key(item.address))
        longitude, latitude = _valid(item.point)
        known = not math.isnan(longitude)
        names, subjects = named(item.text)
        return Row(
            text=features(item.text),
            at=seconds(item.at),
            longitude=longitude if known else 0.0,
            latitude=latitude if known else 0.0,
            cell=cell_of(longitude, latitude) if known else _NOWHERE,
            category=self._category(item.category),
            address=address,
            district=district,
            spot=int(point_feature((longitude, latitude))[0]) if known else 0,
            area=self.areas.number(item.area),
            names=names,
            subjects=subjects,
        )

    def put(self, key: str, row: Row) -> int:
        """Give *row* the next slot."""
        slot = self.used
        self._make_room(slot + 1, int(self.start[slot]) + len(row.text))
        self.at[slot], self.category[slot] = row.at, row.category
        self.longitude[slot], self.latitude[slot] = row.longitude, row.latitude
        self.cell[slot], self.spot[slot] = row.cell, row.spot
        self.address[slot], self.district[slot] = row.address, row.district
        self.names[slot], self.subjects[slot] = row.names, row.subjects
        self.area[slot], self.alive[slot] = row.area, True
        self._count(slot, 1)
        self.borne[row.text & _WORDS] += 1
        begin = int(self.start[slot])
        self.words[begin : begin + len(row.text)] = row.text
        self.start[slot + 1] = begin + len(row.text)
        self.ids.append(key)
        self.slot_of[key] = slot
        return slot

    def drop(self, key: str) -> int | None:
        """Forget *key*; its slot stays empty until the shelf is rebuilt."""
        slot = self.slot_of.pop(key, None)
        if slot is not None:
            self.alive[slot] = False
            self._count(slot, -1)
            words = self.words[self.start[slot] : self.start[slot + 1]]
            self.borne[words & _WORDS] -= 1
            self.ids[slot] = None
        return slot

    def words_of(self, slots: Slots) -> tuple[Features, NDArray[np.int64]]:
        """Features of *slots* one after the other, and how many each has."""
        begin, end = self.start[slots], self.start[slots + 1]
        lengths = end - begin
        total = int(lengths.sum())
        offsets = np.repeat(begin - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return self.words[offsets + np.arange(total)], lengths

    def crowded(self, key: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whether an address or exact point is borne by so many that it says nothing.

        Requests that could not be geocoded often sit on one default point, such as the town hall.
        """
        return np.asarray(self.sketch[key & _SKETCH] > CROWD + CROWD_SHARE * len(self))

    def rarity(self, words: Features) -> NDArray[np.float64]:
        """How much a shared feature tells: ln(1 + matters / matters that have it)."""
        told = np.log1p(len(self) / np.maximum(self.borne[words & _WORDS], 1))
        return np.asarray(told, np.float64)

    def _count(self, slot: int, by: int) -> None:
        for key in (int(self.spot[slot]), int(self.address[slot])):
            self.sketch[key & _SKETCH] += by if key else 0
        self.areas.count(int(self.area[slot]), by)

    def _category(self, code: str | None) -> int:
        """A number for *code*; 0 when unknown. Codes beyond the bits of a key share the last."""
        if code is None or code == "":
            return 0
        limit = (1 << _CATEGORY_BITS) - 1
        return min(self.categories.setdefault(code, len(self.categories) + 1), limit)

    def _make_room(self, slots: int, words: int) -> None:
        if slots >= len(self.at):
            size = max(slots, 2 * len(self.at))
            for name in GROWING:
                setattr(self, name, _grown(getattr(self, name), size))
            self.start = _grown(self.start, size + 1)
        if words > len(self.words):
            self.words = _grown(self.words, max(words, 2 * len(self.words)))


def seconds(at: datetime | None) -> float:
    """Seconds since 1970; a naive time is taken as UTC, for only differences matter."""
    if at is None:
        return math.nan
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def cell_of(longitude: float, latitude: float) -> int:
    """Number of the grid cell of a point; neighbours differ by 1 or by ``1 << 21``."""
    column = int((longitude + 180) / CELL_DEGREES[0]) + 1
    line = int((latitude + 90) / CELL_DEGREES[1]) + 1
    return (line << _ROW_BITS) | column


def neighbours(cell: int) -> list[int]:
    """*cell* itself and the eight around it."""
    return [cell + (up << _ROW_BITS) + right for up in (-1, 0, 1) for right in (-1, 0, 1)]


def cell_of_area(areas: NDArray[np.int64]) -> NDArray[np.int64]:
    """Stand-ins for cells, for all that lies in one area; below all cells of points."""
    return -2 - areas


def place_key(
    cell: NDArray[np.int64], category: NDArray[np.int32] | NDArray[np.int64]
) -> NDArray[np.int64]:
    """One sortable number for cell and category."""
    return (cell << _CATEGORY_BITS) | category


def _number(key: str) -> int:
    """A number for the words of an address; 0 when there are none."""
    return zlib.crc32(b"@" + key.encode("utf-8", "replace")) if key else 0


def _valid(point: tuple[float, float] | None) -> tuple[float, float]:
    """The point, or not-a-number twice if it is none on Earth or as good as the null point."""
    if point is None:
        return math.nan, math.nan
    longitude, latitude = point
    inside = abs(longitude) <= EAST and abs(latitude) <= NORTH
    null = abs(longitude) < NULL and abs(latitude) < NULL
    return (longitude, latitude) if inside and not null else (math.nan, math.nan)


def _grown(column: NDArray[Number], size: int) -> NDArray[Number]:
    grown = np.zeros((size, *column.shape[1:]), column.dtype)
    grown[: len(column)] = column
    return grown
