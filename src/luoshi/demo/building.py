"""Building: the city into the database, then its story; all of it or nothing.

Terms    build 建立 · sign-in 登录
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.actions import organisation
from luoshi.actions.administrators import make_administrator
from luoshi.actions.rehearsal import refresh_statistics, rehearsal
from luoshi.demo.cast import Stage
from luoshi.demo.city import DEFAULT_SEED, City
from luoshi.demo.rhythm import Rhythm
from luoshi.demo.story import Told, told
from luoshi.kernel.errors import LuoshiError
from luoshi.store.directory import directory
from luoshi.store.programmes import calendar_of, programme_of

MAIL_DOMAIN = "anlan.example"
ADMINISTERS = "editor"
"""Role whose holders administer the demonstration: web hooks and tokens on the screens."""
"""Reserved for examples: no letter to it can ever arrive anywhere."""

FOUNDED_DAYS = 600
"""The city is older than the longest story told of it."""

_REFRESH_AT = (50, 500, 5000)


class DemoNotAlone(LuoshiError):
    """The installation holds something that is not the demonstration."""

    code = "environment.not_a_demonstration"
    template = (
        "{home} holds an organisation of its own ({units} units, {cases} cases); "
        "name another folder for the demonstration: LUOSHI_HOME=… luoshi demo"
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build: *days* of *cases* of one programme, and so many of each other service."""

    programme: str = "hotline"
    days: int = 60
    cases: int = 2000
    services: int = 30
    seed: int = DEFAULT_SEED


def is_built(city: City) -> bool:
    """Return whether this installation holds the demonstration city."""
    return city.areas[0].code in directory().areas


def refuse_other(home: str) -> None:
    """Refuse to build beside an organisation that is there already.

    Raises:
        DemoNotAlone: There is one.
    """
    size = organisation.size()
    if not size.is_empty:
        raise DemoNotAlone(home=home, units=size.units, cases=size.cases)


def built(plan: Plan, city: City, password: str, end: datetime) -> Iterator[Told]:
    """Build the city and tell its story up to *end*; yield how far it is.

    Raises:
        Refused: The story and the programme do not fit each other.
    """
    with rehearsal():
        if is_built(city):  # by somebody else, a moment ago
            return
        settle(city, password, end - timedelta(days=max(plan.days, FOUNDED_DAYS)))
        stage = _stage(plan, city)
        refresh = set(_REFRESH_AT)
        for so_far in told(stage, plan.days, plan.cases, end, plan.services):
            if refresh and so_far.acts >= min(refresh):
                refresh.discard(min(refresh))
                refresh_statistics()
            yield so_far


def _stage(plan: Plan, city: City) -> Stage:
    calendar = calendar_of(programme_of(plan.programme))
    return Stage(plan.seed, plan.programme, city, organisation.actors(), Rhythm(calendar))


def settle(city: City, password: str, founded: datetime) -> None:
    """Put areas, units and staff of *city* into the database."""
    organisation.add_areas([_area(city, code) for code in city.area_by_code], founded.date())
    organisation.add_units(
        [
            organisation.NewUnit(u.code, u.parent, u.kind, u.name_zh, u.name_en, u.phone)
            for u in city.units
        ]
    )
    people = [
        organisation.NewAccount(p.username, p.name_zh, f"{p.username}@{MAIL_DOMAIN}")
        for p in city.staff.people
    ]
    posts = [organisation.NewPost(p.username, p.role, p.unit, p.area) for p in city.staff.posts]
    organisation.add_staff(people, posts, password)
    for username in city.staff.holders(ADMINISTERS):
        make_administrator(username)


def _area(city: City, code: str) -> organisation.NewArea:
    area = city.area_by_code[code]
    polygon = {"type": "Polygon", "coordinates": area.rings}
    return organisation.NewArea(code, area.parent, area.level, area.name_zh, area.name_en, polygon)
