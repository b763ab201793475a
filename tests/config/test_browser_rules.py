"""What a page may load: from here, and from nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

from luoshi.config.middleware import content_policy


def rules(policy: str) -> dict[str, str]:
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


@pytest.mark.parametrize("address", ["/no-such-page", "/accounts/login/"])
@pytest.mark.django_db
def test_every_page_carries_the_rules(client: Client, address: str) -> None:
    headers = client.get(address).headers
    found = rules(headers["Content-Security-Policy"])
    assert found["default-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_map_tiles_may_come_from_where_they_are_configured_to_come_from() -> None:
    images = rules(content_policy("https://t0.example/vec_w/wmts?tk=KEY"))["img-src"]
    assert images.split()[-1] == "https://t0.example"
    assert "KEY" not in images


OPEN = ("/public/feed.atom", "/public/feed.rss", "/api/webhooks/events.json")


@pytest.mark.parametrize("address", OPEN)
@pytest.mark.django_db
def test_published_data_can_be_read_by_pages_of_others(client: Client, address: str) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    first = client.options(address, headers=asked)
    assert (first.status_code, first["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    for answer in (first, client.get(address)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("address", ["/", "/desk/", "/accounts/login/", "/api/v1/programmes"])
@pytest.mark.django_db
def test_no_other_page_can(client: Client, address: str) -> None:
    asked = {"origin": "https://elsewhere.example"}
    for answer in (client.options(address, headers=asked), client.get(address, headers=asked)):
        assert "Access-Control-Allow-Origin" not in answer
