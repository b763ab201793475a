"""The page for people: how to begin, in both languages, and every address on it answers."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from tests.api.open311.conftest import BASE, LAMP, Open311

PAGE = f"{BASE}/"


def page(client: Client, address: str = PAGE, language: str = "en") -> str:
    answer = client.get(address, headers={"accept-language": language, "accept": "text/html"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    return answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/open311/", BASE, PAGE, "/open311/test/v2/", f"{BASE}/discovery.html",
     "/open311/discovery.html"],
)  # fmt: skip
def test_whoever_opens_the_base_in_a_browser_is_told_how_to_begin(
    address: str, open311: Open311
) -> None:
    assert "Get a key" in page(open311.client, address)


def test_it_speaks_both_languages(open311: Open311) -> None:
    assert "取得密钥" in page(open311.client, language="zh-CN")
    assert "Get a key" not in page(open311.client, language="zh-CN")


def test_every_address_on_it_answers(open311: Open311) -> None:
    found = set(re.findall(r'href="([^"#]+)"', page(open311.client)))
    own = {unescape(one) for one in found if urlsplit(one).netloc in ("", "testserver")}
    tried = {one for one in own if "/open311/" in one or "/api/" in one or "/public/" in one}
    assert len(tried) >= 13
    assert f"http://testserver{BASE}/services/{LAMP.split('.')[0]}" in " ".join(tried)
    for one in sorted(tried):
        assert open311.client.get(one).status_code == 200, one


def test_it_says_where_keys_come_from_and_how_much_is_taken(
    open311: Open311, setting: Any
) -> None:
    assert "office that runs this service" in page(open311.client)
    setting("CONTACT", "12345, room <7>")
    setting("POSTS_A_MINUTE", "42")
    told = page(open311.client)
    assert "12345, room &lt;7&gt;" in told
    assert "42 requests a minute" in told


def test_of_several_jurisdictions_each_is_named(open311: Open311, setting: Any) -> None:
    assert "jurisdiction_id" not in page(open311.client)
    setting("JURISDICTIONS", "east=hotline;west=urban-management")
    told = page(open311.client)
    assert "jurisdiction_id=east" in told
    assert "jurisdiction_id=west" in told


@pytest.mark.parametrize(
    "address", ["requests", "services", "discovery", "x.html", "requests.html"]
)
def test_an_address_without_a_suffix_of_the_standard_is_none(
    address: str, open311: Open311
) -> None:
    answer = open311.client.get(f"{BASE}/{address}", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/xml")


def test_it_only_tells(open311: Open311) -> None:
    assert open311.client.post(PAGE).status_code == 405
    assert open311.client.head(PAGE).status_code == 200
