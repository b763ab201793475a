"""Signing in: staff by name and password; nobody makes an account for themselves."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

PASSWORD = "a long sentence nobody guesses"


@pytest.fixture(autouse=True)
def nobody_has_guessed() -> None:
    cache.clear()


@pytest.fixture
def clerk() -> object:
    account = get_user_model()(username="li.na", name="李娜")
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.mark.django_db
@pytest.mark.usefixtures("clerk")
def test_a_clerk_signs_in_with_name_and_password(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "li.na", "password": PASSWORD})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(("name", "password"), [("li.na", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    client: Client, name: str, password: str
) -> None:
    answer = client.post("/accounts/login/", {"login": name, "password": password})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    assert list(answer.context["form"].errors) == ["__all__"]


@pytest.mark.django_db
def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    words = {"username": "me", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", words)
    assert not get_user_model().objects.filter(username="me").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("clerk")
def test_passwords_are_kept_by_argon2() -> None:
    assert get_user_model().objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.django_db
@pytest.mark.usefixtures("clerk")
def test_guessing_is_slowed_down(client: Client) -> None:
    for _ in range(6):
        client.post("/accounts/login/", {"login": "li.na", "password": "guess"})
    client.post("/accounts/login/", {"login": "li.na", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    cache.clear()
