"""Founding: the areas, units and staff of a real place, from files that somebody brings.

While one thing in a file is wrong nothing of it is taken in, and every problem is told. What is
here already is left alone, so that a file may come again when it has grown. There is no actor:
these are acts of the command line, whose user owns the database anyway.

Terms    area 区域 · unit 单位 · account 账号 · post 岗位 · first password 初始密码
Units    polygons are CGCS2000 longitude, latitude in degrees
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db import transaction

from luoshi.actions import organisation
from luoshi.actions.organisation import NewAccount, NewArea, NewPost, NewUnit
from luoshi.actions.posts import judge_of_posts
from luoshi.actions.staffing import first_password
from luoshi.formats.codes import DEMONSTRATION, LEVELS, CodeInvalid, division, grid
from luoshi.formats.geojson import AreaShape
from luoshi.formats.tables import TableRow
from luoshi.kernel.errors import LuoshiError
from luoshi.store.models import Account, Area, Unit
from luoshi.store.people import HeldPost

Placed = TypeVar("Placed", NewArea, NewUnit)

AREA_LEVELS = (*LEVELS, "grid")
CODE = re.compile(r"[\w.-]{1,40}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
USERNAME = re.compile(r"[a-z0-9._@-]{1,60}")
MOST_NAME = 60
OFFICIAL = re.compile(r"\d{6}|\d{9}|\d{12}(?P<grid>[A-Z]\d{3})?")
"""Forms of official codes; a place may have others of its own."""

MOST_COLUMNS = 300
"""Signs of the names of columns that are told."""

MOST_TOLD = 200
"""Problems that are told at once; who has more of them has one mistake in every row."""


class OrganisationInvalid(LuoshiError):
    """A file of areas, units or staff is not sound; carries every problem found."""

    code = "organisation.invalid"
    template = "{file}: {count} problem(s), nothing was taken in\n{listing}"

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listing = "\n".join(self.problems[:MOST_TOLD])
        super().__init__(file=file, count=len(self.problems), listing=listing)


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of a file.

    Attributes:
        added: How many are new here.
        known: How many were here already and were left alone.
        passwords: First password of each new account, by sign-in name.
    """

    added: int
    known: int
    passwords: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    """One file on its way in."""

    file: str
    problems: list[str] = field(default_factory=list)

    def asked(self, where: str, *, of: str, holds: bool) -> None:
        """Note a problem at *where* unless it *holds*."""
        if not holds:
            self.problems.append(f"{where}: {of}")

    def lacking(self, needed: Iterable[str], there: Iterable[str]) -> None:
        """Refuse the file at once where it has no column or property that all need.

        Raises:
            OrganisationInvalid: It lacks one; every row would say so.
        """
        known = [name for name in there if name]
        missing = [name for name in needed if name not in known]
        if missing and known:
            told = f"there is no {', '.join(missing)}; it has: {', '.join(known)[:MOST_COLUMNS]}"
            raise OrganisationInvalid(self.file, [f"{told}. Rename what holds it"])

    def with_columns(self, rows: Iterable[TableRow], needed: Iterable[str]) -> Iterator[TableRow]:
        """Yield *rows* if they have the columns *needed*.

        Raises:
            OrganisationInvalid: They have not.
        """
        for number, row in enumerate(rows):
            if not number:
                self.lacking(needed, row.cells)
            yield row

    def done(self) -> None:
        """Refuse the file if there is a problem.

        Raises:
            OrganisationInvalid: There is.
        """
        if self.problems:
            raise OrganisationInvalid(self.file, self.problems)


@transaction.atomic
def found_areas(shapes: Sequence[AreaShape], since: date, file: str = "areas") -> Founded:
    """Take in areas: properties ``code``, ``parent``, ``level``, ``name_zh``, ``name_en``.

    Args:
        shapes: The features of the file, in its order.
        since: Day from which they are in force.
        file: What to call the file in messages.

    Raises:
        OrganisationInvalid: With every problem.
    """
    reading = _Reading(file)
    reading.lacking(
        ("code", "level", "name_zh"), dict.fromkeys(k for one in shapes for k in one.properties)
    )
    areas: dict[str, NewArea] = {}
    for number, one in enumerate(shapes):
        said = {name: _text(one.properties.get(name)) for name in NewArea.__slots__}
        where, code = f"features[{number}] {said['code']}".rstrip(), said["code"]
        _code(reading, where, code, areas)
        reading.asked(where, of=_division_problem(code), holds=not _division_problem(code))
        levels = ", ".join(AREA_LEVELS)
        reading.asked(where, of=f"level is one of {levels}", holds=said["level"] in AREA_LEVELS)
        _named(reading, where, said)
        areas[code] = NewArea(**said | {"polygon": one.geojson()})  # type: ignore[arg-type]
    known = set(Area.objects.values_list("code", flat=True))
    new = _parents_first(reading, areas, known)
    reading.done()
    organisation.add_areas(new, since)
    return Founded(len(new), len(areas) - len(new))


@transaction.atomic
def found_units(rows: Iterable[TableRow], file: str = "units") -> Founded:
    """Take in units: columns ``code``, ``parent``, ``kind``, ``name_zh``, ``name_en``, ``phone``.

    Raises:
        OrganisationInvalid: With every problem.
    """
    reading = _Reading(file)
    units: dict[str, NewUnit] = {}
    for row in reading.with_columns(rows, ("code", "name_zh")):
        said = {name: _text(row.cells.get(name)) for name in NewUnit.__slots__}
        where = _where(reading, row)
        _code(reading, where, said["code"], units)
        _named(reading, where, said)
        units[said["code"]] = NewUnit(**said)
    known = set(Unit.objects.values_list("code", flat=True))
    new = _parents_first(reading, units, known)
    reading.done()
    organisation.add_units(new)
    return Founded(len(new), len(units) - len(new))


@transaction.atomic
def found_staff(rows: Iterable[TableRow], file: str = "staff") -> Founded:
    """Take in staff: columns ``username``, ``name``, ``email``, ``role``, ``unit``, ``area``.

    A row is a post; who holds several has several rows. Each new account gets its own password.

    Raises:
        OrganisationInvalid: With every problem.
    """
    reading = _Reading(file)
    people: dict[str, NewAccount] = {}
    posts: dict[NewPost, None] = {}
    fits = _post_judge(reading)
    for row in reading.with_columns(rows, ("username", "name", "role")):
        where, cells = _where(reading, row), {k: _text(v) for k, v in row.cells.items()}
        username, name = cells.get("username", ""), cells.get("name", "")
        form = "username has small letters, digits and . _ @ - (at most 60)"
        reading.asked(where, of=form, holds=bool(USERNAME.fullmatch(username)))
        email = cells.get("email", "")
        is_mail = not email or bool(EMAIL.fullmatch(email))
        reading.asked(where, of=f"email {email!r} should look like name@example.cn", holds=is_mail)
        first = people.setdefault(username, NewAccount(username, name, email))
        reading.asked(where, of="name is missing", holds=0 < len(first.name) <= MOST_NAME)
        same = name in ("", first.name)
        reading.asked(where, of=f"{username} is called {first.name} above", holds=same)
        post = NewPost(username, *(cells.get(key, "") for key in ("role", "unit", "area")))
        fits(where, post)
        posts[post] = None
    reading.done()
    known = set(Account.objects.values_list("username", flat=True))
    new = [one for one in people.values() if one.username not in known]
    passwords = {one.username: first_password() for one in new}
    for one in new:
        own = [post for post in posts if post.username == one.username]
        organisation.add_staff([one], own, passwords[one.username])
    return Founded(len(new), len(people) - len(new), passwords)


def _post_judge(reading: _Reading) -> Callable[[str, NewPost], None]:
    """Return what notes a role, a unit or an area that nobody knows."""
    problems = judge_of_posts()

    def judge(where: str, post: NewPost) -> None:
        found = problems(HeldPost(post.role, post.unit, post.area))
        reading.problems += [f"{where}: {problem}" for problem in found]

    return judge


def _where(reading: _Reading, row: TableRow) -> str:
    where = f"row {row.number}"
    reading.asked(where, of=row.problem, holds=not row.problem)
    return where


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _code(reading: _Reading, where: str, code: str, before: Mapping[str, object]) -> None:
    form = f"code {code!r} must have 1 to 40 letters, digits, dots or hyphens"
    reading.asked(where, of=form, holds=bool(CODE.fullmatch(code)))
    reading.asked(where, of=f"{code} stands above already", holds=code not in before)


def _named(reading: _Reading, where: str, said: dict[str, str]) -> None:
    """Ask for a Chinese name; where there is no English one it stands for both."""
    reading.asked(where, of="name_zh is missing", holds=0 < len(said["name_zh"]) <= MOST_NAME)
    said["name_en"] = said["name_en"] or said["name_zh"]


def _division_problem(code: str) -> str:
    """Return what is wrong with a code that has an official form; empty when nothing is."""
    found = OFFICIAL.fullmatch(code)
    if found is None or code.startswith(DEMONSTRATION):
        return ""
    try:
        grid(code) if found["grid"] else division(code)
    except CodeInvalid as invalid:
        return str(invalid)
    return ""


def _parents_first(
    reading: _Reading, found: Mapping[str, Placed], known: set[str]
) -> list[Placed]:
    """Return those of *found* that are not *known*, each after what is above it."""
    waiting = {code: one for code, one in found.items() if code not in known}
    placed = {"", *known}
    order: list[Placed] = []
    while waiting:
        ready = {code: one for code, one in waiting.items() if one.parent in placed}
        if not ready:
            reading.problems += [f"{c}: no {one.parent!r} above it" for c, one in waiting.items()]
            return []
        order += ready.values()
        placed |= ready.keys()
        waiting = {code: one for code, one in waiting.items() if code not in ready}
    return order
