"""A very small city for tests: two grids side by side, two units, one person for each role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from luoshi.actions import clock
from luoshi.kernel.access import ANYBODY, Actor, Post
from luoshi.store import models
from luoshi.store.directory import forget_directory
from luoshi.store.programmes import forget_programmes, take_up

MONDAY = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
"""09:00 on a working Monday in the calendar's zone."""

INSIDE = {"lon": 122.505, "lat": 35.505}
OUTSIDE = {"lon": 130.0, "lat": 40.0}


def found_city() -> None:
    """Make the areas and units, and take up the programmes."""
    forget_programmes()
    take_up(clock.now())
    city = _area("99", None, "city", 122.50, 122.52, "/99/")
    community = _area("991", city, "community", 122.50, 122.52, "/99/991/")
    _area("9911", community, "grid", 122.50, 122.51, "/99/991/9911/")
    _area("9912", community, "grid", 122.51, 122.52, "/99/991/9912/")
    root = models.Unit.objects.create(code="city", name_zh="市", name_en="City", path="/city/")
    for code, zh, en in (("roads", "道路局", "Roads"), ("lamps", "路灯所", "Lamps")):
        models.Unit.objects.create(
            code=code, name_zh=zh, name_en=en, parent=root, path=f"/city/{code}/"
        )
    forget_directory()


def _area(
    code: str, parent: models.Area | None, level: str, west: float, east: float, path: str
) -> models.Area:
    ring = [[west, 35.50], [east, 35.50], [east, 35.52], [west, 35.52], [west, 35.50]]
    return models.Area.objects.create(
        code=code,
        parent=parent,
        level=level,
        name_zh=f"第{code}号",
        name_en=f"No. {code}",
        path=path,
        polygon={"type": "Polygon", "coordinates": [ring]},
    )


def staff(role: str, unit: str = "", name: str = "") -> Actor:
    """Return a member of staff with one post."""
    return Actor(
        id=name or f"{role}{unit and '-' + unit}",
        posts=(Post(role, unit, frozenset({unit} if unit else ())),),
    )


OPERATOR = staff("operator")
DISPATCHER = staff("dispatcher")
ROADS = staff("handler", "roads")
LAMPS = staff("handler", "lamps")
CALLER = staff("caller_back")
SUPERVISOR = staff("supervisor")
PUBLISHER = staff("publisher")
RESIDENT = ANYBODY


class Watch:
    """A clock that the test winds."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)
