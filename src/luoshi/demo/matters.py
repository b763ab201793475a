"""A matter: one occurrence at one place, which one person reports, or fifteen.

The names of a matter (road, estate, building) are the same for everybody who reports it; what
differs from one to the next (since when, which floor, how much money) is filled for each report.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from luoshi.demo.areas import Area
from luoshi.demo.city import City, random_point
from luoshi.demo.ground import Label
from luoshi.demo.plane import Spot
from luoshi.demo.wording import Problem, pairs, problems

_NUMBERS: dict[str, tuple[int, int]] = {
    "n": (2, 9),
    "floor": (2, 18),
    "age": (68, 88),
    "temp": (13, 16),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One occurrence.

    Attributes:
        id: The same for all reports of it.
        problem: What kind of thing it is.
        grid: Code of the grid where it is.
        point: Where exactly.
        names: What fills the slots, Chinese.
        names_en: What fills the slots, English.
    """

    id: str
    problem: Problem
    grid: str
    point: Spot
    names: Mapping[str, str] = field(repr=False)
    names_en: Mapping[str, str] = field(repr=False)


def new_matter(rng: random.Random, city: City, problem: Problem | None = None) -> Matter:
    """Return a new occurrence somewhere in the city, more often where more people live."""
    chosen = problem or rng.choices(problems(), [p.weight for p in problems()])[0]
    grid = rng.choices(city.grids, _weights(city, chosen))[0]
    labels = labels_around(rng, city, grid)
    zh = {slot: label.zh for slot, label in labels.items()}
    en = {slot: label.en for slot, label in labels.items()}
    number = f"{rng.getrandbits(48):012x}"
    return Matter(number, chosen, grid.code, random_point(rng, grid), zh, en)


def report_slots(rng: random.Random, matter: Matter, *, english: bool = False) -> dict[str, str]:
    """Return all slots for one report: the names of the matter, and this person's own details."""
    names = matter.names_en if english else matter.names
    own = {slot: rng.choice(found)[1 if english else 0] for slot, found in pairs().items()}
    own |= {slot: str(rng.randint(*bounds)) for slot, bounds in _NUMBERS.items()}
    own["money"] = str(rng.choice((38, 65, 120, 199, 268, 480, 699, 1280, 1999, 2680, 3600, 5800)))
    own["fee"] = f"{rng.uniform(1.2, 3.6):.1f}"
    return {**own, **names}


def _weights(city: City, problem: Problem) -> list[int]:
    """Return how likely each grid is: by households, towns before villages, some only in one."""
    if problem.rural:
        urban, village = 0, 1
    else:
        urban, village = 4, 0 if problem.is_urban_only else 1
    return [grid.households * (urban if grid.is_urban else village) for grid in city.grids]


def labels_around(rng: random.Random, city: City, grid: Area) -> dict[str, Label]:
    """Choose the names around a grid, by slot."""
    community = city.area_by_code[grid.parent]
    town = city.area_by_code[community.parent]
    county = city.area_by_code[town.parent]
    around = city.surroundings[community.code]
    road, road2 = rng.sample(around.roads, 2)
    labels = {kind: rng.choice(found) for kind, found in around.spots.items()}
    above = {"community": community, "town": town, "county": county}
    labels |= {slot: Label(area.name_zh, area.name_en) for slot, area in above.items()}
    labels |= {"road": road, "road2": road2, "estate": rng.choice(around.estates)}
    number = rng.randint(1, 28)
    labels["building"] = Label(f"{number}号楼", f"Building {number}")
    labels["lake"] = Label("望舒湖", "Wangshu Lake")
    labels["side"] = Label(*rng.choice(pairs()["side"]))
    labels["dweller"] = Label("业主" if grid.is_urban else "村民", "resident")
    return labels | {"school": _named_after(town, labels["school"])}


@cache
def _named_after(town: Area, school: Label) -> Label:
    """Put the town's name before a school's, as schools are called."""
    stem_zh = town.name_zh.removesuffix("街道")[: -1 if town.name_zh[-1] in "镇乡" else None]
    return Label(f"{stem_zh}{school.zh}", f"{town.name_en.split()[0]} {school.en}")
