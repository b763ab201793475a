"""Contacts are masked; looking at one is an act with a reason, written down, and it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.apps.desk.conftest import SAID, Desk, Watch, taken
from tests.small_city import OPERATOR, RESIDENT

from luoshi.actions import acts, unmasking
from luoshi.kernel.access import requester_of
from luoshi.kernel.errors import CaseNotFound, FieldsRefused
from luoshi.store import models
from luoshi.store.queries import case_numbered

WHY = "核实具体位置"
REPLY = "已派人到现场检修，更换了灯头，当晚恢复照明。"


def looks() -> list[tuple[str, str, str]]:
    return list(models.Unmasking.objects.order_by("at").values_list("field", "role", "reason"))


def test_a_contact_is_masked_until_it_is_asked_for_with_a_reason(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case, operator = opened(), desk("operator")
    path = f"/desk/case/{case.number}/"
    assert "139****0000" in operator.get(path)
    assert SAID["phone"] not in operator.get(path)
    headers = {"HX-Request": "true"}
    refused = operator.client.post(f"{path}show/phone/", {"reason": " "}, headers=headers)
    assert "Please fill this in" in refused.content.decode()
    assert looks() == []
    shown = operator.client.post(f"{path}show/phone/", {"reason": WHY}, headers=headers)
    assert SAID["phone"] in shown.content.decode()
    assert looks() == [("phone", "operator", WHY)]
    later = operator.get(path)
    assert SAID["phone"] not in later
    assert "Who looked at contacts" in later
    assert WHY in later
    followed = case_numbered(case.number, requester_of(case.case.id), watch.now)
    assert [one.reason for one in followed.unmaskings] == [WHY]


def test_without_javascript_the_contact_comes_on_a_page_of_its_own(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    path = f"/desk/case/{opened().number}/show/phone/"
    answer = desk("operator").client.post(path, {"reason": WHY})
    assert SAID["phone"] in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("field", ["subject", "email", "unit", "no-such"])
def test_what_is_not_masked_is_not_unmasked(
    field: str, desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    path = f"/desk/case/{opened().number}/show/{field}/"
    answer = desk("operator").client.post(path, {"reason": WHY}, headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert looks() == []


def test_a_role_that_does_not_see_a_contact_cannot_unmask_it(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    case, supervisor = opened(), desk("supervisor")
    assert "139****" not in supervisor.get(f"/desk/case/{case.number}/")
    with pytest.raises(unmasking.NothingMasked):
        unmasking.unmask(case.case.id, "phone", WHY, supervisor.actor)
    assert looks() == []


def test_who_may_not_know_of_a_case_learns_nothing(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    case = opened()
    with pytest.raises(CaseNotFound):
        unmasking.unmask(case.case.id, "phone", WHY, desk("handler", "roads").actor)
    with pytest.raises(CaseNotFound):
        unmasking.unmask(case.case.id, "phone", WHY, RESIDENT)


@pytest.mark.parametrize("reason", ["", "x", "长" * 201, "a\x00b"])
def test_a_reason_is_words_of_a_sensible_length(
    reason: str, opened: Callable[..., acts.Outcome]
) -> None:
    with pytest.raises(FieldsRefused):
        unmasking.unmask(opened().case.id, "phone", reason, OPERATOR)


def test_contacts_are_closed_some_days_after_the_end_and_open_again_with_the_case(
    opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    taken(case.case.id, "answer_on_spot", OPERATOR, reply=REPLY)
    watch.forward(days=10)
    requester = requester_of(case.case.id)
    taken(case.case.id, "rate", requester, solved="unsolved", satisfied="mostly")
    watch.forward(days=unmasking.DAYS_AFTER_END - 11)
    assert unmasking.unmask(case.case.id, "phone", WHY, OPERATOR) == SAID["phone"]
    watch.forward(days=1)
    with pytest.raises(unmasking.UnmaskingOver) as refusal:
        unmasking.unmask(case.case.id, "phone", WHY, OPERATOR)
    assert refusal.value.data == {"days": unmasking.DAYS_AFTER_END}


def test_when_a_case_ended_is_when_it_last_came_to_an_end(
    opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    taken(case.case.id, "answer_on_spot", OPERATOR, reply=REPLY)
    ended = watch.now
    watch.forward(days=1)
    requester = requester_of(case.case.id)
    taken(case.case.id, "rate", requester, solved="unsolved", satisfied="mostly")
    view = case_numbered(case.number, OPERATOR, watch.now)
    facts = [entry.fact for entry in view.timeline]
    assert unmasking.ended_at(view.programme, facts) == ended
    taken(case.case.id, "ask_reopen", requester, reason="又坏了，请再看看。")
    view = case_numbered(case.number, OPERATOR, watch.now + timedelta(hours=1))
    assert unmasking.ended_at(view.programme, (e.fact for e in view.timeline)) is None
