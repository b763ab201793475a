"""What goes over the wire: in order, in one transaction or several, found again when lost."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection, transaction

from luoshi.store.statement import Statement, cursor, raw_connection
from luoshi.store.wire import (
    COMMIT,
    LOST,
    act_transaction,
    ask,
    ask_together,
    ends_here,
    octets,
    text,
)

pytestmark = pytest.mark.django_db(transaction=True)

SCOPE = "wire"
PUT = Statement("INSERT INTO luoshi_counter (scope, last) VALUES (%(scope)s, %(last)s)")
LAST = Statement("SELECT last FROM luoshi_counter WHERE scope = %(scope)s")


def put(last: int, scope: str = SCOPE) -> tuple[Statement, dict[str, object]]:
    return PUT, {"scope": scope, "last": last}


def kept(scope: str = SCOPE) -> list[int]:
    return [int(text(last)) for (last,) in ask(LAST, {"scope": scope})]


def test_every_kind_of_value_comes_through() -> None:
    shown = Statement(
        "SELECT %(text)s::text, %(octets)s::bytea, %(whole)s::int, %(part)s::float8,"
        " %(yes)s::bool, %(none)s::text, %(day)s::date,"
        " extract(epoch FROM %(at)s::timestamptz)::bigint,"
        " %(list)s::text[] = ARRAY['a,b', 'c\"\\d', '']"
    )
    at = datetime(2026, 11, 20, 7, tzinfo=UTC)
    given = {
        "text": "落实 {,\"\\'}",
        "octets": b"\0\xff",
        "whole": -7,
        "part": 0.1,
        "yes": True,
        "none": None,
        "day": date(2026, 11, 20),
        "at": at,
        "list": ["a,b", 'c"\\d', ""],
    }
    for _ in range(2):
        [[words, raw, *rest]] = ask(shown, given)
        assert text(words) == given["text"]
        assert octets(raw) == given["octets"]
        assert rest == [b"-7", b"0.1", b"t", None, b"2026-11-20", b"%d" % at.timestamp(), b"t"]


def test_a_text_with_nul_is_refused_and_not_cut_off() -> None:
    with pytest.raises(psycopg.DataError, match="NUL"):
        ask(*put(1, "a\0b"))
    assert kept("a") == []


def test_together_they_stand_or_fall() -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask_together([put(1), put(2)])
    assert kept() == []
    ask_together([put(1, "one"), put(2, "two")])
    assert [kept("one"), kept("two")] == [[1], [2]]


def test_apart_each_stands_for_itself() -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask_together([put(1), put(2), put(3, "third")], apart=True)
    assert [kept(), kept("third")] == [[1], [3]]


def test_a_long_text_is_sent_while_a_long_answer_comes() -> None:
    echo = Statement("SELECT repeat(%(words)s::text, 3)")
    words = "落实" * 2_000_000
    found = ask_together([(echo, {"words": words}), (echo, {"words": words})])
    assert [len(text(rows[0][0])) for rows in found] == [len(words) * 3] * 2


def test_an_act_is_one_transaction() -> None:
    with pytest.raises(RuntimeError), act_transaction():  # noqa: PT012  the whole is meant
        ask(*put(1))
        raise RuntimeError
    assert kept() == []
    with act_transaction():
        ask(*put(1))
        assert raw_connection().info.transaction_status.name == "INTRANS"
    assert kept() == [1]


def test_an_act_may_end_with_its_last_statement() -> None:
    with act_transaction():
        assert ends_here()
        ask(LAST, {"scope": SCOPE})
        ask_together([put(1), (COMMIT, {})])
        assert raw_connection().info.transaction_status.name == "IDLE"
    assert kept() == [1]
    assert not ends_here()


def test_what_somebody_else_began_is_not_ended() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  the whole is meant
        with act_transaction():
            assert not ends_here()
            ask(*put(1))
        assert kept() == [1]
        raise RuntimeError
    assert kept() == []


def test_what_is_prepared_no_more_is_prepared_again() -> None:
    ask(*put(1))
    with cursor() as run:
        run.execute("DEALLOCATE ALL")
    assert kept() == [1]
    with cursor() as run:
        run.execute("DEALLOCATE ALL")
    with act_transaction():
        assert kept() == [1]
        ask_together([put(2, "two"), put(3, "three")])
    assert [kept("two"), kept("three")] == [[2], [3]]


def test_lost_in_the_middle_of_an_act_it_is_told() -> None:
    kept()
    with pytest.raises(LOST), act_transaction():  # noqa: PT012  the whole is meant
        ask(*put(1))
        with cursor() as run:
            run.execute("DEALLOCATE ALL")
        kept()
    assert kept() == []


def test_a_connection_that_broke_is_made_anew() -> None:
    kept()
    pid = raw_connection().info.backend_pid
    with psycopg.connect(raw_connection().info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError), act_transaction():
        kept()
    connection.close_if_unusable_or_obsolete()
    assert kept() == []
