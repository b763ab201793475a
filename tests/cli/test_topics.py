"""``luoshi topics`` on a file: two tables, readable by a spreadsheet, and clear refusals."""

import csv
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from openpyxl import Workbook
from tests.cli.conftest import Luoshi
from typer.testing import CliRunner, Result

from luoshi.actions import acts, clock
from luoshi.cli.mailbox import ColumnMissing
from luoshi.cli.targets import TargetUnusable
from luoshi.cli.topics import topics
from luoshi.insight.topics.message import ParameterRefused
from luoshi.insight.topics.period import PeriodRefused
from luoshi.kernel.access import ANYBODY
from luoshi.store import models, programmes

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


def run(*words: str) -> Result:
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


def test_what_was_left_out_is_told_and_what_lies_elsewhere(file: Path, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    done = run("--from", str(file), "--period", "2025-03", *out)
    assert "1 rows without a number" in done.stderr
    assert done.stderr.strip().endswith(": 6")
    done = run("--from", str(file), "--period", "2026", *out)
    assert "no message lies in 2026" in done.stderr


def test_why_a_row_cannot_be_read_is_told(file: Path, tmp_path: Path) -> None:
    file.write_text(f"{HEADER}{ROWS}8,u8,多一格,2025/3/8,x,0,0,9\n", encoding="utf-8")
    done = run("--from", str(file), "--period", "all", "--out", str(tmp_path / "out"))
    assert done.stderr.strip().endswith(": 6; row 6: 8 cells for 7 columns")


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
        assert result.exit_code == 2
    result = run("--from", "cases", "--period", "all", *out)
    assert result.exit_code == 2
    result = run("--from", str(file), "--programme", "hotline", "--period", "all", *out)
    assert result.exit_code == 2


@pytest.mark.parametrize("words", ["days", "=1", "least_messages=2.5", "warmth=1"])
def test_what_cannot_be_set_is_said_before_anything_is_read(tmp_path: Path, words: str) -> None:
    asked = ("--from", str(tmp_path / "not looked at.csv"), "--period", "all")
    with suppress(ParameterRefused):
        assert run(*asked, "--out", str(tmp_path / "out"), "--set", words).exit_code == 2
    assert not list(tmp_path.iterdir())


def test_the_messages_are_never_overwritten(file: Path) -> None:
    """They may well be called messages.csv, and lie where the tables shall lie."""
    before = file.read_bytes()
    with pytest.raises(TargetUnusable, match="files to be read"):
        run("--from", str(file), "--period", "all", "--out", str(file.parent))
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("name", ["topics.csv", "messages.csv"])
def test_both_tables_are_written_or_none(file: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out" / name).mkdir(parents=True)
    with pytest.raises(TargetUnusable, match="a folder"):
        run("--from", str(file), "--period", "all", "--out", str(tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]


def test_a_folder_that_cannot_be_made_is_said(file: Path) -> None:
    with pytest.raises(TargetUnusable, match="cannot be written"):
        run("--from", str(file), "--period", "all", "--out", str(file / "out"))


def test_what_bears_the_number_of_another_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.csv"
    path.write_text(f"{HEADER}{ROWS}{ROWS}", encoding="utf-8")
    done = run("--from", str(path), "--period", "all", "--out", str(tmp_path / "out"))
    assert "4 messages bear the number of another" in done.stderr
    assert "4 messages, 1 topics" in done.stdout


def test_a_list_that_was_cut_is_told(file: Path, tmp_path: Path) -> None:
    others = [ROWS.replace("碧水湾", name).replace("烧烤", "井盖") for name in ("枫林", "柳岸")]
    numbered = "".join(f"{n}{line}\n" for n, line in enumerate("".join(others).splitlines()))
    file.write_text(f"{HEADER}{ROWS}{numbered}", encoding="utf-8")
    out = ("--out", str(tmp_path / "out"))
    done = run("--from", str(file), "--period", "all", *out, "--set", "most_topics=1")
    assert "the 1 hottest are written" in done.stderr
    assert len(rows(tmp_path / "out" / "topics.csv")) == 1


def opened(number: int, subject: str, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    words = {
        "subject": subject,
        "content": f"{subject}，夜里走路看不清，请尽快修好路灯。我叫王小样。",
        "phone": f"1390000000{number}",
    }
    acts.register("hotline", acts.Request("register", words | {"kind": "help"}), ANYBODY)


def test_the_cases_of_an_installation_are_read_with_what_its_programme_says_of_heat(
    luoshi: Luoshi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times are those of the service's zone: a case of one o'clock belongs to its own day."""
    first = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)  # 1 March, one in the morning
    for number in range(5):
        at = first + timedelta(days=number)
        opened(number, f"东门外第{number}根灯杆路灯不亮", at, monkeypatch)
    opened(6, "东门外路灯不亮很久", first - timedelta(days=3), monkeypatch)
    out = ("--programme", "hotline", "--period", "2026-03", "--out", tmp_path / "out")

    assert "5 messages, 1 topics" in luoshi("topics", "--from", "cases", *out).stdout
    (topic,) = rows(tmp_path / "out" / "topics.csv")
    assert (topic["from"], topic["to"]) == ("2026-03-01", "2026-03-05")
    messages = rows(tmp_path / "out" / "messages.csv")
    assert {row["id"] for row in messages} <= set(
        models.CaseRow.objects.values_list("number", flat=True)
    )
    assert messages[0]["time"].startswith("2026-03-01 01:00")
    both = (tmp_path / "out" / "topics.csv").read_text("utf-8") + str(messages)
    assert "王小样" not in both
    assert "1390000000" not in both

    asked = replace(programmes.programme_of("hotline"), heat={"least_messages": 6})
    monkeypatch.setattr(programmes, "programme_of", lambda _: asked)
    assert "5 messages, 0 topics" in luoshi("topics", "--from", "cases", *out).stdout
    again = luoshi("topics", "--from", "cases", *out, "--set", "least_messages=2")
    assert "5 messages, 1 topics" in again.stdout


def test_of_a_workbook_the_sheet_with_messages_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("留言")
    for line in csv.reader(f"{HEADER}{ROWS}".splitlines()):
        book["留言"].append(line)
    book.save(tmp_path / "t.xlsx")
    out = tmp_path / "out"
    done = run("--from", str(tmp_path / "t.xlsx"), "--period", "2025-03", "--out", str(out))
    assert "the sheet '留言' was read; the workbook also has 'Sheet'" in done.stderr
    found = {row["id"] for row in rows(out / "messages.csv")}
    assert found == {"1", "2", "3"}, "the subject of the fourth is a formula there"


def test_a_folder_that_was_made_goes_again_when_nothing_can_be_read(tmp_path: Path) -> None:
    source, out = tmp_path / "letters.csv", tmp_path / "year" / "topics"
    source.write_text("colour\nred\n", encoding="utf-8")

    with pytest.raises(ColumnMissing):
        run("--from", str(source), "--period", "all", "--out", str(out))

    assert list(tmp_path.iterdir()) == [source]
