"""Places: names in a text that the city's own gazetteer knows, and where they are (地名识别).

Terms    gazetteer 地名库 · area 区域 · point 点位
Units    longitude and latitude in degrees, as the gazetteer has them (CGCS2000)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from luoshi.insight.text.folding import levelled

MOST_CHARACTERS = 20_000
_LEAST = 2
"""Names of one character are no names: every text is full of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a gazetteer.

    Attributes:
        name: Its name; ``aliases`` are others it goes by.
        area: Codes of the areas it lies in, widest first; of an area, its own code last.
        point: Longitude and latitude, where it is a point.
        aliases: Other names.
    """

    name: str
    area: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place named in a text: where it is named, and which places it may be, likeliest first."""

    start: int
    end: int
    words: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Gazetteer:
    """Places by name, ready for looking up in texts."""

    entries: Sequence[Place]
    _by_name: Mapping[str, tuple[Place, ...]] = field(init=False, repr=False, compare=False)
    _lengths: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, list[Place]] = {}
        for place in self.entries:
            for name in {levelled(name) for name in (place.name, *place.aliases)}:
                if len(name) >= _LEAST:
                    by_name.setdefault(name, []).append(place)
        lengths: dict[str, set[int]] = {}
        for name in by_name:
            lengths.setdefault(name[:2], set()).add(len(name))
        ordered = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}
        object.__setattr__(self, "_by_name", {name: tuple(at) for name, at in by_name.items()})
        object.__setattr__(self, "_lengths", ordered)

    def longest_at(self, level: str, at: int) -> tuple[int, tuple[Place, ...]]:
        """Return the length of the longest name that begins at *at*, and its places."""
        for length in self._lengths.get(level[at : at + 2], ()):
            found = self._by_name.get(level[at : at + length])
            if found:
                return length, found
        return 0, ()


def places(text: str, gazetteer: Gazetteer | Iterable[Place]) -> tuple[PlaceFound, ...]:
    """Return the places of *gazetteer* that *text* names, in order, the longest name each time.

    Where several places bear a name, those that lie in an area also named come first.

    Example:
        >>> found = places("北关街道胜利路的路灯坏了", [Place("胜利路", ("370702",))])
        >>> [(one.words, one.places[0].area) for one in found]
        [('胜利路', ('370702',))]
    """
    known = gazetteer if isinstance(gazetteer, Gazetteer) else Gazetteer(tuple(gazetteer))
    level, at, found = levelled(text[:MOST_CHARACTERS]), 0, []
    while at < len(level):
        length, here = known.longest_at(level, at)
        if length:
            found.append(PlaceFound(at, at + length, text[at : at + length], here))
        at += max(1, length)
    return _told_apart(found)


def _told_apart(found: Sequence[PlaceFound]) -> tuple[PlaceFound, ...]:
    """Return *found* with the places of each name ordered by the areas named beside them."""
    certain = {code for one in found if len(one.places) == 1 for code in one.places[0].area}
    return tuple(
        PlaceFound(one.start, one.end, one.words, _likeliest(one.places, certain)) for one in found
    )


def _likeliest(candidates: tuple[Place, ...], certain: set[str]) -> tuple[Place, ...]:
    return tuple(sorted(candidates, key=lambda place: -len(certain.intersection(place.area))))


def area_of(found: Sequence[PlaceFound]) -> tuple[str, ...]:
    """Return the codes of the narrowest area that *found* agree on, widest first; () if none."""
    chains = [one.places[0].area for one in found if one.places[0].area]
    if not chains:
        return ()
    longest: tuple[str, ...] = max(chains, key=len)
    agreed = takewhile(lambda level: all(_fits(one, *level) for one in chains), enumerate(longest))
    return tuple(code for _, code in agreed)


def _fits(chain: tuple[str, ...], at: int, code: str) -> bool:
    return at >= len(chain) or chain[at] == code
