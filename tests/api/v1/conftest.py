"""Fixtures: the small city, a client for each of its people, and a case of the hotline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests import small_city
from tests.api.v1.fitting import assert_fits
from tests.small_city import DISPATCHER, INSIDE, OPERATOR, Watch

from luoshi.actions import acts
from luoshi.actions.tokens import add_token
from luoshi.kernel.access import Actor
from luoshi.store import models
from luoshi.store.directory import forget_directory
from luoshi.store.keys import new_key
from luoshi.store.programmes import offered
from luoshi.store.tokens import SCOPES

BASE = "/api/v1"
SAID = {
    "subject": "路灯不亮",
    "content": "东门外第三根灯杆连续三晚不亮，走路看不清。",
    "phone": "13900000000",
    "name": "样例某",
    "place": INSIDE,
}


@pytest.fixture
def city(db: None, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    if "hotline" in offered():  # read once: the programmes of these tests do not change
        monkeypatch.setattr(small_city, "forget_programmes", lambda: None)
    small_city.found_city()
    yield
    forget_directory()


class Api:
    """One program, or one resident, that talks to the API."""

    def __init__(self, token: str = "") -> None:
        self.token = token
        self.client = Client()

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send a request; return the answer."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        sent = {} if body is None else {"data": json.dumps(body), "content_type": JSON}
        given.setdefault("Accept-Language", "en")
        answer = self.client.generic(method, BASE + path, headers=given, **sent)
        assert_fits(method, path, answer)
        return answer

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        return _told(self.send("GET", path, **headers), status)

    def post(self, path: str, body: object = None, status: int = 200, **headers: str) -> Any:
        return _told(self.send("POST", path, {} if body is None else body, **headers), status)


JSON = "application/json"


def _told(answer: Any, status: int) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content[:800])
    return json.loads(answer.content)


def account(role: str = "", unit: str = "", name: str = "") -> models.Account:
    """Make an account with one post."""
    made = models.Account.objects.create_user(
        name or f"{role}.{new_key()[-8:]}", None, name=f"{role}样例"
    )
    if role:
        models.Post.objects.create(account=made, role=role, unit_id=unit or None)
    return made


@pytest.fixture
def program(city: None) -> Callable[..., Api]:
    """Return a program that acts as somebody with one role, with every scope."""

    def of(role: str, unit: str = "", scopes: tuple[str, ...] = SCOPES) -> Api:
        made = account(role, unit)
        return Api(add_token(made.username, "test", scopes))

    return of


@pytest.fixture
def resident(city: None) -> Api:
    """Return somebody who has no account."""
    return Api()


@pytest.fixture
def opened(city: None) -> Callable[..., acts.Outcome]:
    """Return a case that an operator has just registered."""

    def one(**more: object) -> acts.Outcome:
        return acts.register("hotline", acts.Request("register", SAID | more), OPERATOR)

    return one


def taken(case: str, step: str, actor: Actor, **answers: object) -> acts.Outcome:
    """Take a step behind the API."""
    return acts.act(acts.Request(step, answers, case=case), actor)


def routed(outcome: acts.Outcome, unit: str = "lamps") -> acts.Outcome:
    """Give the case to a unit."""
    return taken(outcome.case.id, "route", DISPATCHER, unit=unit, category="roads.streetlight")
