"""The core of GeoReport v2, one test for each line of the conformance page (C1 to C21)."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from PIL import Image
from tests.api.open311.conftest import (
    BASE,
    LAMP,
    WORDS,
    Open311,
    Watch,
    errors,
    parsed,
    publish,
    told,
)
from tests.small_city import INSIDE, MONDAY, OPERATOR, OUTSIDE, PUBLISHER, RESIDENT

from luoshi.actions.acts import Request, act, register
from luoshi.actions.files import add_file
from luoshi.actions.keys import add_key, revoke_key
from luoshi.formats.open311 import attributes_in, stamp
from luoshi.kernel.fact import read
from luoshi.store.applications import forget_applications
from luoshi.store.models import CaseRow, FactRow, PersonalValue

FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


def said(number: str) -> dict[str, Any]:
    """Return the latest personal answers of the case with that number."""
    case = CaseRow.objects.get(number=number)
    rows = PersonalValue.objects.filter(case=case).order_by("seq")
    return {row.field: json.loads(row.value or "null") for row in rows}


# C1


@pytest.mark.parametrize("address", ["/open311/discovery", f"{BASE}/discovery"])
def test_c01_discovery_has_all_nine_fields_in_both_forms(open311: Open311, address: str) -> None:
    found = told(open311.client.get(f"{address}.json"))
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert len(found["endpoints"]) >= 2
    for endpoint in found["endpoints"]:
        assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["url"].startswith("http://testserver/open311/")
        assert endpoint["formats"] == ["text/xml", "application/json"]
    assert [one["type"] for one in found["endpoints"]] == ["production", "test"]
    for changed in (found["changeset"], *(one["changeset"] for one in found["endpoints"])):
        assert datetime.fromisoformat(changed) < datetime(2026, 11, 20, tzinfo=UTC)


def test_c01_discovery_says_the_same_in_xml(open311: Open311) -> None:
    found = told(open311.client.get("/open311/discovery.json"))
    root = parsed(open311.client.get("/open311/discovery.xml").content)
    assert root.tag == "discovery"
    assert [child.tag for child in root] == list(found)
    urls = [one.text for one in root.findall("endpoints/endpoint/url")]
    assert urls == [one["url"] for one in found["endpoints"]]
    assert len(root.findall("endpoints/endpoint[1]/formats/format")) == 2


def test_c01_the_test_door_checks_everything_and_registers_nothing(open311: Open311) -> None:
    test = Open311(open311.key, open311.client, "/open311/test/v2")
    assert test.json("services") == open311.json("services")
    assert told(test.report())[0]["service_request_id"] == "TEST"
    assert "place" in errors(test.report(lat=None, long=None), 400)
    assert errors(test.report(api_key="wrong"), 403)
    assert "phone.invalid" in errors(test.report(phone="12"), 400)
    assert not CaseRow.objects.exists()


# C2, C3


@pytest.mark.parametrize("accept", ["application/json", "text/xml", "text/html", "*/*"])
def test_c02_the_suffix_alone_chooses_the_form(open311: Open311, accept: str) -> None:
    ask = {"accept": accept}
    assert open311.client.get(f"{BASE}/services.json", headers=ask).content[:1] == b"["
    assert open311.client.get(f"{BASE}/services.xml", headers=ask).content[:5] == b"<?xml"


@pytest.mark.parametrize("path", ["services.html", "services", "requests.rss", "services.jsonp"])
def test_c02_an_unknown_suffix_is_404(open311: Open311, path: str) -> None:
    answer = open311.client.get(f"{BASE}/{path}")
    assert answer.status_code == 404
    assert parsed(answer.content).findtext("error/code") == "404"


def test_c03_content_types_charset_and_declaration(open311: Open311) -> None:
    xml = open311.get("services.xml")
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    assert xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<services>')
    assert open311.get("services.json")["Content-Type"] == "application/json; charset=utf-8"


def test_c03_the_charset_can_be_left_out_for_the_public_validator(
    open311: Open311, setting: Any
) -> None:
    setting("PLAIN_TYPES", "1")
    assert open311.client.get("/open311/discovery.xml")["Content-Type"] == "text/xml"
    assert open311.client.get("/open311/discovery.json")["Content-Type"] == "application/json"


# C4, C5, C6


def test_c04_services_have_every_field(open311: Open311) -> None:
    services = open311.json("services")
    lamp = next(one for one in services if one["service_code"] == LAMP)
    assert lamp["service_name"] == "Street light"
    assert lamp["group"] == "Roads and public works"
    assert lamp["type"] == "realtime"
    assert lamp["metadata"] is True
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords",
            "group"} <= set(lamp)  # fmt: skip
    assert len({one["service_code"] for one in services}) == len(services)


def test_c04_truth_is_spelt_out_in_xml(open311: Open311) -> None:
    root = open311.xml("services")
    assert {one.text for one in root.findall("service/metadata")} <= {"true", "false"}
    definition = open311.xml(f"services/{LAMP}")
    assert {one.text for one in definition.findall("attributes/attribute/required")} <= {
        "true", "false"}  # fmt: skip
    assert {one.text for one in definition.findall("attributes/attribute/variable")} == {"true"}


def test_c04_services_are_what_residents_may_open_and_nothing_else(open311: Open311) -> None:
    programmes = {one["service_code"].split(".")[0] for one in open311.json("services")}
    assert {"hotline", "urban-management"} <= programmes
    assert "hotline-assist" not in programmes, "only the system opens those"
    assert "hotline.roads" not in {one["service_code"] for one in open311.json("services")}


def test_c05_ids_are_text(open311: Open311) -> None:
    publish(open311.number())
    [row] = open311.json("requests")
    assert isinstance(row["service_request_id"], str)
    assert isinstance(row["service_code"], str)
    found = open311.json(f"services/{LAMP}")
    assert all(isinstance(one["key"], str) for a in found["attributes"]
               for one in a.get("values", []))  # fmt: skip


def test_c06_a_definition_lists_what_is_asked(open311: Open311) -> None:
    found = open311.json(f"services/{LAMP}")
    assert found["service_code"] == LAMP
    kind = next(one for one in found["attributes"] if one["code"] == "kind")
    assert kind["datatype"] == "singlevaluelist"
    assert kind["required"] is False
    assert {"key": "complain", "name": "Complaint"} in kind["values"]
    codes = [one["code"] for one in found["attributes"]]
    assert not {"channel", "urgency", "phone", "category", "subject"} & set(codes)
    orders = [one["order"] for one in found["attributes"]]
    assert orders == list(range(1, len(codes) + 1))


@pytest.mark.parametrize("code", ["hotline.nothing", "nothing", "hotline-assist", "%00"])
def test_c06_an_unknown_service_is_404(open311: Open311, code: str) -> None:
    assert errors(open311.client.get(f"{BASE}/services/{code}.json"), 404)


# C7, C8, C9


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
        ({"lat": "nan"}, "point.invalid"),
        ({"lat": OUTSIDE["lat"], "long": OUTSIDE["lon"]}, "point.outside"),
        ({"lat": INSIDE["lon"], "long": INSIDE["lat"]}, "point.order"),
    ],
)
def test_c07_without_a_good_place_it_is_400(open311: Open311, place: Any, code: str) -> None:
    assert code in errors(open311.report(**place), 400)
    assert not CaseRow.objects.exists()


def test_c08_a_required_answer_that_is_missing_is_named(open311: Open311) -> None:
    answer = open311.send(service_code="service-rating", description="Friendly and quick")
    assert "attribute[served_by]" in errors(answer, 400)


def test_c08_a_value_that_is_not_offered_is_400(open311: Open311) -> None:
    found = errors(open311.report(**{"attribute[kind]": "riot"}), 400)
    assert "attribute[kind]" in found
    assert "choice.unknown" in found


def test_c08_a_blank_optional_value_is_taken(open311: Open311) -> None:
    assert open311.number(**{"attribute[kind]": "", "attribute[secret]": ""})


def test_c08_answers_that_are_asked_are_kept(open311: Open311) -> None:
    number = open311.number(**{"attribute[kind]": "complain", "attribute[secret]": "true"})
    values = CaseRow.objects.get(number=number).values
    assert values["kind"] == "complain"
    assert values["secret"] is True


def test_c08_attributes_of_other_cities_are_let_be(open311: Open311) -> None:
    assert open311.number(**{"attribute[easting]": "450000", "attribute[title]": "x"})


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


# C10, C11, C12


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


# C13


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


# C14


def published_at(open311: Open311, watch: Watch, *days: int) -> list[str]:
    """Report and publish one case on each of these days after Monday; return their numbers."""
    found = []
    for day in days:
        watch.now = MONDAY + timedelta(days=day)
        found.append(open311.number())
        publish(found[-1], f"Lamp of day {day}")
    return found


def numbers(rows: Any) -> list[str]:
    return [one["service_request_id"] for one in rows]


def test_c14_ids_override_everything_else(open311: Open311, watch: Watch) -> None:
    first, second, _ = published_at(open311, watch, 0, 1, 2)
    wanted = f"{first},{second},nothing"
    found = open311.json(
        "requests", service_request_id=wanted, status="open", service_code="x", end_date="never"
    )
    assert numbers(found) == [second, first]


def test_c14_lists_are_separated_by_commas_encoded_or_not(open311: Open311, watch: Watch) -> None:
    first, second = published_at(open311, watch, 0, 1)
    for comma in (",", quote(",")):
        address = f"{BASE}/requests.json?service_request_id={first}{comma}{second}"
        assert len(told(open311.client.get(address))) == 2
        address = f"{BASE}/requests.json?status=open{comma}closed"
        assert len(told(open311.client.get(address))) == 2
        address = f"{BASE}/requests.json?service_code=hotline{comma}{LAMP}"
        assert len(told(open311.client.get(address))) == 2


def test_c14_by_service(open311: Open311, watch: Watch) -> None:
    lamp = published_at(open311, watch, 0)
    whole = open311.number(service_code="hotline")
    publish(whole)
    assert numbers(open311.json("requests", service_code=LAMP)) == lamp
    assert numbers(open311.json("requests", service_code="hotline")) == [whole]
    assert open311.json("requests", service_code="hotline.roads.pothole") == []
    assert open311.json("requests", service_code="nothing") == []


def test_c14_by_status(open311: Open311, watch: Watch) -> None:
    published_at(open311, watch, 0)
    assert open311.json("requests", status="open") == []
    assert len(open311.json("requests", status="closed")) == 1
    assert len(open311.json("requests", status="OPEN,CLOSED")) == 1
    assert "status" in errors(open311.get("requests.json", status="asleep"), 400)


def test_c14_the_last_90_days_are_the_default(open311: Open311, watch: Watch) -> None:
    old, new = published_at(open311, watch, 0, 50)
    watch.now = MONDAY + timedelta(days=100)
    assert numbers(open311.json("requests")) == [new]
    assert numbers(open311.json("requests", start_date=stamp(MONDAY))) == [new, old]
    until = stamp(MONDAY + timedelta(days=1))
    assert numbers(open311.json("requests", end_date=until)) == [old]


def test_c14_no_more_than_90_days_are_told(open311: Open311, watch: Watch) -> None:
    old, _ = published_at(open311, watch, 0, 95)
    found = open311.json(
        "requests", start_date=stamp(MONDAY), end_date=stamp(MONDAY + timedelta(days=200))
    )
    assert numbers(found) == [old]


def test_c14_both_ends_of_a_window_belong_to_it(open311: Open311, watch: Watch) -> None:
    first, second, third = published_at(open311, watch, 0, 1, 2)
    found = open311.json(
        "requests", start_date=stamp(MONDAY), end_date=stamp(MONDAY + timedelta(days=1))
    )
    assert numbers(found) == [second, first]
    assert third not in numbers(found)


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "01-02-2026", "0001-01-01T00:00:00Z"])
def test_c14_what_is_no_date_is_400(open311: Open311, date: str) -> None:
    assert "date.invalid" in errors(open311.get("requests.json", end_date=date), 400)


def test_c14_no_more_than_1000_are_told(open311: Open311, watch: Watch) -> None:
    [number] = published_at(open311, watch, 0)

    with connection.cursor() as run:
        run.execute(
            'INSERT INTO luoshi_public ("case", number, programme, category, place, state, kind,'
            " opened, published, subject, grams, view) SELECT md5(n::text)::uuid, 'X' || n,"
            " programme, category, place, state, kind, opened - n * interval '1 minute',"
            " published, subject, grams, view FROM luoshi_public, generate_series(1, 1500) n"
        )
    rows = open311.json("requests")
    assert len(rows) == 1000
    assert rows[0]["service_request_id"] == number


# C15 to C19


def test_c15_one_request_is_an_array_of_one(open311: Open311) -> None:
    number = open311.number()
    publish(number)
    [row] = open311.json(f"requests/{number}")
    assert list(row) == FIELDS
    root = open311.xml(f"requests/{number}")
    assert root.tag == "service_requests"
    assert [one.tag for one in root.find("request")] == FIELDS
    assert row["service_name"] == "Street light"
    assert row["address_id"] == "991"


def test_c15_an_unknown_request_is_404_with_errors(open311: Open311) -> None:
    answer = open311.get("requests/nothing.xml")
    assert answer.status_code == 404
    root = parsed(answer.content)
    assert root.tag == "errors"
    assert root.findtext("error/code") == "404"
    assert root.findtext("error/description")


def test_c16_closed_is_told_with_the_time_of_closing(open311: Open311, watch: Watch) -> None:
    number = open311.number()
    watch.forward(hours=3)
    publish(number)
    watch.forward(days=2)
    [row] = open311.json(f"requests/{number}")
    assert row["status"] == "closed"
    assert row["requested_datetime"] == stamp(MONDAY)
    assert row["updated_datetime"] == stamp(MONDAY + timedelta(hours=3))


def test_c16_publishing_later_does_not_move_the_time_of_closing(
    open311: Open311, watch: Watch
) -> None:

    number = open311.number()
    case = str(CaseRow.objects.get(number=number).id)
    watch.forward(hours=1)
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
    watch.forward(days=1)
    public = {"public_subject": "Lamp", "public_reply": "It burns again."}
    act(Request("publish", public, case), PUBLISHER)
    [row] = open311.json(f"requests/{number}")
    assert row["updated_datetime"] == stamp(MONDAY + timedelta(hours=1))


def test_c17_empty_parameters_are_absent(open311: Open311) -> None:
    number = open311.number(
        phone="", email=" ", first_name="", address_string="", address_id="", media_url=""
    )
    publish(number)
    empty = dict.fromkeys(
        ("service_request_id", "service_code", "start_date", "end_date", "status", "bbox",
         "page", "page_size", "updated_after", "lat", "long", "radius", "jurisdiction_id",
         "api_key", "after"), "",
    )  # fmt: skip
    assert numbers(open311.json("requests", **empty)) == [number]
    assert "service_code" in errors(open311.report(service_code=""), 400)
    assert "place.missing" in errors(open311.report(lat="", long=""), 400)


def test_c18_several_errors_are_told_at_once_in_both_forms(open311: Open311) -> None:
    wrong = {"phone": "12", "email": "nobody", "attribute[kind]": "riot"}
    found = told(open311.report(**wrong), 400)
    assert len(found) == 3
    assert all(set(one) == {"code", "description"} for one in found)
    root = parsed(open311.report(suffix="xml", **wrong).content)
    assert root.tag == "errors"
    assert len(root.findall("error")) == 3
    assert [one.findtext("code") for one in root] == ["400"] * 3


def test_c18_errors_are_told_in_the_language_of_the_reader(open311: Open311) -> None:
    chinese = Client(headers={"accept-language": "zh-CN"})
    answer = chinese.post(f"{BASE}/requests.json", {})
    assert "需要有效的" in errors(answer, 403)
    assert "needed" in errors(open311.report(api_key=""), 403)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_c18_other_methods_are_405(open311: Open311, method: str) -> None:
    answer = getattr(open311.client, method)(f"{BASE}/requests.json")
    assert errors(answer, 405)
    assert answer["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_c18_a_broken_form_is_400(open311: Open311) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = open311.client.generic("POST", f"{BASE}/requests.json", b"\x00", kind)
        assert answer.status_code in (400, 403)
        assert json.loads(answer.content)


def test_c19_arrays_stay_arrays(open311: Open311, watch: Watch) -> None:
    assert open311.json("requests") == []
    assert list(open311.xml("requests")) == []
    for expected in (1, 2):
        published_at(open311, watch, expected)
        assert len(open311.json("requests")) == expected
        assert len(open311.xml("requests").findall("request")) == expected


def test_c19_an_empty_element_is_null(open311: Open311) -> None:
    publish(open311.number())
    [row] = open311.json("requests")
    element = open311.xml("requests").find("request")
    for name, value in row.items():
        text = element.findtext(name)
        assert (text == "") == (value is None), name
        if value is not None:
            assert text == str(value), name


# C20, C21


def test_c20_a_private_case_is_never_listed_and_404_by_id(open311: Open311) -> None:
    number = open311.number()
    assert open311.json("requests") == []
    assert open311.json("requests", service_request_id=number) == []
    assert errors(open311.get(f"requests/{number}.json"), 404)
    assert open311.json("servicerequestupdates") == []


def test_c20_a_case_that_was_taken_down_is_private_again(open311: Open311) -> None:

    number = open311.number()
    publish(number)
    assert open311.json(f"requests/{number}")
    case = str(CaseRow.objects.get(number=number).id)
    act(Request("unpublish", {"reason": "It named somebody."}, case), PUBLISHER)
    assert errors(open311.get(f"requests/{number}.json"), 404)


def test_c20_an_application_follows_what_it_brought_in(open311: Open311) -> None:
    number = open311.number()
    [row] = open311.json("requests", api_key=open311.key)
    assert row["service_request_id"] == number
    assert row["status"] == "open"
    assert row["service_code"] == LAMP
    blank = ["description", "lat", "long", "address", "address_id", "agency_responsible"]
    assert [row[name] for name in blank] == [None] * len(blank)
    assert open311.json(f"requests/{number}", api_key=open311.key) == [row]
    assert WORDS.splitlines()[1] not in json.dumps(row)


def test_c20_another_application_does_not(open311: Open311) -> None:
    number = open311.number()
    other = add_key("Other app")
    assert open311.json("requests", api_key=other) == []
    assert errors(open311.get(f"requests/{number}.json", api_key=other), 404)


def test_c20_a_case_of_the_desk_is_nobody_s_until_it_is_published(open311: Open311) -> None:

    given = {"subject": "Lamp", "content": "It is dark.", "place": INSIDE}
    outcome = register("hotline", Request("register", given), RESIDENT)
    assert open311.json("requests", api_key=open311.key) == []
    assert errors(open311.get(f"requests/{outcome.number}.json", api_key=open311.key), 404)
    assert errors(open311.get(f"tokens/{outcome.case.id}.json"), 404)


def test_c20_the_first_fact_says_which_application_brought_it(open311: Open311) -> None:
    open311.number()
    fact = read(FactRow.objects.get().body)
    assert fact.doer.id.startswith("app:")
    assert fact.doer.role == "requester"


def test_c21_only_what_was_approved_is_told(open311: Open311) -> None:
    number = open311.number(phone="13800000000", address_string="Room 7")
    publish(number, subject="A lamp", reply="It burns.")
    [row] = open311.json(f"requests/{number}")
    assert row["description"] == "A lamp"
    assert row["status_notes"] == "It burns."
    assert row["media_url"] is None


def released_photo(number: str) -> str:
    """Publish the case with a photograph that the publisher prepared; return its key."""
    case = str(CaseRow.objects.get(number=number).id)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
    kept = str(add_file(case, out.getvalue(), "covered.jpg", PUBLISHER).id)
    words = {"public_subject": "Light", "public_reply": "It burns.", "public_photos": [kept]}
    act(Request("publish", words, case), PUBLISHER)
    return kept


def test_c21_a_photograph_is_told_once_a_person_released_it(open311: Open311) -> None:
    sent = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(sent, "JPEG")
    sent.seek(0)
    number = open311.number(media=sent)
    kept = released_photo(number)
    [row] = open311.json(f"requests/{number}", extensions="true")
    assert row["media_url"] == f"http://testserver/public/{number}/photo/{kept}/"
    assert row["extended_attributes"]["media_urls"] == [row["media_url"]]
    assert open311.xml(f"requests/{number}").findtext("request/media_url") == row["media_url"]
    shown = open311.client.get(row["media_url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(shown)[:3] == b"\xff\xd8\xff"


def test_c21_no_other_photograph_of_a_published_case_is_told(open311: Open311) -> None:
    sent = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(sent, "JPEG")
    sent.seek(0)
    number = open311.number(media=sent)
    own = str(CaseRow.objects.get().values["photos"][0])
    kept = released_photo(number)
    assert open311.client.get(f"/public/{number}/photo/{own}/").status_code == 404
    assert own not in open311.get("requests.json", extensions="true").content.decode()
    case = str(CaseRow.objects.get().id)
    act(Request("unpublish", {"reason": "A face can be seen."}, case), PUBLISHER)
    assert open311.client.get(f"/public/{number}/photo/{kept}/").status_code == 404


def test_c21_a_document_is_never_published_as_a_photograph(open311: Open311) -> None:
    number = open311.number()
    case = str(CaseRow.objects.get(number=number).id)
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
    paper = str(add_file(case, b"%PDF-1.7 by somebody", "a.pdf", PUBLISHER).id)
    words = {"public_subject": "Light", "public_reply": "It burns.", "public_photos": [paper]}
    act(Request("publish", words, case), PUBLISHER)
    assert open311.json(f"requests/{number}")[0]["media_url"] is None
    assert open311.client.get(f"/public/{number}/photo/{paper}/").status_code == 404


def test_c21_a_point_is_told_no_finer_than_the_place_that_is_published(open311: Open311) -> None:
    publish(open311.number())
    [row] = open311.json("requests")
    assert row["address"] == "No. 991"
    assert (row["long"], row["lat"]) != (INSIDE["lon"], INSIDE["lat"])
    assert (row["long"], row["lat"]) == (122.51, 35.51), "the middle of the community"
