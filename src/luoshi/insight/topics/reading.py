"""Messages from the rows of a table, whatever its columns are called."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from luoshi.insight.topics.message import Message
from luoshi.kernel.errors import LuoshiError

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "留言编号", "编号", "工单编号", "number"),
    "requester": ("requester", "user", "留言用户", "用户", "诉求人"),
    "subject": ("subject", "留言主题", "主题", "标题", "title"),
    "at": ("time", "at", "留言时间", "时间", "opened"),
    "details": ("details", "留言详情", "详情", "内容", "content"),
    "like": ("like", "点赞数", "赞成数", "支持数"),
    "oppose": ("oppose", "反对数"),
    "place": ("place", "address", "地点", "地址"),
}
"""What a message needs → headers by which it is known."""
NEEDED: Final = ("id", "subject", "at")


class ColumnMissing(LuoshiError):
    """The table has no column for something that a message needs."""

    code = "topics.column_missing"
    template = "there is no column for {needed}; it may be called {names}"


def columns_of(headers: Sequence[str]) -> dict[str, str]:
    """What is needed → the header under which it is found.

    Raises:
        ColumnMissing: Number, subject or time is not there.
    """
    plain = {header.strip().lower(): header for header in headers}
    found = {
        name: plain[alias]
        for name, aliases in COLUMNS.items()
        for alias in reversed(aliases)
        if alias in plain
    }
    for name in NEEDED:
        if name not in found:
            raise ColumnMissing(needed=name, names=", ".join(COLUMNS[name]))
    return found


def message_of(cells: Mapping[str, str], columns: Mapping[str, str]) -> Message | None:
    """The message in a row; ``None`` if it has no number or no time that can be read."""

    def cell(name: str) -> str:
        return (cells.get(columns.get(name, "")) or "").strip()

    at = instant(cell("at"))
    if at is None or not cell("id"):
        return None
    return Message(
        id=cell("id"),
        requester=cell("requester"),
        subject=cell("subject"),
        at=at,
        details=cell("details"),
        like=_count(cell("like")),
        oppose=_count(cell("oppose")),
        place=cell("place"),
    )


def instant(text: str) -> datetime | None:
    """The local time in *text*, its zone left out: ``2025-03-01T20:00``, ``2025/3/1 8:00:05``."""
    day, _, time = text.replace("T", " ").partition(" ")
    numbers = day.replace("/", "-").split("-")
    padded = "-".join(number.zfill(2) for number in numbers)
    clock = time.strip().zfill(len(time.strip()) + (time.strip()[1:2] == ":"))
    try:
        return datetime.fromisoformat(f"{padded} {clock}".strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _count(text: str) -> int:
    whole = text.partition(".")[0]
    return int(whole) if whole.isdecimal() and len(whole) < 10 else 0  # noqa: PLR2004 - votes
