"""Bulk: what is copied in is what people would have registered one by one, row for row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests.actions.conftest import Watch
from tests.small_city import INSIDE, OUTSIDE, RESIDENT
from tests.store.test_verification import verified

from luoshi.actions import bulk, copying
from luoshi.actions.acts import Request, register
from luoshi.actions.bulk import Incoming, Tally, register_many
from luoshi.actions.files import add_file
from luoshi.kernel.fact import canonical
from luoshi.store import models
from luoshi.store.keys import key_from_source

WORDS = {"subject": "路灯不亮", "content": "人民路口的路灯坏了三天。", "phone": "15400001234"}
ODD = {
    "content": 'back\\slash \\n "quoted"\ttab\nline\\\\ end\\',
    "address": "C:\\人民路\\. 1 号",
    "name": "O'样例\\N",
}
STORED = (
    "SELECT to_jsonb(t) - '{id,number,head,code_digest}'::text[] FROM luoshi_case t WHERE id = %s",
    "SELECT to_jsonb(t) - 'case_id' FROM luoshi_clock t WHERE case_id = %s",
    "SELECT to_jsonb(t) - '{case_id,salt}'::text[] FROM luoshi_personal t WHERE case_id = %s",
    "SELECT to_jsonb(t) - '{case_id,salt}'::text[] FROM luoshi_walled t WHERE case_id = %s",
)
"""What is copied, without what differs between any two cases."""


def brought(rows: Iterable[Incoming], size: int = 2000) -> Tally:
    tally = Tally()
    for _ in register_many("hotline", rows, tally, size):
        pass
    return tally


def rows(numbers: Iterable[int], **more: object) -> Iterator[Incoming]:
    for number in numbers:
        yield Incoming(number, f"S{number}", {**WORDS, "content": f"第 {number} 盏灯", **more})


def told(tally: Tally) -> tuple[int, int, list[int]]:
    return tally.registered, tally.already, [one.row for one in tally.broken]


def stored(statement: str, case: str) -> list[dict[str, Any]]:
    """Return the rows of *case* but for what differs between any two cases."""
    with connection.cursor() as run:
        run.execute(statement, [case])
        found = [json.loads(row) for (row,) in run.fetchall()]
    for row in found:
        row["grams"] = sorted(row.get("grams") or [])
    return sorted(found, key=str)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("more", [
    {}, ODD, {"place": INSIDE, "name": "张三", "email": "a@example.org"},
    {"secret": True, "name": "李四"}, {"channel": "web", "address": "人民路 1 号"},
])  # fmt: skip
def test_it_writes_what_one_act_writes(watch: Watch, more: dict[str, object]) -> None:
    one = register("hotline", Request("register", {**WORDS, **more}), RESIDENT).case
    assert told(brought([Incoming(2, "S", {**WORDS, **more})])) == (1, 0, [])
    many = key_from_source("hotline", "S")
    for statement in STORED:
        assert stored(statement, one.id) == stored(statement, many)
    fact = models.FactRow.objects.get(case=many)
    assert fact.body.encode() == canonical(json.loads(fact.body))
    single, copied = (json.loads(models.FactRow.objects.get(case=k).body) for k in (one.id, many))
    for name in ("id", "case", "by", "numbers", "sealed"):
        del single[name], copied[name]
    assert single == copied
    assert verified().ok


@pytest.mark.usefixtures("city")
def test_numbers_run_in_the_order_of_the_file_whatever_the_batches(watch: Watch) -> None:
    days = [watch.now - timedelta(days=number % 3) for number in range(20)]
    said = [Incoming(n, f"S{n}", {**WORDS, "content": f"{n}"}, day) for n, day in enumerate(days)]
    assert told(brought(said, size=7)) == (20, 0, [])
    for remainder in range(3):
        keys = [key_from_source("hotline", f"S{n}") for n in range(remainder, 20, 3)]
        held = {str(row.id): row.number for row in models.CaseRow.objects.filter(id__in=keys)}
        assert [int(held[key][-6:-1]) for key in keys] == list(range(1, len(keys) + 1))
    assert verified().ok


@pytest.mark.usefixtures("city")
def test_a_row_that_comes_again_is_known_in_any_batch(watch: Watch) -> None:
    again = [*rows(range(4)), *rows([3, 4, 1]), *rows([2], subject="别的"), *rows([5, 5])]
    assert told(brought(again, size=3)) == (6, 3, [2])
    assert told(brought(rows(range(6)), size=4)) == (0, 6, [])
    assert models.CaseRow.objects.count() == 6
    assert verified().ok


@pytest.mark.usefixtures("city")
def test_getting_ahead_stops_when_the_batch_before_is_written(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever registers on the same day waits for the batch, not for the next one's rows."""
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    left = []

    def copied(*words: Any) -> None:
        asked = iter([False, False, False, *[True] * 99])
        copy_in(*words[:2], lambda _: None)
        words[2](lambda: next(asked))

    def decide(batch: bulk._Batch, *enough: Any) -> None:
        decided(batch, *enough)
        left.append(len(batch.left))

    copy_in, decided = copying.copy_in, bulk._Batch.decide
    monkeypatch.setattr(bulk, "copy_in", copied)
    monkeypatch.setattr(bulk._Batch, "decide", decide)
    assert told(brought(rows([*range(10), 9, 3]), size=5)) == (10, 2, [])
    assert left == [0, 3, 0, 0]
    assert verified().ok


@pytest.mark.usefixtures("city")
def test_the_first_good_row_of_a_number_counts(watch: Watch) -> None:
    bad = Incoming(1, "S1", {**WORDS, "phone": "1"})
    assert told(brought([bad, *rows([1, 1])])) == (1, 1, [1])


@pytest.mark.usefixtures("city")
def test_points_are_looked_up_together_and_each_is_judged(watch: Watch) -> None:
    swapped = {"lon": INSIDE["lat"], "lat": INSIDE["lon"]}
    spots = [INSIDE, OUTSIDE, swapped, {"lon": 122.515, "lat": 35.505}, {"lon": "x", "lat": 1.0}]
    said = [Incoming(n, f"S{n}", {**WORDS, "place": spot}) for n, spot in enumerate(spots)]
    tally = brought(said)
    assert told(tally) == (2, 0, [1, 2, 4])
    assert [one.problems[0].code for one in tally.broken] == [
        "point.outside", "point.order", "point.invalid"
    ]  # fmt: skip
    areas = models.CaseRow.objects.order_by("number").values_list("area", flat=True)
    assert list(areas) == ["9911", "9912"]


@pytest.mark.usefixtures("city")
def test_files_are_asked_for_when_the_database_is_free(watch: Watch) -> None:
    name = next(iter(bulk.Desk(bulk.programme_of("hotline")).asking & {"photos"}))
    key = key_from_source("hotline", "S3")
    kept = add_file(key, b"%PDF-1.7 a paper", "", RESIDENT)
    said = [
        *rows([1, 2]),
        Incoming(3, "S3", {**WORDS, name: [str(kept.id)]}),
        Incoming(4, "S4", {**WORDS, name: [str(kept.id)]}),
        *rows([5]),
    ]
    tally = brought(said, size=2)
    assert told(tally) == (4, 0, [4])
    assert tally.broken[0].problems[0].code == "files.unknown"
    assert verified().ok


@pytest.mark.usefixtures("city")
def test_what_was_read_before_the_file_breaks_off_is_in(watch: Watch) -> None:
    def breaking() -> Iterator[Incoming]:
        yield from rows(range(5))
        raise OSError("the line broke")

    with pytest.raises(OSError, match="the line broke"):
        brought(breaking(), size=3)
    assert models.CaseRow.objects.count() == 5
    assert verified().ok


@pytest.mark.usefixtures("lasting_city")
def test_a_batch_that_cannot_be_written_leaves_nothing(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = copying._tables

    def broken(*words: Any) -> list[tuple[str, str, bytes]]:
        *whole, (name, columns, _) = tables(*words)
        return [*whole, (name, columns, b"not a row\n")]

    monkeypatch.setattr(copying, "_tables", broken)
    with pytest.raises(psycopg.Error):
        brought(rows(range(3)))
    monkeypatch.undo()
    assert models.CaseRow.objects.count() == 0
    assert models.Counter.objects.count() == 0
    with connection.cursor() as run:
        run.execute("SHOW session_replication_role")
        assert run.fetchone() == ("origin",)


@pytest.mark.usefixtures("city")
def test_nothing_but_foreign_keys_is_skipped_and_they_hold_again(watch: Watch) -> None:
    with connection.cursor() as run:
        run.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid::regclass::text = ANY(%s) "
            "AND NOT tgisinternal AND tgtype & 4 > 0 AND tgenabled <> 'A'",
            [["luoshi_case", "luoshi_fact", "luoshi_clock", "luoshi_personal", "luoshi_walled"]],
        )
        assert run.fetchall() == []
    brought(rows([1]))
    with connection.cursor() as run:
        run.execute("SHOW session_replication_role")
        assert run.fetchone() == ("origin",)


@pytest.mark.usefixtures("city")
def test_an_account_with_fewer_rights_brings_in_the_same(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "IS_SUPERUSER", "SELECT false")
    assert told(brought(rows(range(5)), size=2)) == (5, 0, [])
    connection.check_constraints()
    assert verified().ok
