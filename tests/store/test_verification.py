"""Verification: what is whole is whole, also while people work, and what was changed is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from tests.actions.lamp import opened, routed, taken
from tests.small_city import INSIDE, OPERATOR

from luoshi.kernel.programme import Programme
from luoshi.store import swift
from luoshi.store.programmes import programme_of
from luoshi.store.verification import Report, verify


def verified() -> Report:
    report = Report()
    for _ in verify(report):
        pass
    return report


def change(statement: str) -> None:
    """Do what only somebody with all rights on the database could."""
    with connection.cursor() as run:
        run.execute("SET CONSTRAINTS ALL IMMEDIATE")
        run.execute("ALTER TABLE luoshi_fact DISABLE TRIGGER ALL")
        run.execute(statement)


@pytest.mark.usefixtures("city")
def test_values_of_every_shape_are_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(place=INSIDE, name="张三", email="a@example.org", secret=True)
    with_point(programme_of("hotline"), monkeypatch)
    opened(place=INSIDE)
    report = verified()
    assert (report.ok, report.cases, report.facts) == (True, 2, 2)
    change(
        "UPDATE luoshi_personal SET value = replace(value, '122.505', '122.506') "
        "WHERE field = 'place'"
    )
    assert [one.what for one in verified().differences] == [
        "the answer place of fact 1 has another digest"
    ]


def with_point(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the point be personal: an answer with parts."""
    fields = {**programme.fields, "place": replace(programme.fields["place"], personal=True)}
    changed = replace(programme, fields=fields)
    for module in ("luoshi.actions.acts", "luoshi.store.verification", "luoshi.store.differences"):
        monkeypatch.setattr(f"{module}.programme_of", lambda *_: changed)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(("statement", "what"), [
    ("DELETE FROM luoshi_personal WHERE field = 'phone'", "phone of fact 1 is not there at all"),
    ("UPDATE luoshi_personal SET seq = 9 WHERE field = 'phone'", "personal values without a fact"),
    ("UPDATE luoshi_personal SET salt = '\\x00' WHERE field = 'phone'", "another digest"),
    ("UPDATE luoshi_case SET unit = 'lamps'", "unit = 'lamps', the facts 'roads'"),
    ("UPDATE luoshi_case SET number = 'X'", "number X"),
    ("UPDATE luoshi_case SET head = '\\x00'", "does not end where the table says"),
    ("""UPDATE luoshi_case SET "values" = '{}'""", "values = {}"),
    ("DELETE FROM luoshi_fact", "there are no facts"),
    ("UPDATE luoshi_fact SET seq = 3 WHERE seq = 2", "columns of fact 3 differ"),
    ("UPDATE luoshi_fact SET body = replace(body, 'roads', 'lamps')", "does not cover its text"),
    ("DELETE FROM luoshi_fact WHERE seq = 1", "does not cover its text"),
    ("DELETE FROM luoshi_clock WHERE name = 'dispatch'", "clock dispatch is not as the facts"),
    ("DELETE FROM luoshi_fact WHERE seq = 2", "does not end where the table says"),
    ("UPDATE luoshi_fact SET seq = -seq; UPDATE luoshi_fact SET seq = 3 + seq",
     "does not cover its text"),
    ("UPDATE luoshi_fact SET hash = '\\x00' WHERE seq = 2", "does not cover its text"),
    ("UPDATE luoshi_fact SET at = at + interval '1 us' WHERE seq = 1", "columns of fact 1 differ"),
    ("UPDATE luoshi_fact SET doer = 'nobody' WHERE seq = 2", "columns of fact 2 differ"),
    ("UPDATE luoshi_fact SET act = 'close' WHERE seq = 2", "columns of fact 2 differ"),
    ("UPDATE luoshi_fact SET id = gen_random_uuid() WHERE seq = 2", "columns of fact 2 differ"),
    ("SET LOCAL session_replication_role = replica; DELETE FROM luoshi_case",
     "there are facts, but the case is not there"),
    ("UPDATE luoshi_case SET version = '1900.1'", "version = '1900.1'"),
    ("UPDATE luoshi_case SET due = NULL", "due = None"),
    ("UPDATE luoshi_case SET cell = 1", "cell = 1"),
    ("UPDATE luoshi_case SET lon = 1, lat = 1", "lon = 1.0"),
    ("UPDATE luoshi_case SET follows = id", "follows = "),
    ("UPDATE luoshi_case SET state = 'closed', kind = 'done'", "state = 'closed'"),
    ("""INSERT INTO luoshi_clock SELECT (jsonb_populate_record(c, '{"name": "more"}')).*
     FROM luoshi_clock c WHERE name = 'answer'""", "clock more is not as"),
    ("UPDATE luoshi_clock SET next_rung = NULL WHERE name = 'answer'", "clock answer"),
    ("UPDATE luoshi_personal SET value = NULL, salt = NULL, field = 'x' WHERE field = 'phone'",
     "phone of fact 1 is not there at all"),
    ("""INSERT INTO luoshi_walled SELECT case_id, 2, field, value, salt FROM luoshi_personal
     WHERE field = 'phone'""", "personal values without a fact"),
    ("""INSERT INTO luoshi_fact SELECT (jsonb_populate_record(f, jsonb_build_object('seq', 3,
     'id', gen_random_uuid(), 'hash', sha256(hash || convert_to(body, 'UTF8'))))).*
     FROM luoshi_fact f WHERE seq = 2""", "fact 3 cannot be folded"),
    ("UPDATE luoshi_clock SET due = due + interval '1 us' WHERE name = 'answer'", "clock answer"),
])  # fmt: skip
def test_each_change_behind_its_back_is_found(statement: str, what: str) -> None:
    routed()
    assert verified().ok
    change(statement)
    assert what in " ".join(one.what for one in verified().differences)


@pytest.mark.usefixtures("city")
def test_a_fact_that_is_no_fact_is_told_not_fatal() -> None:
    opened()
    change(
        "UPDATE luoshi_fact SET body = '{}', "
        "hash = sha256(decode(repeat('00', 32), 'hex') || convert_to('{}', 'UTF8'))"
    )
    assert "fact 1 cannot be folded" in verified().differences[0].what


@pytest.mark.usefixtures("city")
def test_only_the_first_differences_are_kept_but_all_are_counted() -> None:
    for _ in range(3):
        opened()
    change("UPDATE luoshi_case SET unit = 'lamps'")
    report = Report(most=2)
    for _ in verify(report):
        pass
    assert (len(report.differences), report.count) == (2, 3)


@pytest.mark.usefixtures("lasting_city")
def test_people_may_work_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    case = routed()
    read = swift._asked
    seen: list[int] = []

    def rows_with_an_act_between(statement: str, values: object) -> Iterator[object]:
        found = read(statement, values)  # type: ignore[arg-type]
        if "FROM luoshi_case" in statement and found and not seen:
            seen.append(1)
            other = threading.Thread(target=add_something)
            other.start()
            other.join()
        return found  # type: ignore[return-value]

    def add_something() -> None:
        try:
            taken(case, "add", OPERATOR, addition="还有一盏灯也不亮。")
        finally:
            connection.close()

    monkeypatch.setattr(swift, "_asked", rows_with_an_act_between)
    assert verified().differences == []
    assert seen
    assert verified().facts == 3
