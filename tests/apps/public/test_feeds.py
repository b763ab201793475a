"""Feeds hold what the page holds, well-formed, for one area or category, and nothing more."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from tests.apps.public.published_cases import publish
from tests.small_city import PUBLISHER, found_city

from luoshi.actions.acts import Request, act
from luoshi.store.directory import forget_directory
from luoshi.store.models import Area, CaseRow, PublicRow, Unit

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SECRETS = ("13812345678", "Secret words", "Mr Wang", "9911", "122.505")


@pytest.fixture
def reader(db: None) -> Client:
    cache.clear()
    found_city()
    return Client(headers={"accept-language": "en"})


def entries(reader: Client, query: str = "") -> list[ET.Element]:
    answer = reader.get(f"/public/feed.atom{query}")
    assert answer.status_code == 200
    return ET.fromstring(answer.content).findall("a:entry", ATOM)  # noqa: S314  our own


def test_atom_says_what_was_published_the_newest_first(reader: Client) -> None:
    numbers = publish(3)
    found = entries(reader)
    titles = [one.findtext("a:title", "", ATOM) for one in found]
    assert titles == ["Street light 2", "Street light 1", "Street light 0"]
    first = found[0]
    assert first.findtext("a:id", "", ATOM) == f"tag:testserver,2026-03-09:{numbers[2]}"
    assert first.findtext("a:summary", "", ATOM) == "The lamps burn again."
    link = first.find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == f"http://testserver/public/{numbers[2]}/"
    terms = {one.get("term") for one in first.findall("a:category", ATOM)}
    assert "12345 hotline" in terms


def test_rss_says_the_same(reader: Client) -> None:
    publish(2)
    answer = reader.get("/public/feed.rss")
    assert answer["Content-Type"].startswith("application/rss+xml")
    items = ET.fromstring(answer.content).findall("channel/item")  # noqa: S314  our own
    assert [one.findtext("title") for one in items] == ["Street light 1", "Street light 0"]


def test_an_entry_is_as_new_as_what_is_published(reader: Client) -> None:
    """Programs sort by it; the day of the report would hide a new answer below older ones."""
    (number,) = publish(1)
    at = PublicRow.objects.get(number=number).published
    (entry,) = entries(reader)
    told = {entry.findtext(f"a:{name}", "", ATOM) for name in ("published", "updated")}
    assert {datetime.fromisoformat(one) for one in told} == {at}
    (item,) = ET.fromstring(reader.get("/public/feed.rss").content).findall("channel/item")  # noqa: S314  our own
    assert parsedate_to_datetime(item.findtext("pubDate", "")) == at.replace(microsecond=0)


def test_a_feed_has_an_author(reader: Client) -> None:
    """RFC 4287, 4.1.1: a feed names one, unless each of its entries does."""
    assert author(reader) == "City"
    Unit.objects.create(code="other", name_zh="另一个", name_en="Another", path="/other/")
    forget_directory()
    assert author(reader) == "No. 99", "no unit stands above all others: the city itself"
    Unit.objects.update(is_active=False)
    Area.objects.update(valid_to="2026-01-01")
    forget_directory()
    assert author(reader) == "Luoshi", "nothing was brought in yet"


def author(reader: Client) -> str:
    feed = ET.fromstring(reader.get("/public/feed.atom").content)  # noqa: S314  our own
    return feed.findtext("a:author/a:name", "", ATOM)


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("?category=roads", 1), ("?category=roads.pothole", 0), ("?place=991", 2),
     ("?place=99", 2), ("?place=nowhere", 0), ("?q=light", 2), ("?category=nothing", 2)],
)  # fmt: skip
def test_a_feed_is_narrowed_like_the_page(reader: Client, query: str, count: int) -> None:
    publish(1, "roads.streetlight")
    publish(1, "cityscape.rubbish")
    assert len(entries(reader, query)) == count
    assert len(reader.get(f"/public/{query}").context["rows"]) == count


def test_what_was_taken_down_leaves_the_feed(reader: Client) -> None:
    publish(1)
    act(
        Request("unpublish", {"reason": "A name was in it"}, str(CaseRow.objects.get().id)),
        PUBLISHER,
    )
    assert entries(reader) == []


def test_nothing_that_was_not_approved_is_in_a_feed(reader: Client) -> None:
    publish(1)
    for kind in ("atom", "rss"):
        page = reader.get(f"/public/feed.{kind}").content.decode()
        assert [secret for secret in SECRETS if secret in page] == []


def test_hostile_words_stay_words(reader: Client) -> None:
    publish(1)
    case = str(CaseRow.objects.get().id)
    act(Request("unpublish", {"reason": "Wrong words"}, case), PUBLISHER)
    words = {"public_subject": "<script>&]]>", "public_reply": "a <b>x</b> & \ufffe more words"}
    act(Request("publish", words, case), PUBLISHER)
    (entry,) = entries(reader)
    assert entry.findtext("a:title", "", ATOM) == "<script>&]]>"
    assert "<b>" in entry.findtext("a:summary", "", ATOM)


def test_a_reader_that_asks_again_is_told_that_nothing_changed(reader: Client) -> None:
    publish(1)
    first = reader.get("/public/feed.atom")
    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = reader.get("/public/feed.atom", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again["Cache-Control"] == first["Cache-Control"] == "public, max-age=300"
        assert set(again["Vary"].split(", ")) >= {"Accept-Language", "Cookie"}
        assert again["Access-Control-Allow-Origin"] == "*"
    publish(1)
    assert reader.get("/public/feed.atom", headers={"if-none-match": first["ETag"]}).content


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=" + "x" * 5000, "?category=%ED%A0%80", "?place=%00"]
)
def test_hostile_questions_get_a_feed(reader: Client, query: str) -> None:
    assert reader.get(f"/public/feed.atom{query}").status_code == 200
