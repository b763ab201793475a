"""The statements by which one act is written: case, fact, clocks, answers, letters and events.

Whatever an act touches, it is one statement; lists come as one JSON text each, and a list that is
empty leaves its part out: PostgreSQL makes every table ready that is named. Parameters are named
as in ``records.row_of``.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN = """
WITH c AS (
  INSERT INTO luoshi_case (id, programme, version, number, state, kind, step, head, opened, moved,
    due, warn, unit, area, category, lon, lat, cell, part_of, follows, "values", code_digest)
  VALUES (%(id)s, %(programme)s, %(version)s, %(number)s, %(state)s, %(kind)s, %(step)s, %(head)s,
    %(opened)s, %(moved)s, %(due)s, %(warn)s, %(unit)s, %(area)s, %(category)s, %(lon)s, %(lat)s,
    %(cell)s, %(part_of)s, %(follows)s, %(values)s, %(code_digest)s)
), """

CHANGE = """
WITH c AS (
  UPDATE luoshi_case SET version = %(version)s, state = %(state)s, kind = %(kind)s,
    step = %(step)s, head = %(head)s, moved = %(moved)s, due = %(due)s, warn = %(warn)s,
    unit = %(unit)s, area = %(area)s, category = %(category)s, lon = %(lon)s, lat = %(lat)s,
    cell = %(cell)s, part_of = %(part_of)s, follows = %(follows)s, "values" = %(values)s
  WHERE id = %(id)s
), """

FACT = """
f AS (
  INSERT INTO luoshi_fact (case_id, seq, id, act, at, doer, body, hash)
  VALUES (%(id)s, %(step)s, %(fact)s, %(act)s, %(moved)s, %(doer)s, %(body)s, %(head)s)
"""

CLOCKS = """
), k AS (
  INSERT INTO luoshi_clock (case_id, name, kind, state, started, due, warn, ended, paused,
    provisional, "limit", rests_on, extended, next_rung)
  SELECT %(id)s, * FROM json_to_recordset(%(clocks)s) AS k(name text, kind text, state text,
    started timestamptz, due timestamptz, warn timestamptz, ended timestamptz, paused timestamptz,
    provisional bool, "limit" text, rests_on text, extended int, next_rung timestamptz)
  ON CONFLICT (case_id, name) DO UPDATE SET state = excluded.state, started = excluded.started,
    due = excluded.due, warn = excluded.warn, ended = excluded.ended, paused = excluded.paused,
    provisional = excluded.provisional, "limit" = excluded."limit", kind = excluded.kind,
    rests_on = excluded.rests_on, extended = excluded.extended, next_rung = excluded.next_rung
"""

NEAR = """
), p AS (
  INSERT INTO luoshi_personal (case_id, seq, field, value, salt, grams)
  SELECT %(id)s, %(step)s, p.field, p.value, decode(p.salt, 'hex'), p.grams::int4[]
  FROM json_to_recordset(%(near)s) AS p(field text, value text, salt text, grams text)
"""

FAR = """
), w AS (
  INSERT INTO luoshi_walled (case_id, seq, field, value, salt)
  SELECT %(id)s, %(step)s, w.field, w.value, decode(w.salt, 'hex')
  FROM json_to_recordset(%(far)s) AS w(field text, value text, salt text)
"""

LETTERS = """
), o AS (
  INSERT INTO luoshi_message (key, "case", notice, "to", "by", made, next_try, tries, outcome)
  SELECT m.key, %(id)s, m.notice, m."to", m."by", %(moved)s,
    greatest(%(not_before)s, %(moved)s), 0, ''
  FROM json_to_recordset(%(letters)s) AS m(key text, notice text, "to" text, "by" text)
  ON CONFLICT (key) DO NOTHING
"""

EVENTS = """
), e AS (
  INSERT INTO luoshi_delivery (id, subscription_id, "case", seq, type, made, next_try)
  SELECT gen_random_uuid(), s.id, %(id)s, %(step)s, t.type, %(moved)s, %(moved)s
  FROM luoshi_subscription s, (SELECT 'case.' || replace(%(act)s, '@', 'system.') AS type) t
  WHERE s.ended IS NULL AND s.account_id IS NOT NULL
    AND (s.programmes = '{}' OR %(programme)s = ANY(s.programmes))
    AND (s.types = '{}' OR t.type = ANY(s.types))
)
"""

PARTS = {"clocks": CLOCKS, "near": NEAR, "far": FAR, "letters": LETTERS}
"""What may follow a fact, by the list it is made from."""

EMPTY = "[]"


def parts_of(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the lists in *row* that hold something."""
    return tuple(name for name in PARTS if row[name] != EMPTY)


def rest(parts: tuple[str, ...]) -> str:
    """Return the rest of a statement that begins with ``OPEN`` or ``CHANGE``."""
    return FACT + "".join(PARTS[name] for name in parts) + EVENTS
