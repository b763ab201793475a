"""The hotline when several units, or several people, are concerned by one matter."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from tests.actions.conftest import Watch
from tests.actions.lamp import at_once, verified
from tests.small_city import (
    CALLER,
    DISPATCHER,
    LAMPS,
    OPERATOR,
    RESIDENT,
    ROADS,
    SUPERVISOR,
    staff,
)

from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.actions.climbing import climb
from luoshi.actions.files import add_file
from luoshi.kernel.access import Actor, requester_of
from luoshi.kernel.errors import ConditionUnmet, FieldsRefused, InterestConflict
from luoshi.store import models
from luoshi.store.keys import new_key
from luoshi.store.queries import case_followed, case_numbered

MATTER = {"subject": "路口塌陷", "content": "学校门口的路塌了一块，骑车很危险。"}
REPLY = "3月9日已完成修补，联系人养护科。"
CITY = staff("handler", "city")


def asked(**more: object) -> Outcome:
    return register("hotline", Request("register", {**MATTER, **more}), OPERATOR)


def taken(case: str, step: str, actor: Actor, **answers: object) -> Outcome:
    return act(Request(step, answers, case=case), actor)


def in_hand(**more: object) -> str:
    case = asked(**more).case.id
    taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
    taken(case, "receive", ROADS)
    return case


def picture(case: str) -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(out, "PNG")
    return str(add_file(case, out.getvalue(), "", OPERATOR).id)


def row(case: str) -> models.CaseRow:
    return models.CaseRow.objects.get(id=case)


def parts_of(case: str) -> list[models.CaseRow]:
    return list(models.CaseRow.objects.filter(part_of=case).order_by("unit"))


@pytest.mark.usefixtures("city")
class TestParts:
    """Joint handling by the programme that is shipped."""

    def test_a_part_gets_what_it_needs_with_photographs_of_its_own_and_no_telephone(
        self, watch: Watch
    ) -> None:
        case = new_key()
        answers = {**MATTER, "phone": "15400000001", "photos": [picture(case)], "area": "9911"}
        register("hotline", Request("register", answers, case=case), OPERATOR)
        taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
        taken(case, "receive", ROADS)
        taken(case, "involve", DISPATCHER, assisting_units=["lamps"], instruction="请查电缆")

        (part,) = parts_of(case)
        seen = case_numbered(part.number, LAMPS, watch.now)
        assert (part.programme, part.area) == ("hotline-assist", "9911")
        assert seen.answers["instruction"].value == "请查电缆"
        assert "phone" not in seen.answers
        (photo,) = seen.attachments.values()
        assert models.Attachment.objects.filter(case=case).exclude(id=photo.id).count() == 1
        assert verified().ok

    def test_a_part_may_change_hands_and_is_then_waived_under_its_new_unit(self) -> None:
        case = in_hand()
        taken(case, "involve", DISPATCHER, assisting_units=["lamps"])
        (part,) = parts_of(case)
        taken(str(part.id), "not_ours", LAMPS, reason="不是路灯电缆")
        taken(str(part.id), "reassign", DISPATCHER, unit="city")
        with pytest.raises(ConditionUnmet):
            taken(case, "waive_assistance", DISPATCHER, assisting_unit="lamps", reason="不必了吧")
        done = taken(
            case, "waive_assistance", DISPATCHER, assisting_unit="city", reason="不必了吧"
        )

        assert [one.state for one in done.case.parts.values()] == ["waived"]
        assert row(str(part.id)).state == "waived"
        assert verified().ok

    def test_parts_end_with_their_case_and_a_reopened_one_waits_for_none(self) -> None:
        case = asked().case.id
        taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
        taken(case, "receive", ROADS)
        taken(case, "involve", DISPATCHER, assisting_units=["lamps", "city"])
        ended = taken(case, "withdraw", requester_of(case))

        assert {part.state for part in ended.case.parts.values()} == {"void"}
        assert {part.state for part in parts_of(case)} == {"waived"}
        assert verified().ok

    def test_no_part_goes_to_the_unit_complained_of(self) -> None:
        case = asked().case.id
        taken(case, "classify", DISPATCHER, about_unit="lamps")
        taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
        taken(case, "receive", ROADS)
        with pytest.raises(InterestConflict):
            taken(case, "involve", DISPATCHER, assisting_units=["city", "lamps"])
        assert parts_of(case) == []


@pytest.mark.usefixtures("city")
class TestMerging:
    """One matter, several people: each is answered."""

    def merged(self, main: str, **more: object) -> Outcome:
        other = register("hotline", Request("register", {**MATTER, **more}), RESIDENT)
        taken(other.case.id, "merge", DISPATCHER, main_case=row(main).number)
        return other

    def test_a_follower_gets_answer_evidence_and_unit_and_is_called_back(
        self, watch: Watch
    ) -> None:
        main = in_hand()
        other = self.merged(main, phone="15400000002")
        taken(main, "answer", ROADS, reply=REPLY, evidence=[picture(main)])

        theirs = case_followed(other.number, other.code, watch.now)
        assert theirs.case.state == "answered"
        assert theirs.answers["reply"].value == REPLY
        assert theirs.answers["evidence"].value == [str(k) for k in theirs.attachments]
        taken(other.case.id, "call_back", CALLER, solved="unsolved", satisfied="dissatisfied")
        again = taken(other.case.id, "redo", CALLER, reason="修补处又塌了")
        assert (again.case.state, again.case.values["unit"]) == ("handling", "roads")
        assert row(main).state == "answered"
        assert verified().ok

    def test_when_the_main_case_is_withdrawn_the_others_run_on(self, watch: Watch) -> None:
        main = in_hand()
        other = self.merged(main)
        due = models.ClockRow.objects.get(case=other.case.id, name="dispatch")
        assert due.state == "paused"
        watch.forward(hours=1)
        taken(main, "withdraw", requester_of(main))

        after = case_followed(other.number, other.code, watch.now).case
        assert (after.state, after.follows) == ("accepted", "")
        assert after.clocks["dispatch"].state == "running"
        assert case_numbered(row(main).number, OPERATOR, watch.now).case.followers == ()
        assert verified().ok

    def test_on_the_spot_everybody_is_answered_on_the_spot(self, watch: Watch) -> None:
        main = asked().case.id
        other = self.merged(main)
        taken(main, "answer_on_spot", OPERATOR, reply="该路段已列入本周养护计划。")
        assert case_followed(other.number, other.code, watch.now).case.state == "answered_on_spot"

    def test_who_was_merged_may_withdraw_and_the_main_case_knows(self, watch: Watch) -> None:
        main = in_hand()
        other = self.merged(main)
        taken(other.case.id, "withdraw_merged", requester_of(other.case.id))
        assert row(other.case.id).state == "withdrawn"
        assert case_numbered(row(main).number, OPERATOR, watch.now).case.followers == ()

    def test_nothing_is_merged_into_a_case_that_was_answered(self) -> None:
        main = in_hand()
        taken(main, "answer", ROADS, reply=REPLY)
        late = asked().case.id
        with pytest.raises(FieldsRefused):
            taken(late, "merge", DISPATCHER, main_case=row(main).number)


@pytest.mark.usefixtures("lasting_city")
def test_merging_crosswise_by_number_blocks_nobody_for_ever() -> None:
    one, two = in_hand(), in_hand()
    outcomes = at_once(
        lambda: taken(one, "merge", DISPATCHER, main_case=row(two).number),
        lambda: taken(two, "merge", DISPATCHER, main_case=row(one).number),
    )
    assert sum(isinstance(outcome, Outcome) for outcome in outcomes) == 1
    assert verified().ok


@pytest.mark.usefixtures("city")
class TestWall:
    """Who reported wrongdoing is kept apart, also when that is only seen later."""

    def test_what_turns_out_to_be_a_report_is_walled_off(self, watch: Watch) -> None:
        case = asked(phone="15400000001", name="张三", address="东门外五号")
        taken(case.case.id, "classify", OPERATOR, kind="report")

        assert not models.PersonalValue.objects.filter(field__in=["phone", "name", "address"])
        view = case_numbered(case.number, OPERATOR, watch.now)
        assert view.answers["phone"].value is None
        assert view.title == MATTER["subject"]
        mine = case_followed(case.number, case.code, watch.now)
        assert mine.answers["phone"].value == "15400000001"
        assert verified().ok


@pytest.mark.usefixtures("city")
class TestNight:
    """Ladders and quiet hours."""

    def test_what_is_urgent_wakes_people_and_nothing_else_does(self, watch: Watch) -> None:
        watch.forward(hours=13)  # 22:00
        for urgency in ("normal", "urgent"):
            case = asked(urgency=urgency).case.id
            taken(case, "route", DISPATCHER, unit="roads", category="roads.pothole")
        routed = models.Message.objects.filter(notice="routed").order_by("id")
        assert [one.next_try - one.made for one in routed] == [
            timedelta(hours=9, minutes=30),
            timedelta(0),
        ]

    def test_a_late_answer_is_urged_by_the_system_once(self, watch: Watch) -> None:
        case = in_hand()
        watch.forward(days=30)
        while climb(watch.now):
            pass
        acts = list(models.FactRow.objects.filter(case=case).values_list("act", flat=True))
        assert acts.count("urge") == 2, "once for the first contact, once for the answer"
        assert models.Message.objects.filter(notice="long_overdue", to="office").count() == 1
        taken(
            case,
            "supervise",
            SUPERVISOR,
            supervision="overdue",
            supervision_level="listed",
            instruction="请三日内办结",
        )
        assert verified().ok
