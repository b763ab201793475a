"""Fixtures: the small city with accounts, and a browser for each of its people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from tests.small_city import OPERATOR, Watch, found_city

from luoshi.actions import acts
from luoshi.kernel.access import Actor
from luoshi.store import models
from luoshi.store.directory import actor_of, forget_directory
from luoshi.store.keys import new_key


@pytest.fixture
def city(db: None, watch: Watch) -> Iterator[None]:
    cache.clear()
    found_city()
    yield
    forget_directory()


class Desk:
    """One person's browser, with what they can do there."""

    def __init__(self, account: models.Account | None) -> None:
        self.account = account
        self.client = Client()
        if account is not None:
            self.client.force_login(account)

    @property
    def actor(self) -> Actor:
        assert self.account is not None
        return actor_of(self.account)

    def get(self, path: str, **more: object) -> str:
        answer = self.client.get(path, **more)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def form(self, number: str, step: str) -> dict[str, str]:
        """Open the form of a step; return what it sends besides the answers."""
        page = self.get(f"/desk/case/{number}/do/{step}/")
        return hidden(page)

    def take(self, number: str, step: str, **answers: object) -> None:
        """Take a step through its form, and see that it is done."""
        sent = self.form(number, step) | answers
        answer = self.client.post(f"/desk/case/{number}/do/{step}/", sent)
        noticed = re.search(r'name="noticed" value="([^"]+)"', answer.content.decode())
        if noticed:  # there is something to look at in the answer: send it anyway
            sent |= {"noticed": noticed.group(1)}
            answer = self.client.post(f"/desk/case/{number}/do/{step}/", sent)
        assert answer.status_code == 302, complaint(answer.content.decode())


def hidden(page: str) -> dict[str, str]:
    """Return the keys a form carries; a form without them is none."""
    found = dict(re.findall(r'<input type="hidden" name="(act|seen|case)" value="([^"]*)"', page))
    assert "act" in found, page[:2000]
    return found


def complaint(page: str) -> str:
    told = re.findall(r'<div class="errors".*?</div>', page, flags=re.S)
    return re.sub(r"<[^>]+>|\s+", " ", " ".join(told)) or page[:500]


@pytest.fixture
def desk(city: None) -> Callable[..., Desk]:
    """Return the desk of somebody with one role, in English; asked again, another person's."""

    def of(
        role: str, unit: str = "", language: str = "en", name: str = "", area: str = ""
    ) -> Desk:
        account = models.Account.objects.create_user(
            name or f"{role}.{unit}.{new_key()[-6:]}", None, name=f"{role}样例", language=language
        )
        if role:
            models.Post.objects.create(
                account=account, role=role, unit_id=unit or None, area_id=area or None
            )
        return Desk(account)

    return of


SAID = {
    "subject": "路灯不亮",
    "content": "东门外第三根灯杆连续三晚不亮，走路看不清。",
    "phone": "13900000000",
    "name": "样例某",
}


@pytest.fixture
def opened(city: None) -> Callable[..., acts.Outcome]:
    """Return a case that an operator has just registered."""

    def one(**more: object) -> acts.Outcome:
        return acts.register("hotline", acts.Request("register", SAID | more), OPERATOR)

    return one


def taken(case: str, step: str, actor: Actor, **answers: object) -> acts.Outcome:
    """Take a step behind the screens."""
    return acts.act(acts.Request(step, answers, case=case), actor)
