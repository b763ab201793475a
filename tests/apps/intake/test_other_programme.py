"""The screens know no programme by name: another one, with other questions, just works."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.small_city import found_city

from luoshi.apps.intake.offers import offer_of
from luoshi.apps.intake.pages import pages_of
from luoshi.store.models import CaseRow, PersonalValue
from luoshi.store.programmes import forget_programmes

FOLDER = Path(__file__).with_name("lost")
GOOD = {
    "what": "A blue bag",
    "sort": "bag",
    "colours": ["blue", "red"],
    "many": "2",
    "day": "2026-01-31",
    "seen_at": "2026-01-31T08:15",
    "valuable": "yes",
}


@pytest.fixture
def browser(db: None, tmp_path: Path, settings: Any) -> Iterator[Client]:
    shutil.copytree(FOLDER, tmp_path / "lost")
    settings.LUOSHI = replace(settings.LUOSHI, programmes=tmp_path)
    forget_programmes()
    found_city()
    yield Client(headers={"accept-language": "en"})
    forget_programmes()


def test_its_questions_stand_on_the_pages_of_their_type(browser: Client) -> None:
    pages = pages_of(offer_of("lost"))
    assert [(page.slug, page.fields) for page in pages] == [
        ("what", ("what", "many", "day", "seen_at", "valuable")),
        ("sort", ("sort", "colours")),
    ]
    assert "Lost property" in browser.get("/").content.decode()
    page = browser.get("/report/lost/what/").content.decode()
    assert 'type="date"' in page
    assert 'type="datetime-local"' in page
    assert 'type="checkbox"' in page


def test_its_answers_are_checked_and_kept(browser: Client) -> None:
    browser.post("/report/lost/what/", GOOD)
    browser.post("/report/lost/sort/", GOOD)
    page = browser.get("/report/lost/check/").content.decode()
    assert "Blue, Red" in page
    assert "31 January 2026, 08:15" in page
    browser.post("/report/lost/check/")
    row = CaseRow.objects.get()
    assert row.values["seen_at"] == "2026-01-31T00:15:00.000000Z"
    assert (row.values["many"], row.values["valuable"]) == (2, True)
    assert row.number.startswith("L20")
    assert PersonalValue.objects.get().field == "what"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"sort": ""}, '-wrong">Please choose</p>'),
        ({"what": ""}, '-wrong">Please fill this in</p>'),
        ({"sort": "hat"}, "Please choose one of the answers offered"),
        ({"colours": ["red", "blue", "red"]}, "Please choose at most 2"),
        ({"many": "ten"}, "Please write a number in digits"),
        ({"many": "10"}, "Please write a number from 1 to 9"),
        ({"many": "1e999"}, "Please write a number in digits"),
        ({"day": "2999-01-01"}, "This is not a date"),
        ({"day": "2199-01-01"}, "This lies in the future"),
        ({"day": "31.1.2026"}, "This is not a date"),
        ({"seen_at": "2199-01-01T00:00"}, "This lies in the future"),
        ({"seen_at": "yesterday"}, "This is not a date"),
        ({"valuable": "perhaps"}, "Please choose yes or no"),
        ({"what": "x" * 41}, "This is 41 characters long; at most 40 are possible"),
    ],
)
def test_what_is_wrong_is_said_beside_the_question(
    browser: Client, answers: dict[str, Any], told: str
) -> None:
    response = browser.post("/report/lost/send/", {**GOOD, **answers})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not CaseRow.objects.exists()


def test_its_promises_and_its_case_are_shown(browser: Client) -> None:
    sent = browser.post("/report/lost/send/", GOOD, headers={"accept": "application/json"}).json()
    page = browser.get("/public/promises/lost/").content.decode()
    assert "10 calendar days" in page
    login = {"number": sent["number"], "code": sent["code"]}
    followed = browser.post("/follow/", login, follow=True).content.decode()
    assert "We are looking" in followed
    assert "To be found" in followed
