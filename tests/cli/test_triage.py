"""``luoshi triage``: learn from files, suggest for a file, refuse what is no table of messages."""

from __future__ import annotations

import csv
import gzip
import os
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from tests.cli.conftest import Luoshi
from tests.small_city import DISPATCHER, OPERATOR
from typer.testing import CliRunner

from luoshi.actions.acts import Request, act, register
from luoshi.cli import messages
from luoshi.cli.judged import NothingToJudge
from luoshi.cli.messages import ColumnMissing, Reading
from luoshi.cli.targets import TargetUnusable
from luoshi.cli.triage import app
from luoshi.formats.tables import TableInvalid, read_table
from luoshi.insight.triage.model_file import ModelInvalid, load_model
from luoshi.insight.triage.training import NothingToLearn

RAW = [
    ("路灯", "路灯坏了", "胜利街整条路的路灯都不亮，晚上很黑"),
    ("路灯", "路灯一直闪", "学府路的灯杆倾斜，路灯忽明忽暗"),
    ("工资", "拖欠工资", "老板拖欠农民工工资三个月，不交社保"),
    ("工资", "加班费", "公司不发加班费，工资打折"),
]


def write(path: Path, header: list[str], rows: list[tuple[str, ...]]) -> Path:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def model(tmp_path: Path) -> Path:
    raw = write(tmp_path / "raw.csv", ["label", "subject", "details"], RAW * 10)
    tokens = write(
        tmp_path / "tokens.csv.gz",
        ["tokens", "label"],
        [("路灯 损坏 照明 漆黑", "路灯"), ("工资 拖欠 欠薪 老板", "工资")] * 5,
    )
    out = tmp_path / "city.model"
    assert "macro-F1" in run("train", "--from", raw, "--from", tokens, "--out", out)
    return out


def predicted(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("header", [["留言主题", "留言详情"], ["SUBJECT", " Details "]])
def test_columns_are_known_by_their_names_in_either_language(
    model: Path, tmp_path: Path, header: list[str]
) -> None:
    rows = [("路灯不亮", "小区门口路灯坏了"), ("欠薪", "老板拖欠工资")]
    messages = write(tmp_path / "new.csv", header, rows)
    run("predict", messages, "--model", model, "--out", tmp_path / "out.csv")
    assert [row["category"] for row in predicted(tmp_path / "out.csv")] == ["路灯", "工资"]
    labelled = write(tmp_path / "old.csv", ["一级标签", *header], RAW * 5)
    assert "2 categories" in run("train", "--from", labelled, "--out", tmp_path / "new.model")
    assert "accuracy" in run("judge", labelled, "--model", model)


def test_a_workbook_is_written_where_one_is_asked_for(model: Path, tmp_path: Path) -> None:
    messages = write(tmp_path / "m.csv", ["subject"], [("路灯不亮",)])
    run("predict", messages, "--model", model, "--out", tmp_path / "out.xlsx")
    with read_table(tmp_path / "out.xlsx") as table:
        assert [row.cells["category"] for row in table.rows] == ["路灯"]
    words = ("predict", messages, "--model", model, "--out", tmp_path / "out.ods")
    refused = CliRunner().invoke(app, [str(word) for word in words])
    assert (refused.exit_code, (tmp_path / "out.ods").exists()) == (2, False)


def test_every_row_gets_a_suggestion_in_its_place(model: Path, tmp_path: Path) -> None:
    messages = write(
        tmp_path / "new.csv",
        ["subject", "details"],
        [
            ("路灯不亮", "小区门口路灯坏了，晚上漆黑"),
            ("", ""),
            ("欠薪", "老板拖欠工资，没有社保"),
            ('=HYPERLINK("x")', "😀"),
        ],
    )
    out = tmp_path / "out.csv"
    run("predict", messages, "--model", model, "--out", out)
    rows = predicted(out)

    assert [*rows[0]] == ["category", "confidence", "unknown", "reasons"]
    assert [row["category"] for row in rows[:3]] == ["路灯", "", "工资"]
    assert [row["unknown"] for row in rows] == ["false", "true", "false", "true"]
    assert "路灯" in rows[0]["reasons"]
    assert 0.5 < float(rows[0]["confidence"]) <= 1


def test_a_table_of_only_tokens_is_suggested_for_too(model: Path, tmp_path: Path) -> None:
    tokens = write(tmp_path / "t.csv", ["tokens"], [("路灯 漆黑",), ("工资 拖欠",)])
    run("predict", tokens, "--model", model, "--out", tmp_path / "out.csv")

    assert [row["category"] for row in predicted(tmp_path / "out.csv")] == ["路灯", "工资"]


def test_a_taxonomy_alone_is_a_start(tmp_path: Path) -> None:
    taxonomy = write(
        tmp_path / "taxonomy.csv",
        ["code", "parent", "zh-Hans", "en", "unit", "description"],
        [
            ("street", "", "市政", "Streets", "u", ""),
            ("lamp", "street", "路灯不亮", "Street light", "u", "路灯不亮、闪烁、灯杆倾斜"),
            ("wages", "", "拖欠工资", "Unpaid wages", "u", "拖欠工资、加班费、农民工欠薪"),
        ],
    )
    out = tmp_path / "start.model"

    assert "beginner" in run("train", "--taxonomy", taxonomy, "--out", out)
    messages = write(tmp_path / "m.csv", ["subject"], [("路灯不亮",), ("拖欠工资",)])
    run("predict", messages, "--model", out, "--out", tmp_path / "out.csv")
    assert [row["category"] for row in predicted(tmp_path / "out.csv")] == ["lamp", "wages"]


def test_dearer_errors_make_more_unknown(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.csv", ["label", "subject", "details"], RAW * 10)
    messages = write(
        tmp_path / "m.csv",
        ["subject", "details"],
        [("路灯", "老板拖欠，路灯坏了"), ("工资", "路灯，公司")],
    )
    unknown = []
    for wrong in ("1.01", "1000"):
        out = tmp_path / f"{wrong}.model"
        run("train", "--from", raw, "--out", out, "--cost-wrong", wrong)
        run("predict", messages, "--model", out, "--out", tmp_path / "out.csv")
        rows = predicted(tmp_path / "out.csv")
        unknown.append(sum(row["unknown"] == "true" for row in rows))

    assert unknown[0] < unknown[1] == 2


@pytest.mark.parametrize(
    ("header", "rows", "refusal"),
    [
        pytest.param(["subject", "details"], [("a", "b")], ColumnMissing, id="no label"),
        pytest.param(["label", "x"], [("a", "b")], ColumnMissing, id="no text"),
        pytest.param(["label", "tokens"], [("a", "路灯")], NothingToLearn, id="one category"),
        pytest.param([], [], TableInvalid, id="empty"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused(
    tmp_path: Path, header: list[str], rows: list[tuple[str, ...]], refusal: type[Exception]
) -> None:
    path = write(tmp_path / "bad.csv", header, rows)
    with pytest.raises(refusal):
        run("train", "--from", path, "--out", tmp_path / "x.model")
    assert not (tmp_path / "x.model").exists()


def test_messages_without_a_label_are_taken_as_more_messages(tmp_path: Path) -> None:
    raw = write(
        tmp_path / "raw.csv", ["label", "subject", "details"], [*RAW * 5, ("", "灯", "暗")]
    )
    more = write(tmp_path / "more.csv", ["subject"], [("路灯",), ("",), ("工资",)])
    told = run("train", "--from", raw, "--also", more, "--out", tmp_path / "city.model")

    assert "20 messages" in told
    assert "words alone of 3 more messages" in told


def test_a_file_of_more_messages_needs_words(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.csv", ["label", "subject"], [("a", "路灯"), ("b", "工资")])
    more = write(tmp_path / "more.csv", ["x"], [("1",)])
    with pytest.raises(ColumnMissing):
        run("train", "--from", raw, "--also", more, "--out", tmp_path / "city.model")


def test_a_row_with_both_is_read_as_people_wrote_it(tmp_path: Path) -> None:
    both = ["label", "subject", "details", "tokens"]
    rows = [(label, subject, details, "另外 的 词") for label, subject, details in RAW]
    raw = write(tmp_path / "raw.csv", both, rows * 10)
    run("train", "--from", raw, "--out", tmp_path / "city.model")
    messages = write(tmp_path / "m.csv", ["subject", "details", "tokens"], [rows[0][1:]])
    run("predict", messages, "--model", tmp_path / "city.model", "--out", tmp_path / "out.csv")
    (row,) = predicted(tmp_path / "out.csv")

    assert row["category"] == "路灯"
    assert "另外" not in row["reasons"]


CHOSEN = {
    "roads.streetlight": ("路灯不亮", "整条路的路灯都坏了"),
    "labour.wages": ("欠薪", "老板拖欠工资"),
}


@pytest.mark.parametrize("programme", [(), ("--programme", "hotline")], ids=["all", "one"])
def test_what_the_installation_has_settled_is_learned_from(
    luoshi: Luoshi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, programme: tuple[str, ...]
) -> None:
    monkeypatch.setattr(messages, "installed", nullcontext)
    for number in range(6):
        for category, (subject, details) in CHOSEN.items():
            said = {"subject": f"{subject}{number}", "content": details}
            case = register("hotline", Request("register", said), OPERATOR).case.id
            act(Request("route", {"unit": "roads", "category": category}, case=case), DISPATCHER)
    register("hotline", Request("register", {"subject": "未分", "content": "没有分类"}), OPERATOR)
    out = tmp_path / "city.model"
    done = luoshi("triage", "train", "--from", "cases", *programme, "--out", out)

    assert done.exit_code == 0
    assert "2 categories, 12 messages" in done.stdout
    assert "words alone of 1 more" in done.stdout
    model = load_model(out)
    assert set(model.labels) == set(CHOSEN)
    for category, message in CHOSEN.items():
        assert model.suggest(*message).category == category


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.model"
    bad.write_bytes(b"\x80\x04pickle")
    messages = write(tmp_path / "m.csv", ["subject"], [("路灯",)])
    with pytest.raises(ModelInvalid):
        run("predict", messages, "--model", bad, "--out", tmp_path / "out.csv")


def told(*words: str | Path) -> str:
    """Return what is said aside."""
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stderr


def test_what_was_to_be_read_is_never_overwritten(model: Path, tmp_path: Path) -> None:
    messages = write(tmp_path / "m.csv", ["subject"], [("路灯",)])
    before = messages.read_bytes()
    for out in (messages, model, tmp_path / ".." / tmp_path.name / "m.csv"):
        with pytest.raises(TargetUnusable, match="files to be read"):
            run("predict", messages, "--model", model, "--out", out)
    raw = write(tmp_path / "raw2.csv", ["label", "subject", "details"], RAW)
    with pytest.raises(TargetUnusable):
        run("train", "--from", raw, "--out", raw)

    assert messages.read_bytes() == before
    assert load_model(model).labels == ("工资", "路灯")


@pytest.mark.parametrize("out", ["", "nowhere/x.model"], ids=["a folder", "no folder"])
def test_where_nothing_can_be_written_is_said_before_the_work(tmp_path: Path, out: str) -> None:
    with pytest.raises(TargetUnusable, match="choose another file"):
        run("train", "--from", tmp_path / "not looked at.csv", "--out", tmp_path / out)


def test_the_folder_of_an_installations_own_models_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh installation has none, and the first model is written right there."""
    monkeypatch.setenv("LUOSHI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    raw = write(tmp_path / "raw.csv", ["label", "subject", "details"], RAW * 5)
    out = tmp_path / "home" / "models" / "hotline.model"
    run("train", "--from", raw, "--out", out)
    assert load_model(out).labels == ("工资", "路灯")


def test_a_file_that_breaks_off_leaves_nothing_half_written(model: Path, tmp_path: Path) -> None:
    rows = [("路灯坏了" * 50 + str(n),) for n in range(3000)]
    packed = write(tmp_path / "m.csv.gz", ["subject"], rows)
    packed.write_bytes(packed.read_bytes()[:-2000])
    out = tmp_path / "out.csv"
    with pytest.raises(TableInvalid, match="breaks off"):
        run("predict", packed, "--model", model, "--out", out)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out.csv")] == []


def test_what_is_suggested_can_be_read_by_its_owner_alone(model: Path, tmp_path: Path) -> None:
    messages, out = write(tmp_path / "m.csv", ["subject"], [("路灯",)]), tmp_path / "out.csv"
    run("predict", messages, "--model", model, "--out", out)
    assert out.stat().st_mode & 0o077 == 0


def test_labels_that_a_programme_does_not_have_are_named(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.csv", ["label", "subject", "details"], RAW * 10)
    taxonomy = write(
        tmp_path / "taxonomy.csv", ["code", "zh-Hans"], [("路灯", "路灯"), ("wages", "工资")]
    )
    aside = told("train", "--from", raw, "--taxonomy", taxonomy, "--out", tmp_path / "x.model")
    assert "1 labels are no codes of the taxonomy: 工资" in aside
    assert "column label" in aside


def test_rows_that_cannot_be_read_are_counted_and_teach_nothing(tmp_path: Path) -> None:
    header = ["label", "subject", "details"]
    rows = [*RAW * 5, ("路灯", "坏", "了", "一格太多"), tuple(header)]
    raw = write(tmp_path / "raw.csv", header, rows)
    out = tmp_path / "x.model"
    said = told("train", "--from", raw, "--out", out)
    assert (
        "2 rows could not be read and were left out: raw.csv:22, raw.csv:23; the first: " in said
    )
    assert "4 cells for 3 columns" in said
    assert load_model(out).card["examples"] == 20


def test_why_nothing_can_be_learned_is_said_before_it_is_refused(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.csv", ["label", "subject"], [("路灯", "坏了", "多一格")])
    result = CliRunner().invoke(app, ["train", "--from", str(raw), "--out", str(tmp_path / "x")])
    assert isinstance(result.exception, NothingToLearn)
    assert "raw.csv:2; the first: 3 cells for 2 columns" in result.stderr


def test_of_too_many_messages_some_are_drawn_the_same_each_time(tmp_path: Path) -> None:
    rows = [
        (label, f"{subject}{n}", details) for n in range(60) for label, subject, details in RAW
    ]
    raw = write(tmp_path / "raw.csv", ["label", "subject", "details"], rows)
    drawn = []
    for _ in range(2):
        said: list[str] = []
        read = Reading(said.append, most=100)
        read.source(str(raw), "")
        assert (len(read.examples), read.seen, read.left_out) == (100, 240, 140)
        drawn.append(read.examples)
    assert drawn[0] == drawn[1]
    assert {one.label for one in drawn[0]} == {"路灯", "工资"}
    aside = told("train", "--from", raw, "--most", "100", "--out", tmp_path / "x.model")
    assert "140 of 240 messages were left out" in aside


def test_a_source_must_be_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["train", "--out", str(tmp_path / "x.model")])
    assert result.exit_code == 2
    assert "say what to learn from" in result.stderr


def test_what_is_no_text_is_not_sent_to_the_terminal(tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_bytes(b"\x1b[31mred\x07," + b"x" * 500 + b"\n1,2\n")
    with pytest.raises(ColumnMissing) as refused:
        run("train", "--from", odd, "--out", tmp_path / "x.model")
    assert str(refused.value).isprintable()
    named = write(tmp_path / "named.csv", ["user", "留言主题", "时间"], [("a", "b", "c")])
    with pytest.raises(ColumnMissing, match="it has: user, subject, 时间"):
        run("train", "--from", named, "--out", tmp_path / "x.model")
    assert len(str(refused.value)) < 200


def test_a_model_is_judged_by_what_people_chose(model: Path, tmp_path: Path) -> None:
    unseen = write(
        tmp_path / "unseen.csv",
        ["label", "subject", "details"],
        [
            ("路灯", "路灯坏了", "整条路都不亮"),
            ("工资", "拖欠工资", "老板不交社保"),
            ("工资", "路灯不亮", "路灯坏了，晚上很黑"),
            ("教育", "拖欠工资", "学校不发加班费"),
            ("", "没有人分类过", "不知道是什么"),
        ],
    )
    misses = tmp_path / "misses.csv"
    told = run("judge", unseen, "--model", model, "--out", misses)
    assert "4 messages: macro-F1 0.3889, accuracy 0.5000, calibration error" in told
    assert "1 rows without a label, or that cannot be read, were left out" in told
    assert "1 messages have labels that the model does not know: 教育;" in told
    assert re.search(r"工资 +│ +2 │ +2 │ +0.500 │ +0.500 │ +0.500", told)
    assert re.search(r"教育 +│ +工资 +│ +1", told)
    assert "most often mistaken" in told
    with misses.open(encoding="utf-8-sig", newline="") as file:
        wrong = list(csv.DictReader(file))
    assert [(one["row"], one["label"], one["category"]) for one in wrong] == [
        ("4", "工资", "路灯"),
        ("5", "教育", "工资"),
    ]
    assert wrong[0]["subject"] == "路灯不亮"
    assert "路灯" in wrong[0]["reasons"]


def test_labels_are_shown_as_text_whatever_is_in_them(model: Path, tmp_path: Path) -> None:
    """A label is neither markup nor a way to steer the terminal."""
    header = ["label", "subject", "details"]
    labels = ("[/bold]", "\x1b[31m红\x07", "长" * 500)
    odd = [(label, subject, details) for label in labels for _, subject, details in RAW]
    told = run("judge", write(tmp_path / "odd.csv", header, odd), "--model", model)
    assert "[/bold]" in told
    assert "长" * 31 not in told
    assert told.replace("\n", "").isprintable()


def test_where_nothing_is_mistaken_no_empty_table_stands(model: Path, tmp_path: Path) -> None:
    seen = write(tmp_path / "seen.csv", ["label", "subject", "details"], RAW)
    assert "mistaken" not in run("judge", seen, "--model", model)


def test_of_two_columns_of_one_name_the_first_counts(tmp_path: Path) -> None:
    twice = [(label, "other", subject, details) for label, subject, details in RAW * 5]
    raw = write(tmp_path / "raw.csv", ["label", "Label", "subject", "details"], twice)
    out = tmp_path / "x.model"
    run("train", "--from", raw, "--out", out)
    assert load_model(out).labels == ("工资", "路灯")


def test_a_programme_without_its_cases_is_refused(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.csv", ["label", "subject", "details"], RAW * 5)
    words = ["train", "--from", str(raw), "--programme", "x", "--out", str(tmp_path / "x.model")]
    assert CliRunner().invoke(app, words).exit_code == 2


def test_a_device_is_never_replaced(model: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(TargetUnusable, match="not a file"):
        run(
            "judge",
            write(tmp_path / "m.csv", ["label", "subject"], [("路灯", "路灯")]),
            "--model",
            model,
            "--out",
            pipe,
        )
    assert pipe.is_fifo()


def test_judging_needs_labels(model: Path, tmp_path: Path) -> None:
    rows = [("", subject, details) for _, subject, details in RAW]
    unlabelled = write(tmp_path / "new.csv", ["label", "subject", "details"], rows)
    misses = tmp_path / "misses.csv"
    with pytest.raises(NothingToJudge):
        run("judge", unlabelled, "--model", model, "--out", misses)
    assert not misses.exists()
    without = write(tmp_path / "texts.csv", ["subject", "details"], [row[1:] for row in RAW])
    with pytest.raises(ColumnMissing):
        run("judge", without, "--model", model)
