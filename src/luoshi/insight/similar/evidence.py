"""What two matters share, as a few numbers; and how those become a probability."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.similar.areas import Areas
from luoshi.insight.similar.features import Features
from luoshi.insight.similar.item import Evidence, EvidenceKind
from luoshi.insight.similar.otherwise import said
from luoshi.insight.similar.phrases import Phrases
from luoshi.insight.similar.shelf import DAY, Row, Shelf, Slots

Floats = NDArray[np.float64]

COLUMNS: Final = (
    "placed",
    "near",
    "far",
    "same_address",
    "same_category",
    "other_category",
    "days",
    "titled",
    "overlap_of_titles",
    "told_placed",
    "told_unplaced",
    "told_overlap",
    "titled_in_one_area",
    "titled_apart",
    "titled_near_apart",
    "told_in_one_area",
    "told_apart",
    "told_near_apart",
    "told_elsewhere",
)
"""Evidence in the order of the coefficients; see ``docs/explanation/same-matter.md``."""
TOLD: Final = 8
"""Features from which a text tells of the matter, and is not just the title of its category."""
METRES_PER_DEGREE: Final = 111_320.0
NEAR: Final = 40.0
"""Metres at which nearness has fallen to 1/e: geocoding and pacing differ by a house or two."""
FAR: Final = 300.0
RAREST: Final = 5.5
"""Rarity of an area up to which it counts: one of 250, the narrowest that was measured."""
NEAR_APART: Final = 2.7
"""Most that lying apart is softened by lying in one area above that: it never speaks for it."""
NARROW: Final = 3.0
"""Rarity from which an area with a category is evidence without a word: a twentieth of all."""
SOME_DAYS: Final = 7.0
"""Days between two reports when nobody knows: neither just now nor long ago."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One message against its pool.

    Attributes:
        columns: Evidence, one line for each of the pool, in the order of ``COLUMNS``.
        metres: Distance, not-a-number when unknown.
        days: Days between the reports, not-a-number when unknown.
        overlap: Shared share of the wording (0..1).
        at: Seconds since 1970 of each of the pool.
        shared: Features that both contain, for each of the pool.
        within: The narrowest area that holds both, 0 when none is known.
        apart: Whether they lie in different areas, neither within the other.
        elsewhere: Whether the subject of each names a place that the other does not mention.
    """

    columns: Floats
    metres: Floats
    days: Floats
    overlap: Floats
    at: Floats
    shared: tuple[Features, ...]
    within: Slots
    apart: NDArray[np.bool_]
    elsewhere: NDArray[np.bool_]

    def of(self, name: str) -> Floats:
        """Return one of ``COLUMNS``."""
        return np.asarray(self.columns[:, COLUMNS.index(name)])


@dataclass(frozen=True, slots=True)
class Weighing:
    """A logistic weighing of the evidence, with the two limits of the automatic flag.

    Attributes:
        coefficients: One for each of ``COLUMNS``.
        flag_from: Probability from which the best candidate is flagged 疑似重复 …
        unless: … unless a second one is this probable: then a person must choose.
    """

    coefficients: tuple[float, ...]
    flag_from: float
    unless: float

    def probabilities(self, columns: Floats) -> Floats:
        """Logistic of the weighted evidence, one for each line."""
        score = columns @ np.array(self.coefficients)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0))))

    def likely(self, ranked: Floats) -> list[bool]:
        """Which of the candidates is flagged, given their probabilities, best first."""
        clear = len(ranked) < 2 or ranked[1] < self.unless  # noqa: PLR2004
        sure = len(ranked) > 0 and ranked[0] >= self.flag_from and clear
        return [bool(sure) and rank == 0 for rank in range(len(ranked))]


def comparison(shelf: Shelf, row: Row, pool: Slots) -> Compared:
    """Lay *row* beside each matter of *pool*.

    Args:
        shelf: Where the pool stands.
        row: The message asked about.
        pool: Slots to compare with, not empty.
    """
    metres = _metres(shelf, row, pool)
    days = np.abs(shelf.at[pool] - row.at) / DAY
    overlap, told, shared = _wording(shelf, row, pool)
    placed = ~np.isnan(metres)
    away = np.nan_to_num(metres)
    theirs = shelf.category[pool]
    known = (theirs > 0) & (row.category > 0)
    within, apart = shelf.areas.beside(row.area, shelf.area[pool])
    areas = _areas(shelf, within, apart)
    elsewhere = _elsewhere(shelf, row, pool)
    columns = np.column_stack(
        [
            placed,
            np.where(placed, np.exp(-away / NEAR), 0.0),
            np.where(placed, np.minimum(away / FAR, 3.0), 0.0),
            _same_address(shelf, row, pool),
            known & (theirs == row.category),
            known & (theirs != row.category),
            np.log1p(np.nan_to_num(days, nan=SOME_DAYS)) * (placed | ~told),
            ~told & ~placed,
            np.sqrt(overlap) * ~told,
            told & placed,
            told & ~placed,
            np.sqrt(overlap) * told,
            *((column * ~placed * which) for which in (~told, told) for column in areas),
            elsewhere & told & ~placed,
        ]
    )
    return Compared(
        columns, metres, days, overlap, shelf.at[pool], shared, within, apart, elsewhere
    )


def _areas(shelf: Shelf, within: Slots, apart: NDArray[np.bool_]) -> tuple[Floats, ...]:
    """How much it says to lie in one area; whether they lie apart; and if so, how near."""
    rarity = shelf.areas.rarity(within)
    return (
        np.where(apart, 0.0, np.minimum(rarity, RAREST)),
        apart.astype(np.float64),
        np.where(apart, np.minimum(rarity, NEAR_APART), 0.0),
    )


def _elsewhere(shelf: Shelf, row: Row, pool: Slots) -> NDArray[np.bool_]:
    """Whether the subject of each names places, and none that the other mentions anywhere."""
    theirs, count = shelf.names[pool], shelf.subjects[pool]
    of_subject = theirs * (np.arange(theirs.shape[1]) < count[:, None])
    shared = np.isin(theirs, row.names[: row.subjects]).any(axis=1)
    shared |= np.isin(of_subject, row.names[row.names > 0]).any(axis=1)
    return np.asarray((count > 0) & (row.subjects > 0) & ~shared)


def _wording(
    shelf: Shelf, row: Row, pool: Slots
) -> tuple[Floats, NDArray[np.bool_], tuple[Features, ...]]:
    """Overlap (cosine, by squared rarity), whether both tell something, what is shared."""
    words, lengths = shelf.words_of(pool)
    if not len(row.text) or not len(words):
        return np.zeros(len(pool)), np.zeros(len(pool), bool), (words[:0],) * len(pool)
    weights = shelf.rarity(words) ** 2
    at = np.minimum(np.searchsorted(row.text, words), len(row.text) - 1)
    same = row.text[at] == words
    line = np.repeat(np.arange(len(pool)), lengths)
    both = np.bincount(line[same], weights[same], minlength=len(pool))
    theirs = np.bincount(line, weights, minlength=len(pool))
    mine = float((shelf.rarity(row.text) ** 2).sum())
    overlap = both / np.sqrt(np.maximum(mine * theirs, 1e-9))
    told = (lengths >= TOLD) & (len(row.text) >= TOLD)
    ends = np.cumsum(np.bincount(line[same], minlength=len(pool)))[:-1]
    return overlap, told, tuple(np.split(words[same], ends))


def _metres(shelf: Shelf, row: Row, pool: Slots) -> Floats:
    """Distance to each of the pool; not-a-number where one has no real point."""
    known = (shelf.cell[pool] >= 0) & ~shelf.crowded(shelf.spot[pool])
    here = row.cell >= 0 and not shelf.crowded(np.array([row.spot], np.uint32))[0]
    up = (shelf.latitude[pool] - row.latitude) * METRES_PER_DEGREE
    right = (shelf.longitude[pool] - row.longitude) * METRES_PER_DEGREE
    distance = np.hypot(up, right * np.cos(np.radians(row.latitude))).astype(np.float64)
    return np.where(known & here, distance, np.nan)


def _same_address(shelf: Shelf, row: Row, pool: Slots) -> NDArray[np.bool_]:
    """Whether they bear the same address, or the same exact point, that few others bear."""
    address, spot = shelf.address[pool], shelf.spot[pool]
    same = (address == row.address) & (row.address > 0) & ~shelf.crowded(address)
    district = shelf.district[pool]
    same &= (district == row.district) | (district == 0) | (row.district == 0)
    return np.asarray(same | ((spot == row.spot) & (row.spot > 0) & ~shelf.crowded(spot)))


def shares_something(compared: Compared) -> NDArray[np.bool_]:
    """Whether a candidate shares wording, address or neighbourhood: time alone is no evidence."""
    worded = np.array([len(shared) > 0 for shared in compared.shared])
    same_address = compared.of("same_address") > 0
    close = np.nan_to_num(compared.metres, nan=np.inf) <= FAR
    within = (compared.of("titled_in_one_area") > NARROW) & (compared.of("same_category") > 0)
    return np.asarray(worded | same_address | close | within)


def explained(
    compared: Compared, line: int, phrases: Phrases, rarity: dict[int, float], areas: Areas
) -> tuple[Evidence, ...]:
    """The evidence of one candidate, in terms a person can check."""
    of = dict(zip(COLUMNS, compared.columns[line].tolist(), strict=True))
    found: list[Evidence] = []
    if of["same_address"]:
        found.append(Evidence("address", 1.0))
    if of["placed"]:
        found.append(Evidence("place", round(float(compared.metres[line]), 1)))
    if compared.apart[line] or compared.within[line]:
        codes = areas.codes(int(compared.within[line]))
        kind: EvidenceKind = "apart" if compared.apart[line] else "area"
        found.append(Evidence(kind, float(len(codes)), codes))
    if compared.elsewhere[line]:
        found.append(Evidence("elsewhere", 1.0))
    if len(compared.shared[line]):
        fragments = phrases.shared(compared.shared[line], rarity)
        found.append(Evidence("text", round(float(compared.overlap[line]), 3), fragments))
        meant = tuple(one for one in said(compared.shared[line]) if one not in "".join(fragments))
        found += [Evidence("meaning", 1.0, meant)] if meant else []
    if of["same_category"]:
        found.append(Evidence("category", 1.0))
    if not math.isnan(compared.days[line]):
        found.append(Evidence("time", round(float(compared.days[line]), 2)))
    return tuple(found)
