"""``luoshi keys``: a key is told once, opens the door, and can be taken back."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from tests.cli.conftest import Luoshi

from luoshi.actions.keys import MARK, KeyNameRefused, KeyUnknown
from luoshi.cli import keys
from luoshi.store.applications import application_with, forget_applications
from luoshi.store.models import ApplicationKey


@pytest.fixture(autouse=True)
def _no_second_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "installed", nullcontext)
    forget_applications()


def made(luoshi: Luoshi, *words: str) -> str:
    return luoshi("keys", "add", *words).stdout.strip()


def test_a_key_is_told_once_and_kept_nowhere(luoshi: Luoshi) -> None:
    key = made(luoshi, "Town app")
    assert key.startswith(MARK)
    assert len(key) > 32
    assert key != made(luoshi, "Other app")
    row = ApplicationKey.objects.get(name="Town app")
    assert key.encode() not in bytes(row.digest)
    assert key not in luoshi("keys", "list").stdout
    application = application_with(key)
    assert application is not None
    assert (application.name, application.may_post) == ("Town app", True)


def test_a_key_for_reading_says_so(luoshi: Luoshi) -> None:
    application = application_with(made(luoshi, "Newspaper", "--read-only"))
    assert application is not None
    assert not application.may_post
    assert "Newspaper: reads, since" in luoshi("keys", "list").stdout


def test_a_key_that_was_taken_back_is_listed_and_opens_nothing(luoshi: Luoshi) -> None:
    key = made(luoshi, "Town app")
    assert luoshi("keys", "revoke", "Town app").exit_code == 0
    assert application_with(key) is None
    assert "revoked" in luoshi("keys", "list").stdout
    with pytest.raises(KeyUnknown):
        luoshi("keys", "revoke", "Town app")


def test_a_server_that_runs_knows_within_seconds(
    luoshi: Luoshi, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("luoshi.store.applications.monotonic", lambda: now)
    key = made(luoshi, "Town app")
    assert application_with(key)
    luoshi("keys", "revoke", "Town app")
    now += 4.9
    assert application_with(key), "what is known for less than five seconds is not asked again"
    now += 0.1
    assert application_with(key) is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_an_application_needs_a_name(luoshi: Luoshi, name: str) -> None:
    with pytest.raises(KeyNameRefused):
        luoshi("keys", "add", name)


def test_no_two_applications_share_a_name(luoshi: Luoshi) -> None:
    made(luoshi, "Town app")
    with pytest.raises(KeyNameRefused):
        luoshi("keys", "add", " Town  app ")
