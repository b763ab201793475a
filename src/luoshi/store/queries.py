"""Queries: the only door for reading. Everything asks who you are first.

Every list is one indexed query whose cost does not grow with the number of closed cases: each
piece of an index (a state, a unit) gives its first rows, and only those are merged.

Terms    worklist 工作列表 · cursor 翻页位置 · due 到期时刻
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings

from luoshi.kernel.access import Actor, requester_of
from luoshi.kernel.errors import CaseNotFound
from luoshi.kernel.programme import Programme, Relation
from luoshi.store.keys import is_code, is_key
from luoshi.store.programmes import offered
from luoshi.store.rows import FOUND, Row, rows_found
from luoshi.store.sight import CaseView, case_seen
from luoshi.store.statement import cursor
from luoshi.store.where import Where

OPEN = ("open", "waiting")
ENDED = ("done", "void")
FAR = datetime(9999, 12, 31, tzinfo=UTC)
ZERO = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases a person may list: whole programmes, or those of units or areas."""

    whole: tuple[str, ...] = ()
    by_unit: tuple[str, ...] = ()
    by_area: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no case at all in it."""
        return not (self.whole or (self.by_unit and self.units) or (self.by_area and self.areas))


def scope_of(actor: Actor, programmes: Iterable[Programme] | None = None) -> Scope:
    """Return which cases *actor* may list: the rule of ``access.may_see``, for many at once."""
    found: dict[Relation, set[str]] = {relation: set() for relation in Relation}
    units: set[str] = set()
    areas: set[str] = set()
    for programme in programmes if programmes is not None else offered().values():
        for post in actor.posts:
            role = programme.roles.get(post.role)
            if role is None:
                continue
            found[role.relation].add(programme.id)
            units |= post.units if role.relation is Relation.OWN_UNIT else set()
            areas |= post.areas if role.relation is Relation.OWN_AREA else set()
    return Scope(
        whole=tuple(sorted(found[Relation.ANY])),
        by_unit=tuple(sorted(found[Relation.OWN_UNIT] - found[Relation.ANY])),
        by_area=tuple(sorted(found[Relation.OWN_AREA] - found[Relation.ANY])),
        units=tuple(sorted(units)),
        areas=tuple(sorted(areas)),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. ``states`` empty means every state of the kinds."""

    kinds: tuple[str, ...] = OPEN
    programme: str = ""
    states: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    category: str = ""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list; ``next`` leads to the following ones, empty at the end."""

    rows: tuple[Row, ...] = ()
    next: str = ""


def worklist(
    actor: Actor, wanted: Wanted, now: datetime, after: str = "", limit: int = 20
) -> Page:
    """Return the cases that *actor* may see and asks for.

    Open ones come with the most urgent first, ended ones with the latest first.
    """
    scope = scope_of(actor)
    if scope.is_empty:
        return Page()
    rows = _page(scope, wanted, _cursor_in(after), limit + 1, now)
    more = len(rows) > limit
    return Page(rows[:limit], _cursor_out(wanted, rows[limit - 1]) if more else "")


def _page(
    scope: Scope, wanted: Wanted, after: Sequence[str], limit: int, now: datetime
) -> tuple[Row, ...]:
    where = _conditions(scope, wanted)
    is_open = set(wanted.kinds) <= set(OPEN)
    column, pieces = _pieces(scope, wanted)
    order = "coalesce(due, 'infinity'), id" if is_open else "moved DESC, id DESC"
    if after and is_open:
        where.add("(coalesce(due, 'infinity'), id) > (%(a_time)s, %(a_id)s)")
    elif after:
        where.add("(moved, id) < (%(a_time)s, %(a_id)s)")
    if after:
        where.values |= {"a_time": after[0], "a_id": after[1]}
    inner = f"SELECT {FOUND} FROM luoshi_case WHERE {where}"
    ends = f"ORDER BY {order} LIMIT {limit:d}"  # as a number: a plan must know how few are wanted
    found = f"{inner} {ends}"
    if column:
        where.values["pieces"] = list(pieces)
        found = (
            f"SELECT q.* FROM unnest(%(pieces)s::text[]) AS piece CROSS JOIN LATERAL "
            f"({inner} AND {column} = piece {ends}) q {ends}"
        )
    is_plain = not (wanted.programme or wanted.areas or wanted.category or wanted.due_before)
    return rows_found(found, order, where.values, now, prepare=is_plain)


def _within(scope: Scope) -> Where:
    where = Where()
    may = []
    if scope.whole:
        may.append("programme = ANY(%(whole)s)")
    if scope.by_unit:
        may.append("(programme = ANY(%(by_unit)s) AND unit = ANY(%(own_units)s))")
    if scope.by_area:
        may.append("(programme = ANY(%(by_area)s) AND area = ANY(%(own_areas)s))")
    where.add(
        f"({' OR '.join(may)})",
        whole=list(scope.whole),
        by_unit=list(scope.by_unit),
        own_units=list(scope.units),
        by_area=list(scope.by_area),
        own_areas=list(scope.areas),
    )
    return where


def _conditions(scope: Scope, wanted: Wanted) -> Where:
    where = _within(scope)
    kinds = ", ".join(f"'{kind}'" for kind in wanted.kinds if kind in OPEN + ENDED)
    where.add(f"kind IN ({kinds})")
    for name in ("programme", "category"):
        if getattr(wanted, name):
            where.add(f"{name} = %({name})s", **{name: getattr(wanted, name)})
    for column, given in (
        ("state", wanted.states),
        ("unit", wanted.units),
        ("area", wanted.areas),
    ):
        if given:
            where.add(f"{column} = ANY(%(w_{column})s)", **{f"w_{column}": list(given)})
    if wanted.due_before:
        where.add("due < %(due_before)s", due_before=wanted.due_before)
    return where


def conditions_within(scope: Scope, wanted: Wanted) -> tuple[str, dict[str, object]]:
    """Return the conditions of a list of any state, and their values."""
    where = _conditions(scope, replace(wanted, kinds=OPEN + ENDED))
    return str(where), where.values


def _pieces(scope: Scope, wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    """Return the column by which an index is cut into ordered pieces, and the pieces wanted."""
    if wanted.units:
        return "unit", wanted.units
    if scope.units and not scope.whole and not scope.by_area:
        return "unit", scope.units
    if wanted.states and set(wanted.kinds) <= set(OPEN):
        return "state", wanted.states
    return "", ()


def page_of(scope: Scope, ids: Sequence[str], now: datetime, limit: int) -> Page:
    """Return those of the cases *ids* that lie in *scope*, the latest first."""
    where = _conditions(scope, Wanted(kinds=OPEN + ENDED))
    where.add("id = ANY(%(ids)s::uuid[])", ids=list(ids), limit=limit)
    order = "moved DESC"
    found = f"SELECT {FOUND} FROM luoshi_case WHERE {where} ORDER BY {order} LIMIT %(limit)s"
    return Page(rows_found(found, order, where.values, now))


def _cursor_out(wanted: Wanted, row: Row) -> str:
    time = (row.due or None) if set(wanted.kinds) <= set(OPEN) else row.moved
    text = f"{time.astimezone(UTC).isoformat() if time else 'infinity'} {row.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _cursor_in(cursor: str) -> Sequence[str]:
    """Return the time and key of a cursor; one that is not ours means: from the beginning."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        time, key = raw.split(" ")
        if time != "infinity":
            datetime.fromisoformat(time)
    except (ValueError, UnicodeDecodeError):
        return ()
    return (time, key) if is_key(key) else ()


def is_cursor(text: str) -> bool:
    """Return whether *text* is the ``next`` of a page."""
    return bool(_cursor_in(text))


def count_upto(actor: Actor, wanted: Wanted, most: int = 1000) -> int:
    """Return how many cases the list holds, counting no further than *most*."""
    scope = scope_of(actor)
    if scope.is_empty:
        return 0
    where = _conditions(scope, wanted)
    with cursor() as run:
        run.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM luoshi_case WHERE {where} LIMIT %(most)s) q",
            where.values | {"most": most},
        )
        (count,) = run.fetchone() or (0,)
    return int(count)


def case_numbered(number: str, actor: Actor, now: datetime) -> CaseView:
    """Return the case with the register number *number* as *actor* sees it.

    Raises:
        CaseNotFound: There is none, or *actor* may not know of it.
    """
    return case_seen(_key_of(number)[0], actor, now)


def case_followed(number: str, code: str, now: datetime) -> CaseView:
    """Return the case that its requester follows with number and query code.

    Raises:
        CaseNotFound: The two do not belong together, or there is no such case: the same answer.
    """
    key, digest = _key_of(number)
    if digest is None or not is_code(settings.SECRET_KEY, key, code, digest):
        raise CaseNotFound
    return case_seen(key, requester_of(key), now)


def case_key(number: str) -> str:
    """Return the key of the case with that register number, for an act that asks who you are.

    Raises:
        CaseNotFound: There is none.
    """
    return _key_of(number)[0]


def is_registered(case: str) -> bool:
    """Return whether there is a case with the key *case*."""
    with cursor() as run:
        run.execute("SELECT 1 FROM luoshi_case WHERE id = %s", (case,))
        return run.fetchone() is not None


NUMBERED = "SELECT id, code_digest FROM luoshi_case WHERE number = %s"
MOST_NUMBER = 60
"""Characters of the longest register number."""


def _key_of(number: str) -> tuple[str, bytes | None]:
    if not number.isprintable() or len(number) > MOST_NUMBER:
        raise CaseNotFound
    with cursor() as run:
        run.execute(NUMBERED, (number.strip(),), prepare=True)
        row = run.fetchone()
    if row is None:
        raise CaseNotFound
    return str(row[0]), bytes(row[1]) if row[1] is not None else None
