"""Whatever is typed or sent, the desk shows it as text and stays standing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apps.desk.conftest import SAID, Desk, hidden

import luoshi.apps.desk
from luoshi.actions import acts
from luoshi.store.keys import new_key

SCRIPT = "<script>alert(1)</script>"
NASTY = [
    SCRIPT,
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "=1+1",
    "\u202eabc",
]


@pytest.mark.parametrize("text", NASTY)
def test_what_was_typed_is_shown_as_text(
    text: str, desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    case = opened(subject=f"灯{text}", content=f"不亮{text}", name=text)
    operator = desk("operator")
    for path in (f"/desk/case/{case.number}/", f"/desk/case/{case.number}/print/", "/desk/"):
        page = operator.get(path)
        assert SCRIPT not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page


def test_pages_carry_no_script_or_style_of_their_own(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    number, operator = opened().number, desk("operator")
    for path in ("/desk/", "/desk/new/hotline/", "/desk/due/", f"/desk/case/{number}/do/route/"):
        page = operator.get(path)
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<style" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {"unit": "../../etc/passwd", "category": SCRIPT},
        {"unit": "", "category": "no.such"},
        {"unit": ["lamps", "roads"], "category": "\x00"},
        {"unit": "lamps", "category": "roads.streetlight", "instruction": "a" * 1001},
        {"unit": "lamps", "category": "roads.streetlight", "instruction": "\x00\ud800"},
        {"unit": "no-such-unit", "category": "roads.streetlight", "urgency": "now"},
    ],
)
def test_answers_that_make_no_sense_are_refused_beside_their_question(
    sent: dict[str, object], desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    number, dispatcher = opened().number, desk("dispatcher")
    form = dispatcher.form(number, "route")
    body = {k: v for k, v in sent.items() if v != "\x00\ud800"}
    if len(body) < len(sent):
        body["instruction"] = "a\x00b"
    if sent.get("unit") == ["lamps", "roads"]:
        body["unit"] = "roads"
    answer = dispatcher.client.post(f"/desk/case/{number}/do/route/", form | body)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("35.5", "122.5"), ("x", "1"), ("", "35.5"), ("1e999", "0"), ("NaN", "NaN"), ("130", "40")],
)
def test_points_that_are_none_are_refused_and_stay_in_the_form(
    lon: str, lat: str, desk: Callable[..., Desk]
) -> None:
    operator = desk("operator")
    sent = SAID | hidden(operator.get("/desk/new/hotline/")) | {"place.lon": lon, "place.lat": lat}
    answer = operator.client.post("/desk/new/hotline/", sent)
    assert answer.status_code == 422
    assert f'name="place.lat" value="{lat}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"MZ\x90\x00 program", "Files of this kind cannot be taken"),
        (b"\xff\xd8\xff broken", "The picture cannot be read"),
        (b"<svg onload=alert(1)>", "Files of this kind cannot be taken"),
    ],
)
def test_files_that_are_not_taken_are_told_and_the_words_stay(
    data: bytes, sentence: str, desk: Callable[..., Desk]
) -> None:
    operator = desk("operator")
    sent = SAID | hidden(operator.get("/desk/new/hotline/"))
    file = SimpleUploadedFile("a.jpg", data, content_type="image/jpeg")
    answer = operator.client.post("/desk/new/hotline/", sent | {"photos": file})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert SAID["content"] in page


def test_an_empty_choice_of_files_as_browsers_send_it_is_none(desk: Callable[..., Desk]) -> None:
    operator = desk("operator")
    sent = SAID | hidden(operator.get("/desk/new/hotline/")) | {"photos": ""}
    assert operator.client.post("/desk/new/hotline/", sent).status_code == 302


def test_files_of_another_case_cannot_be_claimed(desk: Callable[..., Desk]) -> None:
    operator = desk("operator")
    sent = SAID | hidden(operator.get("/desk/new/hotline/")) | {"photos": new_key()}
    answer = operator.client.post("/desk/new/hotline/", sent)
    assert answer.status_code == 422
    assert "was not received" in answer.content.decode()


@pytest.mark.parametrize("number", ["%00", "a" * 300, "..%2F..", "20260309%27OR%271", "💥"])
def test_numbers_that_are_none_are_not_found(number: str, desk: Callable[..., Desk]) -> None:
    assert desk("operator").client.get(f"/desk/case/{number}/").status_code == 404


def test_the_desk_knows_no_programme_by_name() -> None:
    folder = Path(luoshi.apps.desk.__file__).parent
    files = [*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.js")]
    assert len(files) > 20
    for file in files:
        assert "hotline" not in file.read_text(encoding="utf-8"), file
