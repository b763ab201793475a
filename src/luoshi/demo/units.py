"""Units of the demonstration city, and the catalogue that says which of them handles what.

Terms    unit 单位 · department 部门 · routing catalogue 派单目录 · handling unit 承办单位
Source   the shape, not the names: one office, one hotline centre, city departments, county
         governments with some departments of their own, towns and subdistricts
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from luoshi.demo.areas import Area
from luoshi.demo.tables import rows

AREA_CODE = "0400"
"""Telephone area code of the city; assigned to no real place."""

GOVERNMENT, OFFICE, HOTLINE = "government", "office", "hotline"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    Attributes:
        code: Readable and stable: ``housing``, ``tingchao.housing``, ``tingchao.bailuting``.
        parent: Code of the unit above, or "".
        kind: government, office, hotline, department, company, county, county-department, town.
        name_zh: Chinese name.
        name_en: English name.
        area: Code of the area it serves.
        phone: Its telephone number, invented.
    """

    code: str
    parent: str
    kind: str
    name_zh: str
    name_en: str
    area: str
    phone: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the routing catalogue: at which level a category is handled, and by whom."""

    category: str
    level: str
    department: str


def build_units(areas: Sequence[Area]) -> tuple[Unit, ...]:
    """Return the tree of units, parents before children."""
    city = areas[0]
    stem_zh, stem_en = city.name_zh, city.name_en
    top = [
        (GOVERNMENT, "", "government", f"{stem_zh}人民政府", f"{stem_en} Government", "01"),
        (OFFICE, GOVERNMENT, "office", "市政府办公室", "City Government Office", "02"),
        (HOTLINE, OFFICE, "hotline", "12345热线受理中心", "12345 Hotline Centre", "03"),
    ]
    units = [Unit(*facts[:5], city.code, _phone("20", facts[5])) for facts in top]
    units += _departments(city)
    for number, county in enumerate(_of_level(areas, "county"), start=1):
        units += _county_units(county, number)
        for place, town in enumerate(_children(areas, county.code), start=1):
            units.append(_town_unit(town, county, f"{number}{place:02d}"))
    return tuple(units)


def catalogue() -> tuple[Duty, ...]:
    """Return the routing catalogue."""
    return tuple(Duty(row["category"], row["level"], row["department"]) for row in rows("duties"))


def handling_unit(
    category: str, area: Area, units: Mapping[str, Unit], areas: Mapping[str, Area]
) -> Unit:
    """Return the unit that handles a category in an area.

    Raises:
        KeyError: The category is not in the catalogue.
    """
    duty = {duty.category: duty for duty in catalogue()}[category]
    chain = {above.level: above for above in upwards(area, areas)}
    if duty.level == "town" and "town" in chain:
        return units[f"{_slug(chain['county'])}.{_slug(chain['town'])}"]
    if duty.level == "county" and "county" in chain:
        code = f"{_slug(chain['county'])}.{duty.department}"
        return units.get(code, units[duty.department])
    return units[duty.department]


def upwards(area: Area, areas: Mapping[str, Area]) -> Iterator[Area]:
    """Yield the area and everything above it, lowest first."""
    yield area
    while area.parent:
        area = areas[area.parent]
        yield area


def _departments(city: Area) -> list[Unit]:
    units = []
    for row in rows("departments"):
        is_company = row["code"].endswith("-company")
        kind = "company" if is_company else "department"
        name_zh = row["name_zh"] if is_company else f"市{row['name_zh']}"
        name_en = row["name_en"] if is_company else f"City {row['name_en']}"
        phone = _phone("21", row["tail"])
        units.append(Unit(row["code"], GOVERNMENT, kind, name_zh, name_en, city.code, phone))
    return units


def _county_units(county: Area, number: int) -> list[Unit]:
    """Return a county's government and those departments that counties have."""
    slug, zh = _slug(county), county.name_zh
    government = f"{county.name_en} Government"
    phone = _phone(f"3{number}", "00")
    units = [Unit(slug, GOVERNMENT, "county", f"{zh}人民政府", government, county.code, phone)]
    for row in rows("departments"):
        if row["counties"] == "yes":
            names = (f"{zh}{row['name_zh']}", f"{county.name_en} {row['name_en']}")
            tail = _phone(f"3{number}", row["tail"])
            code = f"{slug}.{row['code']}"
            units.append(Unit(code, slug, "county-department", *names, county.code, tail))
    return units


def _town_unit(town: Area, county: Area, number: str) -> Unit:
    is_subdistrict = town.name_zh.endswith("街道")
    name_zh = town.name_zh + ("办事处" if is_subdistrict else "人民政府")
    name_en = town.name_en + (" Office" if is_subdistrict else " Government")
    code = f"{_slug(county)}.{_slug(town)}"
    phone = _phone("5", number)
    return Unit(code, _slug(county), "town", name_zh, name_en, town.code, phone)


def _slug(area: Area) -> str:
    return area.name_en.split()[0].lower()


def _phone(first: str, last: str) -> str:
    return f"{AREA_CODE}-{first}{'0' * (7 - len(first) - len(last))}{last}"


def _of_level(areas: Sequence[Area], level: str) -> list[Area]:
    return [area for area in areas if area.level == level]


def _children(areas: Sequence[Area], code: str) -> list[Area]:
    return [area for area in areas if area.parent == code]
