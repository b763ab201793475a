"""Areas of the demonstration city: what one is, and how cells become a city of five levels.

Terms    city 市 · county 区县 · town 镇街 · community 社区、村 · grid 网格
Units    polygons are rings of (longitude, latitude), closed, in WGS-84 = CGCS2000; codes are text
         under the prefix 99, which no province has
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import shapely
from shapely.geometry import Polygon

from luoshi.demo.plane import Cell, Spot, strewn_cells
from luoshi.demo.regions import Patch, groups, merged
from luoshi.demo.tables import rows
from luoshi.formats.codes import DEMONSTRATION

Ring: TypeAlias = tuple[Spot, ...]

LEVELS = ("city", "county", "town", "community", "grid")
CITY_STEM = ("安澜", "Anlan")
GRIDS, COMMUNITIES, TOWNS, COUNTIES = 300, 80, 20, 4

_PREFIX = f"{DEMONSTRATION}01"
_TOWN_KINDS = (("街道", "Subdistrict", 1), ("镇", "Town", 100), ("乡", "Township", 200))
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Area:
    """One area, of any level.

    Attributes:
        code: 12 digits, or 12 digits + J + 3 digits for a grid.
        level: One of ``LEVELS``.
        parent: Code of the area above, or "" for the city.
        name_zh: Chinese name.
        name_en: English name.
        rings: The outline, then holes; closed.
        centre: A point that surely lies inside.
        households: How many live there; a weight for what is reported, and for rates.
        is_urban: The community is a 社区 and not a 村; a larger area: mostly so.
        code_system: Which list the code is from; always "demonstration".
    """

    code: str
    level: str
    parent: str
    name_zh: str
    name_en: str
    rings: tuple[Ring, ...]
    centre: Spot
    households: int
    is_urban: bool
    code_system: str = "demonstration"

    @property
    def cell15(self) -> str:
        """The 15-digit city-management code of a grid; "" for larger areas."""
        return self.code.replace("J", "") if self.level == "grid" else ""

    @property
    def polygon(self) -> Polygon:
        """The outline as a Shapely polygon."""
        return Polygon(self.rings[0], self.rings[1:])

    def feature(self) -> dict[str, object]:
        """Return the area as a GeoJSON feature."""
        facts = {
            "code": self.code,
            "code_system": self.code_system,
            "level": self.level,
            "parent": self.parent,
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "households": self.households,
        }
        geometry = {"type": "Polygon", "coordinates": self.rings}
        return {"type": "Feature", "id": self.code, "properties": facts, "geometry": geometry}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A group of cells on its way to an area."""

    spot: Spot
    width: float
    polygon: Polygon
    children: tuple[_Draft, ...] = ()


def build_areas(rng: random.Random) -> tuple[Area, ...]:
    """Return all areas, highest level first, each level in the order of its codes."""
    city = _drafted(strewn_cells(rng, GRIDS))
    areas = _named_city(city, rng)
    return tuple(sorted(areas, key=lambda area: (LEVELS.index(area.level), area.code)))


def _drafted(cells: Sequence[Cell]) -> _Draft:
    """Group cells to communities, towns, counties and the city."""
    drafts = [_Draft(cell.seed, cell.width, cell.polygon) for cell in cells]
    patches = [Patch(cell.seed, cell.width, cell.neighbours) for cell in cells]
    for count in (COMMUNITIES, TOWNS, COUNTIES, 1):
        owner = groups(patches, count)
        patches = merged(patches, owner)
        drafts = [_joined(drafts, owner, group, patches[group]) for group in range(count)]
    return drafts[0]


def _joined(drafts: list[_Draft], owner: list[int], group: int, patch: Patch) -> _Draft:
    """Join the drafts of one group; the union of children is the parent, to the last vertex."""
    members = [draft for draft, own in zip(drafts, owner, strict=True) if own == group]
    outline = shapely.coverage_union_all([member.polygon for member in members])
    width = sum(member.width for member in members) / len(members)
    return _Draft(patch.spot, width, outline, tuple(sorted(members, key=_reading_order)))


def _reading_order(draft: _Draft) -> tuple[int, float]:
    """Order from north to south in broad bands, and from west to east in each."""
    return -round(draft.spot[1] / 4), draft.spot[0]


def _named_city(draft: _Draft, rng: random.Random) -> list[Area]:
    code = f"{_PREFIX}00000000"
    counties = sorted(draft.children, key=lambda child: child.width)
    towns = _town_names(counties, rng)
    stems = rng.sample(rows("communities"), COMMUNITIES)
    below: list[Area] = []
    for county, names in zip(counties, rows("counties"), strict=True):
        below += _named_county(county, names, code, towns, stems)
    zh, en = CITY_STEM
    return [_area(draft, code, "city", "", (f"{zh}市", f"{en} City"), _households(below)), *below]


def _town_names(counties: Sequence[_Draft], rng: random.Random) -> dict[int, tuple[int, str, str]]:
    """Give every town a kind and a name: the densest are subdistricts, the widest townships."""
    drafts = sorted((t for county in counties for t in county.children), key=lambda t: t.width)
    kinds = [0] * 9 + [1] * 8 + [2] * 3
    names = rng.sample(rows("towns"), len(drafts))
    return {
        id(draft): (kind, name["stem_zh"], name["stem_en"])
        for draft, kind, name in zip(drafts, kinds, names, strict=True)
    }


def _named_county(
    draft: _Draft,
    names: dict[str, str],
    parent: str,
    towns: dict[int, tuple[int, str, str]],
    stems: list[dict[str, str]],
) -> list[Area]:
    code = f"{_PREFIX}{names['division']}000000"
    below: list[Area] = []
    counts = [0, 0, 0]
    for child in draft.children:
        kind, stem_zh, stem_en = towns[id(child)]
        suffix_zh, suffix_en, first = _TOWN_KINDS[kind]
        number = f"{code[:6]}{first + counts[kind]:03d}000"
        counts[kind] += 1
        label = (f"{stem_zh}{suffix_zh}", f"{stem_en} {suffix_en}")
        below += _named_town(child, number, code, label, stems, urban=kind == 0)
    label = (names["stem_zh"] + names["kind_zh"], f"{names['stem_en']} {names['kind_en']}")
    return [_area(draft, code, "county", parent, label, _households(below)), *below]


def _named_town(
    draft: _Draft,
    code: str,
    parent: str,
    label: tuple[str, str],
    stems: list[dict[str, str]],
    *,
    urban: bool,
) -> list[Area]:
    below: list[Area] = []
    counts = {True: 0, False: 0}
    for i, child in enumerate(draft.children):
        is_urban = urban or i == 0
        counts[is_urban] += 1
        number = f"{code[:9]}{counts[is_urban] + (0 if is_urban else 200):03d}"
        below += _named_community(child, number, code, stems.pop(), urban=is_urban)
    return [_area(draft, code, "town", parent, label, _households(below), urban=urban), *below]


def _named_community(
    draft: _Draft, code: str, parent: str, stem: dict[str, str], *, urban: bool
) -> list[Area]:
    zh = stem["stem_zh"] + ("社区" if urban else "村")
    en = stem["stem_en"] + (" Community" if urban else " Village")
    children = draft.children
    grids = [
        _grid(child, f"{code}J{i:03d}", code, (zh, en, i), urban=urban)
        for i, child in enumerate(children, start=1)
    ]
    households = sum(grid.households for grid in grids)
    return [_area(draft, code, "community", parent, (zh, en), households, urban=urban), *grids]


def _grid(
    draft: _Draft, code: str, parent: str, name: tuple[str, str, int], *, urban: bool
) -> Area:
    zh, en, number = name
    households = (
        260 + int(draft.width * 1000) % 220 if urban else 150 + int(draft.width * 990) % 150
    )
    label = (f"{zh}第{_NUMERALS[number - 1]}网格", f"{en} Grid {number}")
    return _area(draft, code, "grid", parent, label, households, urban=urban)


def _households(below: Sequence[Area]) -> int:
    return sum(area.households for area in below if area.level == "grid")


def _area(
    draft: _Draft,
    code: str,
    level: str,
    parent: str,
    label: tuple[str, str],
    households: int,
    *,
    urban: bool = True,
) -> Area:
    polygon = shapely.orient_polygons(draft.polygon)
    rings = tuple(
        tuple((float(x), float(y)) for x, y in ring.coords)
        for ring in (polygon.exterior, *polygon.interiors)
    )
    inside = polygon.representative_point()
    centre = (round(inside.x, 6), round(inside.y, 6))
    return Area(code, level, parent, *label, rings, centre, households, urban)
