"""Places that a matter names in its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar.places import MOST, named


def keys(text: str) -> set[int]:
    return {int(key) for key in named(text)[0] if key}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("投诉东湖花园油烟扰民", "我是城南东湖花园业主"),
        ("金桥小区路灯不亮", "金桥小区停水"),
        ("A tree fell in Elm Street", "elm st is blocked"),
        ("幸福路积水", "幸福路坑洼"),
    ],
)
def test_one_place_has_one_key(one: str, other: str) -> None:
    assert keys(one) & keys(other)


@pytest.mark.parametrize("text", ["", "这个小区", "on the main street", "😀", "临街的路"])
def test_what_is_no_name_has_no_key(text: str) -> None:
    assert keys(text) == set()


def test_those_of_the_subject_come_first() -> None:
    names, of_subject = named("东湖花园油烟扰民\n我住在金桥小区，在幸福路上班")
    assert keys("东湖花园") == set(names[:of_subject].tolist())
    assert keys("我住在金桥小区，在幸福路上班") == set(names[of_subject:].tolist()) - {0}


def test_who_names_very_many_places_is_at_none() -> None:
    many = "、".join(f"{one}{other}小区" for one in "金银铜铁" for other in "苹梨桃")
    assert named(many)[1] == 0
    assert keys(many) == set()


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    names, of_subject = named(text)
    assert names.shape == (MOST,)
    assert 0 <= of_subject <= MOST
