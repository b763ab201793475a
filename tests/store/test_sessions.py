"""Who is signed in is read afresh for each request, in as few questions as possible."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.small_city import found_city

from luoshi.store import models, sessions
from luoshi.store.directory import forget_directory

pytestmark = pytest.mark.django_db
PAGE = "/desk/"


@pytest.fixture(autouse=True)
def _city() -> None:
    found_city()
    forget_directory()


@pytest.fixture
def account() -> models.Account:
    made = models.Account.objects.create_user("fresh", "a long password", name="样例")
    models.Post.objects.create(account=made, role="operator")
    return models.Account.objects.get(username="fresh")


@pytest.fixture
def browser(account: models.Account) -> Client:
    client = Client()
    client.force_login(account)
    assert client.get(PAGE).status_code == 200
    return client


def asked_of(browser: Client) -> list[str]:
    """Return the tables that Django asks for the session, the account or its posts."""
    with CaptureQueriesContext(connection) as asked:
        browser.get(PAGE)
    tables = ("django_session", "store_account", "store_post")
    return [one for one in tables for query in asked if f'FROM "{one}"' in query["sql"]]


def test_a_known_session_comes_with_its_account_and_posts(
    browser: Client, account: models.Account
) -> None:
    store = sessions.SessionStore(browser.cookies["luoshi"].value)
    assert store["_auth_user_id"] == str(account.id)
    assert store.account == account
    assert store.account is not None
    assert (store.account.name, store.account.is_active) == ("样例", True)
    assert store.account.posts_read == [["operator", "", ""]]
    assert store.account.date_joined == account.date_joined  # read when it is asked for
    assert asked_of(browser) == []


@pytest.mark.parametrize("lost", ["closed", "password", "session"])
def test_who_lost_their_right_is_out_with_the_next_request(
    browser: Client, account: models.Account, lost: str
) -> None:
    if lost == "closed":
        account.is_active = False
        account.save()
    elif lost == "password":
        account.set_password("another long password")
        account.save()
    else:
        Session.objects.all().delete()
    assert browser.get(PAGE).status_code == 302


def test_who_lost_their_post_may_do_nothing_with_the_next_request(
    browser: Client, account: models.Account
) -> None:
    account.posts.all().delete()
    assert browser.get(PAGE).status_code == 403


def test_another_account_in_the_same_session_is_known_as_itself(
    browser: Client, account: models.Account
) -> None:
    other = models.Account.objects.create_user("other", "a long password", name="另一人")
    models.Post.objects.create(account=other, role="operator")
    key = browser.cookies["luoshi"].value
    seen = sessions._seen[key]
    sessions._seen[key] = seen._replace(owner=str(other.id), signed=b"")  # a wrong guess
    store = sessions.SessionStore(key)
    assert store["_auth_user_id"] == str(account.id)
    assert store.account is None
    assert sessions._seen[key].owner == str(account.id)


def test_what_a_session_holds_is_read_when_it_changes(browser: Client) -> None:
    for word in ("one", "two", "two"):
        session = browser.session
        session["word"] = word
        session.save()
        assert browser.session["word"] == word
    held = sessions.SessionStore(browser.cookies["luoshi"].value)
    held["word"] = "only here"
    assert browser.session["word"] == "two"


def test_what_is_signed_by_somebody_else_holds_nothing(browser: Client) -> None:
    Session.objects.update(session_data="e30:1vMabc:forged")
    assert dict(browser.session.items()) == {}
    assert browser.get(PAGE).status_code == 302


@pytest.mark.parametrize("key", ["", "x" * 32, "落实" * 16, "\0" * 32, "' OR 1=1 --' OR 1=1 --"])
def test_no_session_is_made_up(key: str) -> None:
    store = sessions.SessionStore(key)
    assert dict(store.items()) == {}
    assert store.session_key is None


def test_the_guesses_do_not_grow_without_end(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_HELD", 1)
    assert browser.get(PAGE).status_code == 200
    assert len(sessions._seen) == 1
