"""``luoshi export cases``: everything that may go out, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import os
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.cli.conftest import Luoshi

from luoshi.actions.acts import Request, register
from luoshi.cli.targets import TargetUnusable
from luoshi.formats.tables import read_table
from luoshi.kernel.access import ANYBODY
from luoshi.store import models

FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)")


def opened(subject: str = "路灯不亮") -> None:
    words = {"subject": subject, "content": "=cmd|'/c calc'!A0", "phone": "15400001234"}
    register("hotline", Request("register", {**words, "kind": "help"}), ANYBODY)


def exported(luoshi: Luoshi, out: Path, *options: str) -> list[dict[str, str]]:
    done = luoshi("export", "cases", out, "--programme", "hotline", *options)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{models.CaseRow.objects.count()} cases written to")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    if out.suffix == ".xlsx":
        head, *rows = load_workbook(out).worksheets[0].iter_rows()
        assert "f" not in {cell.data_type for row in rows for cell in row}
        names = [str(cell.value) for cell in head]
        return [dict(zip(names, (str(c.value or "") for c in row), strict=True)) for row in rows]
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["cases.csv", "cases.xlsx"])
def test_personal_answers_only_go_out_when_asked_for(
    luoshi: Luoshi, tmp_path: Path, name: str
) -> None:
    opened()
    (row,) = exported(luoshi, tmp_path / name)
    assert (row["state"], row["number"]) == (
        "accepted", models.CaseRow.objects.get().number,
    )  # fmt: skip
    assert row["opened"].endswith("+08:00")
    assert not {"subject", "content", "phone"} & set(row)
    assert b"15400001234" not in (tmp_path / name).read_bytes()
    (row,) = exported(luoshi, tmp_path / name, "--personal")
    assert (row["subject"], row["phone"]) == ("路灯不亮", "15400001234")


@pytest.mark.parametrize("name", ["cases.csv", "cases.xlsx"])
def test_formulas_are_defused(luoshi: Luoshi, tmp_path: Path, name: str) -> None:
    for formula in FORMULAS:
        opened(formula)
    rows = exported(luoshi, tmp_path / name, "--personal")
    assert {row["subject"] for row in rows} == {f"'{formula}" for formula in FORMULAS}
    assert {row["content"] for row in rows} == {"'=cmd|'/c calc'!A0"}


def test_a_file_that_everybody_could_read_is_replaced_by_one_that_nobody_else_can(
    luoshi: Luoshi, tmp_path: Path
) -> None:
    opened()
    out = tmp_path / "cases.csv"
    for path in (out, tmp_path / "cases.csv.part"):
        path.write_text("old")
        os.chmod(path, 0o644)  # noqa: PTH101
    assert len(exported(luoshi, out)) == 1


def test_an_export_that_fails_leaves_the_old_file(
    luoshi: Luoshi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    out = tmp_path / "cases.csv"
    out.write_text("old")
    monkeypatch.setattr("luoshi.store.exports._chunk", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        luoshi("export", "cases", out, "--programme", "hotline")
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_where_nothing_can_be_written_is_said(luoshi: Luoshi, tmp_path: Path) -> None:
    for out in (tmp_path / "nowhere/cases.csv", tmp_path / "nowhere/cases.xlsx"):
        with pytest.raises(TargetUnusable, match="there is no folder"):
            luoshi("export", "cases", out, "--programme", "hotline")


def test_what_went_out_can_be_read_again(luoshi: Luoshi, tmp_path: Path) -> None:
    """No column stands there twice: that of the field keeps its name."""
    opened()
    out = tmp_path / "cases.csv"
    (row,) = exported(luoshi, out, "--personal")
    assert (row["case_kind"], row["kind"], row["state"]) == ("open", "help", "accepted")
    with read_table(out) as table:
        assert [one.problem for one in table.rows] == [""]
    assert luoshi("import", "cases", out, "--programme", "hotline").exit_code == 0
    assert luoshi("topics", "--from", out, "--period", "all", "--out", tmp_path).exit_code == 0


def test_wrong_use_is_told(luoshi: Luoshi, tmp_path: Path) -> None:
    done = luoshi("export", "cases", tmp_path / "cases.txt", "--programme", "hotline")
    assert done.exit_code == 2
    assert "must end in .csv or .xlsx" in done.stderr
    with pytest.raises(Exception, match="nothing"):
        luoshi("export", "cases", tmp_path / "cases.csv", "--programme", "nothing")


def test_what_went_out_comes_in_nowhere_twice(luoshi: Luoshi, tmp_path: Path) -> None:
    """More cases than one chunk are all there, each once."""
    for _ in range(3):
        opened()
    chunks = pytest.MonkeyPatch()
    chunks.setattr("luoshi.store.exports.CHUNK", 2)
    rows = exported(luoshi, tmp_path / "cases.csv")
    chunks.undo()
    assert len({row["number"] for row in rows}) == len(rows) == 3
