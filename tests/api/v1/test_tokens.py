"""Who asks: tokens that expire and are taken back, sessions, and what each may be used for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.api.v1.conftest import SAID, Api, Watch, account

from luoshi.actions.tokens import (
    TokenNameRefused,
    TokenTermsRefused,
    TokenUnknown,
    add_token,
    revoke_token,
)
from luoshi.store import models
from luoshi.store.tokens import MARK, tokens


def test_a_token_is_stored_as_a_digest_alone(city: None) -> None:
    token = add_token(account("supervisor").username, "reports")
    row = models.ApiToken.objects.get()
    assert token.startswith(MARK)
    assert token not in str(vars(row))
    assert len(bytes(row.digest)) == 32


def test_a_token_opens_nothing_after_its_day(city: None, watch: Watch) -> None:
    api = Api(add_token(account("supervisor").username, "reports", days=1))
    api.get("/cases")
    watch.forward(days=1)
    answer = api.send("GET", "/cases")
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid")
    assert answer["WWW-Authenticate"] == 'Bearer realm="luoshi"'


def test_a_token_taken_back_opens_nothing_from_the_next_request_on(city: None) -> None:
    who = account("supervisor")
    api = Api(add_token(who.username, "reports"))
    api.get("/cases")
    revoke_token(who.username, "reports")
    assert api.get("/cases", 401)["code"] == "auth.invalid"
    with pytest.raises(TokenUnknown):
        revoke_token(who.username, "reports")


def test_a_closed_account_opens_nothing(city: None) -> None:
    who = account("supervisor")
    api = Api(add_token(who.username, "reports"))
    models.Account.objects.filter(id=who.id).update(is_active=False)
    assert api.get("/cases", 401)["code"] == "auth.invalid"


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer x", "Bearer luoshi_t_", "Basic YTpi", "Bearer a.b.c", "Bearer é"]
)
def test_what_is_no_token_is_refused_even_where_none_is_needed(shown: str, city: None) -> None:
    answer = Api().send("GET", "/programmes", Authorization=shown)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid")


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"scopes": ()}, TokenTermsRefused),
        ({"scopes": ("everything",)}, TokenTermsRefused),
        ({"days": 0}, TokenTermsRefused),
        ({"days": 400}, TokenTermsRefused),
        ({"name": ""}, TokenNameRefused),
        ({"name": "x" * 81}, TokenNameRefused),
        ({"name": "a\0b"}, TokenNameRefused),
        ({"username": "nobody-here"}, TokenUnknown),
    ],
)
def test_terms_that_cannot_be_given_are_refused(
    terms: dict[str, Any], error: type[Exception], city: None
) -> None:
    asked = {"username": account("supervisor").username, "name": "reports"} | terms
    with pytest.raises(error):
        add_token(**asked)
    assert tokens() == []


def test_a_name_stands_once_for_an_account(city: None) -> None:
    who = account("supervisor").username
    add_token(who, "reports", ("read", "export"))
    with pytest.raises(TokenNameRefused):
        add_token(who, " reports ")
    assert [(one.username, one.name, one.scopes) for one in tokens()] == [
        (who, "reports", ("export", "read"))
    ]


def test_a_token_without_the_right_to_act_registers_like_a_resident(
    program: Callable[..., Api],
) -> None:
    reader = program("operator", scopes=("read",))
    made = reader.post("/programmes/hotline/cases", {"answers": SAID}, 201)
    told = program("supervisor").get(f"/cases/{made['number']}")
    assert told["timeline"][0]["by"] == {"role": "requester", "unit": "", "name": ""}


def _signed_in(role: str) -> tuple[Client, models.Account]:
    who = account(role)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(who)
    return browser, who


def test_a_session_reads_like_its_pages(city: None) -> None:
    browser, _ = _signed_in("supervisor")
    assert browser.get("/api/v1/cases").status_code == 200


def test_a_session_changes_nothing_for_another_site(city: None) -> None:
    browser, _ = _signed_in("operator")
    path, kind = "/api/v1/programmes/hotline/cases", "application/json"
    body = {"answers": SAID}
    refused = browser.post(path, body, content_type=kind)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.csrf")
    secret = "c" * 32
    browser.cookies[settings.CSRF_COOKIE_NAME] = secret
    done = browser.post(path, body, content_type=kind, headers={"X-CSRFToken": secret})
    assert done.status_code == 201
    assert models.FactRow.objects.get().doer != "requester"
