"""A request is sent in: place, answers, ways of answering, words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import QueryDict
from tests.api.open311.conftest import BASE, LAMP, WORDS, Open311, errors, publish, said, told
from tests.small_city import INSIDE, OUTSIDE

from luoshi.formats.open311 import attributes_in
from luoshi.store.models import CaseRow, FactRow


def test_c07_a_point_places_the_request(open311: Open311) -> None:
    case = CaseRow.objects.get(number=open311.number())
    assert (case.lon, case.lat) == (INSIDE["lon"], INSIDE["lat"])
    assert case.area == "9911"
    assert case.category == "roads.streetlight"


def test_c07_an_address_in_words_places_the_request(open311: Open311) -> None:
    number = open311.number(lat=None, long=None, address_string="学府路和平街口")
    assert said(number)["address"] == "学府路和平街口"


@pytest.mark.parametrize(("given", "area"), [("9912", "9912"), ("#NOTPINPOINTED#", "")])
def test_c07_an_address_id_places_the_request(open311: Open311, given: str, area: str) -> None:
    number = open311.number(lat=None, long=None, address_id=given)
    assert CaseRow.objects.get(number=number).area == area


def test_c07_more_than_one_form_of_place_may_be_given(open311: Open311) -> None:
    number = open311.number(address_string="学府路", address_id="9912")
    assert CaseRow.objects.get(number=number).area == "9911", "the point says it more exactly"
    assert said(number)["address"] == "学府路"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"lat": None, "long": None}, "place.missing"),
        ({"long": None}, "place.half"),
        ({"lat": None}, "place.half"),
        ({"lat": "north"}, "number.invalid"),
        ({"lat": "nan"}, "number.invalid"),
        ({"lat": "91"}, "point.invalid"),
        ({"lat": OUTSIDE["lat"], "long": OUTSIDE["lon"]}, "point.outside"),
        ({"lat": INSIDE["lon"], "long": INSIDE["lat"]}, "point.order"),
    ],
)
def test_c07_without_a_good_place_it_is_400(open311: Open311, place: Any, code: str) -> None:
    assert code in errors(open311.report(**place), 400)
    assert not CaseRow.objects.exists()


def test_c09_several_values_come_with_brackets_or_the_name_again() -> None:

    for text in (
        "attribute[A][]=1&attribute[A][]=2",
        "attribute[A]=1&attribute[A]=2",
        "attribute%5BA%5D%5B%5D=1&attribute%5BA%5D=2",
    ):
        assert attributes_in(QueryDict(text).lists()) == {"A": ["1", "2"]}


def test_c09_two_values_for_one_answer_are_refused(open311: Open311) -> None:
    assert "choice.too_many" in errors(
        open311.report(**{"attribute[kind]": ["complain", "help"]}), 400
    )


def test_c12_realtime_answers_with_the_number(open311: Open311) -> None:
    [row] = told(open311.report())
    assert CaseRow.objects.get().number == row["service_request_id"]
    assert "token" not in row
    assert "query code" in row["service_notice"]


def test_c12_batch_answers_with_a_token_until_somebody_took_it_up(
    open311: Open311, setting: Any
) -> None:
    setting("BATCH", "hotline")
    [row] = told(open311.report())
    assert "service_request_id" not in row
    token = row["token"]
    pending = {"service_request_id": None, "token": token}
    assert open311.json(f"tokens/{token}") == [pending]
    assert open311.xml(f"tokens/{token}").find("request/service_request_id").text is None
    publish(CaseRow.objects.get().number)
    [found] = open311.json(f"tokens/{token}")
    assert found == {"service_request_id": CaseRow.objects.get().number, "token": token}


def test_c12_blackbox_answers_with_neither(open311: Open311, setting: Any) -> None:
    setting("BLACKBOX", "hotline")
    [row] = told(open311.report())
    assert not {"service_request_id", "token"} & set(row)
    assert errors(open311.get(f"tokens/{CaseRow.objects.get().id}.json"), 404)


@pytest.mark.parametrize("token", ["1", "018f0000-0000-7000-8000-000000000000", "%00"])
def test_c12_an_unknown_token_is_404(open311: Open311, token: str) -> None:
    assert errors(open311.get(f"tokens/{token}.json"), 404)


@pytest.mark.parametrize(
    "words",
    [
        "一行\n第二行\n\n第四行",
        "灯坏了 🚦🙏 ẞ é",
        "<b>bold</b> & <script>alert(1)</script>",
        "]]>",
    ],
)
def test_c13_words_arrive_as_they_were_written(open311: Open311, words: str) -> None:
    assert said(open311.number(description=words))["content"] == words


def test_c13_html_is_text_in_both_forms(open311: Open311) -> None:
    publish(open311.number(), subject="<b>lamp</b> & more")
    assert open311.json("requests")[0]["description"] == "<b>lamp</b> & more"
    assert open311.xml("requests").findtext("request/description") == "<b>lamp</b> & more"
    assert b"<b>" not in open311.get("requests.xml").content


def test_c13_four_thousand_characters_and_not_one_more(open311: Open311) -> None:
    assert len(said(open311.number(description="灯" * 4000))["content"]) == 4000
    assert "4000" in errors(open311.report(description="灯" * 4001), 400)


def test_c13_the_first_line_is_the_subject(open311: Open311) -> None:
    found = said(open311.number(description=WORDS))
    assert found["subject"] == "The lamp is dark"
    assert len(said(open311.number(description="灯" * 300))["subject"]) == 60


def test_c13_contacts_are_kept_by_the_type_of_their_field(open311: Open311) -> None:
    found = said(
        open311.number(
            first_name="小明", last_name="王", phone="+86 138 0000 0000", email="w@anlan.example"
        )
    )
    assert found["name"] == "王小明"
    assert found["phone"] == "13800000000"
    assert found["email"] == "w@anlan.example"
    assert said(open311.number(first_name="Ann", last_name="Lee"))["name"] == "Ann Lee"
    assert "phone" in errors(open311.report(phone="call me"), 400)


def test_c13_the_device_of_a_person_is_not_kept(open311: Open311) -> None:
    number = open311.number(device_id="QZXV-device", deviceid="QZXV-device", account_id="QZXV-me")
    facts = "".join(FactRow.objects.values_list("body", flat=True))
    assert "QZXV" not in facts + json.dumps(said(number))


def test_t28_names_are_read_when_their_brackets_are_encoded(open311: Open311) -> None:
    form = (
        f"api_key={open311.key}&service_code={LAMP}&description=dark&lat=35.505&long=122.505"
        "&attribute%5Bkind%5D=complain&deviceid=9&attribute%5Bsecret%5D%5B%5D=true"
    )
    answer = open311.client.generic(
        "POST", f"{BASE}/requests.json", form, "application/x-www-form-urlencoded; charset=utf-8"
    )
    number = told(answer)[0]["service_request_id"]
    assert CaseRow.objects.get(number=number).values["kind"] == "complain"
