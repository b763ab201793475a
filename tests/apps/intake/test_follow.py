"""The requester follows the case, and does what the programme allows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.small_city import CALLER, DISPATCHER, MONDAY, OPERATOR, RESIDENT, ROADS, staff

from luoshi.actions import clock
from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.actions.following import PER_CLIENT
from luoshi.store.keys import new_key
from luoshi.store.models import CaseRow, Counter, Unmasking
from luoshi.store.programmes import calendars

GOOD = {"subject": "Street light", "content": "Dark", "phone": "13812345678"}


@pytest.fixture
def outcome(city: None) -> Outcome:
    with clock.at(MONDAY):
        return register("hotline", Request("register", GOOD), RESIDENT)


def _enter(browser: Client, outcome: Outcome, code: str = "") -> None:
    login = {"number": outcome.number, "code": code or outcome.code}
    browser.post("/follow/", login, follow=True)


def _page(browser: Client, outcome: Outcome, more: str = "") -> str:
    return browser.get(f"/follow/{outcome.number}/{more}").content.decode()


def _without(response: Any, number: str) -> str:
    """Return a page without the number asked for and without the token of its form."""
    return re.sub(r'value="\w{64}"', "", response.content.decode().replace(number, ""))


def _answered(outcome: Outcome) -> None:
    case = outcome.case.id
    with clock.at(MONDAY + timedelta(hours=1)):
        act(Request("route", {"unit": "roads", "category": "roads.streetlight"}, case), DISPATCHER)
        act(Request("receive", {}, case), ROADS)
        act(Request("contact", {"contacted_at": clock.now().isoformat()}, case), ROADS)
        act(Request("answer", {"reply": "The lamps burn again."}, case), ROADS)


def test_number_and_code_open_the_case(browser: Client, outcome: Outcome) -> None:
    with clock.at(MONDAY + timedelta(minutes=5)):
        _enter(browser, outcome)
        page = _page(browser, outcome)
    assert "Accepted, being assigned" in page
    assert "To be routed" in page
    assert "by today, 1" in page
    assert "13812345678" in page
    assert "Nobody so far" in page


def test_the_code_may_be_written_in_small_letters_with_spaces(
    browser: Client, outcome: Outcome
) -> None:
    code = f" {outcome.code[:4].lower()} {outcome.code[4:].lower()} "
    _enter(browser, outcome, code)
    assert "Street light" in _page(browser, outcome)


def test_without_the_code_nothing_is_told(browser: Client, outcome: Outcome) -> None:
    wrong = browser.post("/follow/", {"number": outcome.number, "code": "AAAAAAAA"})
    unknown = browser.post("/follow/", {"number": "20260309000099", "code": "AAAAAAAA"})
    assert wrong.status_code == unknown.status_code == 403
    assert _without(wrong, outcome.number) == _without(unknown, "20260309000099")
    page = browser.get(f"/follow/{outcome.number}/")
    assert page.status_code == 302
    assert browser.get(f"/follow/{outcome.number}/add/").status_code == 302
    assert browser.post(f"/follow/{outcome.number}/withdraw/").status_code == 302
    assert CaseRow.objects.get().state == "accepted"


@pytest.mark.parametrize("number", ["\0", "a\nb", "x" * 5000, "' OR 1=1 --", "\ud7ff", "%00"])
def test_hostile_numbers_are_simply_wrong(browser: Client, outcome: Outcome, number: str) -> None:
    response = browser.post("/follow/", {"number": number, "code": outcome.code})
    assert response.status_code in (403, 422)


def test_an_empty_form_is_told(browser: Client, outcome: Outcome) -> None:
    assert "Please enter both" in browser.post("/follow/", {"number": ""}).content.decode()


def test_many_wrong_codes_wait_for_the_hour_to_pass(browser: Client, outcome: Outcome) -> None:
    login = {"number": outcome.number, "code": "AAAAAAAA"}
    with clock.at(MONDAY):
        for _ in range(PER_CLIENT):
            assert browser.post("/follow/", login).status_code == 403
        response = browser.post("/follow/", login)
        assert response.status_code == 429
        assert "try again after 9 March 2026, 10:00" in response.content.decode()
        other = browser.post("/follow/", login, REMOTE_ADDR="192.0.2.7")
        assert other.status_code == 403
    with clock.at(MONDAY + timedelta(hours=1)):
        _enter(browser, outcome)
        assert "Street light" in _page(browser, outcome)


def test_right_codes_are_never_counted(browser: Client, outcome: Outcome) -> None:
    with clock.at(MONDAY):
        for _ in range(PER_CLIENT + 2):
            _enter(browser, outcome)
        assert "Street light" in _page(browser, outcome)


def test_the_timeline_names_units_and_roles_and_nobody(browser: Client, outcome: Outcome) -> None:
    named = staff("handler", "roads", name="li-si-0001")
    case = outcome.case.id
    act(Request("route", {"unit": "roads", "category": "roads.pothole"}, case), DISPATCHER)
    act(Request("receive", {}, case), named)
    _enter(browser, outcome)
    page = _page(browser, outcome)
    assert "Roads · Handler" in page
    assert "Handled by: Roads" in page
    assert "li-si-0001" not in page


def test_who_gave_it_back_no_longer_handles_it(browser: Client, outcome: Outcome) -> None:
    case = outcome.case.id
    act(Request("route", {"unit": "roads", "category": "roads.pothole"}, case), DISPATCHER)
    act(Request("recall", {"reason": "手误选错了单位"}, case), DISPATCHER)
    _enter(browser, outcome)
    page = _page(browser, outcome)
    assert "Being assigned to another unit" in page
    assert "Handled by" not in page
    act(Request("reroute", {"unit": "lamps"}, case), DISPATCHER)
    assert "Handled by: Lamps" in _page(browser, outcome)


def test_the_reply_is_read_rated_once_and_thanked(browser: Client, outcome: Outcome) -> None:
    _answered(outcome)
    _enter(browser, outcome)
    with clock.at(MONDAY + timedelta(hours=2)):
        assert "The lamps burn again." in _page(browser, outcome)
        answers = {"solved": "solved", "satisfied": "satisfied", "act": new_key()}
        rated = browser.post(f"/follow/{outcome.number}/rate/", answers, follow=True)
        assert "Done: Rate" in rated.content.decode()
        again = browser.post(f"/follow/{outcome.number}/rate/", answers, follow=True)
        assert again.status_code == 200
        other = browser.post(f"/follow/{outcome.number}/rate/", {**answers, "act": new_key()})
    assert other.status_code == 409
    assert "as often as it may be" in other.content.decode()


def test_a_rating_without_an_answer_is_asked_again(browser: Client, outcome: Outcome) -> None:
    _answered(outcome)
    _enter(browser, outcome)
    response = browser.post(f"/follow/{outcome.number}/rate/", {"satisfied": "satisfied"})
    assert response.status_code == 422
    assert "Was it solved?: Please choose" in response.content.decode()


def test_withdrawing_is_confirmed_and_ends_the_matter(browser: Client, outcome: Outcome) -> None:
    _enter(browser, outcome)
    form = _page(browser, outcome, "withdraw/")
    assert "This ends the matter" in form
    assert "Yes: Withdraw" in form
    assert CaseRow.objects.get().state == "accepted"
    browser.post(f"/follow/{outcome.number}/withdraw/", {"seen": "1"})
    assert CaseRow.objects.get().state == "withdrawn"
    assert "Withdrawn by the requester" in _page(browser, outcome)


def test_withdrawing_what_has_moved_meanwhile_is_told(browser: Client, outcome: Outcome) -> None:
    _enter(browser, outcome)
    act(Request("classify", {"urgency": "urgent"}, outcome.case.id), OPERATOR)
    response = browser.post(f"/follow/{outcome.number}/withdraw/", {"seen": "1"})
    assert response.status_code == 409
    assert "Somebody else has done something" in response.content.decode()
    assert CaseRow.objects.get().state == "accepted"


def test_adding_does_not_mind_what_happened_meanwhile(browser: Client, outcome: Outcome) -> None:
    _enter(browser, outcome)
    act(Request("classify", {"urgency": "urgent"}, outcome.case.id), OPERATOR)
    answers = {"addition": "Still dark", "seen": "1"}
    browser.post(f"/follow/{outcome.number}/add/", answers)
    assert "Still dark" in _page(browser, outcome)


def test_reopening_is_offered_while_its_window_is_open(browser: Client, outcome: Outcome) -> None:
    _answered(outcome)
    case = outcome.case.id
    with clock.at(MONDAY + timedelta(hours=3)):
        answers = {"solved": "solved", "satisfied": "satisfied"}
        act(Request("call_back", answers, case), CALLER)
        act(Request("close", {}, case), CALLER)
    _enter(browser, outcome)
    with clock.at(MONDAY + timedelta(days=2)):
        page = _page(browser, outcome)
        assert "May be reopened" in page
        assert "Ask to reopen" in page
        browser.post(
            f"/follow/{outcome.number}/ask_reopen/", {"reason": "Dark again", "seen": "8"}
        )
    with clock.at(MONDAY + timedelta(days=40)):
        assert "Ask to reopen</a>" not in _page(browser, outcome)


def test_staff_steps_are_not_for_requesters(browser: Client, outcome: Outcome) -> None:
    _enter(browser, outcome)
    address = f"/follow/{outcome.number}/route/"
    assert browser.get(address).status_code == 302
    assert browser.post(address, {"unit": "roads"}).status_code == 409
    assert CaseRow.objects.get().state == "accepted"


def test_each_look_at_the_contact_is_listed(browser: Client, outcome: Outcome) -> None:
    Unmasking.objects.create(
        case=outcome.case.id,
        field="phone",
        by="li-si-0001",
        role="handler",
        unit="roads",
        reason="To ask for the house number",
        at=MONDAY,
    )
    _enter(browser, outcome)
    page = _page(browser, outcome)
    assert "Roads · Handler · Telephone" in page
    assert "To ask for the house number" in page
    assert "li-si-0001" not in page


def test_leaving_forgets_the_case(browser: Client, outcome: Outcome) -> None:
    _enter(browser, outcome)
    browser.post("/follow/leave/")
    assert browser.get(f"/follow/{outcome.number}/").status_code == 302


def test_overdue_is_said_in_words_and_not_by_colour_alone(
    browser: Client, outcome: Outcome
) -> None:
    _enter(browser, outcome)
    with clock.at(MONDAY + timedelta(days=3)):
        assert "overdue" in _page(browser, outcome)


@pytest.mark.parametrize(("is_public", "told"), [(True, 403), (False, 429)])
def test_behind_a_proxy_each_client_has_tries_of_its_own(
    browser: Client, outcome: Outcome, settings: Any, *, is_public: bool, told: int
) -> None:
    settings.IS_PUBLIC = is_public
    login = {"number": outcome.number, "code": "AAAAAAAA"}
    with clock.at(MONDAY):
        for _ in range(PER_CLIENT):
            browser.post("/follow/", login, HTTP_X_FORWARDED_FOR="192.0.2.1, 192.0.2.8")
        response = browser.post("/follow/", login, HTTP_X_FORWARDED_FOR="192.0.2.8, 192.0.2.1")
    assert response.status_code == told


def test_counts_of_past_hours_are_deleted(browser: Client, outcome: Outcome) -> None:
    login = {"number": outcome.number, "code": "AAAAAAAA"}
    for hours in range(3):
        with clock.at(MONDAY + timedelta(hours=hours)):
            browser.post("/follow/", login)
    assert Counter.objects.filter(scope__startswith="guess/").count() == 2


def _told(browser: Client, outcome: Outcome, **later: float) -> str:
    with clock.at(MONDAY + timedelta(**later)):
        return _page(browser, outcome)


def test_a_date_is_promised_from_the_day_on_which_the_programme_promises_one(
    browser: Client, outcome: Outcome
) -> None:
    case = outcome.case.id
    _enter(browser, outcome)
    assert "a result" not in _told(browser, outcome, minutes=1)
    with clock.at(MONDAY):
        act(Request("route", {"unit": "roads", "category": "roads.streetlight"}, case), DISPATCHER)
    page = _told(browser, outcome, hours=1)
    assert "You can expect a result by the end of Monday 16 March." in page
    assert "To be answered" not in page
    assert "It is late, and still being worked on." in _told(browser, outcome, days=8)


def test_an_answer_stands_beside_what_was_promised(browser: Client, outcome: Outcome) -> None:
    _answered(outcome)
    _enter(browser, outcome)
    told = "promised for 16 March 2026 at the latest, and was there on 9 March 2026."
    assert told in _told(browser, outcome, days=1)


def test_while_it_waits_for_another_case_no_date_is_promised(
    browser: Client, outcome: Outcome
) -> None:
    with clock.at(MONDAY):
        main = register("hotline", Request("register", GOOD), RESIDENT)
        routing = {"unit": "roads", "category": "roads.streetlight"}
        act(Request("route", routing, outcome.case.id), DISPATCHER)
        act(Request("merge", {"main_case": main.number}, outcome.case.id), DISPATCHER)
    _enter(browser, outcome)
    page = _told(browser, outcome, hours=1)
    assert "expect a result" not in page
    assert "paused" in page


def test_a_date_in_a_year_that_is_not_announced_is_no_promise(
    browser: Client, outcome: Outcome
) -> None:
    last = datetime.combine(calendars()["cn"].last, time(1), UTC)
    with clock.at(last):
        routing = {"unit": "roads", "category": "roads.streetlight"}
        act(Request("route", routing, outcome.case.id), DISPATCHER)
        _enter(browser, outcome)
        page = _page(browser, outcome)
    assert "expect a result" not in page
    assert "To be answered" in page
    assert "provisional" in page
