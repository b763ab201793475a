"""Fixtures: the small city, a browser for each of its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from tests.small_city import MONDAY, found_city

from luoshi.actions import clock
from luoshi.store import models
from luoshi.store.directory import forget_directory

Browser = Callable[..., Client]


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    cache.clear()
    found_city()
    yield
    cache.clear()
    forget_directory()


@pytest.fixture
def browser(city: None) -> Browser:
    """Return the browser of somebody who holds these roles, in English."""

    def of(*roles: str, unit: str = "") -> Client:
        name = f"{'.'.join(roles)}.{unit}"
        account = models.Account.objects.create_user(name, None, name="样例", language="en")
        for role in roles:
            models.Post.objects.create(account=account, role=role, unit_id=unit or None)
        client = Client()
        client.force_login(account)
        return client

    return of
