"""``expected_datetime`` is the promise to everybody, while its clock runs; else it is empty."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from tests.api.open311.conftest import Open311, Watch, publish
from tests.small_city import CALLER, DISPATCHER, PUBLISHER, ROADS, SUPERVISOR

from luoshi.actions.acts import Outcome, Request, act
from luoshi.actions.keys import add_key
from luoshi.formats.open311 import stamp
from luoshi.kernel.access import Actor, requester_of
from luoshi.store.models import CaseRow, ProgrammeVersion
from luoshi.store.programmes import calendars

LAMP = {"unit": "roads", "category": "roads.streetlight"}


def taken(number: str, step: str, actor: Actor, **answers: object) -> Outcome:
    case = str(CaseRow.objects.get(number=number).id)
    return act(Request(step, answers, case), actor)


def told(outcome: Outcome) -> datetime:
    """Return the last second of the promise, which ends with a day."""
    due = outcome.case.clocks["answer"].due
    assert due.astimezone(calendars()["cn"].zone).time() == time()
    return due - timedelta(seconds=1)


def routed(number: str) -> datetime:
    """Route the case; return when its answer is expected."""
    return told(taken(number, "route", DISPATCHER, **LAMP))


def closed(number: str) -> None:
    """Answer, close and publish a case that was routed."""
    taken(number, "receive", ROADS)
    taken(number, "contact", ROADS, contacted_at="2026-03-09T01:00:00Z")
    taken(number, "answer", ROADS, reply="The lamps burn again.")
    taken(number, "call_back", CALLER, solved="solved", satisfied="satisfied")
    taken(number, "close", CALLER)
    words = {"public_subject": "Street light", "public_reply": "It burns again."}
    taken(number, "publish", PUBLISHER, **words)


def reopened(number: str) -> datetime:
    """Open a published case again; return when its answer is expected now."""
    case = str(CaseRow.objects.get(number=number).id)
    taken(number, "ask_reopen", requester_of(case), reason="It is dark again.")
    return told(taken(number, "reopen", SUPERVISOR))


def expected(open311: Open311, number: str, **given: str) -> object:
    """Return what both forms say, by number and in the list; they say the same."""
    [row] = open311.json(f"requests/{number}", **given)
    [listed] = open311.json("requests", **given)
    [element] = open311.xml(f"requests/{number}", **given)
    said = row["expected_datetime"]
    assert listed["expected_datetime"] == said
    assert element.findtext("expected_datetime") == (said or "")
    return said


def test_c16_a_published_case_that_is_open_again_is_expected(open311: Open311) -> None:
    number = open311.number()
    routed(number)
    closed(number)
    due = reopened(number)
    assert expected(open311, number) == stamp(due)


def test_c16_it_is_written_like_every_other_time(open311: Open311, watch: Watch) -> None:
    number = open311.number()
    routed(number)
    closed(number)
    watch.forward(days=1)
    reopened(number)
    [row] = open311.json(f"requests/{number}")
    said = [row[f"{name}_datetime"] for name in ("requested", "updated", "expected")]
    assert said == ["2026-03-09T01:00:00Z", "2026-03-10T01:00:00Z", "2026-03-17T15:59:59Z"]


def test_c16_what_is_closed_is_expected_no_more(open311: Open311) -> None:
    number = open311.number()
    routed(number)
    closed(number)
    assert expected(open311, number) is None


def test_c16_without_a_promise_it_is_empty(open311: Open311) -> None:
    number = open311.number()
    assert expected(open311, number, api_key=open311.key) is None
    publish(number)
    assert expected(open311, number) is None


def test_c16_an_application_is_told_of_its_own_cases(open311: Open311, watch: Watch) -> None:
    number = open311.number()
    due = routed(number)
    assert expected(open311, number, api_key=open311.key) == stamp(due)
    main = open311.number(description="Another lamp is dark.")
    taken(number, "merge", DISPATCHER, main_case=main)
    [paused] = open311.json(f"requests/{number}", api_key=open311.key)
    assert paused["expected_datetime"] is None
    watch.forward(days=7)
    resumed = taken(number, "unmerge", DISPATCHER, reason="It is another lamp.")
    later = told(resumed)
    assert later > due
    [row] = open311.json(f"requests/{number}", api_key=open311.key)
    assert row["expected_datetime"] == stamp(later)


def test_c16_a_date_that_is_not_certain_yet_is_not_told(open311: Open311, watch: Watch) -> None:
    watch.now = datetime.combine(calendars()["cn"].last, time(1), UTC)
    number = open311.number()
    routed(number)
    assert expected(open311, number, api_key=open311.key) is None
    closed(number)
    reopened(number)
    assert expected(open311, number) is None


@pytest.mark.parametrize("with_key", [False, True])
def test_c16_of_a_private_case_nobody_else_is_told(open311: Open311, *, with_key: bool) -> None:
    number = open311.number()
    due = routed(number)
    given = {"api_key": add_key("Other app")} if with_key else {}
    for path in (f"requests/{number}.json", "requests.json", "servicerequestupdates.json"):
        assert stamp(due).encode() not in open311.get(path, **given).content


def earlier_rules(version: str) -> None:
    """Keep a version of the hotline in which nothing was promised to everybody."""
    now = ProgrammeVersion.objects.get(programme="hotline")
    text = now.files["programme.yaml"]
    text = text.replace("  promise: answer\n", "").replace(now.version, version)
    files = {**now.files, "programme.yaml": text}
    ProgrammeVersion.objects.create(
        programme="hotline", version=version, digest="", files=files, taken_up=now.taken_up
    )


def test_c16_a_case_is_promised_nothing_by_rules_that_came_later(open311: Open311) -> None:
    number = open311.number()
    due = routed(number)
    assert expected(open311, number, api_key=open311.key) == stamp(due)
    earlier_rules("1900.1")
    CaseRow.objects.filter(number=number).update(version="1900.1")
    assert expected(open311, number, api_key=open311.key) is None
