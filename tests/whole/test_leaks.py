"""No personal answer leaves by any page, export or log that is not for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from tests.small_city import (
    CALLER,
    DISPATCHER,
    INSIDE,
    MONDAY,
    PUBLISHER,
    RESIDENT,
    ROADS,
    found_city,
)
from tests.whole.test_routes import ALL, PUBLIC, WORDS

from luoshi.actions import clock
from luoshi.actions.acts import Request, act, register
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store import exports
from luoshi.store.models import Post
from luoshi.store.programmes import programme_of

MARK = "QZXV"
WORDS_OF_ALL = "不得外传的内容"
"""In every marked answer: what somebody curious could search for."""
SHAPES = {
    FieldType.PHONE: "15409876543",
    FieldType.EMAIL: f"{MARK.lower()}@anlan.example",
}
STEPS: tuple[tuple[str, Actor, dict[str, object]], ...] = (
    ("route", DISPATCHER, {"unit": "roads", "category": "roads.streetlight"}),
    ("receive", ROADS, {}),
    ("contact", ROADS, {"contacted_at": MONDAY.isoformat()}),
    ("answer", ROADS, {}),
    ("call_back", CALLER, {"solved": "solved", "satisfied": "satisfied"}),
    ("close", CALLER, {}),
    ("publish", PUBLISHER, {"public_subject": "Street light", "public_reply": "It burns again."}),
)


def marked(rule: Field) -> str:
    """Return an answer to a personal field that can be found anywhere."""
    return SHAPES.get(rule.type, f"{MARK}-{rule.name} {WORDS_OF_ALL}")


def personal(programme: Programme, step: str) -> dict[str, object]:
    """Return marked answers to every personal question of *step* that is answered in words."""
    fields = [programme.fields[need.field] for need in programme.transitions[step].needs]
    said = [rule for rule in fields if rule.personal and rule.type is not FieldType.FILES]
    return {rule.name: marked(rule) for rule in said}


@pytest.fixture
def number(db: None) -> Iterator[str]:
    """Return the number of a published case, every personal answer on its way marked."""
    cache.clear()
    found_city()
    hotline = programme_of("hotline")
    given = {**personal(hotline, "register"), "place": INSIDE}
    given.pop("source_id", None)  # asked of desks alone
    with clock.at(MONDAY):
        outcome = register("hotline", Request("register", given), RESIDENT)
    for minutes, (step, actor, more) in enumerate(STEPS, start=1):
        with clock.at(MONDAY.replace(minute=minutes)):
            answers = {**personal(hotline, step), **more}
            act(Request(step, answers, outcome.case.id), actor)
    return outcome.number


def leaks(text: str) -> list[str]:
    """Return the marks that stand in *text*."""
    marks = [MARK, MARK.lower(), *SHAPES.values()]
    return [mark for mark in marks if mark in text]


def addresses(names: set[str] | None, number: str) -> list[str]:
    """Return the addresses of the views *names* (all if ``None``), with the number of the case."""
    return [
        address.replace(WORDS["number"], number)
        for name, address in ALL
        if (names is None or name in names) and name != "account_logout"
    ]


def test_the_marks_are_there_to_be_found(number: str) -> None:
    handler = get_user_model().objects.create_user("h", "long enough to pass", name="h")
    Post.objects.create(account=handler, role="handler", unit_id="roads")
    browser = Client()
    browser.force_login(handler)
    assert leaks(browser.get(f"/desk/case/{number}/").content.decode())


def test_no_page_tells_somebody_who_is_not_signed_in(number: str) -> None:
    browser, seen = Client(), 0
    for address in addresses(None, number):
        answer = browser.get(address)
        seen += answer.status_code == 200
        assert leaks(b"".join(answer).decode(errors="replace")) == [], address
    assert seen > 8


@pytest.mark.parametrize("role", ["handler", "nothing"])
def test_no_page_tells_staff_without_the_right(number: str, role: str) -> None:
    other = get_user_model().objects.create_user("other", "long enough to pass", name="o")
    Post.objects.create(account=other, role=role, unit_id="lamps")
    browser = Client()
    browser.force_login(other)
    for address in [*addresses(None, number), f"/desk/?q={number}", f"/desk/?q={WORDS_OF_ALL}"]:
        answer = browser.get(address)
        assert leaks(b"".join(answer).decode(errors="replace")) == [], address


def test_contacts_are_masked_even_for_those_who_may_see_the_case(number: str) -> None:
    officer = get_user_model().objects.create_user("s", "long enough to pass", name="s")
    Post.objects.create(account=officer, role="supervisor")
    browser = Client()
    browser.force_login(officer)
    page = browser.get(f"/desk/case/{number}/").content.decode()
    assert not [shape for shape in SHAPES.values() if shape in page]


def test_no_export_tells_unless_it_is_asked_for(number: str) -> None:
    hotline = programme_of("hotline")
    plain = [str(row.cells) for row in exports.exported(hotline, personal=False)]
    assert any(number in row for row in plain)
    assert [leaks(row) for row in plain] == [[]]
    asked = [str(row.cells) for row in exports.exported(hotline, personal=True)]
    assert leaks("".join(asked))


def test_no_log_tells(db: None, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG, logger="luoshi")
    caplog.set_level(logging.INFO, logger="django")
    found_city()
    hotline = programme_of("hotline")
    browser = Client(raise_request_exception=False)
    good = personal(hotline, "register")
    for fields in (good, good | {"phone": f"{MARK}1"}, good | {"subject": MARK * 40}):
        sent = {name: str(value) for name, value in fields.items()}
        browser.post("/report/hotline/send/", sent, headers={"accept": "application/json"})
    browser.get(f"/follow/{MARK}/")
    assert "/report/hotline/send/" in caplog.text
    assert leaks(caplog.text.replace(f"/follow/{MARK}/", "")) == []


def test_every_public_name_was_walked() -> None:
    assert {name for name, _ in ALL} & PUBLIC > {"public:case", "intake:home"}
