"""Posts of the other services: who works there, in which unit, for which area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luoshi.demo.areas import Area
from luoshi.demo.services.script import Posting, scripts
from luoshi.demo.units import OFFICE, Unit, upwards

Place = tuple[str, str]
"""Codes of a unit and of an area."""


def posts_of_services(
    units: Sequence[Unit], areas: Sequence[Area]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield username, role, unit and area of each post; one role at one place is yielded once."""
    taken: dict[str, list[Place]] = {}
    for script in scripts():
        for posting in script.posts:
            held = taken.setdefault(posting.role, [])
            for place in _places(posting, units, areas):
                if place in held:
                    continue
                held += [place] * posting.count
                for number in range(len(held) - posting.count + 1, len(held) + 1):
                    yield f"{posting.role.replace('_', '')}{number}", posting.role, *place


def _places(posting: Posting, units: Sequence[Unit], areas: Sequence[Area]) -> list[Place]:
    if posting.areas:
        return _in_areas(posting, units, areas)
    wanted = {*(posting.units or (OFFICE,))}
    return [(unit.code, unit.area) for unit in units if _words(unit) & wanted]


def _words(unit: Unit) -> set[str]:
    """Return how a story may name a unit: its code, its kind, its code in whatever county."""
    return {unit.code, unit.kind, f"county:{unit.code.partition('.')[2]}"}


def _in_areas(posting: Posting, units: Sequence[Unit], areas: Sequence[Area]) -> list[Place]:
    """Return the areas of a level, each with the unit that is nearest above it."""
    by_code = {area.code: area for area in areas}
    nearest = {unit.area: unit.code for unit in reversed(units) if unit.kind in _GOVERNING}
    towns = [area.code for area in areas if area.level == "town"]
    chosen = {towns[place - 1] for place in posting.towns}
    found = []
    for area in areas:
        chain = list(upwards(area, by_code))
        inside = not chosen or any(one.code in chosen for one in chain)
        if area.level == posting.areas and inside:
            unit = next(nearest[one.code] for one in chain if one.code in nearest)
            found.append((posting.units[0] if posting.units else unit, area.code))
    return found


_GOVERNING = ("government", "county", "town")
