"""No personal answer leaves by a route that is not for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.api.v1.conftest import Api, routed
from tests.small_city import INSIDE, OPERATOR

from luoshi.actions import acts
from luoshi.kernel.programme import Field, FieldType
from luoshi.store.programmes import programme_of

MARK = "QZXV"
SHAPES = {FieldType.PHONE: "15409876543", FieldType.EMAIL: "qzxv@anlan.example"}
EVERYWHERE = (
    "/cases", "/cases/{n}", "/cases/{n}/transitions", "/cases/{n}/suggestions", "/worklists",
    "/worklists/open", "/search?q=QZXV", "/search?q={n}", "/exports/cases",
    "/exports/cases?format=ndjson", "/programmes", "/programmes/hotline", "/areas", "/units",
    "/openapi.json",
)  # fmt: skip


def marked(rule: Field) -> object:
    """Return an answer that can be found anywhere."""
    return SHAPES.get(rule.type, f"{MARK}-{rule.name}")


@pytest.fixture
def number(city: None) -> Iterator[str]:
    hotline = programme_of("hotline")
    fields = [hotline.fields[need.field] for need in hotline.transitions["register"].needs]
    said = [rule for rule in fields if rule.personal and rule.type is not FieldType.FILES]
    given = {rule.name: marked(rule) for rule in said} | {"place": INSIDE}
    outcome = acts.register("hotline", acts.Request("register", given), OPERATOR)
    return routed(outcome).number


def leaks(api: Api, number: str) -> list[tuple[str, str]]:
    """Return the addresses where a mark stands in the answer, with the mark."""
    marks = [MARK, *SHAPES.values()]
    found = []
    for path in EVERYWHERE:
        text = api.send("GET", path.replace("{n}", number)).getvalue().decode()
        found += [(path, mark) for mark in marks if mark in text.replace("q=QZXV", "")]
    return found


def test_the_marks_are_there_to_be_found(number: str, program: Callable[..., Api]) -> None:
    found = leaks(program("handler", "lamps"), number)
    assert ("/cases/{n}", MARK) in found


def test_nobody_without_the_right_finds_a_mark(
    number: str, program: Callable[..., Api], resident: Api
) -> None:
    for api in (resident, program("handler", "roads"), program(""), Api("luoshi_t_wrong")):
        assert leaks(api, number) == []


@pytest.mark.parametrize("role", ["supervisor", "dispatcher", "caller_back", "publisher"])
def test_contacts_are_masked_for_everybody_at_a_desk(
    role: str, number: str, program: Callable[..., Api]
) -> None:
    found = {mark for _, mark in leaks(program(role), number)}
    assert SHAPES[FieldType.PHONE] not in found


def test_no_list_and_no_export_holds_more_than_the_subject(
    number: str, program: Callable[..., Api]
) -> None:
    api = program("supervisor")
    for path in ("/cases", "/worklists/open", "/search?q=QZXV", "/exports/cases"):
        text = api.send("GET", path).getvalue().decode()
        assert text.count(MARK) == text.count(f"{MARK}-subject") == 1, path
