"""Photographs: sent with a request, and shown once a person released them."""

from __future__ import annotations

import io

import pytest
from tests.api.open311.conftest import BASE, Open311, errors, photo, said
from tests.small_city import OPERATOR, PUBLISHER

from luoshi.actions.acts import Request, act
from luoshi.actions.files import add_file
from luoshi.store.models import Attachment, CaseRow


def released_photo(number: str) -> str:
    """Publish the case with a photograph that the publisher prepared; return its key."""
    case = str(CaseRow.objects.get(number=number).id)
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
    kept = str(add_file(case, photo("green").read(), "covered.jpg", PUBLISHER).id)
    words = {"public_subject": "Light", "public_reply": "It burns.", "public_photos": [kept]}
    act(Request("publish", words, case), PUBLISHER)
    return kept


def test_c21_a_photograph_is_told_once_a_person_released_it(open311: Open311) -> None:
    number = open311.number(media=photo())
    kept = released_photo(number)
    [row] = open311.json(f"requests/{number}", extensions="true")
    assert row["media_url"] == f"http://testserver/public/{number}/photo/{kept}/"
    assert row["extended_attributes"]["media_urls"] == [row["media_url"]]
    assert open311.xml(f"requests/{number}").findtext("request/media_url") == row["media_url"]
    shown = open311.client.get(row["media_url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(shown)[:3] == b"\xff\xd8\xff"


def test_c21_no_other_photograph_of_a_published_case_is_told(open311: Open311) -> None:
    number = open311.number(media=photo())
    own = said(number)["photos"][0]
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


@pytest.mark.parametrize("name", ["media", "media[]", "photo", "photo1", "file_1"])
def test_e25_photographs_come_under_any_usual_name(open311: Open311, name: str) -> None:
    number = open311.number(**{name: photo()})
    [file] = Attachment.objects.all()
    assert said(number)["photos"] == [str(file.id)]
    assert file.media_type == "image/jpeg"


def test_e25_several_photographs(open311: Open311) -> None:
    number = open311.number(photo1=photo("red"), photo2=photo("blue"))
    assert len(said(number)["photos"]) == 2


def test_e25_too_many_or_wrong_files_are_refused(open311: Open311) -> None:
    many = {f"photo{n}": photo() for n in range(7)}
    assert "files.too_many" in errors(open311.report(**many), 400)
    page = io.BytesIO(b"<html><script>alert(1)</script></html>")
    page.name = "photo.jpg"
    assert "file.kind" in errors(open311.report(media=page), 400)
    assert not CaseRow.objects.exists()


def test_e25_a_form_without_end_is_not_read(open311: Open311) -> None:
    answer = open311.client.post(
        f"{BASE}/requests.json", {"media": photo()}, headers={"content-length": "9" * 11}
    )
    assert errors(answer, 413)


def test_e25_an_address_of_a_picture_is_kept_as_text_and_never_fetched(open311: Open311) -> None:
    url = "http://127.0.0.1:9/photo.jpg"
    assert url in said(open311.number(media_url=url))["content"]
    assert not Attachment.objects.exists()
    for wrong in ("file:///etc/passwd", "javascript:alert(1)", "http://[", "x" * 3000):
        assert "media_url" in errors(open311.report(media_url=wrong), 400)


def test_photographs_sent_again_are_not_kept_twice(open311: Open311) -> None:
    again = {"headers": {"idempotency-key": "a2"}}
    first = open311.number(**again, media=photo())
    assert open311.number(**again, media=photo()) == first
    assert Attachment.objects.count() == 1
