"""Triage on real messages: learned from some, tried on others; skipped where they are not."""

import pytest
from tests.shared_data import shared_path

from luoshi.formats.tables import read_table
from luoshi.insight.triage.examples import message_words, segmented_example
from luoshi.insight.triage.judging import Judgement, macro_f1
from luoshi.insight.triage.personal import personal_spans, redact
from luoshi.insight.triage.training import train
from luoshi.insight.triage.urgency import urgency


@pytest.mark.slow
def test_a_third_of_the_history_already_teaches_most_of_it() -> None:
    table = read_table(shared_path("messages", "train_tokens.csv.gz"))
    rows = [row.cells for row in table.rows]
    learned = [segmented_example(row["label"], row["tokens"]) for row in rows[::3]]
    tried = [segmented_example(row["label"], row["tokens"]) for row in rows[1::9]]
    model = train(learned)
    found = Judgement()
    for one, suggestion in zip(tried, model.suggest_words([t.words for t in tried]), strict=True):
        found.add(one.label, suggestion)

    assert macro_f1(found.pairs) > 0.85
    assert float(str(model.card["calibration_error"])) < 0.05


def test_segmented_training_text_and_plain_text_meet() -> None:
    raw = read_table(shared_path("messages", "labelled_raw.csv.gz"))
    tokens = read_table(shared_path("messages", "train_tokens.csv.gz"))
    known = {word for row in tokens.rows for word in row.cells["tokens"].lower().split()}
    words = [
        word
        for row in raw.rows
        for word in message_words(row.cells["subject"], row.cells["details"])
    ]

    assert sum(word in known for word in words) / len(words) > 0.97


def test_every_real_message_is_redacted_once_and_for_all() -> None:
    table = read_table(shared_path("messages", "replies_2816.csv.gz"))
    texts = [row.cells["subject"] + row.cells["details"] for row in table.rows][:400]

    for text in texts:
        once = redact(text)
        assert redact(once) == once
    hidden = sum(bool(personal_spans(text)) for text in texts)
    assert 0.01 < hidden / len(texts) < 0.5


def test_urgency_is_the_exception_among_real_messages() -> None:
    table = read_table(shared_path("messages", "period_4326.csv.gz"))
    texts = [row.cells["subject"] + row.cells["details"] for row in table.rows][:1000]

    assert 0 < sum(bool(urgency(text)) for text in texts) / len(texts) < 0.1
