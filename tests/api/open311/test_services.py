"""What may be asked for, and what each service asks."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.open311.conftest import BASE, LAMP, Open311, errors, publish

from luoshi.store.models import CaseRow


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


def test_c08_a_required_answer_that_is_missing_is_named(open311: Open311) -> None:
    answer = open311.send(service_code="service-rating", description="Friendly and quick")
    assert "attribute[served_by]: Please choose (field.missing)" in errors(answer, 400)


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


def test_e26_groups_and_keywords(open311: Open311) -> None:
    services = {one["service_code"]: one for one in open311.json("services")}
    assert services[LAMP]["groups"] == ["Roads and public works"]
    assert "12345 hotline" in services[LAMP]["keywords"].split(",")
    root = open311.xml("services")
    assert root.findtext("service[2]/groups/group")


def test_e26_a_client_may_have_its_own_number_of_a_request_asked(
    open311: Open311, setting: Any
) -> None:
    setting("CLIENT_ID", "fixmystreet_id")
    found = open311.json(f"services/{LAMP}")["attributes"]
    own = next(one for one in found if one["code"] == "fixmystreet_id")
    assert own["automated"] == "server_set"
    assert own["required"] is False
    first = open311.number(**{"attribute[fixmystreet_id]": "77"})
    assert open311.number(**{"attribute[fixmystreet_id]": "77"}) == first
    assert open311.number(**{"attribute[fixmystreet_id]": "78"}) != first


def test_e27_the_language_can_be_named(open311: Open311) -> None:
    english = open311.get("services.json", locale="en")
    chinese = open311.get("services.json", locale="zh")
    assert "Street light" in english.content.decode()
    assert "路灯不亮" in chinese.content.decode()
    assert english["Content-Language"] == "en"
    assert chinese["Content-Language"] == "zh-Hans"
