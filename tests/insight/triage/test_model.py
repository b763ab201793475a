"""The model: suggests with confidence and reasons, learns, and says when it does not know."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.insight.triage.conftest import TAXONOMY, history

from luoshi.insight.triage.calibration import (
    AS_IT_IS,
    Calibration,
    Costs,
    calibrated,
    calibration_error,
)
from luoshi.insight.triage.examples import example, message_words, segmented_example
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.model_file import load_model, save_model
from luoshi.insight.triage.taxonomy import Taxonomy
from luoshi.insight.triage.training import NothingToLearn, train


@pytest.mark.parametrize(
    ("subject", "details", "category"),
    [
        pytest.param("路灯不亮", "晚上整条街很黑，路灯坏了一个月", "street.lamp", id="lamp"),
        pytest.param("井盖丢失", "马路上井盖丢了，路面塌陷", "street.hole", id="hole"),
        pytest.param("拖欠工资", "老板拖欠农民工工资三个月，不交社保", "wages", id="wages"),
        pytest.param(
            "補課收費", "老師有償補課，學校亂收費", "school", id="traditional characters"
        ),
        pytest.param("", "孩子报不上名，学校食堂不好", "school", id="no subject"),
    ],
)
def test_a_message_gets_its_category_and_the_words_that_decided(
    model: Model, subject: str, details: str, category: str
) -> None:
    suggestion = model.suggest(subject, details)

    assert suggestion.category == category
    assert not suggestion.unknown
    assert 0.5 < suggestion.confidence <= 1
    assert suggestion.reasons
    assert [weight for _, weight in suggestion.reasons] == sorted(
        (weight for _, weight in suggestion.reasons), reverse=True
    )
    assert category not in [other for other, _ in suggestion.alternatives]


def test_the_reasons_are_words_of_the_message(model: Model) -> None:
    words = [word for word, _ in model.suggest("路灯坏了", "整条街都黑着").reasons]

    assert "路灯" in words
    assert all(word in "路灯坏了整条街都黑着" for word in words)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("的", id="one function word"),
        pytest.param("猫", id="one character never met"),
        pytest.param("😀😀🔥🚧", id="emoji only"),
        pytest.param("Quarterly revenue exceeded expectations", id="english never met"),
        pytest.param("１２３４５６７８９０", id="digits only"),
        pytest.param("。，！？、；：", id="punctuation only"),
        pytest.param("\ud800\udfff", id="lone surrogates"),
        pytest.param("\u0000\u202e\u200b", id="control characters"),
    ],
)
def test_it_says_that_it_does_not_know(model: Model, text: str) -> None:
    assert model.suggest(text).unknown
    assert model.suggest("", text).unknown


@pytest.mark.parametrize(
    ("text", "category"),
    [
        pytest.param("线路故障", "street.lamp", id="lamp"),
        pytest.param("入学报名", "school", id="school"),
    ],
)
def test_what_the_taxonomy_says_is_known_beside_a_history(text: str, category: str) -> None:
    without, with_it = train(history(60)), train(history(60), TAXONOMY)

    def sure(model: Model) -> float:
        told = model.confidences([message_words(text, "")])[0]
        return float(told[model.labels.index(category)])

    assert sure(with_it) > sure(without)
    assert with_it.suggest(text).category == category


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=80)), max_size=5))
def test_any_text_gets_a_suggestion_that_holds_together(
    model: Model, messages: list[tuple[str, str]]
) -> None:
    suggestions = model.suggest_many(messages)

    assert len(suggestions) == len(messages)
    for one in suggestions:
        assert 0 <= one.confidence <= 1
        assert one.unknown or one.category


def test_many_at_once_say_the_same_as_one_by_one(model: Model) -> None:
    messages = [("路灯坏了", "很黑"), ("", ""), ("老板欠薪", "工资没发"), ("a", "😀")] * 50

    together = model.suggest_many(messages)
    for one, message in zip(together[:4], messages, strict=False):
        alone = model.suggest(*message)
        assert alone.category == one.category
        assert alone.confidence == pytest.approx(one.confidence, abs=1e-5)


@pytest.mark.parametrize("text", ["路灯", "的", "坏 ", "a", "😀", "1", "路灯坏了。\n"])
def test_a_message_of_a_hundred_kilobytes_takes_bounded_time(model: Model, text: str) -> None:
    began = time.process_time()

    model.suggest("", text * (100_000 // len(text.encode())))

    assert time.process_time() - began < 2


def test_a_single_word_is_little_to_go_by(model: Model) -> None:
    assert model.suggest("坏").confidence < model.suggest("路灯坏了", "整条街黑着").confidence


def test_words_of_another_category_at_the_end_do_not_drown_the_subject(model: Model) -> None:
    suggestion = model.suggest("路灯坏了，整条街黑着", "谢谢。" * 400)

    assert suggestion.category == "street.lamp"


def test_a_model_that_was_not_measured_says_so_and_suggests_the_same() -> None:
    measured, not_measured = train(history(60)), train(history(60), measured=False)
    assert measured.card["measured"] is True
    assert not_measured.card["measured"] is False
    for words in (["路灯", "不亮"], ["拖欠", "工资"]):
        assert (
            measured.suggest_words([words])[0].category
            == not_measured.suggest_words([words])[0].category
        )


def test_when_the_leaf_is_unsure_the_branch_above_is_suggested() -> None:
    model = train(history(60), TAXONOMY, Costs(asking=1, wrong=5))
    suggestion = model.suggest("路灯和井盖", "路灯坏了，井盖丢了，路灯不亮，路面全是坑")

    assert suggestion.category in {"street", "street.lamp", "street.hole"}
    assert suggestion.confidence >= 0.8
    assert not suggestion.unknown


@pytest.mark.parametrize(("asking", "wrong", "threshold"), [(1, 2, 0.5), (1, 10, 0.9), (3, 2, 0)])
def test_the_threshold_follows_from_the_costs(
    asking: float, wrong: float, threshold: float
) -> None:
    assert Costs(asking, wrong).threshold() == pytest.approx(threshold)


def test_dearer_errors_make_it_more_careful() -> None:
    messages = [("灯", "坑"), ("学校门口", "路"), ("工资", "老师"), ("街", "黑")]
    bold = train(history(60), costs=Costs(1, 1.2)).suggest_many(messages)
    careful = train(history(60), costs=Costs(1, 50)).suggest_many(messages)

    assert sum(one.unknown for one in careful) > sum(one.unknown for one in bold)


def test_without_history_the_words_of_the_taxonomy_are_a_start() -> None:
    model = train([], TAXONOMY)

    assert model.suggest("路灯不亮", "灯杆倾斜").category == "street.lamp"
    assert model.suggest("工资", "拖欠工资，没有社保").category == "wages"
    assert model.suggest("补课", "入学报名，老师").category == "school"
    assert model.card["examples"] == 0


def test_segmented_text_and_plain_text_are_learned_alike() -> None:
    plain = example("a", "路灯坏了", "整条街")
    segmented = segmented_example("a", "路灯 坏 整条 街 ， 了")

    assert plain.words[0] == segmented.words[0] == "路灯"
    assert "了" not in segmented.words


def test_corrections_are_taken_up_without_training_anew(model: Model) -> None:
    message = ("共享单车", "共享单车堆在路口没人管")
    taught = model.learn([example("street.hole", *message)] * 3)

    assert taught.suggest(*message).category == "street.hole"
    assert taught.suggest("共享单车乱停", "单车堆成山").category == "street.hole"
    assert taught.suggest("路灯坏了", "整条街黑着").category == "street.lamp"
    assert taught.card["corrections"] == 3
    assert model.suggest(*message).confidence == model.suggest(*message).confidence


def test_learning_leaves_the_model_it_came_from_alone(model: Model) -> None:
    before = model.linear.weight.copy()
    model.learn([example("wages", "路灯坏了", "路灯坏了")])

    assert np.array_equal(before, model.linear.weight)


def test_corrections_to_an_unknown_category_are_left_out(model: Model) -> None:
    assert model.learn([example("nowhere", "路灯", "坏了")]) is model


def test_nothing_can_be_learned_from_one_category() -> None:
    with pytest.raises(NothingToLearn) as refusal:
        train([example("a", "路灯", "坏了")] * 5, Taxonomy())

    assert refusal.value.code == "triage.nothing_to_learn"


def test_confidence_is_calibrated_where_scores_alone_are_not() -> None:
    chance = np.random.default_rng(5)
    labels = chance.integers(0, 4, 20000)
    scores = chance.normal(size=(20000, 4)).astype(np.float32)
    scores[np.arange(20000), labels] += 1.5
    confidence = calibrated(scores[:10000], labels[:10000]).confidences(scores[10000:])
    right = (confidence.argmax(axis=1) == labels[10000:]).astype(np.float32)

    assert calibration_error(confidence.max(axis=1), right) < 0.03


def test_labels_that_err_do_not_make_the_surest_suggestions_too_sure() -> None:
    chance = np.random.default_rng(11)
    truth = chance.integers(0, 7, 20000)
    scores = chance.normal(size=(20000, 7)).astype(np.float32)
    scores[np.arange(20000), truth] += chance.normal(4, 1.5, 20000)
    labels = np.where(chance.random(20000) < 0.03, chance.integers(0, 7, 20000), truth)
    calibration = calibrated(scores[:10000], labels[:10000])

    def error(told: Calibration) -> float:
        confidence = told.confidences(scores[10000:])
        right = (confidence.argmax(axis=1) == labels[10000:]).astype(np.float32)
        return calibration_error(confidence.max(axis=1), right)

    assert error(calibration) < 0.015
    assert error(replace(calibration, belief=AS_IT_IS)) > 2 * error(calibration)


@given(
    st.lists(st.lists(st.floats(-5, 5), min_size=3, max_size=3), min_size=1, max_size=9),
    st.lists(st.tuples(st.floats(-9, 9), st.floats(0, 1)), min_size=1, max_size=5),
)
def test_probabilities_told_anew_keep_the_first_first_and_add_up(
    scores: list[list[float]], steps: list[tuple[float, float]]
) -> None:
    odds, shares = (sorted(column) for column in zip(*steps, strict=True))
    told = Calibration(3.0, np.zeros(3, np.float32), tuple(zip(odds, shares, strict=True)))
    plain = replace(told, belief=AS_IT_IS).confidences(np.array(scores, np.float32))
    anew = told.confidences(np.array(scores, np.float32))

    assert np.allclose(anew.sum(axis=1), 1, atol=1e-5)
    assert ((anew >= 0) & (anew <= 1)).all()
    best = plain.argmax(axis=1)[:, None]
    assert (np.take_along_axis(anew, best, 1) >= anew.max(axis=1, keepdims=True) - 1e-5).all()


def test_a_model_survives_its_file(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "city.model")
    again = load_model(tmp_path / "city.model")
    messages = [("路灯坏了", "很黑"), ("老板欠薪", "工资没发"), ("补课", "学校收费")]

    for one, other in zip(model.suggest_many(messages), again.suggest_many(messages), strict=True):
        assert one.category == other.category
        assert one.confidence == pytest.approx(other.confidence, abs=0.02)
    assert again.card == model.card
    assert again.calibration.belief == model.calibration.belief
    assert list(again.taxonomy.above("street.lamp")) == ["street"]
