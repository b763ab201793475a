"""Every address has an access rule: it is public by name, or it is for staff with a post."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.small_city import found_city

PUBLIC = {
    # Whether it is well; the language; shapes of areas; files for the browser come by whitenoise.
    "healthz", "set_language", "look:shapes",
    # What was published, and what is promised.
    "public:newest", "public:case", "public:photo", "public:services", "public:promised",
    "public:accuracy",
    "public:atom", "public:rss", "public:open_data", "public:open_data_file",
    # Which events there are. Deadlines by a signed address, metrics by a token: each view checks.
    "webhooks:events", "deadlines:calendar", "metrics", "readyz",
    # Reporting, and following with number and query code (each view asks for the code itself).
    "intake:home", "intake:start", "intake:all", "intake:send", "intake:done", "intake:check",
    "intake:photo", "intake:step", "intake:follow", "intake:leave", "intake:case", "intake:file",
    "intake:act",
    # For other programs: what is published, and sending in with a key.
    "open311:discovery", "open311:discovery-here", "open311:services", "open311:definition",
    "open311:requests", "open311:request", "open311:token", "open311:updates", "open311:unknown",
    "open311:welcome",
    # Signing in and out. Signing up is closed (tests/config/test_accounts.py).
    "account_login", "account_logout", "account_inactive", "account_signup",
    # By the sign-in server of the house (tests/config/test_house_sign_in.py).
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
    "socialaccount_login_error", "socialaccount_signup",
    "account_confirm_email", "account_email_verification_sent", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_confirm_login_code",
}  # fmt: skip
"""Reviewed one by one. A new name here is a decision: who may see this, and why everybody?"""

SIGNED_IN = {
    "account_change_password", "account_set_password", "account_email", "account_reauthenticate",
    "socialaccount_connections",
}  # fmt: skip
"""For any account, also one without a post: it changes nothing but that account."""

WORDS = {
    "programme": "hotline",
    "number": "20260309000018",
    "key": "018f0000-0000-7000-8000-000000000000",
    "subscription": "018f0000-0000-7000-8000-000000000000",
    "name": "route",
    "transition": "rate",
    "field": "phone",
    "slug": "what",
    "uidb36": "1",
}


def routes(
    resolver: URLResolver, spaces: tuple[str, ...] = (), path: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the full name and an address of every view."""
    for each in resolver.url_patterns:
        here = path + _filled(each)
        if isinstance(each, URLResolver):
            inside = (*spaces, each.namespace) if each.namespace else spaces
            yield from routes(each, inside, here)
        elif isinstance(each, URLPattern):
            yield ":".join([*spaces, each.name or f"unnamed {here}"]), f"/{here}"


def _filled(each: URLPattern | URLResolver) -> str:
    text = str(each.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
    for name in each.pattern.converters:
        text = re.sub(rf"<(?:[\w-]+:)?{name}>", WORDS.get(name, "1"), text)
    return text


ALL = sorted(routes(get_resolver()))
API = "api:"
"""Routes of the JSON API: they answer 401; tests/api/v1/test_access tries them one by one."""

STAFF = [
    (name, address)
    for name, address in ALL
    if name not in PUBLIC | SIGNED_IN and not name.startswith(API)
]


@pytest.fixture
def nobody(db: None) -> Client:
    """A browser of somebody who is not signed in."""
    found_city()
    return Client()


@pytest.fixture
def without_post(nobody: Client) -> Client:
    """A browser of somebody who may sign in and holds no post."""
    account = get_user_model().objects.create_user("nopost", "long enough to pass", name="无岗位")
    nobody.force_login(account)
    return nobody


def test_the_resolver_was_walked() -> None:
    names = [name for name, _ in ALL]
    assert len(names) == len(set(names)) or len(names) > 30
    assert {"desk:worklist", "desk:step", "intake:send", "public:case"} <= set(names)


def test_every_reviewed_name_still_exists() -> None:
    names = {name for name, _ in ALL}
    gone = {name for name in PUBLIC | SIGNED_IN if not name.startswith("account_")} - names
    assert gone == set()


@pytest.mark.parametrize(("name", "address"), STAFF, ids=[name for name, _ in STAFF])
def test_nobody_gets_in_without_signing_in(nobody: Client, name: str, address: str) -> None:
    answers = [nobody.get(address), nobody.post(address)]
    assert {answer.status_code for answer in answers} <= {302, 401, 403, 405}, name
    asked = [answer for answer in answers if answer.status_code == 302]
    assert asked, name
    assert all(answer["Location"].startswith("/accounts/login/") for answer in asked), name


@pytest.mark.parametrize(("name", "address"), STAFF, ids=[name for name, _ in STAFF])
def test_an_account_without_a_post_gets_nowhere(
    without_post: Client, name: str, address: str
) -> None:
    answers = [without_post.get(address), without_post.post(address)]
    assert {answer.status_code for answer in answers} <= {403, 405}, name
    assert 403 in {answer.status_code for answer in answers}, name


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_an_account_s_own_pages_ask_to_sign_in(nobody: Client, name: str) -> None:
    address = dict(ALL)[name]
    assert nobody.get(address).status_code in (302, 404), name
