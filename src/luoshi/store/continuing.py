"""Continuing: the histories of many cases at once, each by a few facts, in one statement.

For what the system does to hundreds of cases in one go. Whoever acts on one case goes by
``records``; a case that somebody acts on just now is left out here and comes later, so that
nobody waits for anybody.

Not here cases that are opened or end, answers that are personal, what is published
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from luoshi.kernel.case import Case
from luoshi.kernel.fact import Fact, body, chain, read
from luoshi.kernel.programme import Programme
from luoshi.store.records import Letter, Locked, case_row, changed_clocks, clock_row
from luoshi.store.statement import Statement, cursor, together


@dataclass(frozen=True)
class Continuation:
    """What is added to the history of one case.

    Attributes:
        held: The case before, locked.
        after: The case when the facts have been applied.
        facts: What is appended, in order; none gives a personal answer or a number.
        letters: Messages that follow.
        not_before: When they may go out.
    """

    programme: Programme
    held: Locked
    after: Case
    facts: tuple[Fact, ...]
    letters: tuple[Letter, ...]
    not_before: datetime


LOCK = "SELECT id, number, head FROM luoshi_case WHERE id = ANY(%s::uuid[]) FOR UPDATE SKIP LOCKED"


def locked_at_once(cases: Sequence[str]) -> dict[str, Locked]:
    """Lock those of *cases* that nobody else has locked; return them by key, in order."""
    with together(), cursor() as run, cursor() as then:
        run.execute(LOCK, (list(cases),), prepare=True)
        then.execute(  # begins when the locks are held, and sees what was written before
            "SELECT case_id, body FROM luoshi_fact WHERE case_id = ANY(%s::uuid[]) "
            "ORDER BY case_id, seq",
            (list(cases),),
            prepare=True,
        )
        rows = {str(key): (number, bytes(head)) for key, number, head in run.fetchall()}
        facts: dict[str, list[Fact]] = {key: [] for key in rows}
        for key, text in then.fetchall():
            if str(key) in rows:
                facts[str(key)].append(read(text))
    return {key: Locked(*rows[key], tuple(facts[key])) for key in cases if key in rows}


CONTINUE = Statement(
    """
WITH c AS (
  UPDATE luoshi_case c SET state = n.state, kind = n.kind, step = n.step,
    head = decode(n.head, 'hex'), moved = n.moved, due = n.due, warn = n.warn
  FROM json_to_recordset(%(cases)s) AS n(id uuid, state text, kind text, step int, head text,
    moved timestamptz, due timestamptz, warn timestamptz)
  WHERE c.id = n.id
), f AS (
  INSERT INTO luoshi_fact (case_id, seq, id, act, at, doer, body, hash)
  SELECT f."case", f.seq, f.id, f.act, f.at, f.doer, f.body, decode(f.hash, 'hex')
  FROM json_to_recordset(%(facts)s) AS f("case" uuid, seq int, id uuid, act text,
    at timestamptz, doer text, body text, hash text)
), k AS (
  INSERT INTO luoshi_clock (case_id, name, kind, state, started, due, warn, ended, paused,
    provisional, "limit", rests_on, extended, next_rung)
  SELECT * FROM json_to_recordset(%(clocks)s) AS k("case" uuid, name text, kind text, state text,
    started timestamptz, due timestamptz, warn timestamptz, ended timestamptz, paused timestamptz,
    provisional bool, "limit" text, rests_on text, extended int, next_rung timestamptz)
  ON CONFLICT (case_id, name) DO UPDATE SET state = excluded.state, started = excluded.started,
    due = excluded.due, warn = excluded.warn, ended = excluded.ended, paused = excluded.paused,
    provisional = excluded.provisional, "limit" = excluded."limit", kind = excluded.kind,
    rests_on = excluded.rests_on, extended = excluded.extended, next_rung = excluded.next_rung
), o AS (
  INSERT INTO luoshi_message (key, "case", notice, "to", "by", made, next_try, tries, outcome)
  SELECT m.key, m."case", m.notice, m."to", m."by", m.made, greatest(m.not_before, m.made), 0, ''
  FROM json_to_recordset(%(letters)s) AS m("case" uuid, key text, notice text, "to" text,
    "by" text, made timestamptz, not_before timestamptz)
  ON CONFLICT (key) DO NOTHING
), e AS (
  INSERT INTO luoshi_delivery (id, subscription_id, "case", seq, type, made, next_try)
  SELECT gen_random_uuid(), s.id, f."case", f.seq, f.type, f.at, f.at
  FROM luoshi_subscription s, (
    SELECT f.*, 'case.' || replace(f.act, '@', 'system.') AS type
    FROM json_to_recordset(%(facts)s) AS f("case" uuid, seq int, act text, at timestamptz,
      programme text)
  ) f
  WHERE s.ended IS NULL AND s.account_id IS NOT NULL
    AND (s.programmes = '{}' OR f.programme = ANY(s.programmes))
    AND (s.types = '{}' OR f.type = ANY(s.types))
)
SELECT 1
"""
)


def write(continued: Sequence[Continuation]) -> None:
    """Append the facts of all of them, refresh what caches the cases, and fill the outbox.

    Raises:
        psycopg.errors.UniqueViolation: A fact is there already.
    """
    cases, facts = [], []
    for one in continued:
        head = one.held.head
        for fact in one.facts:
            text = body(fact)
            head = chain(head, text)
            facts.append(_fact(fact, text, head))
        cases.append(_row(one, head))
    CONTINUE.run(
        {
            "cases": _json(cases),
            "facts": _json(facts),
            "clocks": _json(row for one in continued for row in _clocks(one)),
            "letters": _json(row for one in continued for row in _letters(one)),
        }
    )


def _row(one: Continuation, head: bytes) -> dict[str, Any]:
    row = case_row(one.programme, one.after)
    kept = {name: row[name] for name in ("id", "state", "kind", "step", "moved", "due", "warn")}
    return {**kept, "head": head.hex()}


def _fact(fact: Fact, text: bytes, head: bytes) -> dict[str, Any]:
    return {
        "case": fact.case,
        "seq": fact.seq,
        "id": fact.id,
        "act": fact.act,
        "at": fact.at,
        "doer": fact.doer.id,
        "body": text.decode(),
        "hash": head.hex(),
        "programme": fact.programme,
    }


def _clocks(one: Continuation) -> Iterator[dict[str, Any]]:
    for clock in changed_clocks(one.held.case, one.after):
        yield {"case": one.after.id, **clock_row(clock)}


def _letters(one: Continuation) -> Iterator[dict[str, Any]]:
    made = {"case": one.after.id, "made": one.after.moved, "not_before": one.not_before}
    for letter in one.letters:
        yield {**asdict(letter), **made}


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, default=datetime.isoformat)
