"""Facts: written and read again they are the same, and no byte of them can change unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.kernel.fact import (
    GENESIS,
    ClockEffect,
    Doer,
    Fact,
    body,
    body_around,
    canonical,
    chain,
    instant,
    moment,
    read,
    salt_for,
    seal,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
NAMES = st.dictionaries(TEXT, TEXT, max_size=3)
RUNGS = st.lists(st.tuples(TEXT, INSTANTS), max_size=2).map(tuple)
ENDS = st.builds(
    ClockEffect, clock=TEXT, does=st.sampled_from(["meet", "stop", "pause", "rung"]), rungs=RUNGS
)
STARTS = st.builds(
    ClockEffect,
    clock=TEXT,
    does=st.sampled_from(["start", "resume", "extend"]),
    due=INSTANTS,
    warn=INSTANTS,
    provisional=st.booleans(),
    limit=TEXT,
    rests_on=TEXT,
    kind=st.sampled_from(["duty", "window"]),
    unmoved=st.none() | INSTANTS,
    rungs=RUNGS,
)
FACTS = st.builds(
    Fact,
    id=TEXT,
    case=TEXT,
    seq=st.integers(1, 10**6),
    act=TEXT,
    at=INSTANTS,
    doer=st.builds(Doer, TEXT, TEXT, TEXT),
    programme=TEXT,
    version=TEXT,
    source=TEXT,
    target=TEXT,
    values=st.dictionaries(TEXT, JSON, max_size=3),
    sealed=NAMES,
    clocks=st.lists(ENDS | STARTS, max_size=3).map(tuple),
    numbers=NAMES,
    effects=st.lists(st.dictionaries(TEXT, JSON, max_size=2), max_size=2).map(tuple),
)


@given(FACTS)
def test_a_fact_that_was_written_is_read_as_it_was(fact: Fact) -> None:
    assert read(body(fact)) == fact
    assert body(read(body(fact))) == body(fact)


@given(FACTS)
def test_the_text_of_a_fact_is_canonical(fact: Fact) -> None:
    assert body(fact) == canonical(json.loads(body(fact)))
    before, after = body_around(fact)
    assert body(fact).decode() == before + canonical(fact.numbers).decode() + after


@given(st.lists(FACTS, min_size=1, max_size=3), st.data())
def test_no_byte_of_a_chain_can_change_unseen(facts: list[Fact], data: st.DataObject) -> None:
    texts = [body(fact) for fact in facts]
    head = GENESIS
    for text in texts:
        head = chain(head, text)
    at = data.draw(st.integers(0, len(texts) - 1))
    place = data.draw(st.integers(0, len(texts[at]) - 1))
    other = texts[at][place] ^ data.draw(st.integers(1, 255))
    texts[at] = texts[at][:place] + bytes([other]) + texts[at][place + 1 :]
    changed = GENESIS
    for text in texts:
        changed = chain(changed, text)
    assert changed != head


@given(JSON, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_the_same_answer_is_never_sealed_alike(value: object, one: bytes, two: bytes) -> None:
    salts = {
        salt_for(one, "act", "name"),
        salt_for(one, "act", "phone"),
        salt_for(one, "b", "name"),
    }
    if one != two:
        salts.add(salt_for(two, "act", "name"))
    assert len({seal(value, salt) for salt in salts}) == len(salts) == 3 + (one != two)
    assert {len(salt) for salt in salts} == {16}
    assert seal(value, b"x") == seal(value, b"x")


@given(st.lists(INSTANTS, min_size=2, max_size=2))
def test_the_order_of_texts_is_the_order_of_instants(pair: list[datetime]) -> None:
    assert (instant(pair[0]) < instant(pair[1])) == (pair[0] < pair[1])
    assert moment(instant(pair[0])) == pair[0]


def test_there_is_one_text_for_one_value() -> None:
    assert canonical({"b": 1, "a": [True, None, "路"]}) == '{"a":[true,null,"路"],"b":1}'.encode()


def test_an_effect_without_its_warning_warns_when_it_is_due() -> None:
    due = datetime(2026, 3, 6, tzinfo=UTC)
    fact = Fact("i", "c", 1, "a", due, Doer("d", "r"), "p", "1", "", "s", clocks=(
        ClockEffect("clock", "start", due=due),
    ))  # fmt: skip
    assert read(body(fact)) == replace(fact, clocks=(replace(fact.clocks[0], warn=due),))


@pytest.mark.parametrize("text", ["", "{}", "[]", "nothing", '{"id": 1}'])
def test_what_is_no_fact_is_told(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read(text)
