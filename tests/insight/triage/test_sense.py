"""Sense: words in the same company mean alike; messages may be near without sharing one."""

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from luoshi.formats.tables import read_table
from luoshi.insight.text.words import content_words
from luoshi.insight.triage.company import WIDTH, vectors_of
from luoshi.insight.triage.examples import Example
from luoshi.insight.triage.grams import words_of
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.model_file import Packed, load_model, packed, save_model, unpacked
from luoshi.insight.triage.sense import NO_SENSE, SHARE, VIEWS, Sense, sense_of
from luoshi.insight.triage.taxonomy import Category, Taxonomy
from luoshi.insight.triage.training import train

TOPICS, WORDS, MESSAGES = 6, 260, 1300


def word(topic: int, number: int) -> str:
    """Return a word that shares no character with any other."""
    return chr(0x4E00 + topic * WORDS + number) * 2


def invented(chance: random.Random, topic: int, *, of: range = range(WORDS)) -> list[str]:
    """Return a message about one of the topics, each with words of its own."""
    return [word(topic, chance.choice(of)) for _ in range(chance.randint(10, 40))]


@pytest.fixture(scope="module")
def history() -> list[list[str]]:
    chance = random.Random(4)
    return [invented(chance, number % TOPICS) for number in range(MESSAGES)]


@pytest.fixture(scope="module")
def sense(history: list[list[str]]) -> Sense:
    return sense_of(history).taught(history, np.arange(MESSAGES) % TOPICS, TOPICS)


def test_words_of_one_topic_point_the_same_way(history: list[list[str]]) -> None:
    vocabulary, vectors = vectors_of(history)
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def at(topic: int) -> np.ndarray:
        codes = words_of([[word(topic, number) for number in range(WORDS)]]).code
        found = vocabulary.find(codes)
        return directions[found[found >= 0]]

    assert vectors.shape == (len(vocabulary), WIDTH)
    assert float((at(0) @ at(0).T).mean()) > 5 * abs(float((at(0) @ at(1).T).mean()))


def test_messages_of_one_topic_are_near_though_they_share_no_word(sense: Sense) -> None:
    chance = random.Random(9)
    halves = range(WORDS // 2), range(WORDS // 2, WORDS)
    one, other, stranger = sense.near(
        [
            invented(chance, 0, of=halves[0]),
            invented(chance, 0, of=halves[1]),
            invented(chance, 1, of=halves[1]),
        ]
    )

    assert np.square(one - other).sum() < np.square(one - stranger).sum() / 2


def test_nearness_is_between_nought_and_one_and_of_its_width(sense: Sense) -> None:
    near = sense.near([["一"], [], [word(0, 1)] * 3000])

    assert near.shape == (3, sense.width) == (3, len(VIEWS) * sense.landmarks.shape[1])
    assert ((near > 0) & (near < 1.001)).all()


def test_whitened_nearness_tells_the_likeness_of_landmarks(
    sense: Sense, history: list[list[str]]
) -> None:
    coordinates = sense.near(history[:50]) @ sense.whitening()
    likeness = coordinates @ coordinates.T

    most = SHARE * len(VIEWS)
    assert np.median(np.diag(likeness)) == pytest.approx(most, rel=0.03)
    assert np.diag(likeness).max() < 1.03 * most
    assert likeness[0, TOPICS] > likeness[0, 1]


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([], id="none"),
        pytest.param([[]] * 1200, id="empty ones"),
        pytest.param([["路灯", "坏"]] * 1200, id="two words"),
        pytest.param([[f"词{number}"] for number in range(2000)], id="no word twice"),
        pytest.param([[word(0, number) for number in range(200)]] * 20, id="too few"),
    ],
)
def test_where_there_is_too_little_nothing_is_near(messages: list[list[str]]) -> None:
    sense = sense_of(messages).taught(messages, np.zeros(len(messages), np.int64), 2)

    assert sense.width == 0
    assert sense.near([["路灯"], []]).shape == (2, 0)


def test_messages_nobody_sorted_teach_what_words_mean(history: list[list[str]]) -> None:
    known, labels = history[:60], np.arange(60) % TOPICS

    assert sense_of(known) is NO_SENSE
    assert sense_of(history).taught(known, labels, TOPICS).landmarks.shape[1] == 60
    assert sense_of(history).taught([], labels[:0], TOPICS) is NO_SENSE


def test_words_that_tell_the_categories_apart_count_for_more(history: list[list[str]]) -> None:
    everywhere = word(TOPICS, 0)
    spread = [[*message, everywhere] for message in history]
    sense = sense_of(spread).taught(spread, np.arange(MESSAGES) % TOPICS, TOPICS)
    codes = words_of([[everywhere], [word(0, 0)], [word(1, 0)]]).code
    common, *telling = sense.telling[sense.words.find(codes)]

    assert common < 0.2 * min(telling)


def test_a_taxonomy_alone_keeps_no_company() -> None:
    rows = read_table(Path(__file__).parents[3] / "programmes/hotline/taxonomy.csv").rows
    model = train([], Taxonomy.from_rows(row.cells for row in rows))

    assert int(str(model.card["explanations"])) > 1000
    assert model.sense is NO_SENSE


def test_an_archive_nobody_sorted_helps_a_taxonomy_to_be_understood() -> None:
    def told(topic: int, numbers: Iterable[int]) -> list[str]:
        return [part for number in numbers for part in content_words(word(topic, number))]

    chance = random.Random(6)
    archive = [told(at % TOPICS, chance.sample(range(WORDS), 25)) for at in range(MESSAGES)]
    strange = [told(at % TOPICS, chance.sample(range(200, WORDS), 30)) for at in range(60)]
    names = Taxonomy(
        tuple(
            Category(f"t{topic}", description="、".join(word(topic, at) for at in range(60)))
            for topic in range(TOPICS)
        )
    )
    truth = np.arange(60) % TOPICS
    alone = train([], names).confidences(strange).argmax(axis=1)
    helped = train([], names, others=archive).confidences(strange).argmax(axis=1)

    assert (helped == truth).mean() > 0.9
    assert (alone == truth).mean() < 0.5


@pytest.fixture(scope="module")
def model(history: list[list[str]]) -> Model:
    """A model whose examples know half of the words, and whose other messages know them all."""
    chance = random.Random(2)
    examples = [
        Example(f"t{number % TOPICS}", tuple(invented(chance, number % TOPICS, of=range(60))))
        for number in range(180)
    ]
    return train(examples, others=history)


def test_a_message_of_words_no_example_holds_is_told_by_its_company(model: Model) -> None:
    chance = random.Random(3)
    strange = [invented(chance, number % TOPICS, of=range(200, 260)) for number in range(60)]
    told = model.confidences(strange).argmax(axis=1)
    blind = replace(model, linear=replace(model.linear, near=np.zeros_like(model.linear.near)))
    guessed = blind.confidences(strange).argmax(axis=1)
    truth = np.arange(60) % TOPICS

    assert (told == truth).mean() > 0.9
    assert (guessed == truth).mean() < 0.6
    assert model.card["others"] == MESSAGES


def test_the_file_keeps_what_words_mean(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "city.model")
    again = load_model(tmp_path / "city.model")
    messages = [invented(random.Random(seed), seed % TOPICS) for seed in range(40)]

    assert np.allclose(model.confidences(messages), again.confidences(messages), atol=0.03)
    assert word(0, 1).encode() not in (tmp_path / "city.model").read_bytes()


def test_corrections_are_learned_on_top_of_what_is_near(model: Model) -> None:
    message = [word(0, number) for number in range(200, 215)]
    taught = model.learn([Example("t3", tuple(message))])

    assert taught.labels[int(taught.confidences([message]).argmax())] == "t3"
    assert taught.linear.near is model.linear.near


def test_a_file_from_before_words_were_told_apart_is_read(model: Model, tmp_path: Path) -> None:
    old, views = packed(model), 2
    width = views * model.sense.landmarks.shape[1]
    arrays = {name: array for name, array in old.arrays.items() if name != "telling"}
    arrays |= {name: arrays[name][:views] for name in ("centre", "landmarks")}
    arrays["near"] = arrays["near"][:width]
    again = unpacked(Packed({**old.header, "version": 2}, arrays))
    message = invented(random.Random(5), 2)

    assert again.sense.width == width
    assert np.allclose(
        again.sense.near([message]), model.sense.near([message])[:, :width], atol=0.02
    )
    assert again.suggest_words([message])[0].category == "t2"
