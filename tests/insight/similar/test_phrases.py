"""What two matters share, read out: whole words, nothing cut in half, quick on long texts."""

import time

import numpy as np
import pytest

from luoshi.insight.similar.features import Features, features
from luoshi.insight.similar.phrases import MOST, Phrases


def shared(one: str, other: str) -> Features:
    both: Features = np.intersect1d(features(one), features(other))
    return both


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        pytest.param("饭店的油烟排到楼道", "烟的油烟味", ("油烟",), id="no half words"),
        pytest.param("等108路车太久", "108路车晚点", ("108路车",), id="a number with its word"),
        pytest.param(
            "花园10号楼18楼没水",
            "花园18号楼漏水",
            ("花园", "号楼", "18"),
            id="no number of another",
        ),
        pytest.param("晾的衣服全是味", "晾的衣服全是味", ("晾的衣服全是味",), id="a run of words"),
        pytest.param("我们的，和的", "你的，和的", (), id="nothing that means something"),
        pytest.param("street lamp out", "lamp in a street", ("street", "lamp"), id="English"),
        pytest.param("路燈壞了", "路灯坏了", ("路灯坏",), id="traditional signs"),
        pytest.param("水", "水", (), id="one sign says nothing"),
        pytest.param("", "路灯", (), id="empty"),
    ],
)
def test_whole_words_are_read_out(one: str, other: str, said: tuple[str, ...]) -> None:
    assert Phrases(one).shared(shared(one, other), {}) == said


def test_the_rarest_come_first_and_only_a_few() -> None:
    text = "，".join(["路灯", "积水", "施工", "噪音", "油烟", "井盖"])
    rare = dict.fromkeys(features("井盖").tolist(), 9.0)
    told = Phrases(text).shared(features(text), rare)
    assert told[0] == "井盖"
    assert len(told) == MOST


@pytest.mark.parametrize("text", ["路灯不亮，夜里看不清。" * 9_000, "噪" * 90_000, "1 " * 50_000])
def test_long_texts_take_little_time(text: str) -> None:
    began = time.process_time()
    Phrases(text).shared(features(text), {})
    assert time.process_time() - began < 10  # of computing; minutes where it grows with the square
