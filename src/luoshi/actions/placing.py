"""Placing: the area that a message names, told from the names of the city's own areas.

Terms    place name 地名 · area 区域 · gazetteer 地名库
"""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.actions import clock
from luoshi.actions.suggested import Suggested, is_on
from luoshi.actions.suggesting import Offer
from luoshi.insight.triage.places import Gazetteer, Place, PlaceFound, area_of, places
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.directory import Directory, directory

LEAST_LEVELS = 2
"""Levels of areas that must be named: the city alone says nothing."""


def offered_area(programme: Programme, *texts: str) -> Offer | None:
    """Return the narrowest area that *texts* agree on; ``None`` where they name none, or several.

    A name that several areas bear counts only where an area around one of them is named too.
    """
    field = programme.field_of(FieldType.AREA)
    if not (field and is_on(programme.id, "area")):
        return None
    found = [one for one in places("\n".join(texts), gazetteer()) if _is_certain(one, texts)]
    chain = area_of(found)
    if len(chain) < LEAST_LEVELS:
        return None
    said = Suggested(kind="area", field=field, value=chain[-1], offered=clock.now())
    return Offer(said, tuple(dict.fromkeys(one.words for one in found)))


def _is_certain(one: PlaceFound, texts: Sequence[str]) -> bool:
    """Whether the first of the places that bear a name is told from the others by what is near."""
    if len(one.places) == 1:
        return True
    said, known = "\n".join(texts), directory().areas
    around = [
        sum(known[code].labels["zh-Hans"] in said for code in place.area[:-1] if code in known)
        for place in one.places[:2]
    ]
    return around[0] > around[1]


_known: list[tuple[Directory, Gazetteer]] = []


def gazetteer() -> Gazetteer:
    """Return the names of the areas, made anew when the directory is another one."""
    known = directory()
    for held, names in _known[:]:
        if held is known:
            return names
    areas = known.areas.values()
    made = Gazetteer(tuple(Place(one.labels["zh-Hans"], (*one.path, one.code)) for one in areas))
    _known[:] = [(known, made)]
    return made
