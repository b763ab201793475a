"""What belongs together on the desk: parts, mergers, holds, and who reported behind the wall."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.apps.desk.conftest import Desk, Watch
from tests.apps.desk.test_steps import ANSWERED, CLOSED, CONTACTED, IN_HAND, REASON, REPLY, walked
from tests.small_city import OPERATOR

from luoshi.actions import acts
from luoshi.kernel.seen import lot
from luoshi.store import models
from luoshi.store.keys import new_key


@pytest.fixture
def desks(desk: Callable[..., Desk]) -> Callable[[str], Desk]:
    """One desk for each role, made when it is first needed; handlers are those of the lamps."""
    made: dict[str, Desk] = {}

    def of(role: str) -> Desk:
        if role not in made:
            made[role] = desk(role, "lamps" if role == "handler" else "")
        return made[role]

    return of


Opened = Callable[..., acts.Outcome]
Desks = Callable[[str], Desk]


def page_of(desk: Desk, number: str) -> str:
    return desk.get(f"/desk/case/{number}/")


def test_the_lead_sees_how_its_parts_stand_and_what_was_reported(
    desk: Callable[..., Desk], desks: Desks, opened: Opened, watch: Watch
) -> None:
    case = opened()
    walked(CONTACTED, case, desks, watch)
    form = desks("dispatcher").get(f"/desk/case/{case.number}/do/involve/")
    assert 'type="checkbox" name="assisting_units" value="roads"' in form
    desks("dispatcher").take(case.number, "involve", assisting_units=["roads"])
    part = models.CaseRow.objects.get(part_of=case.case.id)

    lead = page_of(desks("handler"), case.number)
    assert "Assisting units" in lead
    assert "To be received" in lead
    assert part.number not in lead, "a unit does not open the part of another one"
    assert f"/desk/case/{part.number}/" in page_of(desks("dispatcher"), case.number)

    roads = desk("handler", "roads")
    theirs = page_of(roads, part.number)
    assert "a request that another unit leads" in theirs
    assert case.number not in theirs
    roads.take(part.number, "receive")
    roads.take(part.number, "report", report="电缆完好，故障在灯头。")
    after = page_of(desks("handler"), case.number)
    assert "电缆完好，故障在灯头。" in after
    assert "The part of an assisting unit has ended" in after
    assert "roads" not in part.number


def test_a_request_is_merged_by_number_and_both_pages_say_so(
    desks: Desks, opened: Opened, watch: Watch
) -> None:
    main, other, third = opened(), opened(), opened()
    walked(IN_HAND, main, desks, watch)
    dispatcher = desks("dispatcher")
    sent = dispatcher.form(other.number, "merge") | {"main_case": "没有这个编号"}
    wrong = dispatcher.client.post(f"/desk/case/{other.number}/do/merge/", sent)
    assert wrong.status_code == 422
    assert "no open matter of this kind" in wrong.content.decode()
    for case in (other, third):
        dispatcher.take(case.number, "merge", main_case=main.number)

    assert other.number not in dispatcher.get("/desk/"), "it waits for its main case"
    assert other.number in dispatcher.get("/desk/?tab=open")
    merged = page_of(dispatcher, other.number)
    assert f'/desk/case/{main.number}/">{main.number}</a>' in merged
    assert "Number of the main case" in merged
    assert f"/desk/case/{other.number}/" in page_of(dispatcher, main.number)
    handler = page_of(desks("handler"), main.number)
    assert "2 requests by other people" in handler
    assert other.number not in handler

    dispatcher.take(third.number, "unmerge", reason=REASON)
    desks("operator").take(other.number, "withdraw_merged")
    assert "Requests merged into this one" not in page_of(dispatcher, main.number)
    assert "A merged request left this one" in page_of(dispatcher, main.number)


def test_near_duplicates_are_merged_together_from_the_list(
    desks: Desks, opened: Opened, watch: Watch
) -> None:
    main, first, second = opened(), opened(), opened()
    dispatcher = desks("dispatcher")
    selected = {"number": [first.number, second.number], "step": "merge"}
    form = dispatcher.client.post("/desk/together/", selected).content.decode()
    act = re.findall(r'name="act" value="([^"]+)"', form)[0]
    sent = selected | {"act": act, "send": "yes", "main_case": main.number}
    assert (
        "Done on 2 of 2 cases" in dispatcher.client.post("/desk/together/", sent).content.decode()
    )
    assert models.CaseRow.objects.filter(follows=main.case.id).count() == 2


def test_a_hold_is_seen_until_it_is_lifted(desks: Desks, opened: Opened, watch: Watch) -> None:
    case = opened()
    walked(ANSWERED, case, desks, watch)
    supervisor = desks("supervisor")
    steps = page_of(supervisor, case.number)
    assert "/do/lift_supervision/" not in steps, "there is nothing to lift"
    supervisor.take(
        case.number,
        "supervise",
        supervision="overdue",
        supervision_level="listed",
        instruction=REASON,
    )
    assert "Under supervision</span>" in page_of(supervisor, case.number)
    supervisor.take(case.number, "lift_supervision")
    assert "Under supervision</span>" not in page_of(supervisor, case.number)


@pytest.mark.parametrize("decision", ["reject_exemption", "uphold_exemption"])
def test_a_late_answer_is_appealed_against_and_a_drawn_case_checked(
    desks: Desks, watch: Watch, city: None, decision: str
) -> None:
    key = next(key for key in iter(new_key, "") if lot(key, "review_check") < 0.1)
    words = {"subject": "路灯不亮", "content": "三盏灯不亮。"}
    case = acts.register("hotline", acts.Request("register", words, case=key), OPERATOR)
    walked(CONTACTED, case, desks, watch)
    watch.forward(days=10)
    walked([ANSWERED[-1], *CLOSED[-2:]], case, desks, watch)
    desks("handler").take(case.number, "ask_exemption", reason=REASON)
    assert "Closed, exemption asked for" in page_of(desks("supervisor"), case.number)
    desks("supervisor").take(case.number, decision, reason=REASON)
    if decision == "uphold_exemption":
        desks("office").take(case.number, "revoke_exemption", reason=REASON)
    desks("reviewer").take(case.number, "spot_check", check_result="failed")
    desks("reviewer").take(case.number, "send_back", reason=REASON)
    assert models.CaseRow.objects.get(id=key).state == "returned"


def test_who_reported_is_seen_by_two_together_and_the_reporter_sees_that(
    desks: Desks, opened: Opened
) -> None:
    case = opened(kind="report", address="东门外五号")
    path = f"/desk/case/{case.number}/who/"
    for role in ("operator", "dispatcher", "caller_back"):
        assert "kept apart, nobody who handles this sees it" in page_of(desks(role), case.number)
        assert "13900000000" not in page_of(desks(role), case.number)
        assert desks(role).client.get(path).status_code == 404
    supervisor, office = desks("supervisor"), desks("office")
    assert path in page_of(supervisor, case.number)
    short = supervisor.client.post(path, {"do": "ask", "reason": "看看"})
    assert short.status_code == 422
    assert supervisor.client.post(path, {"do": "ask", "reason": REASON}).status_code == 302
    reveal = str(models.Reveal.objects.get().id)
    own = supervisor.client.post(path, {"do": "grant", "reveal": reveal})
    assert own.status_code == 422, "nobody grants, what they are not there to grant"
    early = supervisor.client.post(path, {"do": "look", "reveal": reveal})
    assert early.status_code == 404

    assert path in office.get("/desk/who/")
    assert supervisor.client.get("/desk/who/").status_code == 404
    assert office.client.post(path, {"do": "grant", "reveal": reveal}).status_code == 302
    assert "No request waits" in office.get("/desk/who/")
    assert office.client.post(path, {"do": "look", "reveal": reveal}).status_code == 404
    seen = supervisor.client.post(path, {"do": "look", "reveal": reveal})
    assert "13900000000" in seen.content.decode()
    assert seen["Cache-Control"] == "no-store"
    assert supervisor.client.post(path, {"do": "look", "reveal": reveal}).status_code == 404
    assert REASON in page_of(office, case.number), "who looked is written down on the case"
    assert REPLY not in page_of(office, case.number)


def test_a_case_without_a_wall_has_no_page_about_it(desks: Desks, opened: Opened) -> None:
    case = opened()
    assert desks("supervisor").client.get(f"/desk/case/{case.number}/who/").status_code == 404
