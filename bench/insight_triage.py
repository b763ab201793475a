"""Triage: how right, how sure, how fast.

Speed is processor time of one core, so that a busy machine tells no lies. ``figures`` needs no
data: its messages are made of the words of the hotline's taxonomy.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.figure import Figure
from luoshi.formats.tables import read_table
from luoshi.insight.triage.examples import Example, example, message_words, segmented_example
from luoshi.insight.triage.judging import Judgement, macro_f1
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.taxonomy import Category, Taxonomy
from luoshi.insight.triage.training import train

TAXONOMY = Path(__file__).resolve().parent.parent / "programmes/hotline/taxonomy.csv"
MESSAGES_A_SECOND = 2000
MILLISECONDS = 10
PARTS = 10
FEW = 210
UNLABELLED = ("period_4326.csv.gz", "replies_2816.csv.gz")
Made = TypeVar("Made")


def figures() -> Iterator[Figure]:
    """The figures for the table of ``python -m bench``."""
    labelled = invented(4000)
    model = train([example(label, *text) for label, text in labelled])
    texts = [text for _, text in labelled]
    batch = 1 / batch_seconds(model, texts)
    yield Figure("suggest categories, batch", batch, "/s", "2 000", MESSAGES_A_SECOND, 1.0)
    alone = float(np.percentile([taken(model, text) for text in texts[:1000]], 99))
    yield Figure("suggest a category, one message, p99", alone, "ms", "10 ms", MILLISECONDS, 1.0)


def invented(count: int) -> list[tuple[str, tuple[str, str]]]:
    """Return messages of some 350 characters, made of clauses of the hotline's taxonomy."""
    rows = [row.cells for row in read_table(TAXONOMY).rows]
    top = {row["parent"] or row["code"]: [] for row in rows}
    for row in rows:
        top[row["parent"] or row["code"]] += [row["zh-Hans"], *row["description"].split("、")]
    rng = random.Random(7)
    made = []
    for _ in range(count):
        label = rng.choice(list(top))
        details = "，".join(rng.choice(top[label]) for _ in range(45))
        made.append((label, (rng.choice(top[label]), f"{details}，请处理{rng.random()}。")))
    return made


def history(folder: Path) -> list[Example]:
    """Return the labelled messages: segmented ones, and those as people wrote them."""
    tokens = read_table(folder / "train_tokens.csv.gz")
    raw = read_table(folder / "labelled_raw.csv.gz")
    return [
        *(segmented_example(row.cells["label"], row.cells["tokens"]) for row in tokens.rows),
        *(
            example(row.cells["label"], row.cells["subject"], row.cells["details"])
            for row in raw.rows
        ),
    ]


def held_back(folder: Path) -> Judgement:
    """Judge each segmented message by a model that has learned from nine tenths of the others.

    The tenths are drawn by lot, as many of each category in each. What words and grams there are,
    and what they mean, is learned from the nine tenths and from messages without label alone.
    """
    rows = [row.cells for row in read_table(folder / "train_tokens.csv.gz").rows]
    examples = [segmented_example(row["label"], row["tokens"]) for row in rows]
    unlabelled = [message_words(*text) for name in UNLABELLED for text in messages(folder, name)]
    part, found = _parts([one.label for one in examples]), Judgement()
    for number in range(PARTS):
        rest = [one for one, mine in zip(examples, part, strict=True) if mine != number]
        out = [one for one, mine in zip(examples, part, strict=True) if mine == number]
        judged(train(rest, others=unlabelled, measured=False), out, found)
    return found


def judged(model: Model, asked: list[Example], found: Judgement | None = None) -> Judgement:
    """Return *found*, or a new judgement, with what *model* suggests for *asked* added."""
    found = found or Judgement()
    suggested = model.suggest_words([one.words for one in asked])
    for one, suggestion in zip(asked, suggested, strict=True):
        found.add(one.label, suggestion)
    return found


def beginners(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield how right models with little to learn from are, by macro-F1: what they know, figure.

    They know the names of the 250 leaves under the categories, and no more or also some messages
    drawn by lot and many without label. Judged is the top category, on messages not learned from.
    """
    rows = [row.cells for row in read_table(folder / "train_tokens.csv.gz").rows]
    examples = [segmented_example(row["label"], row["tokens"]) for row in rows]
    unlabelled = [message_words(*text) for name in UNLABELLED for text in messages(folder, name)]
    names = _names(folder, {one.label for one in examples})
    drawn = [examples[at] for at in np.random.default_rng(0).permutation(len(examples)).tolist()]
    for told, count, others in (
        ("names alone", 0, []),
        ("names, messages without label", 0, unlabelled),
        (f"names, {FEW} messages", FEW, []),
        (f"names, {FEW} messages, others without label", FEW, unlabelled),
    ):
        model = train(drawn[:count], names, others=others, measured=False)
        yield told, macro_f1(judged(model, drawn[FEW:]).pairs)


def _names(folder: Path, labels: set[str]) -> Taxonomy:
    """Return a flat taxonomy of *labels*, explained by the names of what lies under them."""
    under: dict[str, dict[str, None]] = {}
    for row in read_table(folder / "taxonomy.csv").rows:
        cells = row.cells
        under.setdefault(cells["level1"], {}).update(
            {cells["level2"]: None, cells["level3"]: None}
        )
    return Taxonomy(
        tuple(Category(one, "", (one,), "、".join(under[one])) for one in sorted(labels))
    )


def _parts(labels: list[str]) -> list[int]:
    """Return a part by lot for each of *labels*, those of one label spread over all."""
    place = dict.fromkeys(labels, 0)
    part = [0] * len(labels)
    for at in np.random.default_rng(0).permutation(len(labels)).tolist():
        part[at] = place[labels[at]] % PARTS
        place[labels[at]] += 1
    return part


def messages(folder: Path, name: str = "period_4326.csv.gz") -> list[tuple[str, str]]:
    """Return messages as people wrote them, without labels."""
    table = read_table(folder / name)
    return [(row.cells["subject"], row.cells["details"]) for row in table.rows]


def seconds_of(work: Callable[[], Made]) -> tuple[float, Made]:
    """Return the seconds of processor time that *work* took, and what it made."""
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


def number(model: Model, name: str) -> float:
    """Return a figure of the model's own card."""
    return float(str(model.card[name]))


def batch_seconds(model: Model, texts: list[tuple[str, str]]) -> float:
    """Return the seconds of processor time that one message of many takes."""
    model.suggest_many(texts[:200])
    began = time.process_time()
    model.suggest_many(texts)
    return (time.process_time() - began) / len(texts)


def taken(model: Model, text: tuple[str, str]) -> float:
    """Return the milliseconds of processor time that one suggestion takes."""
    began = time.process_time()
    model.suggest(*text)
    return (time.process_time() - began) * 1000
