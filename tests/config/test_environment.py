"""What the environment may say, and what holds when it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from luoshi.api.open311.door import Door
from luoshi.config.database import DatabaseAddressInvalid, databases
from luoshi.config.doors import Doors
from luoshi.config.environment import Environment
from luoshi.config.open311 import door_of
from luoshi.config.setting import SettingInvalid


def test_an_empty_environment_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Environment.read({})
    assert found.home == tmp_path / ".luoshi"
    assert found.is_embedded
    assert not found.debug
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")


@pytest.mark.parametrize(
    ("name", "value"),
    [("LUOSHI_API_RATE", "many"), ("LUOSHI_API_RATE_PUBLIC", "-1"),
     ("LUOSHI_REPORTS_A_MINUTE", "6.5"), ("LUOSHI_PROGRAMMES", "/nowhere/at/all"),
     ("LUOSHI_CALENDARS", "/nowhere/at/all"), ("LUOSHI_DEBUG", "perhaps"),
     ("LUOSHI_WEBHOOK_NETWORKS", "10.0.0.0/8,intranet"),
     ("LUOSHI_OPEN311_POSTS_A_MINUTE", "many"), ("LUOSHI_OPEN311_EXTENDED", "extended"),
     ("LUOSHI_OPEN311_PLAIN_TYPES", "2"), ("LUOSHI_OPEN311_JURISDICTIONS", "hotline"),
     ("LUOSHI_OPEN311_JURISDICTIONS", "east="), ("LUOSHI_OPEN311_JURISDICTIONS", "=hotline"),
     ("LUOSHI_OPEN311_JURISDICTIONS", "east=hotline;east=urban-management")],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid, match=f"{name}=.* cannot be used: (write|name)"):
        read_all({name: value})


def read_all(environ: Mapping[str, str]) -> Door:
    Environment.read(environ)
    Doors.read(environ)
    return door_of(environ)


def test_a_programme_answers_open311_in_one_way_alone() -> None:
    both = {"LUOSHI_OPEN311_BATCH": "hotline,task", "LUOSHI_OPEN311_BLACKBOX": "hotline"}
    with pytest.raises(SettingInvalid, match="in LUOSHI_OPEN311_BATCH, not in both"):
        door_of(both)


def test_the_door_of_open311_is_as_the_environment_says() -> None:
    assert door_of({}) == Door()
    said = {"JURISDICTIONS": " east = hotline , task ; west=urban-management;", "BATCH": "hotline"}
    said |= {"BLACKBOX": "task", "EXTENDED": "YES", "PLAIN_TYPES": "0", "POSTS_A_MINUTE": "5"}
    found = door_of({f"LUOSHI_OPEN311_{name}": value for name, value in said.items()})
    assert found.jurisdictions == {"east": ("hotline", "task"), "west": ("urban-management",)}
    assert found.programmes == {"hotline", "task", "urban-management"}
    assert (found.kind_of("hotline"), found.kind_of("task")) == ("batch", "blackbox")
    assert (found.is_extended, found.has_plain_types, found.posts_a_minute) == (True, False, 5)


def test_what_is_said_is_taken(tmp_path: Path) -> None:
    said = {"LUOSHI_API_RATE": "7", "LUOSHI_PROGRAMMES": str(tmp_path)}
    found = Environment.read(said | {"LUOSHI_REPORTS_A_MINUTE": "0"})
    assert (found.api_rate, found.programmes, found.reports_a_minute) == (7, tmp_path, 0)
    assert found.api_rate_public == 60
    doors = Doors.read({"LUOSHI_WEBHOOK_NETWORKS": "10.1.0.0/16, fd00::/8"})
    assert doors.networks == ("10.1.0.0/16", "fd00::/8")


def test_lists_are_split_at_commas() -> None:
    found = Environment.read({"LUOSHI_HOSTS": " a.example , b.example,"})
    assert found.hosts[-2:] == ("a.example", "b.example")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    environ = {"LUOSHI_HOME": str(tmp_path / "home")}
    first = Environment.read(environ).secret_key
    assert first == Environment.read(environ).secret_key
    assert len(first) >= 50
    assert (tmp_path / "home" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret-key"]


def test_many_who_make_the_key_at_once_agree(tmp_path: Path) -> None:
    homes = [tmp_path / str(number) for number in range(20)]

    def key_of(home: Path) -> str:
        return Environment.read({"LUOSHI_HOME": str(home)}).secret_key

    with ThreadPoolExecutor(8) as pool:
        for home in homes:
            assert len(set(pool.map(key_of, [home] * 8))) == 1


def test_a_given_key_is_used_and_not_kept(tmp_path: Path) -> None:
    found = Environment.read({"LUOSHI_HOME": str(tmp_path), "LUOSHI_SECRET_KEY": "given"})
    assert found.secret_key == "given"
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_database_is_reached_by_its_socket(tmp_path: Path) -> None:
    default = databases(Environment.read({"LUOSHI_HOME": str(tmp_path)}))["default"]
    assert default["HOST"] == str(tmp_path / "postgres" / "run")
    assert (default["NAME"], default["USER"]) == ("luoshi", "luoshi")


def test_a_server_of_ones_own_is_reached_by_its_address() -> None:
    url = "postgresql://clerk:p%40ss@db.example:6543/matters?sslmode=require"
    default = databases(Environment.read({"LUOSHI_DATABASE_URL": url}))["default"]
    assert [default[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "clerk", "p@ss", "db.example", "6543", "matters",
    ]  # fmt: skip
    assert default["OPTIONS"]["sslmode"] == "require"


def test_an_unreadable_address_is_refused_without_repeating_its_password() -> None:
    environment = Environment.read({"LUOSHI_DATABASE_URL": "postgres//clerk:hunter2@db.example"})
    with pytest.raises(DatabaseAddressInvalid) as refusal:
        databases(environment)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__suppress_context__
    assert "postgresql://user:password@host" in str(refusal.value)
