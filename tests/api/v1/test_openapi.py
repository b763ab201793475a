"""The description of the API: what it says is so, and it changes only when somebody means it."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator
from tests.api.v1.conftest import Api

from luoshi.api.v1 import forms, problems
from luoshi.api.v1.site import api
from luoshi.api.v1.snapshot import SNAPSHOT, text
from luoshi.store.programmes import offered


def test_the_snapshot_is_the_description() -> None:
    again = "run python -m luoshi.api.v1.snapshot, and say in CHANGELOG.md what changes"
    assert SNAPSHOT.read_text(encoding="utf-8") == text(), again


def test_it_is_handed_out(resident: Api) -> None:
    told = resident.get("/openapi.json")
    assert told["openapi"] == "3.1.0"
    assert told == json.loads(text())


def test_every_route_says_what_it_does_who_may_and_how_it_refuses() -> None:
    paths = json.loads(text())["paths"]
    routes = [one for path in paths.values() for one in path.values()]
    assert len(routes) > 25
    for one in routes:
        assert one["description"].strip(), one["operationId"]
        assert one["security"], one["operationId"]
        assert {"401", "403", "404", "422", "429"} <= set(one["responses"]), one["operationId"]
    names = [one["operationId"] for one in routes]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere() -> None:
    whole = json.loads(text())
    for place in set(re.findall(r'"#/([^"]+)"', text())):
        found = whole
        for part in place.split("/"):
            found = found[part]
        assert found


@pytest.mark.parametrize("programme", sorted(offered()))
def test_every_form_of_every_programme_is_a_schema(programme: str) -> None:
    found = offered()[programme]
    for step in found.transitions.values():
        form = forms.form_of(found, step)
        Draft202012Validator.check_schema(form)
        assert set(form["required"]) <= set(form["properties"])


def test_a_form_takes_what_the_programme_takes() -> None:
    found = offered()["hotline"]
    form = Draft202012Validator(forms.form_of(found, found.transitions["register"]))
    good = {"subject": "路灯不亮", "content": "三晚不亮，看不清路。", "kind": "complain"}
    assert form.is_valid(good | {"place": {"lon": 122.5, "lat": 35.5}, "photos": []})
    for wrong in (
        {},
        {"colour": "red"},
        {"kind": "x"},
        {"subject": "x" * 500},
        {"place": {"lon": 500}},
    ):
        assert not form.is_valid(good | wrong if wrong else {}), wrong


def test_every_refusal_has_a_status_of_its_kind() -> None:
    assert set(problems.STATUS.values()) <= {
        401, 403, 404, 405, 412, 413, 415, 422, 429, 503,
    }  # fmt: skip


def test_nothing_is_served_from_elsewhere(resident: Api) -> None:
    assert api.docs_url is None
    assert resident.send("GET", "/docs").status_code == 404
