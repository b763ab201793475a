"""A wrong routing is taken back, and what nothing limits has no clock: rows and facts agree."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.actions.lamp import handled, opened, published, routed, taken, verified
from tests.small_city import DISPATCHER, LAMPS, ROADS, SUPERVISOR, Watch

from luoshi.actions.acts import Outcome
from luoshi.kernel.access import requester_of
from luoshi.kernel.errors import CaseNotFound, WrongState
from luoshi.store.models import CaseRow, ClockRow, PublicRow

pytestmark = pytest.mark.usefixtures("city")

SLIP = {"reason": "手误选错了单位"}


def clocks(case: Outcome) -> dict[str, str]:
    """Return how each clock stands, by name, as the tables have it."""
    assert verified().ok
    return dict(ClockRow.objects.filter(case=case.case.id).values_list("name", "state"))


def test_what_is_taken_back_is_promised_for_the_same_day(watch: Watch) -> None:
    before = routed().case.clocks["answer"].due
    case = routed()
    watch.forward(hours=1)
    back = taken(case, "recall", DISPATCHER, **SLIP)
    assert back.case.clocks["answer"].due == before
    assert clocks(case) == {
        "dispatch#1": "met", "dispatch": "running", "receive": "stopped", "contact": "stopped",
        "returning": "stopped", "answer": "running",
    }  # fmt: skip
    with pytest.raises(WrongState):
        taken(case, "receive", ROADS)
    taken(case, "reroute", DISPATCHER, unit="lamps")
    with pytest.raises(CaseNotFound):
        taken(case, "receive", ROADS)
    assert taken(case, "receive", LAMPS).case.clocks["answer"].due == before
    with pytest.raises(WrongState):
        taken(case, "recall", DISPATCHER, **SLIP)
    assert verified().ok


def test_a_published_case_that_is_reopened_and_taken_back_keeps_its_promise() -> None:
    case = published()
    taken(case, "ask_reopen", requester_of(case.case.id), reason="灯又不亮了。")
    taken(case, "reopen", SUPERVISOR)
    promised = promise()
    taken(case, "reroute", DISPATCHER, unit="lamps")
    taken(case, "recall", DISPATCHER, **SLIP)
    assert promise() == promised
    assert PublicRow.objects.get().state == "returned"


def test_who_was_merged_into_it_waits_on_and_is_answered_with_it() -> None:
    main, follower = routed(), routed()
    taken(follower, "merge", DISPATCHER, main_case=main.number)
    taken(main, "recall", DISPATCHER, **SLIP)
    assert state(follower) == "merged"
    taken(main, "reroute", DISPATCHER, unit="lamps")
    taken(main, "receive", LAMPS)
    taken(main, "contact", LAMPS, contacted_at="2026-03-09T01:00:00Z")
    taken(main, "answer", LAMPS, reply="路灯已经修复，谢谢您的反映。")
    assert state(follower) == "answered"
    assert verified().ok


def test_the_parts_of_others_go_on_meanwhile() -> None:
    case = handled()
    taken(case, "involve", DISPATCHER, assisting_units=["lamps"])
    taken(case, "return", ROADS, reason="主办单位应为路灯所")
    taken(case, "reroute", DISPATCHER, unit="roads")
    after = taken(case, "recall", DISPATCHER, **SLIP).case
    assert [part.state for part in after.parts.values()] == ["open"]
    (part,) = CaseRow.objects.filter(part_of=case.case.id)
    assert part.kind == "open"
    assert verified().ok


def test_nobody_need_be_called_whose_identity_is_secret() -> None:
    case = opened(secret=True)
    taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
    taken(case, "receive", ROADS)
    assert "contact" not in clocks(case)
    taken(case, "contact", ROADS, contacted_at="2026-03-09T01:00:00Z")
    taken(case, "answer", ROADS, reply="路灯已经修复，谢谢您的反映。")
    assert "contact" not in clocks(case)


def test_who_turns_out_to_report_wrongdoing_is_no_longer_called_in_time() -> None:
    case = routed()
    assert clocks(case)["contact"] == "running"
    taken(case, "recall", DISPATCHER, **SLIP)
    taken(case, "classify", DISPATCHER, kind="report")
    taken(case, "reroute", DISPATCHER, unit="lamps")
    assert clocks(case)["contact"] == "stopped"
    assert "contact#1" not in clocks(case)


def state(case: Outcome) -> str:
    return CaseRow.objects.get(id=case.case.id).state


def promise() -> datetime | None:
    assert verified().ok
    return PublicRow.objects.values_list("promised", flat=True).get()
