"""Listing: what a worklist is asked for, and its rows as the desk shows them.

Terms    my turn 轮到我 · near due 临期 · late 超期
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from luoshi.apps.desk import lights, words
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import FieldType, Programme, Relation, Role
from luoshi.store.directory import directory
from luoshi.store.programmes import calendar_of, programme_of
from luoshi.store.queries import ENDED, OPEN, Wanted
from luoshi.store.rows import Row
from luoshi.store.turns import near_due, roles_in_turn, turn_of

MINE, DUE, ALL, OVER = "mine", "due", "open", "ended"
TABS = (MINE, DUE, ALL, OVER)
UNREADABLE = "?"
NOWHERE = ("",)
"""A state that no case is in: a list for somebody whose turn it never is stays empty."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed down to; what makes no sense is left out, not refused."""

    tab: str = MINE
    role: str = ""
    programme: str = ""
    state: str = ""
    category: str = ""
    unit: str = ""
    area: str = ""
    words: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Return what a query string asks for."""
        given = {name: _plain(query.get(name, "")) for name in cls.__dataclass_fields__}
        given["tab"] = given["tab"] if given["tab"] in TABS else MINE
        return cls(**given)

    def query(self, **changed: str) -> str:
        """Return the filters as a query string, with what is *changed*; empty ones left out."""
        now = {name: getattr(self, name) for name in self.__dataclass_fields__} | changed
        return urlencode({name: value for name, value in now.items() if value})

    @property
    def narrowed(self) -> bool:
        """Is the list narrowed down to anything?"""
        return any((self.programme, self.state, self.category, self.unit, self.area))


def _plain(text: str) -> str:
    """Return what was asked for; what no list can hold asks for nothing that there is."""
    return text.strip()[:200] if text.isprintable() else UNREADABLE


def wanted(filters: Filters, actor: Actor, now: datetime) -> Wanted:
    """Return the question for ``queries.worklist``."""
    known = directory()
    ends = filters.tab == OVER
    units = tuple(sorted(known.below_unit.get(filters.unit, ())))
    states: tuple[str, ...] = (filters.state,) if filters.state else ()
    if filters.tab == MINE:
        turn = turn_of(actor, filters.programme, filters.role)
        states = tuple(one for one in turn.states if not filters.state or one == filters.state)
        states, units = states or NOWHERE, units or turn.units
    return Wanted(
        kinds=ENDED if ends else OPEN,
        programme=filters.programme,
        states=states,
        units=units,
        areas=tuple(sorted(known.below_area.get(filters.area, ()))),
        category=filters.category,
        due_before=near_due(actor, now) if filters.tab == DUE else None,
    )


def mixed_roles(actor: Actor, programme: str = "") -> list[Role]:
    """Return the roles between which 'mine' has to be chosen; none when they go together."""
    held = roles_in_turn(actor, programme)
    kinds = {role.relation is Relation.OWN_UNIT for role in held}
    return held if len(kinds) > 1 else []


@dataclass(frozen=True, slots=True)
class Line:
    """One case as a list shows it."""

    number: str
    title: str
    state: str
    kind: str
    unit: str
    area: str
    category: str
    programme: str
    opened: str
    moved: str
    clock: lights.Shown | None = None
    raw: Row | None = field(default=None, repr=False)


def line(row: Row, now: datetime) -> Line:
    """Return *row* in the words of whoever looks."""
    programme = programme_of(row.programme, row.version)
    calendar = calendar_of(programme)
    state = programme.states.get(row.state)
    running = row.clock()
    return Line(
        number=row.number,
        title=row.title,
        state=words.say(state.labels) if state else row.state,
        kind=state.kind.value if state else "",
        unit=words.unit_name(row.unit) if row.unit else "",
        area=words.area_name(row.area) if row.area else "",
        category=category_name(programme, row.category),
        programme=words.say(programme.labels),
        opened=words.when(row.opened, calendar, now),
        moved=words.when(row.moved, calendar, now),
        clock=lights.of_row(running, programme, now, calendar) if running else None,
        raw=row,
    )


def category_name(programme: Programme, code: str) -> str:
    """Return the words of a category; the code itself when the list no longer has it."""
    name = programme.field_of(FieldType.CODE)
    entry = programme.lists.get(programme.fields[name].choices, {}).get(code) if name else None
    return words.say(entry.labels) if entry else code
