"""Keys and jurisdictions, what is sent again, what is sent too fast."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.open311.conftest import BASE, Open311, Watch, errors, publish, told

from luoshi.actions.keys import add_key, revoke_key
from luoshi.store.applications import forget_applications
from luoshi.store.models import CaseRow


@pytest.mark.parametrize("key", ["", "wrong", "x" * 500, "luoshi_'; --"])
def test_c10_without_a_good_key_it_is_403(open311: Open311, key: str) -> None:
    assert "api_key" in errors(open311.report(api_key=key), 403)
    assert not CaseRow.objects.exists()


def test_c10_a_key_that_was_taken_back_opens_nothing(open311: Open311) -> None:
    assert open311.number()
    revoke_key("Town app")
    forget_applications()  # what the passing of five seconds does
    assert errors(open311.report(), 403)


def test_c10_a_key_for_reading_posts_nothing(open311: Open311) -> None:
    open311.key = add_key("Newspaper", may_post=False)
    assert "key.read_only" in errors(open311.report(), 403)


def test_c11_one_jurisdiction_need_not_be_named_and_any_name_will_do(open311: Open311) -> None:
    assert open311.json("services", jurisdiction_id="elsewhere.example")
    assert open311.number(jurisdiction_id="elsewhere.example")


def test_c11_of_several_jurisdictions_one_must_be_named(open311: Open311, setting: Any) -> None:
    setting("JURISDICTIONS", "city.example=hotline; streets.example=urban-management")
    assert "jurisdiction_id" in errors(open311.get("services.json"), 400)
    assert errors(open311.get("services.json", jurisdiction_id="nowhere"), 404)
    assert errors(open311.report(jurisdiction_id="nowhere"), 404)
    services = open311.json("services", jurisdiction_id="streets.example")
    assert {one["service_code"].split(".")[0] for one in services} == {"urban-management"}
    assert errors(open311.report(jurisdiction_id="streets.example"), 404), "not its service"
    number = open311.number(jurisdiction_id="city.example")
    publish(number)
    assert open311.json("requests", jurisdiction_id="city.example")
    assert open311.json("requests", jurisdiction_id="streets.example") == []
    elsewhere = {"jurisdiction_id": "streets.example"}
    assert errors(open311.get(f"requests/{number}.json", **elsewhere), 404)


def test_t28_a_key_on_reading_is_borne_with(open311: Open311) -> None:
    publish(open311.number())
    for key in ("", "wrong", open311.key):
        assert len(open311.json("requests", api_key=key)) == 1
    by_header = open311.client.get(f"{BASE}/requests.json", headers={"x-api-key": open311.key})
    assert len(told(by_header)) == 1


def test_a_request_sent_again_under_its_key_is_the_same_case(open311: Open311) -> None:
    again = {"headers": {"idempotency-key": "a1"}}
    first = open311.number(**again)
    assert open311.number(**again) == first
    assert told(open311.report(**again)) == told(open311.report(**again))
    assert CaseRow.objects.count() == 1
    other = open311.report(**again, phone="13800000000")
    assert "case.resent_different" in errors(other, 400)


def test_an_account_that_repeats_itself_on_one_day_is_heard_once(
    open311: Open311, watch: Watch
) -> None:
    first = open311.number(account_id="7")
    assert open311.number(account_id="7") == first
    assert open311.number(account_id="8") != first
    assert open311.number(account_id="7", description="Something else") != first
    watch.forward(days=1)
    assert open311.number(account_id="7") != first


def test_the_same_words_without_a_word_of_who_sends_are_two_requests(open311: Open311) -> None:
    assert open311.number() != open311.number()


def test_two_applications_do_not_share_their_keys(open311: Open311) -> None:
    again = {"headers": {"idempotency-key": "a1"}}
    first = open311.number(**again)
    open311.key = add_key("Other app")
    assert open311.number(**again) != first


def test_too_many_requests_of_one_key_have_to_wait(open311: Open311, setting: Any) -> None:
    setting("POSTS_A_MINUTE", "2")
    assert open311.number()
    assert open311.number()
    answer = open311.report()
    assert "key.too_fast" in errors(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    open311.key = add_key("Other app")
    assert open311.number(), "each key has a measure of its own"
