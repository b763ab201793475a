"""Clients of other people, run against the running server; and the rules of others, written anew.

``georeport`` is run as it is. ``three`` 0.8.0 asks Python 2 for ``itertools.ifilter``; with that
one name in place its own code runs. FixMyStreet's client is in Perl and the public validator in
Ruby: what they do with an answer is repeated here.
"""

from __future__ import annotations

import importlib
import io
import itertools
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request as Asked
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest
import requests
from georeport import GeoReport
from PIL import Image
from tests.api.open311.conftest import LAMP, Watch, forget, parsed, publish, said
from tests.small_city import DISPATCHER, INSIDE, found_city

from luoshi.actions.acts import Request, act
from luoshi.actions.keys import add_key
from luoshi.store.models import Attachment, CaseRow

pytestmark = pytest.mark.slow
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def server(transactional_db: None, live_server: Any, watch: Watch) -> Iterator[str]:
    """The running server, with the small city behind it; the address of its door."""
    forget()
    found_city()
    yield f"{live_server.url}/open311/v2"
    forget()


@pytest.fixture
def key(server: str) -> str:
    return add_key("Client under test")


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the package ``three`` as it was published, with the one name that it misses."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("three")


def photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(file, "PNG")
    file.seek(0)
    file.name = "lamp.png"
    return file


def test_t30_three_reports_reads_and_discovers(server: str, key: str, three: Any) -> None:
    client = three.Three(server, api_key=key, jurisdiction="city.example")
    assert {"production", "test"} == {one["type"] for one in client.discovery()["endpoints"]}
    assert LAMP in {one["service_code"] for one in client.services()}
    assert client.services(LAMP)["service_code"] == LAMP
    [made] = client.post(
        LAMP,
        lat=INSIDE["lat"],
        long=INSIDE["lon"],
        address="学府路",
        name="Ann Lee",
        phone="13800000000",
        description="The lamp is dark.",
        media=photo(),
    )
    number = made["service_request_id"]
    assert Attachment.objects.count() == 1
    publish(number)
    assert client.request(number)[0]["service_request_id"] == number
    between = ["03-01-2026", "03-20-2026"]
    assert len(client.requests(LAMP, between=between, count=10)) == 1
    assert client.requests(LAMP, between=between, status="open") == []
    token = str(CaseRow.objects.get().id)
    assert client.token(token) == [{"service_request_id": number, "token": token}]


def test_t30_three_is_told_what_is_wrong(server: str, three: Any) -> None:
    [wrong] = three.Three(server).post(LAMP, description="dark", address="x")
    assert wrong["code"] == "403"
    assert "api_key" in wrong["description"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_t30_georeport_reads_both_forms(server: str, key: str, form: str) -> None:
    made = requests.post(
        f"{server}/requests.json",
        data={"api_key": key, "service_code": LAMP, "description": "dark", "lat": 35.505,
              "long": 122.505},
        timeout=20,
    )  # fmt: skip
    number = made.json()[0]["service_request_id"]
    publish(number)
    client = GeoReport(server, jurisdiction="city.example", output_format=form)
    assert LAMP in {one["service_code"] for one in client.get_service_list()}
    assert client.get_service_definition(LAMP)["service_code"] == LAMP
    assert client.get_service_request(number)["status"] == "closed"
    found = client.get_service_requests(
        service_code=f"{LAMP},hotline", status="open,closed", start_date="2026-03-01T00:00:00Z",
        end_date="2026-03-20T00:00:00Z",
    )  # fmt: skip
    one = found[0] if form == "json" else found  # a single child is no list to xmltodict
    assert one["service_request_id"] == number
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request("nothing")


class FixMyStreet:
    """What FixMyStreet's client does: XML alone, addresses by plain concatenation."""

    LISTS = ("service", "attribute", "value", "request", "error", "request_update", "group")

    def __init__(self, endpoint: str, key: str) -> None:
        self.endpoint = endpoint
        self.key = key

    def ask(self, path: str, form: dict[str, str] | None = None) -> Any:
        """Return an answer as its reader has it: the names in LISTS are always lists."""
        given = {**form, "api_key": self.key} if form else None
        body = urlencode(given).encode() if given else None
        # Only this machine's own server is asked.
        with urlopen(Asked(self.endpoint + path, body, ENGLISH), timeout=20) as answer:  # noqa: S310
            assert answer.headers.get_content_type() == "text/xml"
            return self.simple(parsed(answer.read()))

    def simple(self, element: ET.Element) -> Any:
        if not len(element):
            return element.text or {}
        found: dict[str, Any] = {}
        for child in element:
            if child.tag in self.LISTS and element.tag != "groups" and child.tag != "group":
                found.setdefault(child.tag, []).append(self.simple(child))
            else:
                found[child.tag] = self.simple(child)
        return found

    def send(self, **given: str) -> str:
        """Send a report; return its number, by the token if that is what came."""
        answer = self.ask("requests.xml", given)
        row = answer["request"][0]
        number = row.get("service_request_id")
        if not number:
            number = self.ask(f"tokens/{row['token']}.xml")["request"][0]["service_request_id"]
        return str(number)


REPORT = {
    "jurisdiction_id": "city.example",
    "service_code": LAMP,
    "description": "Lamp\n\nThe lamp is dark.\n\nSubmitted via a test",
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@anlan.example",
    "phone": "",
    "lat": "35.505",
    "long": "122.505",
    "deviceid": "device",
    "attribute[kind]": "",
    "attribute[easting]": "1",
    "attribute[northing]": "2",
    "attribute[fixmystreet_id]": "4711",
    "attribute[title]": "Lamp",
}


def test_t30_fixmystreet_syncs_services_sends_and_polls(server: str, key: str) -> None:
    client = FixMyStreet(f"{server}/", key)
    services = client.ask("services.xml")["service"]
    lamp = next(one for one in services if one["service_code"] == LAMP)
    assert lamp["metadata"].lower() == "true"
    attributes = client.ask(f"services/{LAMP}.xml")["attributes"]["attribute"]
    assert all(one["code"] and one["required"] in ("true", "false") for one in attributes)
    number = client.send(**REPORT)
    assert CaseRow.objects.get().number == number
    publish(number)
    start = urlencode({"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-20T00:00:00Z"})
    [row] = client.ask(f"requests.xml?{start}")["request"]
    assert float(row["lat"])
    assert float(row["long"])
    assert datetime.fromisoformat(row["updated_datetime"])
    [update] = client.ask(f"servicerequestupdates.xml?{start}")["request_update"]
    assert (update["service_request_id"], update["status"]) == (number, "closed")
    assert {"update_id", "updated_datetime", "description", "media_url"} <= set(update)


def test_t30_fixmystreet_sends_without_a_pin_and_reads_errors(server: str, key: str) -> None:
    client = FixMyStreet(f"{server}/", key)
    without = {name: value for name, value in REPORT.items() if name not in ("lat", "long")}
    assert client.send(**without, address_id="#NOTPINPOINTED#")
    with pytest.raises(HTTPError) as refused:
        client.send(**without)
    assert refused.value.code == 400
    errors = client.simple(parsed(refused.value.read()))["error"]
    assert errors[0]["description"]
    refused.value.close()


def test_t30_fixmystreet_sends_photographs_as_files(server: str, key: str) -> None:
    """With uploads switched on it sends ``photo1`` to ``photo6`` beside the words."""
    files = {f"photo{n}": (f"photo{n}.png", photo(), "image/png") for n in (1, 2)}
    answer = requests.post(
        f"{server}/requests.xml", data={**REPORT, "api_key": key}, files=files, timeout=20
    )
    assert answer.status_code == 200
    number = parsed(answer.content).findtext("request/service_request_id")
    assert len(said(str(number))["photos"]) == 2


def test_t30_fixmystreet_polls_until_the_number_is_there(
    server: str, key: str, setting: Callable[[str, str], None]
) -> None:
    setting("BATCH", "hotline")
    client = FixMyStreet(f"{server}/", key)
    token = client.ask("requests.xml", REPORT)["request"][0]["token"]
    [waiting] = client.ask(f"tokens/{token}.xml")["request"]
    assert not waiting["service_request_id"]
    case = CaseRow.objects.get()
    act(Request("route", {"unit": "roads"}, str(case.id)), DISPATCHER)
    [there] = client.ask(f"tokens/{token}.xml")["request"]
    assert there["service_request_id"] == case.number


def test_t30_fixmystreet_passes_on_what_people_add(server: str, key: str) -> None:
    """Its updates carry more than is asked for; sent again after a time-out they count once."""
    client = FixMyStreet(f"{server}/", key)
    number = client.send(**REPORT)
    update = {
        "jurisdiction_id": "city.example",
        "service_request_id": number,
        "service_request_id_ext": "4711",
        "update_id": "17",
        "updated_datetime": "2026-03-09T10:00:00+08:00",
        "status": "OPEN",
        "description": "The next lamp is dark, too.",
        "title": "Ms",
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@anlan.example",
        "media_url": "https://pictures.example/1.jpg",
        "email_alerts_requested": "FALSE",
        "public_anonymity_required": "TRUE",
    }
    [first] = client.ask("servicerequestupdates.xml", update)["request_update"]
    [again] = client.ask("servicerequestupdates.xml", update)["request_update"]
    assert first["update_id"] == again["update_id"]
    with pytest.raises(HTTPError) as refused:
        client.ask("servicerequestupdates.xml", {**update, "description": "Another one"})
    assert refused.value.code == 400
    assert client.simple(parsed(refused.value.read()))["error"][0]["description"]
    refused.value.close()


def test_t30_what_the_public_validator_asks_of_discovery(
    server: str, setting: Callable[[str, str], None]
) -> None:
    """Its rules as they really run; it wants types without a charset, so that is switched on."""
    setting("PLAIN_TYPES", "1")
    base = server.removesuffix("/v2")
    as_json = requests.get(f"{base}/discovery.json", timeout=20)
    as_xml = requests.get(f"{base}/discovery.xml", timeout=20)
    assert as_json.headers["Content-Type"] == "application/json"
    assert as_xml.headers["Content-Type"] == "text/xml"
    found, root = as_json.json(), parsed(as_xml.content)
    for name in ("changeset", "contact", "key_service"):
        assert found[name] == root.findtext(name)
    endpoints = root.findall("endpoints/endpoint")
    assert len(endpoints) == len(found["endpoints"]) >= 2
    assert all(len(one.findall("formats/format")) >= 2 for one in endpoints)
    ours = [one for one in found["endpoints"] if one["specification"].endswith("_v2")]
    assert all("text/xml" in one["formats"] for one in ours)
    stamps = [found["changeset"], *(one["changeset"] for one in found["endpoints"])]
    assert all(datetime.fromisoformat(one) < datetime(2026, 11, 20, tzinfo=UTC) for one in stamps)
    [test] = [one for one in ours if one["type"] == "test"]
    for suffix in ("json", "xml"):
        assert requests.get(f"{test['url']}services.{suffix}", timeout=20).status_code == 200
    for service in requests.get(f"{test['url']}services.json", timeout=20).json():
        assert service["service_code"]
    asked = [s for s in requests.get(f"{test['url']}services.json", timeout=20).json()
             if s["metadata"]][:5]  # fmt: skip
    for service in asked:
        address = f"{test['url']}services/{service['service_code']}.json"
        assert requests.get(address, timeout=20).status_code == 200
