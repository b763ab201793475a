"""Copying: many opened cases into the tables at once, by ``COPY``.

The rows are those that one act writes (``store.records``), and their facts are chained alike.

Terms    register number 登记编号
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import psycopg
from django.conf import settings

from luoshi.actions.acts import query_code
from luoshi.kernel.case import Case
from luoshi.kernel.fact import GENESIS, Fact, body, chain
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Decision, Private
from luoshi.store import records
from luoshi.store.keys import code_digest
from luoshi.store.programmes import calendar_of
from luoshi.store.statement import cursor

CASE_NAMES = (
    *("id", "programme", "version", "state", "kind", "step", "opened", "moved", "due", "warn"),
    *("unit", "area", "category", "lon", "lat", "cell", "part_of", "follows", "values"),
)
CASE = ", ".join([*(f'"{name}"' for name in CASE_NAMES), "number", "head", "code_digest"])
FACT = "case_id, seq, id, act, at, doer, body, hash"
CLOCK = (
    "case_id, name, kind, state, started, due, warn, ended, paused, provisional, "
    '"limit", rests_on, extended, next_rung'
)
PERSONAL = "case_id, seq, field, value, salt, grams"
WALLED = "case_id, seq, field, value, salt"


@dataclass(frozen=True, slots=True)
class Made:
    """A case about to be written."""

    decision: Decision
    case: Case


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A case with its register number, and its fact as it is stored and hashed."""

    case: Case
    fact: Fact
    private: tuple[Private, ...]
    text: str
    head: bytes


def copy_in(programme: Programme, made: Sequence[Made]) -> None:
    """Write the cases *made*, each opened by one fact; the caller holds the transaction.

    Raises:
        psycopg.errors.UniqueViolation: One of them is there already.
    """
    if not made:
        return
    numbered = _numbered(programme, made)
    with cursor() as run:
        for table, columns, rows in (
            ("luoshi_case", CASE, (_case(programme, one) for one in numbered)),
            ("luoshi_fact", FACT, (_fact(one) for one in numbered)),
            ("luoshi_clock", CLOCK, _clocks(numbered)),
            ("luoshi_personal", PERSONAL, _personal(programme, numbered)),
            ("luoshi_walled", WALLED, _walled(numbered)),
        ):
            _copy(run, table, columns, rows)


def _copy(
    run: psycopg.Cursor[tuple[object, ...]],
    table: str,
    columns: str,
    rows: Iterable[Sequence[object]],
) -> None:
    with run.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _numbered(programme: Programme, made: Sequence[Made]) -> list[_Numbered]:
    """Give every case its number, in the order of the file; one counter step for each scope."""
    pattern = NumberPattern.parse(programme.register_number)
    zone = calendar_of(programme).zone
    days = [one.case.opened.astimezone(zone).date() for one in made]
    scopes = Counter(map(pattern.scope, days))
    following = {
        scope: records.reserve_numbers(scope, count) for scope, count in sorted(scopes.items())
    }
    numbered = []
    for one, day in zip(made, days, strict=True):
        scope = pattern.scope(day)
        numbered.append(_with_number(one, pattern.render(day, following[scope])))
        following[scope] += 1
    return numbered


def _with_number(one: Made, number: str) -> _Numbered:
    fact = replace(one.decision.fact, numbers={"register": number})
    text = body(fact)
    case = replace(one.case, numbers=fact.numbers)
    return _Numbered(case, fact, one.decision.private, text.decode(), chain(GENESIS, text))


def _case(programme: Programme, one: _Numbered) -> Sequence[object]:
    row = records.case_row(programme, one.case)
    code = code_digest(settings.SECRET_KEY, one.case.id, query_code(one.case.id))
    return (*(row[name] for name in CASE_NAMES), one.fact.numbers["register"], one.head, code)


def _fact(one: _Numbered) -> Sequence[object]:
    fact = one.fact
    return (fact.case, 1, fact.id, fact.act, fact.at, fact.doer.id, one.text, one.head)


def _clocks(made: Iterable[_Numbered]) -> Iterator[Sequence[object]]:
    for one in made:
        for clock in one.case.clocks.values():
            yield (
                one.case.id,
                clock.name,
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
                clock.next_rung and clock.next_rung[1],
            )


def _personal(programme: Programme, made: Iterable[_Numbered]) -> Iterator[Sequence[object]]:
    for one in made:
        for private in one.private:
            if not private.walled:
                grams = records.grams_of(programme, private)
                yield (*_value(one, private), grams)


def _walled(made: Iterable[_Numbered]) -> Iterator[Sequence[object]]:
    return (_value(one, private) for one in made for private in one.private if private.walled)


def _value(one: _Numbered, private: Private) -> tuple[object, ...]:
    value = json.dumps(private.value, ensure_ascii=False)
    return (one.case.id, 1, private.field, value, private.salt)
