"""``luoshi tokens``: a token is told once, opens what it was made for, and can be taken back."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.test import Client
from tests.cli.conftest import Luoshi

from luoshi.actions.tokens import TokenTermsRefused, TokenUnknown
from luoshi.cli import tokens
from luoshi.store.models import Account, Post
from luoshi.store.tokens import MARK


@pytest.fixture(autouse=True)
def _supervisor(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "installed", nullcontext)
    account = Account.objects.create_user("zhang.example", None, name="样例")
    Post.objects.create(account=account, role="supervisor")


def status(token: str, path: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().get(f"/api/v1{path}", headers=headers).status_code


def test_a_token_opens_what_it_was_made_for_until_it_is_taken_back(luoshi: Luoshi) -> None:
    token = luoshi("tokens", "add", "zhang.example", "figures", "--days", "7").stdout.strip()
    assert token.startswith(MARK)
    assert (status(token, "/cases"), status(token, "/exports/cases")) == (200, 403)
    listed = luoshi("tokens", "list").stdout
    assert "zhang.example figures: read, until " in listed
    assert token not in listed
    luoshi("tokens", "revoke", "zhang.example", "figures")
    assert status(token, "/cases") == 401
    assert "revoked" in luoshi("tokens", "list").stdout


def test_what_cannot_be_made_is_refused(luoshi: Luoshi) -> None:
    with pytest.raises(TokenUnknown):
        luoshi("tokens", "add", "nobody.example", "figures")
    with pytest.raises(TokenTermsRefused):
        luoshi("tokens", "add", "zhang.example", "figures", "--scope", "all")
