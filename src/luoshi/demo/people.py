"""Staff of the demonstration city: who holds which post, and how they sign in.

Nobody here exists. Given names say so (样例 "example", 虚构 "invented", the ten stems and twelve
branches used for counting), and telephone numbers begin with 1540000: well formed, but of a series
that no operator had put into service when this was written. The password is one for all, made
afresh by whoever loads the demonstration, printed once, and stored nowhere in this package.

Terms    post 岗位 · role 角色 · staff 工作人员 · handler 承办人
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luoshi.demo.areas import Area
from luoshi.demo.services.posts import posts_of_services
from luoshi.demo.tables import rows
from luoshi.demo.units import HOTLINE, OFFICE, Unit

PHONE_SERIES = "1540000"

_DESKS = (
    ("operator", HOTLINE, 6),
    ("dispatcher", HOTLINE, 3),
    ("caller_back", HOTLINE, 4),
    ("reviewer", HOTLINE, 2),
    ("supervisor", OFFICE, 2),
    ("office", OFFICE, 1),
    ("publisher", OFFICE, 2),
    ("editor", OFFICE, 1),
    ("leader", OFFICE, 1),
)
_ALSO = (("supervisionoffice1", "office", OFFICE),)
"""Posts that somebody holds besides their own: who makes hot topics cases must see them."""
_HANDLING_KINDS = ("department", "company", "county-department", "town")
_WORDS = (
    *("amber", "birch", "cedar", "dune", "ember", "fern", "grove", "heron"),
    *("iris", "jade", "lark", "maple", "olive", "pearl", "reed", "willow"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the staff."""

    username: str
    name_zh: str
    name_en: str
    phone: str


@dataclass(frozen=True, slots=True)
class Post:
    """What one person may do, for which unit, and in which area."""

    username: str
    role: str
    unit: str
    area: str


@dataclass(frozen=True, slots=True)
class Staff:
    """All people and all posts."""

    people: tuple[Person, ...]
    posts: tuple[Post, ...]

    def holders(self, role: str, unit: str = "") -> tuple[str, ...]:
        """Return the usernames of those who hold a role, in one unit or in any."""
        return tuple(p.username for p in self.posts if p.role == role and unit in ("", p.unit))


def build_staff(units: Sequence[Unit], areas: Sequence[Area], rng: random.Random) -> Staff:
    """Return the staff: desks, the office, two handlers in every unit, and the other services."""
    desks = [*_desk_posts(units), *_handler_posts(units)]
    posts = [*desks, *(Post(*facts) for facts in posts_of_services(units, areas))]
    names = invented_names(rng)
    people = tuple(
        Person(post.username, *next(names), f"{PHONE_SERIES}{number:04d}")
        for number, post in enumerate(posts, start=1)
    )
    also = (Post(username, role, unit, units[0].area) for username, role, unit in _ALSO)
    return Staff(people, (*posts, *also))


def invented_names(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield names, Chinese and English, none twice until all are used."""
    pairs = [(family, given) for family in rows("surnames") for given in rows("given")]
    while True:
        for family, given in rng.sample(pairs, len(pairs)):
            yield family["zh"] + given["zh"], f"{given['en']} {family['en']}"


def fresh_password() -> str:
    """Return a new password that can be read aloud; never the same twice, never stored here."""
    words = "-".join(secrets.choice(_WORDS) for _ in range(4))
    return f"{words}-{secrets.randbelow(90) + 10}"


def _desk_posts(units: Sequence[Unit]) -> Iterator[Post]:
    city = units[0].area
    for role, unit, count in _DESKS:
        for number in range(1, count + 1):
            yield Post(f"{role.replace('_', '')}{number}", role, unit, city)


def _handler_posts(units: Sequence[Unit]) -> Iterator[Post]:
    for unit in units:
        if unit.kind in _HANDLING_KINDS:
            for number in (1, 2):
                yield Post(f"handler{number}.{unit.code}", "handler", unit.code, unit.area)
