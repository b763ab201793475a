"""Files in pieces: over lines that break, from hands one does not know."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from tests.api.v1.conftest import BASE, SAID, Api, Watch
from tests.small_city import MONDAY

from luoshi.actions import acts
from luoshi.api.v1 import uploads
from luoshi.store import models
from luoshi.store.keys import new_key

Program = Callable[..., Api]


@pytest.fixture(autouse=True)
def _files_below(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    return


def picture(size: int = 64) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((size, size), 90).save(out, "PNG")
    return out.getvalue()


def announced(api: Api, data: bytes, **more: object) -> Any:
    body = {"size": len(data), "sha256": sha256(data).hexdigest(), "case": new_key()} | more
    return api.post("/uploads", body, 201)


def piece(api: Api, key: str, offset: int, data: bytes) -> Any:
    headers = {"Upload-Offset": str(offset)}
    if api.token:
        headers["Authorization"] = f"Bearer {api.token}"
    return api.client.patch(
        f"{BASE}/uploads/{key}", data, content_type="application/octet-stream", headers=headers
    )


def test_a_photo_arrives_in_pieces_and_goes_into_a_case(resident: Api, tmp_path: Path) -> None:
    data, case = picture(), new_key()
    made = announced(resident, data, case=case)
    half = len(data) // 2
    assert piece(resident, made["id"], 0, data[:half])["Upload-Offset"] == str(half)
    assert resident.get(f"/uploads/{made['id']}")["offset"] == half
    last = piece(resident, made["id"], half, data[half:]).json()
    assert (last["offset"], last["size"]) == (len(data), len(data))
    assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]
    answers = SAID | {"photos": [last["file"]]}
    opened = resident.post("/programmes/hotline/cases", {"answers": answers, "case": case}, 201)
    shown = {"number": opened["number"], "code": opened["code"]}
    told = resident.post("/follow", shown)
    assert [one["id"] for one in told["files"]] == [last["file"]]
    answer = resident.send("POST", f"/follow/files/{last['file']}", shown)
    assert Image.open(io.BytesIO(answer.getvalue())).size == (64, 64)
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_piece_that_does_not_follow_says_where_to_go_on(resident: Api) -> None:
    data = picture()
    made = announced(resident, data)
    piece(resident, made["id"], 0, data[:100])
    again = piece(resident, made["id"], 0, data[:100])
    assert (again.status_code, again.json()["facts"]["offset"]) == (409, 100)
    too_much = piece(resident, made["id"], 100, data)
    assert too_much.json()["code"] == "upload.too_long"


def test_a_file_that_is_not_what_was_announced_is_forgotten(resident: Api, tmp_path: Path) -> None:
    data = picture()
    made = announced(resident, data, sha256="0" * 64)
    assert piece(resident, made["id"], 0, data).json()["code"] == "upload.digest"
    assert resident.get(f"/uploads/{made['id']}", 404)["code"] == "upload.unknown"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [(b"MZ" + b"\0" * 100, 415, "file.kind"), (b"\x89PNG broken", 422, "file.broken")],
)
def test_what_is_no_photo_or_document_is_not_kept(
    data: bytes, status: int, code: str, resident: Api
) -> None:
    made = announced(resident, data)
    answer = piece(resident, made["id"], 0, data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert models.Attachment.objects.count() == 0


def test_nobody_goes_on_with_the_upload_of_somebody_else(program: Program, resident: Api) -> None:
    data = picture()
    made = announced(program("operator"), data)
    for other in (program("operator"), resident):
        assert piece(other, made["id"], 0, data).status_code == 404
        assert other.get(f"/uploads/{made['id']}", 404)["code"] == "upload.unknown"


def test_a_file_for_a_case_needs_the_right_to_see_it(
    program: Program, resident: Api, opened: Callable[..., acts.Outcome]
) -> None:
    outcome, data = opened(), picture()
    size = {"size": len(data), "sha256": sha256(data).hexdigest()}
    stranger = program("handler", "roads")
    for api, more in (
        (resident, {"number": outcome.number}),
        (resident, {"number": outcome.number, "code": "22222222"}),
        (resident, {"case": outcome.case.id}),
        (stranger, {"number": outcome.number}),
        (stranger, {"case": outcome.case.id}),
    ):
        assert api.post("/uploads", size | more, 404)["code"] == "case.not_found"
    announced(resident, data, case=None, number=outcome.number, code=outcome.code)
    announced(program("operator"), data, case=None, number=outcome.number)


@pytest.mark.parametrize(
    "more",
    [{"size": 0}, {"size": 20_000_001}, {"sha256": "x"}, {"case": "x"}, {"case": None}],
)
def test_what_cannot_be_announced_is_refused(more: dict[str, object], resident: Api) -> None:
    body = {"size": 9, "sha256": "0" * 64, "case": new_key()} | more
    assert resident.post("/uploads", body, 422)["code"] == "request.invalid"


def test_a_piece_has_a_most_and_needs_its_offset(resident: Api) -> None:
    made = announced(resident, b"x" * 3_000_000)
    assert piece(resident, made["id"], 0, b"x" * 2_000_001).status_code == 413
    assert piece(resident, made["id"], 0, b"x" * 2_600_000).status_code == 413
    plain = resident.client.patch(f"{BASE}/uploads/{made['id']}", b"x", content_type="x/y")
    assert plain.status_code == 422


def test_what_is_not_finished_within_a_day_is_dropped(
    resident: Api, watch: Watch, tmp_path: Path
) -> None:
    data = picture()
    made = announced(resident, data)
    piece(resident, made["id"], 0, data[:100])
    watch.forward(days=1)
    assert piece(resident, made["id"], 100, data[100:]).status_code == 404
    announced(resident, data)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert models.Upload.objects.get().made > MONDAY


def test_an_upload_can_be_given_up(resident: Api, tmp_path: Path) -> None:
    data = picture()
    made = announced(resident, data)
    piece(resident, made["id"], 0, data[:100])
    assert resident.send("DELETE", f"/uploads/{made['id']}").status_code == 204
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    resident.get(f"/uploads/{made['id']}", 404)


def test_without_an_account_no_more_is_taken_from_one_place_than_fits_an_hour(
    resident: Api, program: Program, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 50_000)
    body = {"size": 20_000, "sha256": "0" * 64}
    for _ in range(2):
        resident.post("/uploads", body | {"case": new_key()}, 201)
    refused = resident.send("POST", "/uploads", body | {"case": new_key()})
    assert (refused.status_code, refused.json()["code"]) == (429, "upload.too_much")
    assert refused["Retry-After"] == "3600"
    for _ in range(3):
        program("operator").post("/uploads", body | {"case": new_key()}, 201)
    elsewhere = Api()
    elsewhere.client = Client(REMOTE_ADDR="203.0.113.9")
    elsewhere.post("/uploads", body | {"case": new_key()}, 201)
    watch.forward(hours=1)
    resident.post("/uploads", body | {"case": new_key()}, 201)
