"""Triage: how right, how sure, how fast, how large.

    python -m bench.insight_triage DATA     # folder with messages/: everything, on real messages

Categories are tried on messages held back in turn, near duplicates together. Speed is processor
time of one core, so that a busy machine tells no lies; training goes by the clock. ``figures``
needs no data: its messages are made of the words of the hotline's taxonomy.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from bench.figure import Figure
from luoshi.formats.tables import read_table
from luoshi.insight.triage.examples import Example, example, message_words, segmented_example
from luoshi.insight.triage.judging import Judgement
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.model_file import MOST_BYTES, load_model, save_model
from luoshi.insight.triage.personal import personal_spans
from luoshi.insight.triage.training import train

TAXONOMY = Path(__file__).resolve().parent.parent / "programmes/hotline/taxonomy.csv"
MESSAGES_A_SECOND = 2000
MILLISECONDS = 10
TRAINING_SECONDS = 300
PARTS = 10
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
        model = train(rest, others=unlabelled, measured=False)
        suggested = model.suggest_words([one.words for one in out])
        for one, suggestion in zip(out, suggested, strict=True):
            found.add(one.label, suggestion)
    return found


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


def told(name: str, value: float, limit: float, *, more_is_better: bool) -> None:
    """Print one line: what, how much, the limit, and whether it holds."""
    holds = value >= limit if more_is_better else value <= limit
    print(f"{name:<44}{value:>12.4g}{limit:>12.4g}  {'holds' if holds else 'MISSED'}")


def measure(folder: Path) -> None:
    """Print the table."""
    print(f"{'':<44}{'measured':>12}{'limit':>12}")
    learned = history(folder)
    began = time.perf_counter()
    more = messages(folder, "period_4326.csv.gz") + messages(folder, "replies_2816.csv.gz")
    model = train(learned, others=[message_words(*text) for text in more])
    told("training, seconds", time.perf_counter() - began, TRAINING_SECONDS, more_is_better=False)
    told("macro-F1, held back in turn", number(model, "macro_f1"), 0.93, more_is_better=True)
    error = number(model, "calibration_error")
    told("expected calibration error", error, 0.03, more_is_better=False)
    with TemporaryDirectory() as place:
        path = Path(place) / "city.model"
        save_model(model, path)
        told("model file, bytes", path.stat().st_size, MOST_BYTES, more_is_better=False)
        speed(load_model(path), messages(folder))


def seconds_of(work: Callable[[], Made]) -> tuple[float, Made]:
    """Return the seconds of processor time that *work* took, and what it made."""
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


def number(model: Model, name: str) -> float:
    """Return a figure of the model's own card."""
    return float(str(model.card[name]))


def speed(model: Model, texts: list[tuple[str, str]]) -> None:
    """Print how many messages a second, and how long one takes alone."""
    each = batch_seconds(model, texts)
    told("messages a second and core, batch", 1 / each, MESSAGES_A_SECOND, more_is_better=True)
    alone = [taken(model, text) for text in texts[:1000]]
    told(
        "one message, p99, ms", float(np.percentile(alone, 99)), MILLISECONDS, more_is_better=False
    )
    began = time.process_time()
    for subject, details in texts:
        personal_spans(subject + details)
    each = (time.process_time() - began) / len(texts) * 1000
    told("personal data of one message, ms", each, MILLISECONDS, more_is_better=False)


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


if __name__ == "__main__":
    measure(Path(sys.argv[1]) / "messages")
