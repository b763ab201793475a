"""The page of open data offers what was exported, and no other file of this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import frictionless
import pytest
from django.core.cache import cache
from django.test import Client
from tests.apps.public.published_cases import publish
from tests.small_city import MONDAY, found_city

from luoshi.actions.open_data import offer
from luoshi.config.environment import Environment


@pytest.fixture
def browser(db: None, settings: Any, tmp_path: Path) -> Client:
    """A reader's browser; the home is a folder of the test's own."""
    cache.clear()
    found_city()
    settings.LUOSHI = Environment.read({"LUOSHI_HOME": str(tmp_path / "home")})
    (tmp_path / "home").mkdir()
    (tmp_path / "home/secret-key").write_text("QZXV")
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The files are written every night soon after 02:00"),
        ("zh-CN", "尚未导出。每天夜里 02:00 过后生成一次"),
    ],
)
def test_before_the_first_night_the_page_says_when_it_will_be(
    browser: Client, language: str, told: str
) -> None:
    page = browser.get("/public/open-data/", headers={"accept-language": language})
    assert told in page.content.decode()
    assert browser.get("/public/open-data/datapackage.json").status_code == 404


def test_every_file_of_the_description_can_be_fetched_whole(
    browser: Client, tmp_path: Path
) -> None:
    publish(2)
    folder = tmp_path / "home/open-data"
    offer(folder, MONDAY)
    page = browser.get("/public/open-data/").content.decode()
    assert "12345 hotline" in page
    described = browser.get("/public/open-data/datapackage.json").getvalue()
    assert described == (folder / "datapackage.json").read_bytes()
    files = [one.path for one in frictionless.Package(folder / "datapackage.json").resources]
    for path in [*files, "catalog.jsonld", "dictionary.csv"]:
        assert f"/public/open-data/{path}" in page
        answer = browser.get(f"/public/open-data/{path}")
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer.getvalue() == (folder / str(path)).read_bytes()
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("told", "asked"), [("ETag", "if-none-match"), ("Last-Modified", "if-modified-since")]
)
def test_who_has_a_file_is_not_sent_it_again(
    browser: Client, tmp_path: Path, told: str, asked: str
) -> None:
    publish(1)
    folder = tmp_path / "home/open-data"
    offer(folder, MONDAY)
    address = "/public/open-data/hotline/counts.csv"
    first = browser.get(address)
    content = first.getvalue()
    again = browser.get(address, headers={asked: first[told]})
    assert (again.status_code, again.getvalue(), again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "public, max-age=600"
    later = (folder / "hotline/counts.csv").stat().st_mtime + 60
    os.utime(folder / "hotline/counts.csv", (later, later))
    assert browser.get(address, headers={asked: first[told]}).getvalue() == content != b""
    (folder / "hotline/counts.csv").unlink()
    assert browser.get(address, headers={asked: first[told]}).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../secret-key", "%2e%2e/secret-key", "..%2fsecret-key", "hotline/../../secret-key",
     "/etc/passwd", "%00", "hotline", "hotline/", ".datapackage.json", "x" * 3000, ".fresh/x"],
)  # fmt: skip
def test_no_other_file_is_offered(browser: Client, tmp_path: Path, path: str) -> None:
    publish(1)
    offer(tmp_path / "home/open-data", MONDAY)
    answer = browser.get(f"/public/open-data/{path}")
    assert answer.status_code in (301, 404)
    assert b"QZXV" not in b"".join(answer)


def test_a_description_that_is_broken_offers_nothing(browser: Client, tmp_path: Path) -> None:
    folder = tmp_path / "home/open-data"
    folder.mkdir()
    (folder / "datapackage.json").write_text("{")
    assert browser.get("/public/open-data/").status_code == 200
    assert browser.get("/public/open-data/hotline/cases-2026.csv").status_code == 404
