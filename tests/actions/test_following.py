"""Which client it was: one that has many addresses is one client."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.actions.following import client_address

HERE = "127.0.0.1"


@pytest.mark.parametrize(
    ("shown", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9:4711"),
        ("no: address", "no: address"),
        ("9" * 80, "9" * 60),
        ("", ""),
    ],
)
def test_a_client_is_counted_by_the_network_that_is_its_own(shown: str, counted: str) -> None:
    assert client_address({}, shown) == counted


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1,2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", HERE),
    ],
)
def test_what_stands_last_was_written_by_our_own_proxy(
    forwarded: str, counted: str, settings: Any
) -> None:
    headers = {"X-Forwarded-For": forwarded}
    settings.IS_PUBLIC = True
    assert client_address(headers, HERE) == counted
    settings.IS_PUBLIC = False
    assert client_address(headers, HERE) == HERE, "without a proxy anybody may write it"
