"""Merging and undoing: one decision, one step, and exactly that step back."""

from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar import Clusters, Merge, Undo


def test_a_merge_brings_two_groups_together() -> None:
    together = Clusters(
        [Merge("a", "1", ("2",)), Merge("b", "3", ("4",)), Merge("c", "1", ("3",))]
    )
    assert together.members("4") == ("1", "2", "3", "4")
    assert together.master("4") == "1"


def test_undoing_takes_back_that_decision_and_no_other() -> None:
    decisions = [Merge("a", "1", ("2",)), Merge("b", "2", ("3",)), Undo("a")]
    assert Clusters(decisions).members("1") == ("1",)
    assert Clusters(decisions).members("3") == ("2", "3")


def test_a_case_alone_is_its_own_group() -> None:
    assert Clusters([]).members("9") == ("9",)
    assert Clusters([]).master("9") == "9"


def test_merging_with_itself_or_in_a_circle_does_no_harm() -> None:
    circle = Clusters([Merge("a", "1", ("2", "1")), Merge("b", "2", ("1",))])
    assert circle.members("1") == ("1", "2")


keys = st.sampled_from("123456")
merges = st.lists(st.tuples(keys, st.lists(keys, min_size=1, max_size=3)), max_size=8)


@given(merges)
def test_undoing_everything_leaves_everybody_alone(pairs: list[tuple[str, list[str]]]) -> None:
    done = [Merge(str(n), head, tuple(rest)) for n, (head, rest) in enumerate(pairs)]
    undone = Clusters([*done, *(Undo(merge.id) for merge in done)])
    assert all(undone.members(key) == (key,) for key in "123456")


@given(merges)
def test_groups_are_a_partition(pairs: list[tuple[str, list[str]]]) -> None:
    done = Clusters(Merge(str(n), head, tuple(rest)) for n, (head, rest) in enumerate(pairs))
    for key in "123456":
        assert key in done.members(key)
        assert all(done.members(other) == done.members(key) for other in done.members(key))
