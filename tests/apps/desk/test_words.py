"""How much time is left, as the desk says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from luoshi.apps.desk.words import remaining
from luoshi.store.programmes import calendar_of, offered

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)  # 12:00 on Monday in Shanghai


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(seconds=20), "1 min left", "还剩 1 分钟"),
        (timedelta(minutes=37), "37 min left", "还剩 37 分钟"),
        (timedelta(hours=1, minutes=2), "1 h 2 min left", "还剩 1 小时 2 分"),
        (timedelta(hours=50), "2 days left", "还剩 2 天"),
        (timedelta(), "1 min late", "已超 1 分钟"),
        (-timedelta(minutes=37, seconds=5), "37 min late", "已超 37 分钟"),
        (-timedelta(minutes=60), "1 h 0 min late", "已超 1 小时 0 分"),
        (-timedelta(hours=23, minutes=59), "23 h 59 min late", "已超 23 小时 59 分"),
        (-timedelta(hours=24), "1 day late", "已超 1 天"),
        (-timedelta(hours=48), "2 days late", "已超 2 天"),
    ],
)
def test_a_span_is_said_without_hours_that_are_none(
    span: timedelta, english: str, chinese: str
) -> None:
    calendar = calendar_of(offered()["hotline"])
    for language, told in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert remaining(NOON + span, NOON, calendar) == told
