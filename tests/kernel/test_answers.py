"""Answers: what is honest passes in one shape, what is hostile does not pass at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.kernel.answers import CHECKS, Wrong, checked, clean_text, point_of, problem
from luoshi.kernel.errors import FieldProblem
from luoshi.kernel.fact import Json, canonical
from luoshi.kernel.programme import Choice, Field, FieldType

NOW = datetime(2026, 3, 9, 1, tzinfo=UTC)
LISTS = {"list": {code: Choice(code=code, labels={}) for code in ("a", "b", "c")}}


def rule(kind: FieldType, **more: object) -> Field:
    return Field(name="it", type=kind, labels={}, choices="list", **more)  # type: ignore[arg-type]


def answer(kind: FieldType, raw: object, **more: object) -> object:
    return checked(rule(kind, **more), raw, LISTS, NOW)


def wrong(kind: FieldType, raw: object, **more: object) -> str:
    with pytest.raises(Wrong) as refused:
        answer(kind, raw, **more)
    return refused.value.code


T = FieldType
GOOD: list[tuple[FieldType, object, object]] = [
    (T.LINE, "  路\u202e灯\n 不亮 ", "路灯 不亮"),
    (T.LINE, "e\u0301", "é"),
    (T.LINE, "\u202e", None),
    (T.LINE, "x" * 200, "x" * 200),
    (T.TEXT, " a\r\nb\rc\td ", "a\nb\nc\td"),
    (T.NAME, "张三", "张三"),
    (T.ADDRESS, "甲 路\t1 号", "甲 路 1 号"),
    (T.PHONE, "154-0000-1234", "15400001234"),
    (T.PHONE, "+86 154 0000 1234", "15400001234"),
    (T.PHONE, "１５４００００１２３４", "15400001234"),
    (T.PHONE, "008615400001234", "15400001234"),
    (T.PHONE, "0532-12345678-12", "0532-12345678-12"),
    (T.PHONE, "400-123-4567", "400-123-4567"),
    (T.EMAIL, " a.b@example.org ", "a.b@example.org"),
    (T.CODE, "a", "a"),
    (T.CHOICE, "b", "b"),
    (T.CHOICES, ["a", "b", "a"], ["a", "b"]),
    (T.CHOICES, "c", ["c"]),
    (T.YES_NO, True, True),
    (T.YES_NO, " 否 ", False),
    (T.YES_NO, "on", True),
    (T.NUMBER, " 3.0 ", 3),
    (T.NUMBER, 2.5, 2.5),
    (T.DATE, "2026-03-09", "2026-03-09"),
    (T.MOMENT, "2026-03-09T09:00:00+08:00", "2026-03-09T01:00:00.000000Z"),
    (T.MOMENT, NOW, "2026-03-09T01:00:00.000000Z"),
    (T.MOMENT, "2026-03-09", "2026-03-09T00:00:00.000000Z"),
    (T.POINT, {"lon": "122.5", "lat": 35.12345678, "z": 1}, {"lon": 122.5, "lat": 35.1234568}),
    (T.UNIT, "urban-management.2", "urban-management.2"),
    (T.AREA, "370700", "370700"),
    (T.FILES, ["a", "b", "a"], ["a", "b"]),
    (T.FILES, "a", ["a"]),
    (T.UNITS, ["roads", "lamps", "roads"], ["roads", "lamps"]),
    (T.UNITS, "roads", ["roads"]),
    (T.CASE, "20260306000072", "20260306000072"),
]


@pytest.mark.parametrize(("kind", "raw", "kept"), GOOD)
def test_an_honest_answer_has_one_shape(kind: FieldType, raw: object, kept: object) -> None:
    assert answer(kind, raw) == kept
    assert kept is None or answer(kind, kept) == kept


BAD: list[tuple[FieldType, object, str]] = [
    (T.LINE, "a\0b", "text.control"),
    (T.LINE, "a\x1b[31mb", "text.control"),
    (T.LINE, "a\x85b", "text.control"),
    (T.TEXT, "路\ud800灯", "text.control"),
    (T.LINE, 5, "text.not_text"),
    (T.TEXT, ["a"], "text.not_text"),
    (T.LINE, "x" * 201, "text.too_long"),
    (T.TEXT, "路" * 10_001, "text.too_long"),
    (T.NAME, "张" * 61, "text.too_long"),
    (T.PHONE, "12345", "phone.invalid"),
    (T.PHONE, "12300001234", "phone.invalid"),
    (T.PHONE, "٠15400001234", "phone.invalid"),
    (T.PHONE, 15400001234, "text.not_text"),
    (T.EMAIL, "a@b", "email.invalid"),
    (T.EMAIL, "a b@example.org", "email.invalid"),
    (T.EMAIL, "<a@example.org>", "email.invalid"),
    (T.EMAIL, "a@@example.org", "email.invalid"),
    (T.EMAIL, "a@example..org", "email.invalid"),
    (T.EMAIL, "a" * 250 + "@b.org", "email.invalid"),
    (T.CODE, "d", "choice.unknown"),
    (T.CHOICE, ["a"], "choice.unknown"),
    (T.CHOICE, {"a": 1}, "choice.unknown"),
    (T.CHOICES, ["a", ["b"]], "choice.unknown"),
    (T.CHOICES, ["a"] * 51, "choice.too_many"),
    (T.YES_NO, "maybe", "yes_no.invalid"),
    (T.YES_NO, 2, "yes_no.invalid"),
    (T.NUMBER, "nan", "number.invalid"),
    (T.NUMBER, "-inf", "number.invalid"),
    (T.NUMBER, "1" * 400, "number.invalid"),
    (T.NUMBER, True, "number.invalid"),
    (T.NUMBER, "three", "number.invalid"),
    (T.DATE, "2026-02-30", "date.invalid"),
    (T.DATE, "1899-12-31", "date.invalid"),
    (T.DATE, "2201-01-01", "date.invalid"),
    (T.DATE, "9.3.2026", "date.invalid"),
    (T.MOMENT, "yesterday", "date.invalid"),
    (T.MOMENT, "0001-01-01T00:00:00+14:00", "date.invalid"),
    (T.MOMENT, "9999-12-31T23:59:59-14:00", "date.invalid"),
    (T.POINT, "122.5,35.5", "point.invalid"),
    (T.POINT, {"lon": 122.5}, "point.invalid"),
    (T.POINT, {"lon": 35.5, "lat": 122.5}, "point.order"),
    (T.POINT, {"lon": 181, "lat": 200}, "point.invalid"),
    (T.POINT, {"lon": "nan", "lat": 35}, "point.invalid"),
    (T.POINT, {"lon": True, "lat": 35}, "point.invalid"),
    (T.POINT, {"lon": None, "lat": None}, "point.invalid"),
    (T.UNIT, "../../etc", "unit.unknown"),
    (T.UNIT, "a" * 81, "unit.unknown"),
    (T.AREA, 370700, "area.unknown"),
    (T.UNITS, ["a/b"], "unit.unknown"),
    (T.UNITS, [["a"]], "unit.unknown"),
    (T.UNITS, ["a"] * 31, "choice.too_many"),
    (T.CASE, "a b", "case.unknown"),
    (T.FILES, ["a/b"], "files.unknown"),
    (T.FILES, [1], "files.unknown"),
    (T.FILES, list("abcdefghij"), "files.too_many"),
]


@pytest.mark.parametrize(("kind", "raw", "code"), BAD)
def test_a_hostile_answer_does_not_pass(kind: FieldType, raw: object, code: str) -> None:
    assert wrong(kind, raw) == code


@pytest.mark.parametrize("raw", [None, "", [], (), {}])
@pytest.mark.parametrize("kind", FieldType)
def test_an_empty_answer_is_none(kind: FieldType, raw: object) -> None:
    assert answer(kind, raw) is None


def test_the_rule_of_the_field_counts() -> None:
    assert wrong(T.LINE, "ab", least=3) == "text.too_short"
    assert answer(T.LINE, "\u202e", least=3) is None
    assert wrong(T.TEXT, "abcd", most=3) == "text.too_long"
    assert wrong(T.NUMBER, 0, least=1) == "number.range"
    assert wrong(T.NUMBER, 9, most=8) == "number.range"
    assert wrong(T.CHOICES, ["a", "b"], most=1) == "choice.too_many"
    assert wrong(T.FILES, ["a", "b"], most=1) == "files.too_many"


def test_most_nought_means_not_in_the_future() -> None:
    assert wrong(T.DATE, "2026-03-10", most=0) == "date.future"
    assert answer(T.DATE, "2026-03-09", most=0) == "2026-03-09"
    assert wrong(T.MOMENT, (NOW + timedelta(seconds=1)).isoformat(), most=0) == "date.future"
    assert answer(T.MOMENT, NOW, most=0)


def test_days_are_counted_from_today() -> None:
    assert answer(T.DATE, "2026-03-09", least=0, most=3) == "2026-03-09"
    assert answer(T.DATE, "2026-03-12", least=0, most=3) == "2026-03-12"
    assert wrong(T.DATE, "2026-03-08", least=0, most=3) == "date.range"
    assert wrong(T.DATE, "2026-03-13", least=0, most=3) == "date.range"


def test_a_credit_code_has_the_right_check_sign() -> None:
    assert answer(T.LINE, "9135 0100-m000100y43", credit_code=True) == "91350100M000100Y43"
    for raw in ("91350100M000100Y44", "91350100M000100Y4", "9135010OM000100Y43"):
        assert wrong(T.LINE, raw, credit_code=True) == "credit_code.invalid"


def test_a_local_time_is_local() -> None:
    local = NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00+08:00").tzinfo)
    assert (
        checked(rule(T.MOMENT), "2026-03-09T09:00", LISTS, local) == "2026-03-09T01:00:00.000000Z"
    )


def test_every_type_of_field_has_its_check() -> None:
    assert set(CHECKS) == set(FieldType)


def test_what_is_wrong_names_the_field() -> None:
    assert problem(rule(T.LINE), Wrong("x", most=1)) == FieldProblem("it", "x", {"most": 1})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.sampled_from(["lon", "lat"]), inner, max_size=3)
    ),
    max_leaves=4,
)


@given(st.sampled_from(FieldType), ANYTHING)
def test_whatever_comes_is_refused_or_safe_to_store(kind: FieldType, raw: object) -> None:
    try:
        kept = answer(kind, raw)
    except Wrong:
        return
    text = canonical(kept).decode("utf-8")
    assert json.loads(text) == kept
    assert "\\u0000" not in text


@given(st.text())
def test_clean_text_stays_as_it_is(raw: str) -> None:
    try:
        once = clean_text(raw)
    except Wrong:
        return
    assert clean_text(once) == once
    assert "\0" not in once


@pytest.mark.parametrize(
    ("answer", "point"),
    [
        ({"lon": 122.5, "lat": 35}, (122.5, 35.0)),
        ({"lon": 122.5}, None),
        ({"lon": "122.5", "lat": 35}, None),
        (None, None),
        ("122.5 35", None),
    ],
)
def test_the_answer_to_a_point_is_a_pair_of_degrees(
    answer: Json, point: tuple[float, float] | None
) -> None:
    assert point_of(answer) == point
