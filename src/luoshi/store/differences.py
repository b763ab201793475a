"""Differences: everything in which a case is not as its facts have it, in words.

The facts of a case are numbered without a gap, each hash covers the one before and its own text,
the columns beside the text say the same, every personal value still has the digest that the fact
knows, and the rows that cache the case equal the fold of its facts.

Terms    chain 链 · fold 归并 · digest 摘要
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from luoshi.kernel.case import Case, applied
from luoshi.kernel.fact import GENESIS, Fact, chain, read, seal
from luoshi.kernel.publication import Promise, is_published, promise_of
from luoshi.store import records
from luoshi.store.programmes import ProgrammeUnknown, programme_of
from luoshi.store.statement import cursor


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the facts have it."""

    case: str
    what: str


@dataclass
class Report:
    """What a verification found; ``differences`` holds the first ones, ``count`` all of them."""

    cases: int = 0
    facts: int = 0
    deleted: int = 0
    count: int = 0
    differences: list[Difference] = field(default_factory=list)
    most: int = 20

    @property
    def ok(self) -> bool:
        """Whether everything is as the facts have it."""
        return self.count == 0

    def include(self, other: Report) -> None:
        """Add what another verification found."""
        self.cases += other.cases
        self.facts += other.facts
        self.deleted += other.deleted
        self.count += other.count
        self.differences += other.differences[: self.most - len(self.differences)]

    def add(self, case: str, what: str) -> None:
        """Count a difference, and keep it if it is among the first."""
        self.count += 1
        if len(self.differences) < self.most:
            self.differences.append(Difference(case, what))


class CaseCache(NamedTuple):
    """The row of a case, as selected."""

    id: str
    programme: str
    version: str
    number: str
    state: str
    kind: str
    step: int
    head: bytes
    opened: datetime
    moved: datetime
    due: datetime | None
    warn: datetime | None
    unit: str
    area: str
    category: str
    lon: float | None
    lat: float | None
    cell: int | None
    part_of: str | None
    follows: str | None
    values: str


class FactCache(NamedTuple):
    """The row of a fact, as selected."""

    case: str
    seq: int
    id: str
    act: str
    at: datetime
    doer: str
    body: str
    hash: bytes


class ClockCache(NamedTuple):
    """The row of a clock, as selected; the order of the columns is that of ``CLOCK_COLUMNS``."""

    case: str
    name: str
    kind: str
    state: str
    started: datetime
    due: datetime
    warn: datetime
    ended: datetime | None
    paused: datetime | None
    provisional: bool
    limit: str
    rests_on: str
    extended: int
    next_rung: datetime | None


AS_TEXT = frozenset({"case_id", "id", "part_of", "follows", "values"})


def _columns(row: type[CaseCache] | type[FactCache] | type[ClockCache]) -> str:
    names = ("case_id" if name == "case" else name for name in row._fields)
    return ", ".join(f'"{name}"::text' if name in AS_TEXT else f'"{name}"' for name in names)


PERSONAL = f"""
SELECT case_id::text, seq, field, encode(sha256(salt || convert_to(value, 'UTF8')), 'hex'),
  CASE WHEN value ~ '^[[{{]' THEN value END, CASE WHEN value ~ '^[[{{]' THEN salt END
FROM {records.BOTH} p WHERE case_id = ANY(%s::uuid[])
"""
"""The database computes the digests; of an answer with parts the text may be spaced otherwise."""

Personal = dict[tuple[int, str], str | None]
"""Digests of the personal answers of one case, by step and field; ``None`` of a deleted one."""


@dataclass
class Chunk:
    """Some cases with everything that belongs to them."""

    cases: list[CaseCache]
    facts: dict[str, list[FactCache]]
    clocks: dict[str, list[ClockCache]]
    personal: dict[str, Personal]
    public: dict[str, Promise]


def told(keys: Sequence[str], report: Report) -> None:
    """Add to *report* in what the cases with *keys* differ; read them in one transaction."""
    chunk = _chunk(keys)
    for row in chunk.cases:
        _verify_case(row, chunk, report)


def _chunk(keys: Sequence[str]) -> Chunk:
    """Return the cases with *keys*, with everything that belongs to them."""
    those = (list(keys),)
    cases = [
        CaseCache(*row)
        for row in _rows(
            f"SELECT {_columns(CaseCache)} FROM luoshi_case WHERE id = ANY(%s::uuid[]) "
            "ORDER BY luoshi_case.id",
            those,
        )
    ]
    chunk = Chunk(cases, {key: [] for key in keys}, {key: [] for key in keys}, {}, {})
    for row in _rows(
        f"SELECT {_columns(FactCache)} FROM luoshi_fact WHERE case_id = ANY(%s::uuid[]) "
        "ORDER BY luoshi_fact.case_id, seq",
        those,
    ):
        chunk.facts[row[0]].append(FactCache(*row))
    for row in _rows(
        f"SELECT {_columns(ClockCache)} FROM luoshi_clock WHERE case_id = ANY(%s::uuid[])", those
    ):
        chunk.clocks[row[0]].append(ClockCache(*row))
    chunk.personal = digests(keys)
    chunk.public = {
        case: Promise(*promise)
        for case, *promise in _rows(
            'SELECT "case"::text, promised, fulfilled FROM luoshi_public '
            'WHERE "case" = ANY(%s::uuid[])',
            those,
        )
    }
    return chunk


def digests(keys: Sequence[str]) -> dict[str, Personal]:
    """Return the digests of all personal answers of the cases with *keys*."""
    found: dict[str, Personal] = {}
    for case, seq, name, digest, value, salt in _rows(PERSONAL, (list(keys),)):
        parts = None if value is None else seal(json.loads(value), salt)
        found.setdefault(case, {})[seq, name] = parts or digest
    return found


def _rows(statement: str, values: Sequence[Any]) -> list[Any]:
    with cursor() as run:
        run.execute(statement, values, binary=True)
        return run.fetchall()


def _verify_case(row: CaseCache, chunk: Chunk, report: Report) -> None:
    report.cases += 1
    folded = _verify_chain(row, chunk, report)
    if folded is None:
        return
    try:
        programme = programme_of(folded.programme, folded.version)
        expected = records.case_row(programme, folded) | {"values": folded.values}
        promise = promise_of(programme, folded.clocks) if is_published(programme, folded) else None
    except (ProgrammeUnknown, ArithmeticError, AttributeError, LookupError, TypeError) as reason:
        report.add(row.id, f"the fold is no case of its programme: {reason}")
        return
    found = row._asdict() | {"values": json.loads(row.values)}
    for name, value in expected.items():
        if found[name] != value:
            report.add(row.id, f"the table says {name} = {found[name]!r}, the facts {value!r}")
    if folded.numbers.get("register") != row.number:
        report.add(row.id, f"the table says number {row.number}, the facts {folded.numbers}")
    _verify_public(row.id, promise, chunk.public.get(row.id), report)
    _verify_clocks(row.id, folded, chunk.clocks[row.id], report)


def _verify_chain(row: CaseCache, chunk: Chunk, report: Report) -> Case | None:
    """Return the fold of the facts of a case; ``None`` when they cannot be folded."""
    head, case = GENESIS, None
    personal = chunk.personal.get(row.id, {})
    for stored in chunk.facts[row.id]:
        report.facts += 1
        head = chain(head, stored.body.encode())
        if head != stored.hash:
            report.add(row.id, f"the hash of fact {stored.seq} does not cover its text")
            return None
        try:
            fact = read(stored.body)
            case = applied(case, fact)
        except (ValueError, KeyError, TypeError) as reason:
            report.add(row.id, f"fact {stored.seq} cannot be folded: {reason}")
            return None
        _verify_columns(stored, fact, report)
        _verify_personal(fact, personal, report)
    if case is None:
        report.add(row.id, "there are no facts")
    elif head != row.head:
        report.add(row.id, "the chain does not end where the table says: a fact is missing")
    if personal:
        report.add(row.id, f"personal values without a fact: {sorted(personal)}")
    return case


def _verify_columns(stored: FactCache, fact: Fact, report: Report) -> None:
    beside = (stored.case, stored.seq, stored.id, stored.act, stored.at, stored.doer)
    inside = (fact.case, fact.seq, fact.id, fact.act, fact.at, fact.doer.id)
    if beside != inside:
        report.add(stored.case, f"columns of fact {stored.seq} differ from its text")


def _verify_personal(fact: Fact, personal: Personal, report: Report) -> None:
    for name, digest in fact.sealed.items():
        held = personal.pop((fact.seq, name), "")
        if held == "":
            report.add(fact.case, f"the answer {name} of fact {fact.seq} is not there at all")
        elif held is None:
            report.deleted += 1
        elif held != digest:
            report.add(fact.case, f"the answer {name} of fact {fact.seq} has another digest")


def _verify_public(
    case: str, promise: Promise | None, found: Promise | None, report: Report
) -> None:
    """Compare what is promised to everybody; ``None`` where everybody sees nothing at all."""
    if (promise is None) != (found is None):
        report.add(case, "the public view does not follow from the facts")
    elif promise != found:
        report.add(case, f"the public view says {found}, the facts {promise}")


def _verify_clocks(case: str, folded: Case, rows: list[ClockCache], report: Report) -> None:
    stored = {row.name: row[2:] for row in rows}
    expected = {
        name: (
            clock.kind,
            clock.state,
            clock.started,
            clock.due,
            clock.warn,
            clock.ended,
            clock.paused,
            clock.provisional,
            clock.limit,
            clock.rests_on,
            clock.extended,
            clock.next_rung[1] if clock.next_rung else None,
        )
        for name, clock in folded.clocks.items()
    }
    for name in stored.keys() | expected.keys():
        if stored.get(name) != expected.get(name):
            report.add(case, f"clock {name} is not as the facts have it")
