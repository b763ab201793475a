"""``luoshi webhooks``: what is said of addresses, and from which instant events come again."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from tests.cli.conftest import Luoshi

from luoshi.actions import webhooks as actions
from luoshi.cli import webhooks


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "installed", nullcontext)


def test_who_names_an_address_without_tls_is_told_when_it_is_called(luoshi: Luoshi) -> None:
    plain = luoshi("webhooks", "add", "here", "http://127.0.0.1:8090/")
    assert plain.stdout.startswith("whsec_")
    assert "LUOSHI_WEBHOOK_NETWORKS" in plain.stderr
    safe = luoshi("webhooks", "add", "there", "https://works.example.cn/events")
    assert "LUOSHI_WEBHOOK_NETWORKS" not in safe.stderr


@pytest.mark.parametrize("said", ["2026-03-09T08:00:00", "2026-03-09T16:00:00+08:00"])
def test_events_come_again_from_the_instant_that_is_said(
    luoshi: Luoshi, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    asked: list[datetime | None] = []
    monkeypatch.setattr(actions, "replay", lambda _, since: asked.append(since) or 0)
    assert luoshi("webhooks", "replay", "here", "--since", said).exit_code == 0
    assert asked == [datetime(2026, 3, 9, 8, tzinfo=UTC)]
