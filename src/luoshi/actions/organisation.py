"""Organisation: areas, units and staff, many at once. For whoever runs the installation.

There is no actor here: these are acts of the command line, whose user owns the database anyway.

Terms    organisation 组织机构 · area 区域 · unit 单位 · account 账号 · post 岗位
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count

from luoshi.kernel.access import Actor
from luoshi.store.directory import actor_of, forget_directory
from luoshi.store.models import Account, Area, CaseRow, FactRow, Post, Unit


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area to be added; ``polygon`` is a GeoJSON geometry in longitude, latitude (CGCS2000)."""

    code: str
    parent: str
    level: str
    name_zh: str
    name_en: str
    polygon: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be added."""

    code: str
    parent: str
    kind: str
    name_zh: str
    name_en: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A member of staff to be added."""

    username: str
    name: str
    email: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class NewPost:
    """A role that somebody will hold; an empty unit or area means everywhere."""

    username: str
    role: str
    unit: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of an organisation there is."""

    areas: int
    units: int
    staff: int
    cases: int
    facts: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody has set anything up here yet."""
        return not (self.areas or self.units or self.staff or self.cases)


def size() -> Size:
    """Return how much there is."""
    counts = (model.objects.count() for model in (Area, Unit, Account, CaseRow, FactRow))
    return Size(*counts)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases of a programme stand in one state, with one unit, in one area."""

    programme: str
    state: str
    unit: str
    area: str
    count: int


def standing() -> list[Standing]:
    """Return where the open cases stand: who finds what to do, when they sign in."""
    waiting = CaseRow.objects.filter(kind__in=("open", "waiting"))
    counted = waiting.values_list("programme", "state", "unit", "area").annotate(n=Count("id"))
    return [Standing(*row) for row in counted.order_by("programme", "state", "unit", "area")]


@transaction.atomic
def add_areas(areas: Sequence[NewArea], valid_from: date) -> None:
    """Add areas, parents before children.

    Raises:
        KeyError: A parent is neither there nor among them, or comes later.
    """
    there = dict(Area.objects.values_list("code", "path"))
    paths = _paths(there, [(area.code, area.parent) for area in areas])
    Area.objects.bulk_create(
        Area(
            code=area.code,
            parent_id=area.parent or None,
            level=area.level,
            name_zh=area.name_zh,
            name_en=area.name_en,
            path=paths[area.code],
            polygon=area.polygon,
            valid_from=valid_from,
        )
        for area in areas
    )
    forget_directory()


@transaction.atomic
def add_units(units: Sequence[NewUnit]) -> None:
    """Add units, parents before children.

    Raises:
        KeyError: A parent is neither there nor among them, or comes later.
    """
    there = dict(Unit.objects.values_list("code", "path"))
    paths = _paths(there, [(unit.code, unit.parent) for unit in units])
    Unit.objects.bulk_create(
        Unit(
            code=unit.code,
            parent_id=unit.parent or None,
            kind=unit.kind,
            name_zh=unit.name_zh,
            name_en=unit.name_en,
            path=paths[unit.code],
            phone=unit.phone,
        )
        for unit in units
    )
    forget_directory()


def _paths(there: Mapping[str, str], parents: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the path of each code, ``/root/…/own/``, from those *there* and (code, parent)."""
    paths = {"": "/", **there}
    for code, parent in parents:
        paths[code] = f"{paths[parent]}{code}/"
    return paths


@transaction.atomic
def add_staff(accounts: Sequence[NewAccount], posts: Sequence[NewPost], password: str) -> None:
    """Add accounts that share a first password, and their posts."""
    hashed = make_password(
        password
    )  # once: they share it anyway, and a hash takes long on purpose
    made = {
        one.username: Account(
            username=one.username,
            name=one.name,
            email=one.email,
            language=one.language,
            password=hashed,
        )
        for one in accounts
    }
    Account.objects.bulk_create(made.values())
    Post.objects.bulk_create(
        Post(
            account=made[post.username],
            role=post.role,
            unit_id=post.unit or None,
            area_id=post.area or None,
        )
        for post in posts
    )


def set_passwords(usernames: Sequence[str], password: str) -> int:
    """Give several accounts one new password; return how many there were."""
    hashed = make_password(password)
    return Account.objects.filter(username__in=usernames).update(password=hashed)


def actors() -> dict[str, Actor]:
    """Return everybody who may act, by username."""
    return {one.username: actor_of(one) for one in Account.objects.filter(is_active=True)}
