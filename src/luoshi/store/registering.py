"""Registering in one statement: the number, the case and its first fact, committed at once.

Numbers of one day follow each other without a gap, so every registration waits for the one before
it. What happens while the counter is locked is therefore done inside PostgreSQL alone: the counter
moves on, the number is chosen from those rendered beforehand, the body of the fact gets it and is
hashed, everything is inserted, and the transaction ends. The lock is given back before the log
has reached the disk; whoever asked is answered only after it has. Should the machine stop in
between, then whatever was registered after us is lost with us, and nobody had been told of either.

Terms    counter 流水号 · flush 落盘
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

import psycopg
from django.db import connection

from luoshi.kernel.fact import GENESIS, Fact, body_around
from luoshi.kernel.number import NumberPattern
from luoshi.store.insertion import OPEN, parts_of, rest
from luoshi.store.records import LAST_SEEN
from luoshi.store.statement import Statement
from luoshi.store.wire import ask_together, text

BLOCK = 32
"""So many numbers are rendered at once; two blocks go with each registration."""

NUMBER = """
WITH n AS (
  INSERT INTO luoshi_counter (scope, last) VALUES (%(scope)s, 1)
  ON CONFLICT (scope) DO UPDATE SET last = luoshi_counter.last + 1 RETURNING last
), t AS (
  SELECT last, (%(numbers)s::text[])[last - %(before)s::bigint] AS number FROM n
), b AS (
  SELECT last, number, replace(%(body)s::text, %(blank)s::text, number) AS body FROM t
), h AS MATERIALIZED (
  SELECT last, number, body, sha256(%(previous)s::bytea || convert_to(body, 'UTF8')) AS head
  FROM b
), """


def _with_number(statement: str) -> str:
    for name in ("number", "head", "body"):
        statement = statement.replace(f"%({name})s", f"(SELECT {name} FROM h)")
    return statement.removeprefix("\nWITH ")


TOLD = "SELECT number, last, set_config('synchronous_commit', 'off', true) FROM h"


@cache
def _registration(parts: tuple[str, ...]) -> Statement:
    return Statement(NUMBER + _with_number(OPEN + rest(parts)) + TOLD)


FLUSH = Statement("SELECT pg_logical_emit_message(true, 'luoshi', '')")
"""Commits a few bytes and waits for the disk, and so for everything that was written before."""


def register(pattern: NumberPattern, day: date, fact: Fact, row: Mapping[str, Any]) -> str:
    """Write the opening of a case with the next number of *pattern*; durable when it returns.

    Args:
        pattern: How its register number is written.
        day: Civil day of registration.
        fact: The fact that opens the case, without its number.
        row: What else is written, see ``records.row_of``.

    Returns:
        The number; empty when nothing was written because the number could not be foreseen, or
        because a transaction is under way: then go the ordinary way.

    Raises:
        psycopg.errors.UniqueViolation: The case or the act is there already.
    """
    scope = _scope(pattern, day)
    if connection.in_atomic_block or scope not in LAST_SEEN:
        return ""
    first = LAST_SEEN[scope] // BLOCK
    numbers = _foreseen(pattern, day, first)
    if not numbers:
        return ""
    blank = secrets.token_hex(16)
    before, after = body_around(fact)
    values = {
        **row,
        "scope": scope,
        "numbers": numbers,
        "before": first * BLOCK,
        "body": f'{before}{{"register":"{blank}"}}{after}',
        "blank": blank,
        "previous": GENESIS,
    }
    try:
        rows, _ = ask_together([(_registration(parts_of(row)), values), (FLUSH, {})], apart=True)
    except psycopg.errors.NotNullViolation:
        return ""  # others have gone further than two blocks
    number, last, _ = rows[0]
    LAST_SEEN[scope] = int(text(last))
    return text(number)


@lru_cache(maxsize=64)
def _scope(pattern: NumberPattern, day: date) -> str:
    return pattern.scope(day)


@lru_cache(maxsize=64)
def _foreseen(pattern: NumberPattern, day: date, block: int) -> str:
    """Return the numbers of this block and the next as PostgreSQL writes an array.

    Nothing, where they do not stand in JSON, and so in the fact, as they are.
    """
    numbers = (*_rendered(pattern, day, block), *_rendered(pattern, day, block + 1))
    if not all(map(_is_plain, (numbers[0], numbers[-1]))):
        return ""
    return "{" + ",".join(f'"{number}"' for number in numbers) + "}"


@lru_cache(maxsize=64)
def _rendered(pattern: NumberPattern, day: date, block: int) -> tuple[str, ...]:
    first = block * BLOCK + 1
    return tuple(pattern.render(day, seq) for seq in range(first, first + BLOCK))


def _is_plain(number: str) -> bool:
    """Return whether *number* stands in JSON, and in an array, as it is."""
    return json.dumps(number, ensure_ascii=False) == f'"{number}"'
