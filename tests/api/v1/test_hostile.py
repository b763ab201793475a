"""Whatever is sent, the API answers with a problem and stays standing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.api.v1.conftest import BASE, SAID, Api

from luoshi.actions import acts
from luoshi.store.keys import new_key

REGISTER = f"{BASE}/programmes/hotline/cases"
BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\xff\xfe",
    b'{"answers": []}',
    b'{"answers": null}',
    b'{"answers": {"subject": {"$ne": 1}}}',
    b'{"answers": {"subject": "\\u0000"}}',
    b'{"answers": {"subject": "\\ud800"}}',
    b'{"answers": {"place": {"lon": NaN, "lat": Infinity}}}',
    b'{"answers": {"place": {"lon": 1e999, "lat": "x"}}}',
    b'{"answers": {"photos": [[[]]]}}',
    b'{"answers": {"secret": 7}}',
    b'{"answers": {}, "case": "../../etc/passwd"}',
    b'{"answers": {}, "case": "\\u0000"}',
    b'{"answers": {}, "transition": "route"}',
    b"[" * 100_000,
    b'{"answers": ' + b'{"a":' * 50_000,
    b'{"answers": {"subject": ' + b"9" * 5_000 + b"}}",
    json.dumps({"answers": {"subject": "x" * 400_000}}).encode(),
    json.dumps({"answers": {f"field{n}": n for n in range(5_000)}}).encode(),
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_bodies_that_make_no_sense_are_refused(body: bytes, kind: str, resident: Api) -> None:
    answer = resident.client.post(REGISTER, body, content_type=kind)
    assert answer.status_code in (404, 422), answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"]
    assert len(answer.content) < 1_000_000


def test_a_body_of_three_megabytes_is_too_big(resident: Api) -> None:
    body = json.dumps({"answers": SAID | {"content": "x" * 3_000_000}})
    answer = resident.client.post(REGISTER, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_big")


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_forms_are_no_json(kind: str, resident: Api, program: Callable[..., Api]) -> None:
    answer = resident.client.post(REGISTER, b"--x\r\n\r\n--x--", content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


@pytest.mark.parametrize(
    "path",
    [
        "/cases/%00",
        "/cases/..%2F..%2Fetc",
        "/cases/" + "9" * 500,
        "/cases/2026030900001/files/not-a-key",
        "/programmes/%00",
        "/programmes/x' OR 1=1",
        "/areas/%F0%9F%92%A9",
        "/units/%E2%80%AE",
        "/areas/at?lon=NaN&lat=inf",
        "/areas/at?lon=1",
        "/worklists/all",
        "/search?q=",
        "/search?q=%00%00",
        "/search?q=%ED%A0%80",
        "/cases?after=%FF",
        "/cases?limit=-1",
        "/cases?due_before=yesterday",
        "/cases?" + "&".join(f"a{number}=1" for number in range(900)),
        "/nothing/here",
        "/",
        "//",
    ],
)
def test_addresses_that_make_no_sense_are_refused(path: str, program: Callable[..., Api]) -> None:
    answer = program("supervisor").send("GET", path)
    assert answer.status_code in (200, 404, 422), answer.content[:300]
    assert answer["Content-Type"] in (
        "application/problem+json",
        "application/json; charset=utf-8",
    )


def test_a_method_that_is_none_is_refused(program: Callable[..., Api]) -> None:
    answer = program("supervisor").send("DELETE", "/cases")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["facts"]) == ("method.refused", {"allowed": "GET, HEAD"})


def test_the_head_of_an_answer_can_be_asked_for(program: Callable[..., Api]) -> None:
    api = program("supervisor")
    for path in ("/cases", "/areas", "/openapi.json"):
        head, answer = api.send("HEAD", path), api.send("GET", path)
        assert (head.status_code, head.content) == (200, b""), path
        for name in ("Content-Type", "Cache-Control", "Vary"):
            assert head[name] == answer[name], path
    refused = api.send("HEAD", "/uploads")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert Api().send("HEAD", "/cases").status_code == 401


def test_a_sentence_of_ours_begins_like_one(program: Callable[..., Api]) -> None:
    (told,) = program("supervisor").get("/cases?due_before=yesterday", 422)["problems"]
    assert told["message"].startswith("write it like")


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "\u00e9", "a\tb"])
def test_keys_that_are_none_are_refused(
    key: str, program: Callable[..., Api], opened: Callable[..., acts.Outcome]
) -> None:
    path = f"/cases/{opened().number}/transitions/route"
    told = program("dispatcher").post(path, {}, 422, Idempotency_Key=key)
    assert told["problems"][0]["field"] == "header.Idempotency-Key"


def test_what_was_written_comes_back_as_it_was(resident: Api) -> None:
    text = "<script>alert(1)</script> '\"; DROP TABLE x; -- {{ 7|add:7 }} 路灯"
    made = resident.post(
        "/programmes/hotline/cases", {"answers": SAID | {"content": text}, "case": new_key()}, 201
    )
    told = resident.post("/follow", {"number": made["number"], "code": made["code"]})
    assert told["answers"]["content"]["value"] == text


def test_the_database_gone_is_a_problem_too(
    resident: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError  # noqa: PLC0415

    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr("luoshi.api.v1.programmes.programme_of", gone)
    answer = resident.send("GET", "/programmes/hotline")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert answer.json()["code"] == "database.gone"
