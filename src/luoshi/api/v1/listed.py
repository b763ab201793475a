"""Listing: the rows of a list, as the API says them to one caller.

Terms    row 列表行 · title 标题
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from luoshi.api.v1.told import category_label, clock_label, state_told
from luoshi.api.v1.words import place_name
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Programme
from luoshi.store.directory import Place, directory
from luoshi.store.programmes import programme_of
from luoshi.store.queries import Page
from luoshi.store.rows import Row, Running

Json = dict[str, Any]


def page_told(page: Page, actor: Actor, columns: frozenset[str]) -> Json:
    """Return a page of cases with the *columns* wanted."""
    rows = rows_told(page.rows, actor)
    data = [{name: value for name, value in row.items() if name in columns} for row in rows]
    return {"data": data, "next": page.next}


def rows_told(rows: Iterable[Row], actor: Actor) -> Iterator[Json]:
    """Yield cases of a list that *actor* may see."""
    words = _Words(actor)
    for row in rows:
        yield _row(row, words)


class _Words:
    """What the rows of one list are told with: each word is looked up once."""

    def __init__(self, actor: Actor) -> None:
        known = directory()
        self.unit = cache(partial(_place, known.units))
        self.area = cache(partial(_place, known.areas))
        self.state = cache(lambda *of: state_told(programme_of(*of[:2]), of[2]))
        self.category = cache(lambda *of: category_label(programme_of(*of[:2]), of[2]))
        self.clock = cache(lambda *of: clock_label(programme_of(*of[:2]), of[2]))
        self.may_read_title = cache(lambda *of: _may_read_title(programme_of(*of), actor))


def _row(row: Row, words: _Words) -> Json:
    of = (row.programme, row.version)
    return {
        "id": row.id,
        "number": row.number,
        "programme": row.programme,
        "version": row.version,
        "title": row.title if words.may_read_title(*of) else "",
        "state": words.state(*of, row.state),
        "opened": row.opened,
        "moved": row.moved,
        "due": row.due,
        "unit": words.unit(row.unit),
        "area": words.area(row.area),
        "category": {"code": row.category, "label": words.category(*of, row.category)},
        "clocks": [_running(one, words.clock(*of, one.name)) for one in row.clocks],
    }


def _place(places: Mapping[str, Place], code: str) -> Json:
    return {"code": code, "label": place_name(places, code)}


def title_told(row: Row, actor: Actor) -> str:
    """Return the title of one case of a list that *actor* may see."""
    return row.title if _may_read_title(programme_of(row.programme, row.version), actor) else ""


def _may_read_title(programme: Programme, actor: Actor) -> bool:
    """Return whether every role of *actor* may see the whole of the title (see ``search``)."""
    rule = programme.fields.get(programme.title_field)
    if rule is None or rule.masked:
        return False
    return not rule.seen_by or bool({post.role for post in actor.posts} & rule.seen_by)


def _running(one: Running, label: str) -> Json:
    return {
        "name": one.name,
        "label": label,
        "state": "running",
        "due": one.due,
        "light": one.light.value,
        "provisional": one.provisional,
    }
