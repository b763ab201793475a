"""Rows of a mailbox: what is understood, and what is refused."""

from datetime import datetime

import pytest

from luoshi.cli.mailbox import ColumnMissing, columns_of, instant, message_of
from luoshi.insight.topics.message import MOST_DETAILS


@pytest.mark.parametrize(
    "text",
    ["2025-03-01T07:08:09", "2025/3/1 7:08:09", "2025-03-01 07:08:09+08:00",
     "2025/03/01 07:08:09.123", "2025年3月1日 7时08分09秒"],
)  # fmt: skip
def test_times_are_read_as_written(text: str) -> None:
    assert instant(text) == datetime(2025, 3, 1, 7, 8, 9)  # noqa: DTZ001 - local


def test_a_day_alone_is_a_time_and_nonsense_is_none() -> None:
    assert instant("2025/3/1") == datetime(2025, 3, 1)  # noqa: DTZ001 - local
    assert instant("yesterday") is None
    assert instant("") is None


def test_rows_are_read_under_either_language() -> None:
    headers = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数")
    columns = columns_of(headers)
    cells = dict(zip(headers, ("7", "A", "路灯", "2025/3/1 8:00", "坏了", "2", "x"), strict=True))
    message = message_of(cells, columns)
    assert message is not None
    assert (message.id, message.oppose, message.like) == ("7", 2, 0)
    assert message_of(cells | {"留言时间": "?"}, columns) is None


def test_votes_are_numbers_and_details_are_held_as_far_as_they_are_read() -> None:
    headers = ("id", "subject", "time", "details", "like", "oppose")
    columns = columns_of(headers)
    cells = ("7", "路灯", "2025/3/1", "坏" * 100_000, "1,234", "-5")
    message = message_of(dict(zip(headers, cells, strict=True)), columns)
    assert message is not None
    assert (message.like, message.oppose, len(message.details)) == (1234, 0, MOST_DETAILS)


def test_a_missing_column_is_named_with_what_it_may_be_called() -> None:
    with pytest.raises(ColumnMissing, match="留言时间"):
        columns_of(("id", "subject"))
