"""``luoshi topics`` on a file: two tables, readable by a spreadsheet, and clear refusals."""

import csv
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from luoshi.cli.topics import topics
from luoshi.insight.topics.period import PeriodRefused

HEADER = "留言编号,留言用户,留言主题,留言时间,留言详情,反对数,点赞数\n"
ROWS = "".join(
    f"{n},u{n},{subject},2025/3/{n} 8:00,{subject}，浓烟呛人，请联系13812345678,{n},0\n"
    for n, subject in enumerate(
        (
            "碧水湾小区楼下烧烤店油烟直排",
            "投诉碧水湾小区烧烤店油烟扰民",
            "碧水湾小区一楼烧烤夜宵油烟熏人",
            "=碧水湾小区底商烧烤油烟问题",
        ),
        start=1,
    )
)
app = typer.Typer()
app.command()(topics)


def run(*words: str) -> object:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "messages.csv"
    path.write_text(f"{HEADER}{ROWS}9,u9,没有时间,,x,0,0\n", encoding="utf-8")
    return path


def test_two_tables_are_written(file: Path, tmp_path: Path) -> None:
    run("--from", str(file), "--period", "2025-03", "--out", str(tmp_path / "out"))
    (topic,) = rows(tmp_path / "out" / "topics.csv")
    assert (topic["rank"], topic["from"], topic["to"]) == ("1", "2025-03-01", "2025-03-04")
    assert topic["place"] == "碧水湾小区"
    messages = rows(tmp_path / "out" / "messages.csv")
    assert [message["id"] for message in messages] == ["1", "2", "3", "4"]
    assert messages[3]["subject"].startswith("'=")  # a spreadsheet must not take it for a formula
    both = (tmp_path / "out" / "topics.csv").read_text("utf-8") + str(messages)
    assert "13812345678" not in both


def test_only_the_period_counts(file: Path, tmp_path: Path) -> None:
    run("--from", str(file), "--period", "2025-03-01..2025-03-02", "--out", str(tmp_path / "out"))
    assert rows(tmp_path / "out" / "topics.csv") == []


def test_parameters_can_be_set(file: Path, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    run("--from", str(file), "--period", "all", *out, "--set", "least_messages=5")
    assert rows(tmp_path / "out" / "topics.csv") == []


def test_wrong_words_are_refused(file: Path, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    with pytest.raises(PeriodRefused):
        run("--from", str(file), "--period", "spring", *out)
    for words in (("--set", "days"), ("--set", "days=many")):
        result = run("--from", str(file), "--period", "all", *out, *words)
        assert result.exit_code == 2  # type: ignore[attr-defined]
    result = run("--from", "cases", "--period", "all", *out)
    assert result.exit_code == 2  # type: ignore[attr-defined]
