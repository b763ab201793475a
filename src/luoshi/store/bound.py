"""Bound: the cases that a case is bound to, as far as somebody who sees it may know of them.

Whoever works on a case with parts sees how they stand and what was reported in the end; a part
itself, like a main case or a follower, is opened by those alone who may see it.

Terms    part 协办件 · main case 主件 · follower 并入件
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from luoshi.kernel.access import Actor
from luoshi.kernel.case import Case
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.programmes import programme_of
from luoshi.store.queries import page_of, scope_of
from luoshi.store.statement import cursor

MOST = 200
"""Cases bound to one that are listed."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A case that another one is bound to.

    Attributes:
        visible: Whether this person may open it.
        reported: What the unit of a part reported when it was done, by field.
        title: What it is about, for those who may open it.
    """

    id: str
    number: str
    programme: Programme
    state: str
    unit: str
    due: datetime | None
    visible: bool
    reported: tuple[tuple[Field, str], ...] = ()
    title: str = ""


def bound_to(case: Case, actor: Actor, now: datetime) -> Mapping[str, Bound]:
    """Return the cases that *case* is bound to, by key."""
    keys = [*case.parts, *case.followers, *filter(None, [case.part_of, case.follows])][:MOST]
    if not keys:
        return {}
    visible = {row.id: row.title for row in page_of(scope_of(actor), keys, now, MOST).rows}
    reported = _reported([key for key, part in case.parts.items() if part.state == "done"])
    with cursor() as run:
        run.execute(
            "SELECT id, number, programme, version, state, unit, due FROM luoshi_case "
            "WHERE id = ANY(%s::uuid[])",
            (keys,),
        )
        rows = run.fetchall()
    found = {}
    for key, number, name, version, state, unit, due in rows:
        programme = programme_of(name, version)
        words = tuple(
            (programme.fields[field], text)
            for field, text in reported.get(str(key), ())
            if _is_for_all(programme, field)
        )
        title = visible.get(str(key), "")
        found[str(key)] = Bound(
            str(key), number, programme, state, unit, due, str(key) in visible, words, title
        )
    return found


def _is_for_all(programme: Programme, name: str) -> bool:
    """Whether everybody at work may read the answer; files are looked at on their own case."""
    field = programme.fields.get(name)
    return bool(
        field and field.type is not FieldType.FILES and not field.masked and not field.seen_by
    )


def _reported(parts: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the words given with the last step of each of *parts*."""
    if not parts:
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    with cursor() as run:
        run.execute(
            "SELECT p.case_id, p.field, p.value FROM luoshi_personal p JOIN luoshi_case c "
            "ON c.id = p.case_id AND c.step = p.seq "
            "WHERE c.id = ANY(%s::uuid[]) AND p.value IS NOT NULL ORDER BY p.field",
            (list(parts),),
        )
        for key, field, value in run.fetchall():
            found.setdefault(str(key), []).append((field, str(json.loads(value))))
    return found


def keys_of(numbers: Sequence[str]) -> list[str]:
    """Return the keys of the cases with these register numbers; other words name none."""
    given = [number for number in numbers if number.isprintable()]  # no NUL, no half character
    with cursor() as run:
        run.execute("SELECT id FROM luoshi_case WHERE number = ANY(%s)", (given,))
        return [str(key) for (key,) in run.fetchall()]


def number_of(key: str) -> str:
    """Return the register number of the case with this key; empty when there is none."""
    with cursor() as run:
        run.execute("SELECT number FROM luoshi_case WHERE id = %s", (key,))
        row = run.fetchone()
    return str(row[0]) if row else ""
