"""Conditions: each holds when its sentence is true, and explains itself when it is not."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.kernel.condition import (
    CLOCK_STATES,
    All,
    Answers,
    Any,
    ClockIs,
    Condition,
    CountIs,
    Drawn,
    FieldGiven,
    FieldIs,
    FieldWithin,
    Held,
    Not,
    PartsDone,
    first_unmet,
    leaves,
)


@dataclass
class Facts:
    """A situation made up for a test."""

    values: dict[str, object] = field(default_factory=dict)
    state: str = "absent"
    times: int = 0
    holds: int = 0
    parts: int = 0
    lot: float = 0.5

    def value(self, name: str) -> object:
        return self.values.get(name)

    def clock(self, _: str) -> str:
        return self.state

    def count(self, _: str) -> int:
        return self.times

    def raised(self, _: str) -> int:
        return self.holds

    def open_parts(self) -> int:
        return self.parts

    def draw(self, _: str) -> float:
        return self.lot


TABLE: list[tuple[Condition, Facts, Facts, str]] = [
    (FieldIs("a", (1, "x")), Facts({"a": "x"}), Facts({"a": "y"}), "a is 1 or x"),
    (FieldGiven("a"), Facts({"a": 0}), Facts({"a": ""}), "a is given"),
    (FieldGiven("a", given=False), Facts({"a": []}), Facts({"a": False}), "a is empty"),
    (FieldWithin("a", 1, 3), Facts({"a": 3}), Facts({"a": 4}), "a is between 1 and 3"),
    (FieldWithin("a", 1), Facts({"a": 9.5}), Facts({"a": 0}), "a is between 1 and None"),
    (FieldWithin("a", None, 1), Facts({"a": -5}), Facts({"a": True}), "a is between None and 1"),
    (FieldWithin("a", 1), Facts({"a": 1}), Facts({"a": "1"}), "a is between 1 and None"),
    (ClockIs("c", ("met", "late")), Facts(state="late"), Facts(), "clock c is met or late"),
    (CountIs("t", 1), Facts(times=1), Facts(), "t was done at least 1 time(s)"),
    (CountIs("t", 1, 2), Facts(times=2), Facts(times=3),
     "t was done at least 1 and at most 2 time(s)"),
    (Held("h"), Facts(holds=2), Facts(), "h is up"),
    (Held("h", up=False), Facts(), Facts(holds=1), "h is lifted"),
    (PartsDone(), Facts(), Facts(parts=1), "every part is done"),
    (PartsDone(done=False), Facts(parts=1), Facts(), "a part is open"),
    (Drawn("d", 0.25), Facts(lot=0.24), Facts(lot=0.25), "drawn for d (25% of cases)"),
    (Not(Held("h")), Facts(), Facts(holds=1), "not (h is up)"),
    (All((Held("h"), PartsDone())), Facts(holds=1), Facts(), "(h is up) and (every part is done)"),
    (Any((Held("h"), PartsDone())), Facts(), Facts(parts=1), "(h is up) or (every part is done)"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "yes", "no", "words"), TABLE)
def test_it_holds_when_its_sentence_is_true(
    condition: Condition, yes: Facts, no: Facts, words: str
) -> None:
    assert condition.holds(yes)
    assert not condition.holds(no)
    assert str(condition) == words


LEAF = st.sampled_from([Held("h"), PartsDone(), FieldGiven("a"), CountIs("t", 1)])
TREES: st.SearchStrategy[Condition] = st.recursive(
    LEAF,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
)
SITUATIONS = st.builds(
    Facts, st.dictionaries(st.just("a"), st.integers()), st.just("met"),
    st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), st.just(0.1),
)  # fmt: skip


@given(TREES, SITUATIONS)
def test_the_part_that_explains_a_no_does_not_hold_and_is_no_conjunction(
    tree: Condition, situation: Facts
) -> None:
    if not tree.holds(situation):
        part = first_unmet(tree, situation)
        assert not part.holds(situation)
        assert not isinstance(part, All)


@given(TREES)
def test_leaves_are_everything_that_is_looked_at(tree: Condition) -> None:
    assert all(str(leaf) in str(tree) for leaf in leaves(tree))
    assert not any(isinstance(leaf, All | Any | Not) for leaf in leaves(tree))


def test_while_a_case_is_registered_only_answers_are_known() -> None:
    known = Answers({"a": 1})
    assert known.value("a") == 1
    assert known.value("b") is None
    assert known.clock("c") in CLOCK_STATES
    assert (known.clock("c"), known.count("t"), known.raised("h")) == ("absent", 0, 0)
    assert (known.open_parts(), known.draw("d")) == (0, 1.0)
    assert not Drawn("d", 1.0).holds(known)
