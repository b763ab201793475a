"""The index of open matters: what it finds, how it stays current, and what it survives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar import Index, Item
from luoshi.insight.similar.index import FAN, FRESH

DAY = datetime(2025, 3, 1, 9, tzinfo=UTC)
LAMP = "和平街与幸福路交叉口的路灯坏了，晚上一片漆黑，老人出门很不安全"
LAMP_AGAIN = "幸福路和平街交叉口路灯不亮，晚上漆黑，行人不安全"
DUST = "向阳小区旁边的工地灰尘很大，请环保部门来看看"


def item(key: str, text: str, **more: object) -> Item:
    return Item(key, text, DAY, **more)  # type: ignore[arg-type]


def ids(index: Index, asked: Item) -> list[str]:
    return [found.id for found in index.candidates(asked)]


def test_the_same_matter_in_other_words_comes_first_with_its_evidence() -> None:
    index = Index([item("dust", DUST), item("lamp", LAMP)])
    found = index.candidates(item("new", LAMP_AGAIN))
    assert found[0].id == "lamp"
    wording = next(piece for piece in found[0].evidence if piece.kind == "text")
    assert any("交叉口" in fragment for fragment in wording.shared)


def test_what_shares_nothing_is_no_candidate() -> None:
    assert ids(Index([item("dust", DUST)]), item("new", "公积金如何提取")) == []


def test_a_case_is_never_its_own_candidate() -> None:
    index = Index([item("lamp", LAMP)])
    assert ids(index, item("lamp", LAMP)) == []


def test_distance_decides_between_equal_words() -> None:
    near = item("near", "路灯不亮", point=(119.1000, 36.7000), category="lamp")
    far = item("far", "路灯不亮", point=(119.1300, 36.7000), category="lamp")
    found = Index([far, near]).candidates(
        item("new", "路灯不亮", point=(119.1001, 36.7), category="lamp")
    )
    assert found[0].id == "near"
    assert [each.id for each in found if each.probability > 0.1] == ["near"]


def test_the_same_spot_the_same_day_is_flagged_and_says_why() -> None:
    spot = (119.1, 36.7)
    old = item("old", LAMP, point=spot, category="lamp")
    found = Index([old]).candidates(item("new", LAMP_AGAIN, point=spot, category="lamp"))
    assert found[0].likely
    assert found[0].probability > 0.9
    assert {piece.kind for piece in found[0].evidence} >= {"place", "text", "category", "time"}


def test_two_equally_good_candidates_are_left_to_a_person() -> None:
    spot = (119.1, 36.7)
    twins = [item(key, LAMP, point=spot, category="lamp") for key in ("one", "two")]
    found = Index(twins).candidates(item("new", LAMP, point=spot, category="lamp"))
    assert len(found) == 2
    assert not any(each.likely for each in found)


def test_a_point_that_very_many_bear_says_nothing() -> None:
    town_hall = (119.16, 36.71)
    others = [
        item(f"n{number}", f"第{number}号事项{number * 7919}", point=town_hall, category="lamp")
        for number in range(60)
    ]
    found = Index(others).candidates(item("new", "井盖丢失", point=town_hall, category="lamp"))
    assert not any(piece.kind == "place" for each in found for piece in each.evidence)
    assert not any(each.likely for each in found)


def test_the_same_rare_address_counts_without_a_point() -> None:
    old = item("old", "Graffiti", category="graffiti", address="12 Elm Street")
    other = item("other", "Graffiti", category="graffiti", address="99 Oak Street")
    found = Index([old, other]).candidates(
        item("new", "Graffiti on wall", category="graffiti", address="12 ELM STREET ")
    )
    assert found[0].id == "old"
    assert found[0].evidence[0].kind == "address"


def test_recent_comes_before_long_ago() -> None:
    spot = (119.1, 36.7)
    old = Item("old", "pothole", DAY - timedelta(days=90), spot, "pothole")
    new = Item("recent", "pothole", DAY - timedelta(hours=2), spot, "pothole")
    found = Index([old, new]).candidates(Item("x", "pothole", DAY, spot, "pothole"))
    assert [each.id for each in found] == ["recent", "old"]
    assert found[0].probability > found[1].probability


def test_removed_cases_are_gone_at_once_and_come_back_when_added_again() -> None:
    index = Index([item("lamp", LAMP)])
    assert index.remove("lamp")
    assert not index.remove("lamp")
    assert ids(index, item("new", LAMP)) == []
    index.add(item("lamp", LAMP))
    assert ids(index, item("new", LAMP)) == ["lamp"]


def test_adding_the_same_id_again_replaces_it() -> None:
    index = Index([item("a", LAMP)])
    index.add(item("a", DUST))
    assert len(index) == 1
    assert ids(index, item("new", LAMP_AGAIN)) == []
    assert ids(index, item("new", DUST)) == ["a"]


@pytest.mark.parametrize("at", [DAY, None])
@pytest.mark.parametrize("point", [(122.504999, 35.500051), None])
def test_adding_what_is_there_already_takes_no_room_and_any_change_does(
    at: datetime | None, point: tuple[float, float] | None
) -> None:
    item = Item("lamp", "路灯不亮\n幸福小区门口", at, point, "lamp", "幸福路12号", ("99", "991"))
    others = (
        replace(item, text="路灯不亮\n和平小区门口"),
        replace(item, text="路灯\n不亮幸福小区门口"),
        replace(item, at=DAY + timedelta(hours=1)),
        replace(item, point=(122.6, 35.5)),
        replace(item, category="tree"),
        replace(item, address="幸福路13号"),
        replace(item, area=("99", "992")),
    )
    for other in others:
        index = Index([item])
        for _ in range(2):
            index.add(item)
        assert index.room == 1
        index.add(other)
        assert (len(index), index.room) == (1, 2)


def test_everything_stays_findable_through_joins_removals_and_tidying() -> None:
    index = Index()
    count = FRESH * FAN + FRESH // 2
    for number in range(count):
        index.add(item(str(number), f"编号{number * 7919 + 100003}的井盖丢失"))
    for number in range(0, count, 3):
        index.remove(str(number))
    index.add(item("late", LAMP))

    def right(key: int) -> bool:
        found = ids(index, item("new", f"编号{key * 7919 + 100003}的井盖丢失"))
        return (str(key) in found) is bool(key % 3)

    assert all(right(key) for key in range(0, count, 97))
    before = index.memory
    index.tidy()
    assert len(index) == count - len(range(0, count, 3)) + 1
    assert index.memory <= before
    assert all(right(key) for key in range(0, count, 97))
    assert ids(index, item("new", LAMP_AGAIN))[0] == "late"


def test_an_index_built_at_once_answers_as_one_filled_one_by_one() -> None:
    items = [item(str(n), f"{LAMP}第{n * 31}号灯杆", category=str(n % 7)) for n in range(700)]
    one_by_one = Index()
    for each in items:
        one_by_one.add(each)
    asked = item("new", f"{LAMP_AGAIN}第{31 * 444}号灯杆", category="3")
    assert Index(items).candidates(asked) == one_by_one.candidates(asked)


@pytest.mark.parametrize(
    "text",
    ["", "的", "😀😀😀", "\ud800\udfff", "\x00\x00", "a" * 100_000, "路" * 100_000, "﷽" * 5000],
    ids=["empty", "one", "emoji", "surrogates", "nul", "long-latin", "long-han", "ligatures"],
)
def test_odd_texts_are_taken_in_and_asked_for(text: str) -> None:
    index = Index([item("odd", text), item("lamp", LAMP)])
    assert isinstance(index.candidates(item("new", text)), tuple)
    assert ids(index, item("new", LAMP)) == ["lamp"]


def test_traditional_characters_find_simplified_ones() -> None:
    assert ids(Index([item("lamp", LAMP)]), item("new", "幸福路交叉口路燈壞了，晚上漆黑")) == [
        "lamp"
    ]


@pytest.mark.parametrize("point", [(0.0, 0.0), (1e-5, 0.0), (999.0, 1.0), (float("nan"), 36.0)])
def test_points_that_are_nowhere_are_unknown(point: tuple[float, float]) -> None:
    index = Index([item("a", LAMP, point=point)])
    found = index.candidates(item("new", LAMP, point=point))
    assert not any(piece.kind == "place" for piece in found[0].evidence)


def test_a_limit_of_none_gives_none() -> None:
    assert Index([item("lamp", LAMP)]).candidates(item("new", LAMP), limit=0) == ()


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=30))
def test_probabilities_are_sound_whatever_is_written(texts: list[str], asked: str) -> None:
    index = Index(item(str(n), text) for n, text in enumerate(texts))
    found = index.candidates(item("new", asked), limit=3)
    chances = [each.probability for each in found]
    assert len(found) <= 3
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert chances == sorted(chances, reverse=True)
    assert sum(each.likely for each in found) <= 1
