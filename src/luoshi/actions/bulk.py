"""Bulk: many cases at once, through the same checks and the same facts, written by ``COPY``.

A row that is wrong is named and left out; the others are in. The key of a case follows from its
number at the source, so running the same file again adds nothing, and a run that was killed is
simply run again: every batch is one transaction.

Terms    batch 批次 · source 来源 · already 已登记
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

import psycopg
from django.conf import settings
from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.acts import query_code, same_content
from luoshi.actions.arrivals import arrived
from luoshi.kernel.access import Actor, Post
from luoshi.kernel.case import Case, applied
from luoshi.kernel.errors import (
    CalendarNotCovered,
    FieldProblem,
    FieldsRefused,
    Refused,
    ResentDifferent,
)
from luoshi.kernel.fact import GENESIS, body, chain
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import Programme
from luoshi.kernel.transition import Command, Decision, decide
from luoshi.store import records
from luoshi.store.keys import code_digest, key_from_source
from luoshi.store.programmes import calendar_of, programme_of

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row to be registered.

    Attributes:
        row: Its number in the file.
        source: Its number at the source; the same one is always the same case.
        at: When it was received there; ``None`` means now.
        problem: Why it could not even be read; empty when it could.
    """

    row: int
    source: str
    answers: Mapping[str, object]
    at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that was left out, and everything that is wrong with it."""

    row: int
    problems: tuple[FieldProblem, ...]


@dataclass
class Tally:
    """What became of the rows so far."""

    registered: int = 0
    already: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows dealt with so far."""
        return self.registered + self.already + len(self.broken)


@dataclass(frozen=True, slots=True)
class Made:
    """A case about to be written."""

    decision: Decision
    case: Case


def register_many(
    programme_id: str, incoming: Iterable[Incoming], tally: Tally, size: int = BATCH
) -> Iterator[Tally]:
    """Register *incoming*, batch by batch; yield the growing *tally* after each.

    Raises:
        ProgrammeUnknown: There is no such programme.
    """
    programme = programme_of(programme_id)
    rows = iter(incoming)
    while batch := list(islice(rows, size)):
        _register_batch(programme, batch, tally)
        yield tally


def importer(programme: Programme) -> Actor:
    """Return who an import acts as: whoever may open a case of *programme*."""
    roles = dict.fromkeys(role for step in programme.opening for role in step.by)
    return Actor(id="import", posts=tuple(Post(role) for role in roles))


@transaction.atomic
def _register_batch(programme: Programme, batch: Sequence[Incoming], tally: Tally) -> None:
    keys = {one.row: key_from_source(programme.id, one.source) for one in batch}
    known = records.first_facts(list(keys.values()))
    made: dict[str, Made] = {}
    sent: dict[str, Incoming] = {}
    for one in batch:
        key = keys[one.row]
        try:
            if key in sent:
                _refuse_other_content(programme, made[key], one)
                tally.already += 1
            elif key in known:
                _refuse_changed(programme, known[key], one)
                tally.already += 1
            else:
                made[key] = _made(programme, one, key)
                sent[key] = one
        except FieldsRefused as refused:
            tally.broken.append(Broken(one.row, refused.problems))
        except (Refused, CalendarNotCovered) as refused:
            tally.broken.append(Broken(one.row, (FieldProblem("", refused.code, refused.data),)))
    _write(programme, list(made.values()))
    tally.registered += len(made)


def _made(programme: Programme, one: Incoming, key: str) -> Made:
    now = clock.now()
    at = one.at or now
    problems = [FieldProblem("", "row.unreadable", {"reason": one.problem})] if one.problem else []
    problems += [FieldProblem("", "date.future")] if at > now else []
    if problems:
        raise FieldsRefused(problems)
    answers, found = arrived(programme, _opening(programme), key, one.answers)
    command = Command(
        id=key_from_source(programme.id, f"opening\n{one.source}"),
        case=key,
        transition=_opening(programme),
        answers=answers,
        secret=os.urandom(32),
    )
    try:
        decision = decide(
            programme, None, command, importer(programme), at, calendar_of(programme)
        )
    except FieldsRefused as refused:
        names = {problem.field for problem in refused.problems}
        rest = [problem for problem in found if problem.field not in names]
        raise FieldsRefused([*refused.problems, *rest]) from None
    if found:
        raise FieldsRefused(found)
    return Made(decision, applied(None, decision.fact))


def _opening(programme: Programme) -> str:
    return programme.opening[0].name


def _refuse_changed(programme: Programme, known: records.Opening, one: Incoming) -> None:
    if not one.problem and same_content(programme, known.fact, known.personal, one.answers):
        return
    raise ResentDifferent(id=one.source)


def _refuse_other_content(programme: Programme, made: Made, one: Incoming) -> None:
    personal = {p.field: (p.value, p.salt) for p in made.decision.private}
    if not same_content(programme, made.decision.fact, personal, one.answers):
        raise ResentDifferent(id=one.source)


def _write(programme: Programme, made: Sequence[Made]) -> None:
    if not made:
        return
    numbered = _numbered(programme, made)
    with records.cursor() as run:
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


def _numbered(programme: Programme, made: Sequence[Made]) -> list[Made]:
    """Give every case its number, in the order of the file; one counter step for each day."""
    pattern = NumberPattern.parse(programme.register_number)
    zone = calendar_of(programme).zone
    days = [one.case.opened.astimezone(zone).date() for one in made]
    scopes: dict[str, int] = {}
    for day in days:
        scopes[pattern.scope(day)] = scopes.get(pattern.scope(day), 0) + 1
    first = {
        scope: records.reserve_numbers(scope, count) for scope, count in sorted(scopes.items())
    }
    return [
        _with_number(one, _next(pattern, day, first)) for one, day in zip(made, days, strict=True)
    ]


def _next(pattern: NumberPattern, day: date, first: dict[str, int]) -> str:
    scope = pattern.scope(day)
    first[scope] += 1
    return pattern.render(day, first[scope] - 1)


def _with_number(one: Made, number: str) -> Made:
    fact = replace(one.decision.fact, numbers={"register": number})
    return Made(replace(one.decision, fact=fact), replace(one.case, numbers=fact.numbers))


CASE_NAMES = (
    "id programme version state kind step opened moved due warn unit area category lon lat cell "
    "part_of follows"
).split()
CASE = ", ".join([*CASE_NAMES, '"values"', "number", "head", "code_digest"])
FACT = "case_id, seq, id, act, at, doer, body, hash"
CLOCK = (
    "case_id, name, kind, state, started, due, warn, ended, paused, provisional, "
    '"limit", rests_on, extended, next_rung'
)
PERSONAL = "case_id, seq, field, value, salt, grams"
WALLED = "case_id, seq, field, value, salt"


def _case(programme: Programme, one: Made) -> Sequence[object]:
    row = records.case_row(programme, one.case)
    text = body(one.decision.fact)
    code = code_digest(settings.SECRET_KEY, one.case.id, query_code(one.case.id))
    return (
        *(row[name] for name in CASE_NAMES),
        row["values"],
        one.case.numbers["register"],
        chain(GENESIS, text),
        code,
    )


def _fact(one: Made) -> Sequence[object]:
    fact, text = one.decision.fact, body(one.decision.fact)
    head = chain(GENESIS, text)
    return (fact.case, 1, fact.id, fact.act, fact.at, fact.doer.id, text.decode(), head)


def _clocks(made: Iterable[Made]) -> Iterator[Sequence[object]]:
    for one in made:
        for clock_state in one.case.clocks.values():
            yield (
                one.case.id,
                clock_state.name,
                clock_state.kind,
                clock_state.state,
                clock_state.started,
                clock_state.due,
                clock_state.warn,
                clock_state.ended,
                clock_state.paused,
                clock_state.provisional,
                clock_state.limit,
                clock_state.rests_on,
                clock_state.extended,
                clock_state.next_rung and clock_state.next_rung[1],
            )


def _personal(programme: Programme, made: Iterable[Made]) -> Iterator[Sequence[object]]:
    for one in made:
        for private in one.decision.private:
            if private.walled:
                continue
            value = json.dumps(private.value, ensure_ascii=False)
            grams = records.grams_of(programme, private)
            yield (one.case.id, 1, private.field, value, private.salt, grams)


def _walled(made: Iterable[Made]) -> Iterator[Sequence[object]]:
    for one in made:
        for private in one.decision.private:
            if private.walled:
                value = json.dumps(private.value, ensure_ascii=False)
                yield (one.case.id, 1, private.field, value, private.salt)
