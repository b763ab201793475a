"""One matter in plain words and in those of the law."""

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.similar import Index, Item
from luoshi.insight.similar.features import MAX_FEATURES, features
from luoshi.insight.similar.otherwise import meanings, said
from luoshi.insight.text.folding import levelled

NOW = datetime(2025, 3, 3, tzinfo=UTC)
TABLE = json.loads(
    files("luoshi.insight.similar").joinpath("told_otherwise.json").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("plain", "official", "meaning"),
    [
        ("老板欠薪三个月", "用人单位拒不支付劳动报酬", "拖欠工资"),
        ("楼下下水道堵了", "小区排水管道堵塞", "下水道堵"),
        ("家里暖气不热", "住户室温不达标", "暖气不热"),
        ("開發商交不了房", "开发企业逾期交付商品房", "延期交房"),
        ("The garbage piles up", "Household waste is not collected", "rubbish"),
    ],
)
def test_plain_and_official_words_mean_the_same(plain: str, official: str, meaning: str) -> None:
    assert said(meanings(levelled(plain))) == (meaning,) == said(meanings(levelled(official)))


def test_the_same_told_otherwise_is_likelier_than_another_matter_and_says_why() -> None:
    area = ("37", "3701", "370101")
    index = Index(
        [
            Item("same", "向阳里小区公共照明设施故障，物业服务企业未履行维修义务", NOW, area=area),
            Item("other", "向阳里小区快递柜占用绿地，要求恢复原状并且公示费用", NOW, area=area),
        ]
    )
    asked = Item("new", "向阳里小区晚上黑灯瞎火，物业不管，老人下楼摔了一跤", NOW, area=area)
    same, other = index.candidates(asked)
    assert (same.id, other.id) == ("same", "other")
    assert same.probability > other.probability + 0.1
    [meant] = [one.shared for one in same.evidence if one.kind == "meaning"]
    assert set(meant) == {"路灯不亮", "物业不作为"}
    assert "meaning" not in {one.kind for one in other.evidence}


def test_what_both_say_in_one_word_is_not_told_twice() -> None:
    index = Index([Item("old", "工地噪音很大", NOW)])
    [found] = index.candidates(Item("new", "夜里噪音太大睡不着", NOW))
    assert "meaning" not in {one.kind for one in found.evidence}


def test_every_expression_stands_in_one_group_and_is_levelled() -> None:
    every = [one for group in TABLE for one in group]
    assert len(every) == len(set(every))
    assert every == [levelled(one) for one in every]
    assert all(len(group) > 1 for group in TABLE)


@given(st.lists(st.sampled_from([one for group in TABLE for one in group])).map("".join))
def test_features_stay_bounded_whatever_is_meant(text: str) -> None:
    assert len(features(text)) <= MAX_FEATURES
