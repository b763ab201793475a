"""Everybody sees what is published: process and result, redacted, never a contact."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image
from tests.apps.public.published_cases import PUBLIC, publish, publish_answered
from tests.apps.public.test_accuracy import decided
from tests.small_city import MONDAY, PUBLISHER, RESIDENT, found_city

from luoshi.actions import clock
from luoshi.actions.acts import Request, act, register
from luoshi.actions.files import add_file
from luoshi.store.models import CaseRow


@pytest.fixture
def browser(db: None) -> Client:
    """A reader's browser, English."""
    cache.clear()
    found_city()
    return Client(headers={"accept-language": "en"})


def _page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_published_case_shows_process_and_result(browser: Client) -> None:
    (number,) = publish(1)
    page = _page(browser, f"/public/{number}/")
    assert "Street light 0" in page
    assert "The lamps burn again." in page
    assert "Accepted, being assigned" in page
    assert "9 March 2026" in page
    assert "Street light 0" in _page(browser, "/public/")
    assert "Street light 0" in _page(browser, "/")


def test_what_people_wrote_says_in_which_language_it_is(browser: Client) -> None:
    (number,) = publish(1)
    chinese = {"accept-language": "zh-CN"}
    page = browser.get(f"/public/{number}/", headers=chinese).content.decode()
    assert '<h1 lang="en">Street light 0</h1>' in page
    assert '<p class="text-kept" lang="en">The lamps burn again.</p>' in page
    assert '"row-link" lang="en"' in browser.get("/public/", headers=chinese).content.decode()
    assert "<h1>Street light 0</h1>" in _page(browser, f"/public/{number}/")


def test_nothing_that_was_not_approved_is_ever_shown(browser: Client) -> None:
    (number,) = publish(1)
    for address in ("/public/", f"/public/{number}/", "/"):
        page = _page(browser, address)
        for secret in ("13812345678", "Secret words", "Mr Wang", "No. 9911", "122.505"):
            assert secret not in page


def test_an_unpublished_case_looks_like_none(browser: Client) -> None:
    given = {"subject": "a", "content": "b"}
    number = register("hotline", Request("register", given), RESIDENT).number
    there, nowhere = browser.get(f"/public/{number}/"), browser.get("/public/20260309000099/")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_what_is_taken_down_is_gone(browser: Client) -> None:
    (number,) = publish(1)
    case = str(CaseRow.objects.get().id)
    act(Request("unpublish", {"reason": "A name was in it"}, case), PUBLISHER)
    assert browser.get(f"/public/{number}/").status_code == 404
    assert number not in _page(browser, "/public/")


def test_pages_follow_each_other_without_a_gap(browser: Client) -> None:
    numbers = publish(25)
    first = browser.get("/public/")
    assert [row.number for row in first.context["rows"]] == numbers[:4:-1]
    second = browser.get(first.context["later"])
    assert [row.number for row in second.context["rows"]] == numbers[4::-1]
    assert second.context["later"] == ""
    assert second.context["earlier"] == "/public/"


def test_the_list_can_be_narrowed(browser: Client) -> None:
    publish(1, "roads.streetlight")
    publish(1, "cityscape.rubbish")
    for query, count in [
        ("category=roads", 1),
        ("category=roads.streetlight", 1),
        ("category=roads.pothole", 0),
        ("category=nothing", 2),
        ("place=991", 2),
        ("place=99", 2),
        ("place=nowhere", 0),
        ("q=light", 2),
        ("q=STREET", 2),
        ("q=water", 0),
        ("q=%25", 0),
    ]:
        assert len(browser.get(f"/public/?{query}").context["rows"]) == count, query


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 5000,
        "after=nonsense",
        "after=%00",
        "category=%ED%A0%80",
        "place=%00",
        "category=%00&place=%00&q=%00",
    ],
)
def test_hostile_questions_get_a_page(browser: Client, query: str) -> None:
    assert browser.get(f"/public/?{query}").status_code == 200


@pytest.mark.parametrize("number", ["%00", "%0a", "x" * 500, "..%2f..", "%ED%A0%80"])
def test_hostile_numbers_are_not_found(browser: Client, number: str) -> None:
    assert browser.get(f"/public/{number}/").status_code == 404


def test_small_counts_are_hidden(browser: Client) -> None:
    publish(6, "roads.streetlight")
    publish(2, "cityscape.rubbish")
    publish(3, "cityscape.vendors")
    counts = dict(browser.get("/public/").context["counts"])
    assert counts["Streets and parks"] is None or counts["Streets and parks"] == 5
    publish(1, "roads.pothole")
    assert dict(browser.get("/public/").context["counts"])["Roads and public works"] == 6
    cache.clear()  # ten minutes later
    assert dict(browser.get("/public/").context["counts"])["Roads and public works"] == 7


def test_a_single_small_count_is_not_given_away_by_the_rest(browser: Client) -> None:
    publish(5, "roads.streetlight")
    publish(1, "cityscape.rubbish")
    assert set(dict(browser.get("/public/").context["counts"]).values()) == {None}


def test_a_service_says_what_it_promises(browser: Client) -> None:
    page = _page(browser, "/public/promises/hotline/")
    assert "5 working days" in page
    assert "Weifang ordinance art. 20" in page
    assert "may be extended by at most 10 working days" in page
    assert "24 hours, day and night" in page
    assert "Urgency: Urgent" in page
    assert "To address you when we call" in page
    assert "2 years" in page
    assert page.count("<li>Withdraw</li>") == 1, "one line, however many states it is taken from"
    assert "12345 hotline" in _page(browser, "/public/promises/")
    assert browser.get("/public/promises/nothing/").status_code == 404


def test_where_nothing_is_limited_it_says_so_for_whom_and_why(browser: Client) -> None:
    page = " ".join(_page(browser, "/public/promises/hotline/").split())
    who = "Keep my identity secret: Yes or Kind of request: Report of wrongdoing"
    why = "local setting: nobody need be called whose identity is secret"
    told = f"<strong>no limit</strong><small>{who}</small></td>"
    assert re.search(f"{re.escape(told)}<td[^>]*>{why}", page)
    assert "40 working days" not in page
    chinese = browser.get("/public/promises/hotline/", headers={"accept-language": "zh-hans"})
    assert "<strong>不设时限</strong>" in chinese.content.decode()


def test_no_promise_is_without_its_length(browser: Client) -> None:
    page = _page(browser, "/public/promises/rectification/")
    assert "the day that is set for each case" in page
    assert "<strong></strong>" not in page


def test_the_areas_are_drawn_by_the_names_people_know(browser: Client) -> None:
    response = browser.get("/look/areas.json")
    features = response.json()["features"]
    assert [one["properties"]["en"] for one in features] == ["No. 991"]
    again = browser.get("/look/areas.json", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_a_released_photograph_stands_on_the_page_of_the_case(browser: Client) -> None:
    (number,) = publish(1)
    case = str(CaseRow.objects.get(number=number).id)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    key = str(add_file(case, out.getvalue(), "covered.jpg", PUBLISHER).id)
    act(Request("publish", {**PUBLIC, "public_photos": [key]}, case), PUBLISHER)
    page = browser.get(f"/public/{number}/").content.decode()
    assert f'src="/public/{number}/photo/{key}/"' in page
    shown = browser.get(f"/public/{number}/photo/{key}/")
    assert (shown.status_code, shown["Cache-Control"]) == (200, "max-age=300, public")
    assert b"".join(shown)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (1, "promised for 16 March 2026 at the latest, and was there on 9 March 2026."),
        (24 * 10, "promised for 16 March 2026 at the latest, and was there on 19 March 2026."),
    ],
)
def test_a_published_case_says_what_was_promised_and_when_it_was_there(
    browser: Client, hours: int, told: str
) -> None:
    number = publish_answered(hours)
    with clock.at(MONDAY + timedelta(days=30)):
        assert told in _page(browser, f"/public/{number}/")


def test_the_limit_that_is_promised_to_everybody_is_marked(browser: Client) -> None:
    mark = "To be answered<small>the date that you are told</small>"
    assert mark in _page(browser, "/public/promises/hotline/")
    assert "you are told</small>" not in _page(browser, "/public/promises/rectification/")


def test_where_nothing_was_promised_no_date_is_told(browser: Client) -> None:
    (number,) = publish(1)
    assert "promised" not in _page(browser, f"/public/{number}/")


def test_an_hour_that_was_promised_is_compared_by_the_hour(browser: Client) -> None:
    number = publish_answered(25, urgency="urgent")
    with clock.at(MONDAY + timedelta(days=30)):
        page = _page(browser, f"/public/{number}/")
    assert "10 March 2026, 09:00 at the latest, and was there on 10 March 2026, 10:00." in page


@pytest.mark.parametrize("address", ["/public/accuracy/", "/public/promises/hotline/"])
def test_a_table_that_falls_apart_on_a_phone_says_what_each_cell_is(
    browser: Client, address: str
) -> None:
    decided("roads.streetlight", 8, 10)
    tables = re.findall('<table class="[^"]*stack.*?</table>', _page(browser, address), re.S)
    assert tables
    for table in tables:
        heads = set(re.findall('<th scope="col">(.*?)</th>', table))
        cells = re.findall("<td([^>]*)>", table)
        told = [re.search('data-head="([^"]*)"', cell) for cell in cells]
        assert cells
        assert all(one and one[1] in heads for one in told)
