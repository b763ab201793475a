"""What is refused, and how the errors are told."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.api.open311.conftest import BASE, Open311, errors, numbers, parsed, publish, told


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


@pytest.mark.parametrize("charset", ["utf-16", "gb18030", "nonexistent"])
def test_c18_a_form_in_another_encoding_is_refused_in_the_form_asked_for(
    open311: Open311, charset: str
) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    for path in ("requests.json", "servicerequestupdates.json"):
        answer = open311.client.generic("POST", f"{BASE}/{path}", "api_key=x", kind)
        assert answer.status_code in (400, 403)
        assert json.loads(answer.content)[0]["code"] == str(answer.status_code)


def test_thousands_of_parameters_are_refused_in_the_form_asked_for(open311: Open311) -> None:
    many = {f"a{number}": "1" for number in range(1000)}
    assert errors(open311.get("requests.json", **many), 400)
