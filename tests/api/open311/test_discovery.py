"""Discovery, forms of answers, and pages that read from a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.open311.conftest import BASE, LAMP, Open311, errors, parsed, told

from luoshi.store.models import CaseRow


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


@pytest.mark.parametrize("base", ["/open311/v2", "/open311/v2/", "/open311/v2//"])
def test_t28_the_base_may_end_in_a_slash_or_not(open311: Open311, base: str) -> None:
    for path in ("services.json", f"services/{LAMP}.json", "requests.json", "discovery.json"):
        assert open311.client.get(base + path).status_code == 200, base + path


def test_t29_any_page_may_read_from_a_browser(open311: Open311) -> None:
    for answer in (open311.get("services.json"), open311.get("requests/nothing.json")):
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in open311.report()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("services.json", "GET, HEAD, OPTIONS"),
        (f"services/{LAMP}.xml", "GET, HEAD, OPTIONS"),
        ("requests.json", "GET, HEAD, POST, OPTIONS"),
        ("requests/1.json", "GET, HEAD, OPTIONS"),
        ("servicerequestupdates.xml", "GET, HEAD, POST, OPTIONS"),
        ("discovery.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_t29_a_browser_that_asks_first_is_told_that_pages_may_read_and_not_send(
    open311: Open311, path: str, allowed: str
) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    answer = open311.client.options(f"{BASE}/{path}", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Allow"] == allowed
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in answer
