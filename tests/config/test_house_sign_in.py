"""Signing in by the house's own server: a real one, on this machine, over HTTP."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from luoshi.config.doors import SignIn
from luoshi.config.middleware import content_policy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside the provider
    import oidc_provider_mock

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # inside the provider
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
]
PEOPLE = [
    ("1", {"preferred_username": "li.na", "name": "QZXV", "email": "qzxv@city.example"}),
    ("2", {"preferred_username": "nobody.here"}),
    ("3", {}),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in PEOPLE]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as running:
        yield f"http://127.0.0.1:{running.server_port}"


@pytest.fixture
def browser(server: str, settings: Any) -> Client:
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = SignIn(server, "luoshi", "a secret").providers
    get_user_model().objects.create_user("li.na", name="李娜")
    return Client(headers={"accept-language": "en"})


def come_back(browser: Client, sub: str) -> Any:
    """Go to the server, sign in there, and return with what it says."""
    away = browser.post("/accounts/oidc/house/login/")
    assert away.status_code == 302
    assert "code_challenge=" in away["Location"]
    told = httpx.post(away["Location"], data={"sub": sub})
    back = urlsplit(told.headers["location"])
    return browser.get(f"{back.path}?{back.query}")


def test_a_clerk_with_an_account_is_let_in(browser: Client) -> None:
    answer = come_back(browser, "1")
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/"
    account = get_user_model().objects.get()
    assert browser.session["_auth_user_id"] == str(account.id)


def test_nothing_else_about_them_is_kept(browser: Client) -> None:
    for _ in range(2):
        come_back(browser, "1")
        browser.logout()
    (kept,) = SocialAccount.objects.all()
    assert (kept.uid, kept.extra_data) == ("1", {})
    assert SocialToken.objects.count() == 0
    assert "QZXV" not in str(get_user_model().objects.values().get())


@pytest.mark.parametrize("sub", ["2", "3"])
def test_who_has_no_account_here_is_told_so_and_gets_none(browser: Client, sub: str) -> None:
    answer = come_back(browser, sub)
    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session
    assert get_user_model().objects.count() == 1
    assert SocialAccount.objects.count() == 0


def test_a_closed_account_stays_closed(browser: Client) -> None:
    come_back(browser, "1")
    browser.logout()
    get_user_model().objects.update(is_active=False)
    come_back(browser, "1")
    assert "_auth_user_id" not in browser.session


def test_an_answer_that_was_not_asked_for_lets_nobody_in(browser: Client) -> None:
    answer = browser.get("/accounts/oidc/house/login/callback/?code=stolen&state=stolen")
    assert "_auth_user_id" not in browser.session
    assert answer.status_code in (200, 302, 401, 403)


def test_the_button_is_there_only_where_a_server_is(browser: Client, settings: Any) -> None:
    assert "/accounts/oidc/house/login/" in browser.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = SignIn().providers
    assert "/accounts/oidc/" not in browser.get("/accounts/login/").content.decode()
    assert browser.post("/accounts/oidc/house/login/").status_code == 404


def test_a_form_may_lead_there_and_nowhere_else() -> None:
    policy = content_policy("", "https://login.city.example/realms/city")
    assert "form-action 'self' https://login.city.example;" in policy
    assert "form-action 'self';" in content_policy("")
