"""``luoshi webhooks``: what is said of addresses, and from which instant events come again."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from tests.cli.conftest import Luoshi

from luoshi.actions import webhooks as actions
from luoshi.cli import webhooks
from luoshi.store.keys import new_key
from luoshi.store.models import Delivery, Subscription


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "installed", nullcontext)


def test_who_names_an_address_without_tls_is_told_when_it_is_called(luoshi: Luoshi) -> None:
    plain = luoshi("webhooks", "add", "here", "http://127.0.0.1:8090/")
    assert plain.stdout.startswith("whsec_")
    assert "LUOSHI_WEBHOOK_NETWORKS" in plain.stderr
    safe = luoshi("webhooks", "add", "there", "https://works.example.cn/events")
    assert "LUOSHI_WEBHOOK_NETWORKS" not in safe.stderr


@pytest.mark.parametrize(
    "said",
    ["2026-03-09T16:00:00", "2026-03-09 16:00", "2026年3月9日 16时00分", "2026-03-09T08:00:00Z",
     "2026-03-09T10:00:00+02:00"],
)  # fmt: skip
def test_events_come_again_from_the_instant_that_is_said(
    luoshi: Luoshi, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    asked: list[datetime | None] = []
    monkeypatch.setattr(actions, "replay", lambda _, since: asked.append(since) or 0)
    done = luoshi("webhooks", "replay", "here", "--since", said)
    assert asked == [datetime(2026, 3, 9, 8, tzinfo=UTC)]
    assert done.stdout == "0 events since 2026-03-09 16:00:00+08:00 wait to be sent again\n"


def test_a_time_that_cannot_be_read_is_told(luoshi: Luoshi) -> None:
    done = luoshi("webhooks", "replay", "here", "--since", "yesterday")
    assert done.exit_code == 2
    assert "write it as 2026-03-09 08:00" in done.stderr


def test_without_a_time_only_what_was_given_up_is_sent_again(
    luoshi: Luoshi, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime | None] = []
    monkeypatch.setattr(actions, "replay", lambda _, since: asked.append(since) or 0)
    assert luoshi("webhooks", "replay", "here").stdout == "0 events wait to be sent again\n"
    assert asked == [None]


def test_what_was_given_up_is_told_by_the_clock_of_the_city(luoshi: Luoshi) -> None:
    evening = datetime(2026, 3, 9, 20, 30, tzinfo=UTC)
    luoshi("webhooks", "add", "here", "https://works.example.cn/events")
    Delivery.objects.create(
        subscription=Subscription.objects.get(),
        case=new_key(),
        seq=1,
        type="public.published",
        made=evening,
        next_try=evening,
        settled=evening,
        outcome="dead",
    )
    done = luoshi("webhooks", "dead")
    assert (done.exit_code, done.stdout[:22]) == (1, "2026-03-10 04:30 here:")
