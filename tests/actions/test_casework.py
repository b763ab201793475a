"""The shipped programmes at work: parts the system opens and ends, and what happens by itself."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.actions.conftest import Watch
from tests.small_city import LAMPS, ROADS, staff

from luoshi.actions.acts import Outcome, Request, act, register
from luoshi.actions.climbing import climb
from luoshi.actions.files import add_file
from luoshi.kernel.access import ANYBODY, Actor, Post, requester_of
from luoshi.kernel.case import Case, fold
from luoshi.kernel.errors import ConditionUnmet
from luoshi.store import records

OFFICE, DISPATCH, SHIFT, INTAKE = (
    staff(role) for role in ("appeals_office", "case_dispatcher", "shift_leader", "intake_officer")
)
HEAD = staff("unit_head", "roads")
GRID = frozenset({"9911"})


def in_grid(role: str) -> Actor:
    """Return somebody whose area is grid 9911."""
    return Actor(f"{role}-9911", (Post(role, areas=GRID),))


OFFICER, COLLECTOR, WORKER = (
    in_grid(role) for role in ("stationed_officer", "collector", "grid_worker")
)


@pytest.fixture(autouse=True)
def ground(city: None, settings: Any, tmp_path: Path) -> None:
    """The small city, and a folder for its photos."""
    settings.MEDIA_ROOT = str(tmp_path)


def photo(case: str) -> list[str]:
    """Return the key of a photo that belongs to *case*."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "JPEG")
    return [str(add_file(case, out.getvalue(), "photo.jpg", OFFICE).id)]


def do(case: str, step: str, actor: Actor, **answers: object) -> Outcome:
    return act(Request(step, answers, case=case), actor)


def now_of(case: str) -> Case:
    held = records.locked(case)
    assert held is not None
    return fold(held.facts)


@pytest.fixture
def appeal() -> str:
    """An appeal that the roads unit leads, in hand, with a part of the lamps unit."""
    words: Mapping[str, object] = {
        "subject": "门前道路坑洼",
        "content": "货车进不来",
        "enterprise": "91990100MA0000001G",
        "area": "9911",
    }
    case = register("enterprise-appeal", Request("collect", words), ANYBODY).case.id
    do(case, "put_on_list", OFFICE, kind="logistics")
    do(case, "contact", OFFICER, contacted_at="2026-03-09T08:30:00+08:00", contact_way="on_site")
    do(case, "give_opinion", OFFICER, opinion="由道路部门牵头办理")
    do(case, "triage", OFFICE, level="city", unit="roads")
    do(case, "submit_plan", ROADS, plan="一周内铺装完成，照明同步恢复")
    do(case, "approve_plan", OFFICE)
    do(case, "join", ROADS, helpers=["lamps"])
    return case


def test_the_system_opens_a_part_and_the_lead_waits_for_it(appeal: str) -> None:
    (part,) = now_of(appeal).parts
    assert now_of(part).programme == "enterprise-appeal-assist"
    assert now_of(part).values["unit"] == "lamps"
    with pytest.raises(ConditionUnmet):
        do(appeal, "resolve", ROADS, reply="道路已经全部铺装完成。", evidence=photo(appeal))
    do(part, "receive", LAMPS)
    do(part, "finish", LAMPS, reply="照明已经恢复")
    assert now_of(appeal).parts[part].state == "done"
    strike_off(appeal)
    struck = now_of(appeal)
    assert struck.state == "struck_off"
    assert set(struck.numbers) >= {"listed", "struck"}
    assert struck.numbers["listed"].startswith("GH2026")
    assert struck.numbers["struck"].startswith("XH2026")


def test_an_appeal_that_is_listed_again_keeps_its_numbers(appeal: str) -> None:
    (part,) = now_of(appeal).parts
    do(part, "receive", LAMPS)
    do(part, "finish", LAMPS, reply="照明已经恢复")
    strike_off(appeal)
    first = now_of(appeal).numbers
    do(appeal, "relist", requester_of(appeal), reason="路面又下沉了")
    do(appeal, "triage", OFFICE, level="city", unit="roads")
    do(appeal, "contact", OFFICER, contacted_at="2026-03-09T08:40:00+08:00", contact_way="on_site")
    do(appeal, "give_opinion", OFFICER, opinion="由道路部门重新铺装")
    do(appeal, "submit_plan", ROADS, plan="重新压实路基，一周内完成")
    do(appeal, "approve_plan", OFFICE)
    strike_off(appeal)
    assert now_of(appeal).numbers == first
    assert now_of(appeal).counts["strike_off"] == 2


def strike_off(appeal: str) -> None:
    """Handle an appeal, have it confirmed, and strike it off."""
    do(appeal, "resolve", ROADS, reply="道路已经全部铺装完成。", evidence=photo(appeal))
    do(appeal, "confirm", requester_of(appeal), solved="solved", satisfied="satisfied")
    do(appeal, "strike_off", OFFICE)


def test_a_part_that_is_waived_is_voided_by_the_system(appeal: str) -> None:
    (part,) = now_of(appeal).parts
    do(appeal, "waive", OFFICE, helper="lamps", reason="照明另有安排")
    assert now_of(part).state == "waived"
    assert now_of(appeal).parts[part].state == "waived"
    assert not now_of(appeal).open_parts


def test_a_parked_case_runs_on_by_itself(watch: Watch) -> None:
    words = {"subject": "路面下沉", "content": "路面下沉约五厘米", "area": "9911"}
    case = register("urban-management", Request("report_by_public", words), ANYBODY).case.id
    do(case, "send_to_verify", INTAKE, area="9911")
    do(case, "verify_report", COLLECTOR, finding="exists", inspection_photos=photo(case))
    do(case, "register_case", SHIFT, category="traffic.road_sunken", meets_criteria=True)
    do(case, "dispatch_case", DISPATCH, unit="roads")
    do(case, "begin", ROADS)
    until = {"park_until": "2026-04-30"}
    do(case, "ask_park", ROADS, park_ground="project", reason="列入改造工程", **until)
    do(case, "endorse_park", HEAD)
    do(case, "park", DISPATCH, **until)
    watch.forward(days=30)
    climb(watch.now)
    assert now_of(case).state == "parked"
    watch.forward(days=23)  # 1 May, 09:00
    climb(watch.now)
    resumed = now_of(case)
    assert resumed.state == "handling"
    assert resumed.clocks["handling"].state == "running"
    assert resumed.clocks["parking"].state == "stopped"


def test_what_no_level_sorts_climbs_to_the_county_by_itself(watch: Watch) -> None:
    words = {"subject": "沟渠淤堵", "content": "村口排水沟堵塞", "area": "9911"}
    more = {"matter": "environment.ditch", "found_by": "patrol"}
    case = register("grid-event", Request("find", {**words, **more}), WORKER).case.id
    do(case, "upload", WORKER, photos=photo(case), reason="需要机械清淤")
    watch.forward(days=2)
    climb(watch.now)
    assert now_of(case).state == "at_town"
    watch.forward(days=2)
    climb(watch.now)
    there = now_of(case)
    assert there.state == "at_county"
    assert there.clocks["sort_village"].was_late
    assert there.clocks["sort_town"].was_late


def test_a_service_that_nobody_rates_is_not_counted_as_rated(watch: Watch) -> None:
    words = {"subject": "补领证件", "served_by": "lamps"}
    case = register("service-rating", Request("invite", words), ANYBODY).case.id
    watch.forward(days=32)
    climb(watch.now)
    lapsed = now_of(case)
    assert lapsed.state == "lapsed"
    assert "level" not in lapsed.values
