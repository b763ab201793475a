"""Headers: of a workbook the sheet with messages is read, whatever stands before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from luoshi.formats.headers import read_messages


def book(path: Path, **sheets: list[list[str]]) -> Path:
    """Write a workbook with these *sheets*."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    made.save(path)
    return path


NOTES = [["填表说明", "请填在第二张表"]]
NEW = [["编号", "留言详情"], ["1", "路灯不亮"]]
SORTED = [["编号", "留言详情", "一级标签"], ["2", "井盖缺失", "城建"]]


def test_the_sheet_with_messages_is_read(tmp_path: Path) -> None:
    with read_messages(book(tmp_path / "t.xlsx", 说明=NOTES, 留言=NEW)) as table:
        assert [row.cells["details"] for row in table.rows] == ["路灯不亮"]
        assert table.note.startswith("the sheet '留言' was read")


@pytest.mark.parametrize("sheets", [{"说明": NOTES, "新": NEW, "旧": SORTED}, {"旧": SORTED}])
def test_who_learns_reads_the_sheet_with_labels(
    tmp_path: Path, sheets: dict[str, list[list[str]]]
) -> None:
    with read_messages(book(tmp_path / "t.xlsx", **sheets), labelled=True) as table:
        assert [row.cells["label"] for row in table.rows] == ["城建"]
