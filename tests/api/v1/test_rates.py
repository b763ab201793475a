"""How often a client may ask, and what every answer says about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from tests.api.v1.conftest import Api, Watch

from luoshi.store import models


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        settings, "LUOSHI", replace(settings.LUOSHI, api_rate=3, api_rate_public=2)
    )
    return


def test_every_answer_says_how_often_one_may_ask(program: Callable[..., Api], few: None) -> None:
    api = program("supervisor")
    answers = [api.send("GET", "/cases") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"3"}
    assert {answer["RateLimit-Policy"] for answer in answers} == {"3;w=60"}
    assert answers[-1]["Retry-After"] == answers[-1]["RateLimit-Reset"]
    assert answers[-1].json()["code"] == "rate.exceeded"


def test_the_next_minute_begins_anew(program: Callable[..., Api], few: None, watch: Watch) -> None:
    api = program("supervisor")
    assert [api.send("GET", "/cases").status_code for _ in range(4)][-1] == 429
    watch.forward(minutes=1)
    assert api.send("GET", "/cases")["RateLimit-Remaining"] == "2"


def test_one_client_does_not_use_up_what_another_may(
    program: Callable[..., Api], resident: Api, few: None
) -> None:
    busy = program("supervisor")
    for _ in range(4):
        busy.send("GET", "/cases")
    assert program("supervisor").send("GET", "/cases").status_code == 200
    assert resident.send("GET", "/programmes").status_code == 200


def test_wrong_tokens_count_for_the_address(city: None, few: None) -> None:
    wrong = Api("luoshi_t_wrong")
    found = [wrong.send("GET", "/cases").status_code for _ in range(3)]
    assert found == [401, 401, 429]


def test_all_addresses_of_one_network_are_one_client(city: None, few: None) -> None:
    found = []
    for number in range(3):
        one = Api()
        one.client = Client(REMOTE_ADDR=f"2001:db8:1:2::{number}")
        found.append(one.send("GET", "/programmes").status_code)
    assert found == [200, 200, 429]


def test_nobody_is_named_in_the_counts_and_old_ones_go(
    program: Callable[..., Api], resident: Api, watch: Watch
) -> None:
    resident.send("GET", "/programmes")
    watch.forward(hours=1)
    resident.send("GET", "/programmes")
    names = set(models.RateCount.objects.values_list("who", flat=True))
    assert len(names) == 2, "an address is another one every hour"
    assert not [name for name in names if "127" in name and "." in name]
    watch.forward(hours=3)
    resident.send("GET", "/programmes")
    assert models.RateCount.objects.count() == 1
