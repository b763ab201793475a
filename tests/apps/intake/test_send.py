"""The whole report in one request, and hostile ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luoshi.apps.intake.send import FORM, PACE
from luoshi.store.keys import new_key
from luoshi.store.models import CaseRow, FactRow, PersonalValue

SEND = "/report/hotline/send/"
JSON = {"accept": "application/json"}
GOOD = {"subject": "Street light", "content": "Dark for three days"}


def _codes(response: Any) -> dict[str, str]:
    return {one["field"]: one["code"] for one in response.json()["problems"]}


def test_one_request_is_enough_and_leaves_no_session(browser: Client) -> None:
    response = browser.post(SEND, GOOD, headers=JSON)
    told = response.json()
    assert response.status_code == 201
    assert CaseRow.objects.get(number=told["number"]).state == "accepted"
    assert len(told["code"]) == 8
    assert told["resent"] is False
    assert not Session.objects.exists()


def test_it_needs_no_cookie_and_no_token() -> None:
    assert Client(enforce_csrf_checks=True).post("/report/nothing/send/").status_code == 404


@pytest.mark.usefixtures("city")
def test_a_browser_without_cookies_gets_the_page_with_the_number() -> None:
    page = Client(enforce_csrf_checks=True).post(SEND, {**GOOD, "case": new_key()})
    assert page.status_code == 200
    assert CaseRow.objects.get().number in page.content.decode()


def test_who_comes_back_by_the_address_bar_finds_the_form(browser: Client) -> None:
    answer = browser.get(SEND)
    assert (answer.status_code, answer["Location"]) == (302, "/report/hotline/all/")
    assert browser.get("/follow/leave/")["Location"] == "/follow/"
    assert browser.put(SEND).status_code == 405


def test_the_lean_path_asks_the_database_little(browser: Client) -> None:
    browser.post(SEND, GOOD, headers=JSON)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.post(SEND, GOOD, headers=JSON)
    assert len(asked) <= 4, [one["sql"][:80] for one in asked]


def test_a_form_as_browsers_send_it_without_files(browser: Client) -> None:
    fields = {**GOOD, "subject": "人民路 50% + 路灯", "case": new_key(), "place.lon": "x"}
    response = browser.post(SEND, urlencode(fields), FORM, headers=JSON)
    assert _codes(response) == {"place": "point.invalid"}
    del fields["place.lon"]
    assert browser.post(SEND, urlencode(fields), FORM, headers=JSON).status_code == 201
    kept = PersonalValue.objects.get(field="subject")
    assert kept.value == '"人民路 50% + 路灯"'


def test_a_form_with_too_many_fields_is_refused(browser: Client) -> None:
    many = "&".join(f"a{place}=1" for place in range(501))
    assert browser.post(SEND, many, FORM).status_code == 400


def test_who_sends_too_fast_is_asked_to_wait_and_loses_nothing(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = replace(settings.LUOSHI, reports_a_minute=2)
    monkeypatch.setattr(settings, "LUOSHI", slow)
    for _ in range(2):
        assert browser.post(SEND, GOOD, headers=JSON).status_code == 201
    refused = browser.post(SEND, GOOD, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (429, "report.too_fast")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    page = browser.post(SEND, GOOD)
    assert page.status_code == 429
    assert "Please wait a minute" in page.content.decode()
    assert "Dark for three days" in page.content.decode()
    chinese = browser.post(SEND, GOOD, headers={"accept-language": "zh-CN"}).content.decode()
    assert "请稍等一分钟" in chinese
    elsewhere = browser.post(SEND, GOOD, headers=JSON, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 201
    assert CaseRow.objects.count() == 3


def test_the_pace_can_be_switched_off(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LUOSHI", replace(settings.LUOSHI, reports_a_minute=0))
    monkeypatch.setattr(PACE, "wait", lambda *_: 60)
    assert browser.post(SEND, GOOD, headers=JSON).status_code == 201


def test_the_same_case_sent_again_is_answered_the_same(browser: Client) -> None:
    case = new_key()
    first = browser.post(SEND, {**GOOD, "case": case}, headers=JSON).json()
    again = browser.post(SEND, {**GOOD, "case": case}, headers=JSON)
    assert again.status_code == 200
    assert again.json() == {**first, "resent": True}
    assert FactRow.objects.count() == 1


def test_the_same_case_with_another_content_is_a_conflict(browser: Client) -> None:
    case = new_key()
    browser.post(SEND, {**GOOD, "case": case}, headers=JSON)
    other = {**GOOD, "content": "Something else", "case": case}
    response = browser.post(SEND, other, headers=JSON)
    assert response.status_code == 409
    assert response.json()["code"] == "case.resent_different"
    page = browser.post(SEND, other).content.decode()
    assert "the first one stands" in page
    assert "Something else" in page


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"subject": "a\0b"}, "subject", "text.control"),
        ({"subject": "a\x1bb"}, "subject", "text.control"),
        ({"content": "x" * 2_000_000}, "content", "text.too_long"),
        ({"subject": ""}, "subject", "field.missing"),
        ({"subject": "\u202e\u200f"}, "subject", "field.missing"),
        ({"phone": "12"}, "phone", "phone.invalid"),
        ({"phone": "１３８；DROP"}, "phone", "phone.invalid"),
        ({"email": "me@"}, "email", "email.invalid"),
        ({"kind": "murder"}, "kind", "choice.unknown"),
        ({"category": "no.such"}, "category", "choice.unknown"),
        ({"area": "0"}, "area", "area.unknown"),
        ({"place.lon": "130", "place.lat": "40"}, "place", "point.outside"),
        ({"place.lon": "35.505", "place.lat": "122.505"}, "place", "point.order"),
        ({"secret": "perhaps"}, "secret", "yes_no.invalid"),
        ({"photos": new_key()}, "photos", "files.unknown"),
        ({"photos": "../../etc/passwd"}, "photos", "files.unknown"),
        ({"case": "1 OR 1=1"}, "id", "id.invalid"),
    ],
)
def test_hostile_answers_are_named_and_nothing_is_kept(
    browser: Client, answers: dict[str, str], field: str, code: str
) -> None:
    response = browser.post(SEND, {**GOOD, **answers}, headers=JSON)
    assert response.status_code == 422
    assert _codes(response)[field] == code
    assert not CaseRow.objects.exists()
    page = browser.post(SEND, {**GOOD, **answers})
    assert page.status_code == 422
    assert len(page.content) < 200_000


def test_more_than_the_server_takes_is_a_readable_page(browser: Client) -> None:
    response = browser.post(
        SEND, "subject=a&content=" + "x" * 3_000_000, "application/x-www-form-urlencoded"
    )
    assert response.status_code == 400


def test_halves_of_characters_do_no_harm(browser: Client) -> None:
    body = "subject=%ED%A0%80&content=%FF%FE%C0%80abc"
    response = browser.post(SEND, body, "application/x-www-form-urlencoded", headers=JSON)
    assert response.status_code == 201


def test_direction_marks_are_dropped(browser: Client) -> None:
    browser.post(SEND, {**GOOD, "subject": "ab\u202ecd"}, headers=JSON)
    assert PersonalValue.objects.get(field="subject").value == '"abcd"'


def test_markup_is_shown_as_it_was_written_and_never_run(browser: Client) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    case = browser.post(SEND, {**GOOD, "content": evil}, headers=JSON).json()
    login = {"number": case["number"], "code": case["code"]}
    page = browser.post("/follow/", login, follow=True)
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "onerror=&quot;" in text
    policy = page["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src" not in policy or "unsafe-inline" not in policy.split("script-src")[1]


def test_no_page_has_scripts_or_styles_inside(browser: Client) -> None:
    for address in ("/", "/report/hotline/all/", "/report/hotline/where/", "/follow/", "/public/"):
        text = browser.get(address).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


def test_fields_a_resident_is_not_asked_for_are_not_taken(browser: Client) -> None:
    browser.post(SEND, {**GOOD, "urgency": "urgent", "source_id": "7"}, headers=JSON)
    row = CaseRow.objects.get()
    assert "urgency" not in row.values
    assert not PersonalValue.objects.filter(field="source_id").exists()


def test_a_point_says_the_area_even_if_another_was_chosen(browser: Client) -> None:
    place = {"place.lon": "122.515", "place.lat": "35.51", "area": "991"}
    browser.post(SEND, {**GOOD, **place}, headers=JSON)
    assert CaseRow.objects.get().area == "9912"
