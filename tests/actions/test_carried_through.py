"""Whole lives on the real database: a task in parts, a finding up to its look-back, a project."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.actions.conftest import Watch
from tests.actions.lamp import verified
from tests.small_city import staff

from luoshi.actions.acts import Request, act, register
from luoshi.actions.climbing import climb
from luoshi.actions.files import add_file
from luoshi.kernel.access import ANYBODY, Actor
from luoshi.kernel.case import Case
from luoshi.kernel.errors import CaseNotFound, ConditionUnmet, HeldBack, NotYours
from luoshi.store import models, records
from luoshi.store.queries import case_numbered

OFFICE, ACCEPTOR, LEADER = (staff(role) for role in ("supervision_office", "acceptor", "leader"))
LEAD, PART = staff("handler", "roads"), staff("handler", "lamps")
GOAL = {"task": "全年改造路灯一千盏", "due_day": "2026-11-30"}
DECISION = {"title": "路灯节能改造", "resolution": "年内完成路灯节能改造。", "origin": "report"}
REACHED = {"self_finding": "reached", "result": "一千盏路灯全部改造完成。"}


@pytest.fixture(autouse=True)
def ground(city: None, settings: Any, tmp_path: Path) -> None:
    """The small city, and a folder for its photos."""
    settings.MEDIA_ROOT = str(tmp_path)


def photo(case: str, actor: Actor) -> list[str]:
    """Return the key of a photo that *actor* adds to *case*."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (30, 200, 30)).save(out, "JPEG")
    return [str(add_file(case, out.getvalue(), "photo.jpg", actor).id)]


def taken(case: str, step: str, actor: Actor, **answers: object) -> Case:
    return act(Request(step, answers, case=case), actor).case


class TestTask:
    """A decision, broken down, reported on, checked, accepted and struck off."""

    def in_parts(self) -> tuple[str, str]:
        """Return a task that its lead has broken down, and its one part."""
        case = register("task", Request("record", DECISION), OFFICE).case.id
        taken(case, "assign", OFFICE, unit="roads", **GOAL)
        taken(case, "receive", LEAD, due_day=GOAL["due_day"])
        taken(case, "break_down", LEAD, part_units=["lamps"], **GOAL)
        return case, str(models.CaseRow.objects.get(part_of=case).id)

    def test_a_part_carries_what_its_unit_must_know_and_only_that_unit_sees_it(self) -> None:
        _, part = self.in_parts()
        row = models.CaseRow.objects.get(id=part)
        assert (row.programme, row.unit, row.state) == ("task-part", "lamps", "assigned")
        view = case_numbered(row.number, PART, row.opened)
        assert view.answers["title"].value == DECISION["title"]
        assert view.answers["task"].value == GOAL["task"]
        assert view.case.values["due_day"] == GOAL["due_day"]
        with pytest.raises(CaseNotFound):
            case_numbered(row.number, staff("handler", "elsewhere"), row.opened)

    def test_it_is_struck_off_when_its_part_is_done_and_somebody_else_has_accepted_it(
        self,
    ) -> None:
        case, part = self.in_parts()
        with pytest.raises(ConditionUnmet):
            taken(case, "self_check", LEAD, evidence=photo(case, LEAD), **REACHED)
        taken(part, "receive", PART)
        taken(part, "report_progress", PART, progress=50, light="green", note="完成五百盏")
        taken(part, "finish", PART, result="一千盏已改造完成", evidence=photo(part, PART))
        taken(case, "self_check", LEAD, evidence=photo(case, LEAD), **REACHED)
        taken(case, "supervise", OFFICE, instruction="请核实数量")
        with pytest.raises(HeldBack):
            taken(case, "accept", ACCEPTOR)
        taken(case, "lift_supervision", LEADER, reason="已经核实")
        taken(case, "accept", ACCEPTOR)
        ended = taken(case, "strike_off", OFFICE)
        assert (ended.state, ended.close_kind) == ("struck_off", "done")
        assert set(ended.numbers) == {"register", "task", "struck"}
        assert verified().ok

    def test_a_month_without_a_report_is_told_to_the_office(self, watch: Watch) -> None:
        self.in_parts()
        before = models.Message.objects.count()
        watch.forward(days=35)
        assert climb(watch.now) >= 1
        assert models.Message.objects.count() > before


class TestFinding:
    """One finding from its clearance to its look-back."""

    roles = (
        "inspection_team",
        "clearance_officer",
        "rectification_office",
        "evaluator",
        "acceptor",
        "review_leader",
        "publisher",
    )

    def test_it_is_announced_struck_off_and_looked_at_again(self, watch: Watch) -> None:
        who = {role: staff(role) for role in self.roles}
        rectifier, head = staff("rectifier", "roads"), staff("unit_leader", "roads")
        entering = {"kind": "environment", "round_type": "joint", "unit": "roads"}
        case = register(
            "rectification", Request("propose", entering), who["inspection_team"]
        ).case.id
        taken(case, "clear", who["clearance_officer"], open_network=True)
        wording = {
            "item": "桥下堆放垃圾",
            "problem": "桥下堆放垃圾两立方米。",
            "category": "water",
        }
        taken(case, "list_for_immediate_fix", who["rectification_office"], **wording)
        done = {"result": "已清运并设置围挡和提示。", "evidence": photo(case, rectifier)}
        taken(case, "report_result", rectifier, **done)
        taken(case, "sign_report", head, truth=True)
        taken(case, "accept_report", who["evaluator"], indicators_met=20, evaluation="done")
        on_site = {"finding": "fixed", "accepted_on": "2026-03-09"}
        photos = photo(case, who["acceptor"])
        taken(case, "accept_on_site", who["acceptor"], site_photos=photos, **on_site)
        taken(case, "sign_review", who["review_leader"])
        assert not models.PublicRow.objects.filter(case=case).exists()
        taken(case, "begin_notice", who["publisher"])
        assert models.PublicRow.objects.filter(case=case).exists()
        with pytest.raises(ConditionUnmet):
            taken(case, "strike_off", who["rectification_office"])
        watch.forward(days=8)
        taken(case, "strike_off", who["rectification_office"])
        watch.forward(days=90)
        looked = {"looked_back_on": "2026-06-10", "still_fixed": True}
        closed = taken(case, "look_back", who["acceptor"], **looked)
        assert (closed.state, closed.close_kind) == ("closed", "struck_off")
        assert set(closed.numbers) == {"register", "listed", "struck"}
        assert not models.PersonalValue.objects.filter(case=case).exists()
        assert verified().ok

    def test_nobody_from_outside_can_propose_one(self) -> None:
        with pytest.raises(NotYours):
            register("rectification", Request("propose", {"kind": "environment"}), ANYBODY)


class TestProject:
    """A lead that changes hands and becomes a project."""

    def test_who_had_it_when_can_be_read_from_its_facts(self) -> None:
        first, second = staff("promoter", "roads"), staff("promoter", "lamps")
        centre, circulation = staff("promotion_office"), staff("circulation_officer", "lamps")
        lead = {"subject": "样例项目", "content": "样例投资意向", "investor": "样例投资方"}
        case = register(
            "investment-project", Request("report", {**lead, "unit": "roads"}), first
        ).case.id
        taken(case, "screen", centre, first_reporter="roads", industry="food")
        with pytest.raises(ConditionUnmet):
            taken(case, "call_in", centre)
        taken(case, "release", first, release_ground="land")
        taken(case, "claim", circulation, unit="lamps", first_share=30)
        with pytest.raises(CaseNotFound):
            taken(case, "convert", first, investor="样例投资方", industry="food")
        project = taken(case, "convert", second, investor="样例投资方", industry="food")
        assert (project.state, project.values["first_reporter"]) == ("negotiating", "roads")
        held = records.locked(case)
        assert held is not None
        assert [fact.doer.unit for fact in held.facts] == ["roads", "", "roads", "lamps", "lamps"]
        assert verified().ok
