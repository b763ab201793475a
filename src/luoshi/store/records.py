"""Records: the only door for writing. It takes facts and refreshes the rows that cache their fold.

Everything here runs inside the transaction of the action that calls it. The statements are written
by hand: one act is one round trip, whatever it touches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from json.encoder import encode_basestring as quoted
from typing import Any

import h3.api.basic_int as h3

from luoshi.kernel.case import Case, ClockState, fold
from luoshi.kernel.fact import GENESIS, Fact, body, chain, read
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.transition import Decision, Private
from luoshi.store.insertion import CHANGE, OPEN, parts_of, rest
from luoshi.store.pairs import is_searched, pairs_of
from luoshi.store.statement import Statement, cursor
from luoshi.store.wire import COMMIT, Cell, Rows, ask_together, octets, text


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be written to the outbox with the act."""

    key: str
    notice: str
    to: str
    by: str


@dataclass(frozen=True)
class Locked:
    """A case as it is now, its row locked until the end of the transaction."""

    number: str
    head: bytes
    facts: tuple[Fact, ...]

    @cached_property
    def case(self) -> Case:
        """The fold of the facts, made once."""
        return fold(self.facts)


_LOCK = """
SELECT id, number, head FROM luoshi_case
WHERE id = ANY({also} || {id}
  || ARRAY(SELECT unnest(ARRAY[part_of, follows]) FROM luoshi_case WHERE id = {id}))
ORDER BY id = {id}, id FOR UPDATE
"""
_NUMBERED = "(SELECT id FROM luoshi_case WHERE number = %(number)s)"
LOCK = Statement(_LOCK.format(id="%(id)s::uuid", also="%(also)s::uuid[]"))
LOCK_NUMBERED = Statement(_LOCK.format(id=_NUMBERED, also="ARRAY[]::uuid[]"))
"""Locks a case after the case it is a part of, or was merged into: always in this order."""

_FACTS = "SELECT body FROM luoshi_fact WHERE case_id = {id} ORDER BY seq"
FACTS = Statement(_FACTS.format(id="%(id)s::uuid"))
FACTS_NUMBERED = Statement(_FACTS.format(id=_NUMBERED))
"""Begins when the locks are held, and sees what was written before."""


def locked(case: str, also: Sequence[str] = ()) -> Locked | None:
    """Lock the row of *case* and return its facts; ``None`` when there is no such case.

    Args:
        case: Its key.
        also: Further cases that the act will touch; they are locked first.
    """
    rows, bodies = ask_together([(LOCK, {"id": case, "also": list(also)}), (FACTS, {"id": case})])
    return _held(next((row for row in rows if text(row[0]) == case), None), bodies)


def locked_numbered(number: str) -> Locked | None:
    """Lock the row of the case with that register number, like ``locked``."""
    if not number.isprintable():
        return None
    named = {"number": number.strip()}
    rows, bodies = ask_together([(LOCK_NUMBERED, named), (FACTS_NUMBERED, named)])
    return _held(next((row for row in rows if text(row[1]) == named["number"]), None), bodies)


def _held(row: tuple[Cell, ...] | None, bodies: Rows) -> Locked | None:
    if row is None:
        return None
    return Locked(text(row[1]), octets(row[2]), tuple(read(body or b"") for (body,) in bodies))


def fact_known(act: str) -> Fact | None:
    """Return the fact that was recorded for the act *act*, if it was."""
    with cursor() as run:
        run.execute("SELECT body FROM luoshi_fact WHERE id = %s", (act,), prepare=True)
        row = run.fetchone()
    return read(row[0]) if row else None


def next_number(pattern: NumberPattern, day: date) -> str:
    """Return the next number of *pattern* on *day*.

    Numbers have no gaps: a refused act gives its number back, since the counter is part of the
    transaction.
    """
    with cursor() as run:
        run.execute(
            "INSERT INTO luoshi_counter (scope, last) VALUES (%s, 1) "
            "ON CONFLICT (scope) DO UPDATE SET last = luoshi_counter.last + 1 RETURNING last",
            (pattern.scope(day),),
            prepare=True,
        )
        (last,) = run.fetchone() or (1,)
    LAST_SEEN[pattern.scope(day)] = last
    return pattern.render(day, last)


LAST_SEEN: dict[str, int] = {}
"""The last running number that this process has seen, by scope: a guess at the next ones."""


@cache
def _statement(beginning: str, parts: tuple[str, ...]) -> Statement:
    return Statement(beginning + rest(parts) + "SELECT 1")


def append(
    programme: Programme,
    decision: Decision,
    before: Case | None,
    after: Case,
    *,
    number: str,
    previous: bytes = GENESIS,
    code_digest: bytes | None = None,
    letters: Sequence[Letter] = (),
    not_before: datetime | None = None,
    commits: bool = False,
) -> bytes:
    """Append the fact of *decision*, refresh what caches the case, and fill the outbox.

    With *commits*, when nothing else follows, the transaction ends in the same round trip.

    Returns:
        The hash of the fact: the new head of the chain.

    Raises:
        psycopg.errors.UniqueViolation: The act, the step or the number is there already.
    """
    covered = body(decision.fact)
    head = chain(previous, covered)
    row = row_of(programme, decision, before, after, letters, not_before)
    row |= {"number": number, "head": head, "body": covered.decode(), "code_digest": code_digest}
    statement = _statement(OPEN if before is None else CHANGE, parts_of(row))
    ask_together([(statement, row), *([(COMMIT, {})] * commits)])
    return head


def row_of(
    programme: Programme,
    decision: Decision,
    before: Case | None,
    after: Case,
    letters: Sequence[Letter],
    not_before: datetime | None = None,
) -> dict[str, Any]:
    """Return everything that is written with an act, but its number and what covers it."""
    return {
        **case_row(programme, after),
        "fact": decision.fact.id,
        "act": decision.fact.act,
        "doer": decision.fact.doer.id,
        "clocks": _json(map(clock_row, changed_clocks(before, after))),
        "near": _answers(programme, (one for one in decision.private if not one.walled)),
        "far": _answers(programme, (one for one in decision.private if one.walled)),
        "letters": _json(map(_letter, letters)),
        "not_before": not_before or decision.fact.at,
    }


def _json(records: Iterable[Mapping[str, Any]]) -> str:
    return written(list(records))


written = json.JSONEncoder(ensure_ascii=False, default=datetime.isoformat).encode
"""Writes JSON; kept, because ``json.dumps`` makes an encoder for every text."""


def _letter(letter: Letter) -> dict[str, str]:
    return {"key": letter.key, "notice": letter.notice, "to": letter.to, "by": letter.by}


def _answers(programme: Programme, private: Iterable[Private]) -> str:
    """Return personal answers as JSON, put together by hand: that takes half the time."""
    return "[" + ",".join(_answer(programme, one) for one in private) + "]"


def _answer(programme: Programme, private: Private) -> str:
    grams = _array(grams_of(programme, private))
    return (
        f'{{"field":{quoted(private.field)},"value":{quoted(written(private.value))},'
        f'"salt":"{private.salt.hex()}","grams":{grams}}}'
    )


def grams_of(programme: Programme, private: Private) -> list[int] | None:
    """Return the pairs by which a personal answer is found; ``None`` where it is not searched."""
    if not is_searched(programme.fields[private.field]):
        return None
    return pairs_of(str(private.value))


def _array(numbers: list[int] | None) -> str:
    return "null" if numbers is None else '"{' + ",".join(map(str, numbers)) + '}"'


def case_row(programme: Programme, case: Case) -> dict[str, Any]:
    """Return the columns of the row that caches *case*, but number, head and code."""
    running = [
        clock
        for clock in case.clocks.values()
        if clock.state == "running" and clock.kind == "duty"
    ]
    first = min(running, key=lambda clock: clock.due, default=None)
    point = case.values.get(programme.field_of(FieldType.POINT))
    lon, lat = (point["lon"], point["lat"]) if isinstance(point, dict) else (None, None)
    return {
        "id": case.id,
        "programme": case.programme,
        "version": case.version,
        "state": case.state,
        "kind": programme.states[case.state].kind.value,
        "step": case.seq,
        "opened": case.opened,
        "moved": case.moved,
        "due": first.due if first else None,
        "warn": first.warn if first else None,
        "unit": str(case.values.get(programme.holder_field) or ""),
        "area": str(case.values.get(programme.field_of(FieldType.AREA)) or ""),
        "category": str(case.values.get(programme.field_of(FieldType.CODE)) or ""),
        "lon": lon,
        "lat": lat,
        "cell": cell_of(lon, lat),
        "part_of": case.part_of or None,
        "follows": case.follows or None,
        "values": written(dict(case.values)),
    }


CELL_RESOLUTION = 10
"""H3 resolution of the map column: hexagons of about 130 m across."""


def cell_of(lon: object, lat: object) -> int | None:
    """Return the H3 cell of a point as a signed 64-bit integer; ``None`` without a point."""
    if lon is None or lat is None:
        return None
    return int(h3.latlng_to_cell(lat, lon, CELL_RESOLUTION))


def changed_clocks(before: Case | None, after: Case) -> list[ClockState]:
    """Return the clocks that differ between two states of a case, under their present names."""
    known = before.clocks if before else {}
    return [
        replace(clock, name=name)
        for name, clock in after.clocks.items()
        if known.get(name) is not clock
    ]


def clock_row(clock: ClockState) -> dict[str, Any]:
    """Return the columns of the row that caches a clock, but the key of its case."""
    return {
        "name": clock.name,
        "kind": clock.kind,
        "state": clock.state,
        "started": clock.started,
        "due": clock.due,
        "warn": clock.warn,
        "ended": clock.ended,
        "paused": clock.paused,
        "provisional": clock.provisional,
        "limit": clock.limit,
        "rests_on": clock.rests_on,
        "extended": clock.extended,
        "next_rung": clock.next_rung and clock.next_rung[1],
    }


BOTH = (
    "(SELECT case_id, seq, field, value, salt FROM luoshi_personal "
    "UNION ALL SELECT case_id, seq, field, value, salt FROM luoshi_walled)"
)
"""Personal answers on either side of the wall: for those to whom they belong, and for proofs."""


def personal_values(case: str, seq: int) -> dict[str, tuple[object, bytes] | None]:
    """Return the personal answers given at one step; ``None`` for one that has been deleted."""
    with cursor() as run:
        run.execute(
            f"SELECT field, value, salt FROM {BOTH} p WHERE case_id = %s AND seq = %s", (case, seq)
        )
        return {
            name: None if value is None else (json.loads(value), bytes(salt))
            for name, value, salt in run.fetchall()
        }


def given_with(fact: Fact, names: Iterable[str]) -> dict[str, object]:
    """Return the answers to *names* that were given with *fact*, personal or not.

    Whoever sends a form with files a second time means the files that were kept the first time.
    """
    kept = {name: held[0] for name, held in personal_values(fact.case, fact.seq).items() if held}
    return {name: value for name, value in {**fact.values, **kept}.items() if name in set(names)}


def set_keep_until(programme: Programme, case: Case) -> None:
    """Note, when a case has ended, the day after which each personal answer has to go.

    A case that runs again keeps its answers.
    """
    ended = programme.states[case.state].kind.is_end
    days = {
        name: rule.keep.after(case.moved.date()) if ended and rule.keep else None
        for name, rule in programme.fields.items()
        if rule.personal
    }
    with cursor() as run:
        for table in ("luoshi_personal", "luoshi_walled"):
            run.execute(
                f"UPDATE {table} p SET keep_until = d.day FROM "
                "unnest(%s::text[], %s::date[]) AS d(field, day) "
                "WHERE p.case_id = %s AND p.field = d.field "
                "AND p.keep_until IS DISTINCT FROM d.day",
                (list(days), list(days.values()), case.id),
            )


def forget_expired(today: date, at: datetime, limit: int = 10_000) -> int:
    """Delete personal answers whose time has come; the facts keep their digests.

    Returns:
        How many were deleted.
    """
    forgotten = 0
    with cursor() as run:
        for table, also in (("luoshi_personal", ", grams = NULL"), ("luoshi_walled", "")):
            run.execute(
                f"WITH gone AS (SELECT case_id, seq, field FROM {table} "
                "WHERE value IS NOT NULL AND keep_until < %s LIMIT %s FOR UPDATE SKIP LOCKED) "
                f"UPDATE {table} p SET value = NULL, salt = NULL{also}, deleted = %s FROM gone "
                "WHERE (p.case_id, p.seq, p.field) = (gone.case_id, gone.seq, gone.field)",
                (today, limit, at),
            )
            forgotten += run.rowcount
    return forgotten


def latest_personal(case: str, field: str) -> object:
    """Return the latest personal answer to *field*; ``None`` when there is none (any more)."""
    with cursor() as run:
        run.execute(
            f"SELECT value FROM {BOTH} p WHERE case_id = %s AND field = %s "
            "ORDER BY seq DESC LIMIT 1",
            (case, field),
        )
        row = run.fetchone()
    return json.loads(row[0]) if row and row[0] is not None else None


def personal_now(case: str) -> dict[str, object]:
    """Return the latest personal answers of *case* that lie before the wall."""
    with cursor() as run:
        run.execute(
            "SELECT DISTINCT ON (field) field, value FROM luoshi_personal "
            "WHERE case_id = %s AND value IS NOT NULL ORDER BY field, seq DESC",
            (case,),
        )
        return {name: json.loads(value) for name, value in run.fetchall()}
