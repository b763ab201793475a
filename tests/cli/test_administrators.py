"""``luoshi administrators``: who may open doors, and nothing more."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.test import Client
from tests.cli.conftest import Luoshi

from luoshi.actions.administrators import AdministratorUnknown
from luoshi.cli import administrators
from luoshi.store.models import Account


@pytest.fixture(autouse=True)
def browser(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(administrators, "installed", nullcontext)
    found = Client()
    found.force_login(Account.objects.create_user("it.example", None, name="样例"))
    return found


def test_an_administrator_opens_doors_and_sees_no_case(luoshi: Luoshi, browser: Client) -> None:
    assert browser.get("/doors/webhooks/").status_code == 403
    luoshi("administrators", "add", "it.example")
    assert luoshi("administrators", "list").stdout.split() == ["it.example"]
    assert browser.get("/doors/webhooks/").status_code == 200
    assert "看不到任何事项" in browser.get("/desk/").content.decode()
    assert "看不到任何事项" in browser.get("/desk/due/").content.decode()
    luoshi("administrators", "remove", "it.example")
    assert luoshi("administrators", "list").stdout == ""
    assert browser.get("/doors/webhooks/").status_code == 403


def test_somebody_who_is_not_there_is_refused(luoshi: Luoshi) -> None:
    with pytest.raises(AdministratorUnknown):
        luoshi("administrators", "add", "nobody.example")
