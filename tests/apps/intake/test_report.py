"""A resident reports page by page."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from PIL import Image
from tests.small_city import INSIDE, OUTSIDE

from luoshi.actions.acts import query_code
from luoshi.apps.intake.offers import offers
from luoshi.apps.intake.pages import pages_of
from luoshi.store.models import Attachment, CaseRow, PersonalValue

WHAT = {"subject": "Street light", "content": "Dark for three days"}


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    file.seek(0)
    file.name = "a.jpg"
    return file


def _said(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def _fill(browser: Client, **more: str) -> None:
    assert browser.post("/report/hotline/what/", WHAT).status_code == 302
    place = {"place.lon": str(INSIDE["lon"]), "place.lat": str(INSIDE["lat"])}
    assert browser.post("/report/hotline/sort/", {"kind": "help"}).status_code == 302
    assert browser.post("/report/hotline/where/", place).status_code == 302
    assert browser.post("/report/hotline/photos/", {}).status_code == 302
    response = browser.post("/report/hotline/reach/", {"phone": "13812345678", **more})
    assert response["Location"] == "/report/hotline/check/"


def test_a_report_gets_a_number_a_code_and_a_place(browser: Client) -> None:
    _fill(browser)
    checked = _said(browser.get("/report/hotline/check/"))
    assert "Street light" in checked
    assert "Request for help" in checked
    assert "No. 9911" in checked
    response = browser.post("/report/hotline/check/", follow=True)
    row = CaseRow.objects.get()
    assert row.number in _said(response)
    assert query_code(str(row.id)) in _said(response)
    assert row.area == "9911"
    assert PersonalValue.objects.get(field="phone").value == '"13812345678"'


def test_sending_twice_is_one_case(browser: Client) -> None:
    _fill(browser)
    first = browser.post("/report/hotline/check/", follow=True)
    again = browser.post("/report/hotline/check/", follow=True)
    assert CaseRow.objects.count() == 1
    number = CaseRow.objects.get().number
    assert number in _said(first)
    assert number in _said(again)


def test_answers_stand_in_no_address(browser: Client) -> None:
    response = browser.post("/report/hotline/what/", WHAT)
    assert response["Location"] == "/report/hotline/sort/"


def test_a_page_keeps_what_was_answered_and_leads_back_to_checking(browser: Client) -> None:
    _fill(browser)
    assert "Street light" in _said(browser.get("/report/hotline/what/?change=1"))
    changed = browser.post("/report/hotline/what/?change=1", {**WHAT, "subject": "Two lights"})
    assert changed["Location"] == "/report/hotline/check/"
    assert "Two lights" in _said(browser.get("/report/hotline/check/"))


def test_missing_answers_are_named_once_above_and_once_beside(browser: Client) -> None:
    response = browser.post("/report/hotline/what/", {"subject": " ", "content": ""})
    page = _said(response)
    assert response.status_code == 422
    assert page.count("Please fill this in") == 4
    assert 'href="#subject"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Mistake" in page


def test_what_was_typed_is_still_there_when_something_is_wrong(browser: Client) -> None:
    response = browser.post("/report/hotline/reach/", {"phone": "123", "name": "Mei"})
    assert response.status_code == 422
    assert 'value="123"' in _said(response)
    assert 'value="Mei"' in _said(response)


@pytest.mark.parametrize(
    ("lon", "lat", "told"),
    [
        (str(OUTSIDE["lon"]), str(OUTSIDE["lat"]), "lies outside our area"),
        (str(INSIDE["lat"]), str(INSIDE["lon"]), "seem to be exchanged"),
        ("north", "35", "not a place on the map"),
        ("nan", "nan", "not a place on the map"),
        ("122.5", "", "not a place on the map"),
    ],
)
def test_a_wrong_place_is_told(browser: Client, lon: str, lat: str, told: str) -> None:
    response = browser.post("/report/hotline/where/", {"place.lon": lon, "place.lat": lat})
    assert response.status_code == 422
    assert told in _said(response)


def test_words_or_an_area_are_enough_without_a_map(browser: Client) -> None:
    page = _said(browser.get("/report/hotline/where/"))
    assert '<option value="991"' in page
    assert "<noscript>" in page
    response = browser.post("/report/hotline/where/", {"area": "991", "address": "At the bridge"})
    assert response.status_code == 302


def test_photos_are_kept_shown_to_their_sender_and_nobody_else(browser: Client) -> None:
    browser.post("/report/hotline/what/", WHAT)
    response = browser.post("/report/hotline/photos/", {"photos.new": _picture(), "more": "yes"})
    assert response["Location"] == "/report/hotline/photos/"
    kept = Attachment.objects.get()
    address = f"/report/hotline/photo/{kept.id}/"
    assert address in _said(browser.get("/report/hotline/photos/"))
    shown = browser.get(address)
    assert shown["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown["Content-Security-Policy"]
    b"".join(shown.streaming_content)
    shown.close()
    assert Client().get(address).status_code == 404


def test_a_file_that_is_no_picture_is_refused_in_words(browser: Client) -> None:
    script = io.BytesIO(b"<script>alert(1)</script>")
    script.name = "a.jpg"
    response = browser.post("/report/hotline/photos/", {"photos.new": script})
    assert response.status_code == 422
    assert "cannot be taken" in _said(response)
    assert not Attachment.objects.exists()


def test_a_lost_session_is_told_and_nothing_is_sent(browser: Client) -> None:
    _fill(browser)
    browser.cookies.clear()
    response = browser.post("/report/hotline/check/")
    assert response.status_code == 410
    assert "no longer here" in _said(response)
    assert not CaseRow.objects.exists()


def test_checking_sends_back_to_the_first_page_that_lacks_something(browser: Client) -> None:
    browser.post("/report/hotline/reach/", {"phone": "13812345678"})
    response = browser.get("/report/hotline/check/")
    assert response["Location"] == "/report/hotline/what/"


def test_residents_are_not_asked_what_only_staff_may_see(browser: Client) -> None:
    page = _said(browser.get("/report/hotline/all/"))
    for name in ("channel", "urgency", "source_id"):
        assert f'name="{name}"' not in page


def test_the_screens_say_what_for_and_how_long(browser: Client) -> None:
    page = _said(browser.get("/report/hotline/reach/"))
    assert "What for: To address you when we call. Kept for 2 years after the end" in page
    assert page.count("(optional)") == 3


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_one_language(city: None, language: str) -> None:
    browser = Client(headers={"accept-language": language})
    for address in ("/", "/report/hotline/", "/report/hotline/what/", "/follow/", "/public/"):
        page = _said(browser.get(address))
        assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in page
        visible = re.sub(r"<script.*?</script>|<[^>]+>", "", page, flags=re.S)
        chinese = re.search(r"[\u4e00-\u9fff]", visible.replace("中文", ""))
        assert bool(chinese) is (language == "zh-hans")


def test_the_language_switch_is_remembered(browser: Client) -> None:
    browser.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert 'lang="zh-Hans"' in _said(browser.get("/"))


def test_unknown_programmes_and_pages_are_not_found(browser: Client) -> None:
    for address in ("/report/nothing/", "/report/hotline/nothing/", "/report/nothing/send/"):
        assert browser.get(address, follow=True).status_code == 404
    assert browser.post("/report/nothing/send/").status_code == 404


def test_nothing_written_stays_in_the_browser(browser: Client) -> None:
    _fill(browser)
    browser.post("/report/hotline/check/")
    for page in ("", "what/", "check/", "done/"):
        response = browser.get(f"/report/hotline/{page}")
        assert "no-store" in response["Cache-Control"], page


def test_every_service_that_residents_may_open_has_its_pages(browser: Client) -> None:
    found = list(offers())
    assert found
    for offer in found:
        here = f"/report/{offer.programme.id}/"
        pages = [here, f"{here}all/", *(f"{here}{page.slug}/" for page in pages_of(offer))]
        for address in pages:
            assert browser.get(address).status_code == 200, address
        names = [name for page in pages_of(offer) for name in page.fields]
        assert sorted(names) == sorted(offer.asked)
        assert browser.post(f"{here}send/", {}).status_code in (200, 422)


def test_services_stand_where_their_programmes_want_them(browser: Client) -> None:
    places = [offer.programme.listed for offer in offers()]
    assert len(set(places)) > 1
    assert places == sorted(places)
    page = browser.get("/").content.decode()
    shown = re.findall(r'href="/report/([a-z-]+)/"', page)
    assert list(dict.fromkeys(shown)) == [offer.programme.id for offer in offers()]


def test_nobody_is_promised_to_stay_anonymous_who_has_to_say_who_they_are(
    browser: Client,
) -> None:
    may = "You may stay anonymous"
    assert may in _said(browser.get("/report/hotline/"))
    assert may not in _said(browser.get("/report/enterprise-appeal/"))
    assert "stay anonymous" in _said(browser.get("/report/hotline/reach/"))
    assert "stay anonymous" not in _said(browser.get("/report/enterprise-appeal/reach/"))


def test_a_box_that_was_not_ticked_is_a_no(browser: Client) -> None:
    _fill(browser)
    page = _said(browser.get("/report/hotline/check/"))
    assert "<dt>Keep my identity secret</dt><dd>No</dd>" in page
    assert "Step 6 of 6" in page
