"""What an adapter's own tests ask of a server, asked of ours, scenario by scenario.

The open311-adapter of mySociety reads the standard most strictly of all servers whose tests can be
read; its eight scenarios are played here in our own words, with the services of the small city.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.api.open311.conftest import LAMP, Open311, Watch, parsed, publish, told
from tests.small_city import MONDAY

from luoshi.formats.open311 import stamp
from luoshi.store.models import CaseRow

RATING = {
    "service_code": "service-rating",
    "address_string": "学府路22号",
    "first_name": "Bob",
    "last_name": "Mould",
    "description": "They were quick.",
}
"""A service that asks for an answer which must be given."""

MUST = "attribute[served_by]"


def test_t30_adapter_lists_services_in_both_forms(open311: Open311) -> None:
    in_xml = {
        one.findtext("service_code"): {child.tag: child.text for child in one if not len(child)}
        for one in open311.xml("services").findall("service")
    }
    in_json = {one["service_code"]: one for one in open311.json("services")}
    assert list(in_xml) == list(in_json)
    for code, service in in_json.items():
        for name in ("service_name", "description", "keywords", "type"):
            assert (in_xml[code][name] or None) == (service[name] or None)
        assert in_xml[code]["metadata"] == str(service["metadata"]).lower()


def test_t30_adapter_reads_a_definition_in_both_forms(open311: Open311) -> None:
    found = open311.json(f"services/{LAMP}")
    root = open311.xml(f"services/{LAMP}")
    assert (root.tag, root.findtext("service_code")) == ("service_definition", LAMP)
    attributes = root.findall("attributes/attribute")
    assert [one.findtext("code") for one in attributes] == [
        one["code"] for one in found["attributes"]
    ]
    for element, one in zip(attributes, found["attributes"], strict=True):
        assert element.findtext("datatype") == one["datatype"]
        assert element.findtext("order") == str(one["order"])
        assert element.findtext("required") == str(one["required"]).lower()
        assert element.findtext("variable") == "true"


def test_t30_adapter_finds_values_in_the_order_of_the_definition(open311: Open311) -> None:
    """Not sorted by name or key: the list of kinds has an order of its own."""
    kinds = ["consult", "help", "complain", "report", "suggest"]
    assert kinds != sorted(kinds)
    [asked] = [one for one in open311.json(f"services/{LAMP}")["attributes"]
               if one["code"] == "kind"]  # fmt: skip
    assert [one["key"] for one in asked["values"]] == kinds
    for element in open311.xml(f"services/{LAMP}").findall("attributes/attribute"):
        if element.findtext("code") == "kind":
            assert [one.findtext("key") for one in element.findall("values/value")] == kinds


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"service_code": LAMP, "api_key": ""}, 403),
        ({"service_code": "BADGER"}, 404),
        (RATING, 400),
        ({**RATING, "service_code": LAMP, "attribute[kind]": "starfish"}, 400),
        ({**RATING, MUST: "starfish"}, 400),
    ],
)
def test_t30_adapter_is_refused_what_is_not_valid(
    open311: Open311, given: dict[str, str], status: int
) -> None:
    for suffix in ("json", "xml"):
        answer = open311.send(suffix=suffix, **given)
        assert answer.status_code == status, answer.content.decode()
    assert not CaseRow.objects.exists()


def report_to_lamps(open311: Open311, suffix: str = "json", **more: Any) -> str:
    """Report without a pin, as the adapter's scenarios do; return the number."""
    given = {**RATING, "service_code": LAMP, **more}
    answer = open311.send(suffix=suffix, **given)
    if suffix == "json":
        return str(told(answer)[0]["service_request_id"])
    root = parsed(answer.content)
    assert root.tag == "service_requests"
    assert root.findtext("request/service_notice")
    return str(root.findtext("request/service_request_id"))


def test_t30_adapter_posts_in_both_forms(open311: Open311, watch: Watch) -> None:
    numbers = [report_to_lamps(open311, **{"attribute[kind]": "complain"})]
    watch.forward(days=30)
    numbers.append(report_to_lamps(open311, "xml", **{"attribute[kind]": "help"}))
    assert len(set(numbers)) == 2
    assert [CaseRow.objects.get(number=one).values["kind"] for one in numbers] == [
        "complain", "help"]  # fmt: skip


def test_t30_adapter_may_leave_an_optional_list_empty(open311: Open311) -> None:
    number = report_to_lamps(open311, **{"attribute[kind]": ""})
    assert CaseRow.objects.get(number=number).values.get("kind") is None


def published(open311: Open311, watch: Watch) -> list[str]:
    """Return two published requests, a month apart, the older first."""
    numbers = []
    for _ in range(2):
        numbers.append(report_to_lamps(open311))
        publish(numbers[-1])
        watch.forward(days=30)
    return numbers


def test_t30_adapter_lists_requests_and_by_service(open311: Open311, watch: Watch) -> None:
    numbers = published(open311, watch)
    for given in ({}, {"service_code": LAMP}):
        root = open311.xml("requests", **given)
        assert root.tag == "service_requests"
        rows = root.findall("request")
        assert [one.findtext("service_request_id") for one in rows] == numbers[::-1]
        assert [one.findtext("requested_datetime") for one in rows] == [
            stamp(MONDAY + timedelta(days=30)), stamp(MONDAY)]  # fmt: skip
        for name in ("address", "address_id", "media_url", "zipcode", "status", "service_name"):
            assert all(one.find(name) is not None for one in rows), name
    assert open311.xml("requests", service_code="hotline.roads.pothole").findall("request") == []


def test_t30_adapter_reads_each_request_by_its_number(open311: Open311, watch: Watch) -> None:
    for number in published(open311, watch):
        [row] = open311.xml(f"requests/{number}").findall("request")
        assert row.findtext("service_request_id") == number
        assert row.findtext("service_code") == LAMP
