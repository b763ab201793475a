"""Swift: is a case plainly as its facts have it?

The same is compared as in ``differences``, on less: a sketch instead of the fold, rows of one
chunk side by side, digests gathered by the database. It never explains; whatever is not plainly
whole is looked at there.

Terms    chain 链 · digest 摘要
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from orjson import loads

from luoshi.kernel.fact import GENESIS
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.publication import Promise, promise_of
from luoshi.kernel.sketch import Doubt, Sketch
from luoshi.store.records import cell_of
from luoshi.store.statement import cursor

SAFE = 2**63
"""From here on whole numbers are read as floats, and differ less than they should."""

CASES = """
SELECT id::text, programme, version, number, state, kind, step, head, opened, moved, due, warn,
  unit, area, category, lon, lat, cell, part_of::text, follows::text, "values"::text
FROM luoshi_case WHERE id > %s AND id <= %s ORDER BY luoshi_case.id LIMIT %s
"""
BETWEEN = "WHERE case_id > %s AND case_id <= %s"
FACTS = f"""
SELECT case_id::text, seq, id::text, act, at, doer, convert_to(body, 'UTF8'), hash
FROM luoshi_fact {BETWEEN} ORDER BY luoshi_fact.case_id, seq
"""
CLOCKS = f"""
SELECT case_id::text, name, kind, state, started, due, warn, ended, paused, provisional, "limit",
  rests_on, extended, next_rung
FROM luoshi_clock {BETWEEN}
"""
SEALED = f"""
SELECT case_id::text, seq,
  '{{' || string_agg('"' || field || '":"'
    || encode(sha256(salt || convert_to(value, 'UTF8')), 'hex') || '"', ',') || '}}',
  bool_or(value IS NULL OR left(value, 1) IN ('[', '{{'))
FROM luoshi_personal {BETWEEN} GROUP BY case_id, seq
"""
WALLED = f"SELECT DISTINCT case_id::text FROM luoshi_walled {BETWEEN}"
PUBLIC = """
SELECT "case"::text, promised, fulfilled FROM luoshi_public WHERE "case" > %s AND "case" <= %s
"""

Row = tuple[Any, ...]
Sealed = dict[int, dict[str, str | None]]
"""Digests of the personal answers of one case, by step and field; ``None`` of a deleted one."""


@dataclass
class Rows:
    """The rows of some cases that lie side by side, as they are at one instant."""

    cases: list[Row]
    facts: dict[str, list[Row]] = field(default_factory=dict)
    clocks: dict[str, list[Row]] = field(default_factory=dict)
    sealed: dict[str, Sealed] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)
    public: dict[str, Promise] = field(default_factory=dict)


def rows_between(after: str, until: str, most: int) -> Rows:
    """Return at most *most* cases with keys after *after*, up to *until*, and all their rows.

    When there are no more cases, the rows are those that no case is there for.
    ``odd`` are those whose digests have to be asked for one by one: an answer was deleted, has
    parts, or lies behind the wall.
    """
    rows = Rows(_asked(CASES, (after, until, most)))
    between = (after, rows.cases[-1][0] if rows.cases else until)
    rows.facts = _by_case(_asked(FACTS, between))
    rows.clocks = _by_case(_asked(CLOCKS, between))
    for case, seq, digests, is_odd in _asked(SEALED, between):
        if is_odd:
            rows.odd.add(case)
        else:
            rows.sealed.setdefault(case, {})[seq] = loads(digests)
    rows.odd |= {case for (case,) in _asked(WALLED, between)}
    rows.public = {case: Promise(*promise) for case, *promise in _asked(PUBLIC, between)}
    return rows


def _asked(statement: str, values: Sequence[object]) -> list[Row]:
    with cursor() as run:
        run.execute(statement, values, binary=True, prepare=True)
        return run.fetchall()


def _by_case(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


class Told:
    """What a programme tells about the row of a case: looked up once."""

    def __init__(self, programme: Programme) -> None:
        self.kinds = {name: state.kind.value for name, state in programme.states.items()}
        self.holder = programme.holder_field
        self.area = programme.field_of(FieldType.AREA)
        self.code = programme.field_of(FieldType.CODE)
        self.point = programme.field_of(FieldType.POINT)
        self.programme = programme

    def row(self, case: Sketch) -> Row:
        """Return the columns of ``CASES`` from the state on, without step, head and values."""
        values = case.values
        first = min(
            (c for c in case.clocks.values() if c.state == "running" and c.kind == "duty"),
            key=lambda clock: clock.due,
            default=None,
        )
        point = values.get(self.point)
        lon, lat = (point["lon"], point["lat"]) if isinstance(point, dict) else (None, None)
        return (
            case.state,
            self.kinds[case.state],
            case.opened,
            case.moved,
            first.due if first else None,
            first.warn if first else None,
            str(values.get(self.holder) or ""),
            str(values.get(self.area) or ""),
            str(values.get(self.code) or ""),
            lon,
            lat,
            cell_of(lon, lat),
            case.part_of or None,
            case.follows or None,
        )

    def promise(self, case: Sketch) -> Promise | None:
        """Return what everybody is promised; ``None`` where nobody else may see the case."""
        when = self.programme.publication.when
        if when is None or not when.holds(case):
            return None
        return promise_of(self.programme, case.clocks)


def deleted_of(row: Row, rows: Rows, programmes: Mapping[tuple[str, str], Told]) -> int:
    """Return how many personal answers of a case were deleted; everything else is whole.

    Raises:
        Doubt: It is not plainly so.
    """
    key = row[0]
    case, head, deleted = _proven(rows.facts.get(key, []), rows.sealed.get(key, {}))
    told = programmes[case.programme, case.version]
    number, step, last = row[3], row[6], row[7]
    found = (case.programme, case.version, case.numbers.get("register"), case.seq, head, case.id)
    if found != (row[1], row[2], number, step, last, key):
        raise Doubt
    if told.row(case) != (*row[4:6], *row[8:20]):
        raise Doubt
    values = case.values
    if values != loads(row[20]) or any(_is_huge(v) for v in values.values() if type(v) is not str):
        raise Doubt
    if {clock[1]: clock[2:] for clock in rows.clocks.get(key, ())} != {
        name: clock.row for name, clock in case.clocks.items()
    }:
        raise Doubt
    if told.promise(case) != rows.public.get(key):
        raise Doubt
    return deleted


def _proven(facts: list[Row], sealed: Sealed) -> tuple[Sketch, bytes, int]:
    """Return what *facts* add up to, the hash of the last, and how many answers are gone."""
    head, case, deleted, steps = GENESIS, None, 0, 0
    for _, seq, act_id, act, at, doer, body, stored in facts:
        head = sha256(head + body).digest()
        if head != stored:
            raise Doubt
        raw = loads(body)
        if case is None:
            case = Sketch(raw)
        else:
            case.take(raw)
        digests = raw["sealed"]
        if (seq, act_id, act, at, doer) != (
            case.seq,
            case.fact,
            raw["act"],
            case.moved,
            case.doer,
        ):
            raise Doubt
        if digests:
            steps += 1
            held = sealed.get(seq)
            deleted += 0 if held == digests else _deleted(held, digests)
    if case is None or steps != len(sealed):
        raise Doubt
    return case, head, deleted


def _deleted(held: dict[str, str | None] | None, digests: Mapping[str, str]) -> int:
    """Return how many answers are gone; all others must have their digests."""
    if held is None or held.keys() != digests.keys():
        raise Doubt
    if any(found is not None and found != digests[name] for name, found in held.items()):
        raise Doubt
    return sum(found is None for found in held.values())


def _is_huge(value: object) -> bool:
    """Return whether *value* holds a number that was not read exactly."""
    if isinstance(value, float):
        return abs(value) >= SAFE
    if isinstance(value, dict):
        return any(map(_is_huge, value.values()))
    return isinstance(value, list) and any(map(_is_huge, value))
