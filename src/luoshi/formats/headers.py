"""Headers: the names by which the columns of a table of messages are known, in any case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from luoshi.formats.tables import Table, TableRow, read_table

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "留言编号", "编号", "工单编号", "number"),
    "requester": ("requester", "user", "留言用户", "用户", "诉求人"),
    "subject": ("subject", "留言主题", "主题", "标题", "title"),
    "time": ("time", "at", "留言时间", "时间", "opened"),
    "details": ("details", "留言详情", "详情", "内容", "content", "description"),
    "like": ("like", "点赞数", "赞成数", "支持数"),
    "oppose": ("oppose", "反对数"),
    "place": ("place", "address", "地点", "地址"),
    "label": ("label", "一级标签", "标签", "类别", "分类"),
    "tokens": ("tokens", "分词"),
}
"""What a message may have → headers by which it is known, the first that is there."""

WORDS: Final = ("subject", "details", "label", "tokens")
"""What is learned from."""


def headers_of(columns: Iterable[str]) -> dict[str, str]:
    """Return what a message has → the column of *columns* that holds it."""
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(column.strip().lower(), column)
    return {
        name: plain[one]
        for name, known in HEADERS.items()
        if (one := next(filter(plain.__contains__, known), ""))
    }


def read_messages(path: Path, *, labelled: bool = False) -> Table:
    """Open the table of messages in *path*, the columns of its ``WORDS`` called so.

    Of a workbook the sheet with messages is read; with *labelled*, that with labels beside them.

    Raises:
        TableInvalid: It cannot be read.
    """

    def fits(columns: Sequence[str]) -> bool:
        found = headers_of(columns).keys()
        return bool(found & {*WORDS} - {"label"}) and (not labelled or "label" in found)

    table = read_table(path, fits)
    known = headers_of(table.columns)
    names = {known[name]: name for name in WORDS if name in known}
    columns = tuple(names.get(column, column) for column in table.columns)
    return replace(table, columns=columns, rows=_renamed(table.rows, names))


def _renamed(rows: Iterator[TableRow], names: Mapping[str, str]) -> Iterator[TableRow]:
    for row in rows:
        cells = {names.get(column, column): cell for column, cell in row.cells.items()}
        yield replace(row, cells=cells)
