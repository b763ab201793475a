"""The tick: what comes due is climbed once, and one case that cannot go on holds up no other."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from structlog.testing import capture_logs
from tests.actions.conftest import Watch
from tests.actions.lamp import verified
from tests.actions.test_webhooks import URL, account
from tests.small_city import staff

from luoshi.actions.acts import Request, act, register
from luoshi.actions.climbing import cases_due, climb
from luoshi.actions.files import add_file
from luoshi.actions.webhooks import subscribe
from luoshi.actions.writing import appended
from luoshi.kernel.access import ANYBODY, Actor, Post
from luoshi.kernel.case import Case
from luoshi.kernel.fact import Doer
from luoshi.kernel.ladder import CLIMBED
from luoshi.kernel.transition import Decision
from luoshi.kernel.versions import Move, moved_to
from luoshi.store import models, records
from luoshi.store.keys import new_key
from luoshi.store.programmes import programme_of

WORKER = Actor("worker", (Post("grid_worker", areas=frozenset({"9911"})),))

BEYOND = datetime(2080, 1, 1, tzinfo=UTC)
"""An instant that no calendar covers."""


@pytest.fixture(autouse=True)
def ground(city: None) -> None:
    """The small city."""


def invited() -> str:
    """Return a service that somebody is asked to rate: its window closes by itself."""
    words = {"subject": "补领证件", "served_by": "lamps"}
    return register("service-rating", Request("invite", words), ANYBODY).case.id


def asked() -> str:
    """Return a request to the hotline: three rungs, one of them with a step, if nobody routes."""
    words = {"subject": "路灯不亮", "content": "坏了三天，晚上看不清路。", "channel": "phone"}
    return register("hotline", Request("register", words), staff("operator")).case.id


def case_of(key: str) -> Case:
    held = records.locked(key)
    assert held is not None
    return held.case


def acts_of(key: str) -> list[str]:
    held = records.locked(key)
    assert held is not None
    return [fact.act for fact in held.facts]


def lose(case: str, watch: Watch) -> None:
    """Move a case to a version of its programme that is nowhere."""
    held = records.locked(case)
    assert held is not None
    now = programme_of("service-rating")
    move = Move(new_key(), "of a lost disk", held.case.state)
    fact = moved_to(held.case, move, now, new_key(), Doer("somebody", "administrator"), watch.now)
    appended(now, held, Decision(fact), letters=[])


def test_what_is_due_is_climbed_once_and_its_step_taken(watch: Watch) -> None:
    case = invited()
    assert climb(watch.now) == 0
    watch.forward(days=32)
    assert cases_due(watch.now, 10) == [case]
    rungs = climb(watch.now)
    assert rungs == acts_of(case).count(CLIMBED) > 0
    assert case_of(case).state == "lapsed"
    assert climb(watch.now) == 0
    assert cases_due(watch.now, 10) == []


@pytest.mark.parametrize("begin", [0.0, 0.5, 0.99])
def test_wherever_a_worker_begins_every_case_is_climbed(watch: Watch, begin: float) -> None:
    cases = [invited() for _ in range(5)]
    watch.forward(days=32)
    climb(watch.now, begin=begin)
    assert {case_of(case).state for case in cases} == {"lapsed"}


def test_a_batch_is_climbed_before_the_next(watch: Watch) -> None:
    for _ in range(3):
        invited()
    watch.forward(days=32)
    assert len(cases_due(watch.now, 2)) == 2
    assert climb(watch.now, limit=2) > 0
    assert len(cases_due(watch.now, 10)) == 1


def test_a_case_whose_version_is_lost_holds_up_no_other(watch: Watch) -> None:
    lost = invited()
    watch.forward(minutes=1)
    other = invited()
    lose(lost, watch)
    watch.forward(days=32)
    assert cases_due(watch.now, 10) == [lost, other]
    with capture_logs() as said:
        for _ in range(3):  # it is tried again and again, and told of once
            climb(watch.now)
    assert case_of(other).state == "lapsed"
    assert CLIMBED not in acts_of(lost)
    told = [(one["case"], one["reason"]) for one in said if one["event"] == "ladder not climbed"]
    assert told == [(lost, "programme.unknown")]


def test_a_step_that_no_calendar_allows_is_left_and_the_rung_is_climbed(
    watch: Watch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    words = {"subject": "沟渠淤堵", "content": "村口排水沟堵塞", "area": "9911"}
    more = {"matter": "environment.ditch", "found_by": "patrol"}
    case = register("grid-event", Request("find", {**words, **more}), WORKER).case.id
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "JPEG")
    photo = add_file(case, out.getvalue(), "photo.jpg", WORKER).id
    answers = {"photos": [str(photo)], "reason": "需要机械清淤"}
    act(Request("upload", answers, case=case), WORKER)
    before = case_of(case).state
    assert climb(BEYOND) == 1  # passing it to the town would start a clock that nobody can count
    assert case_of(case).state == before
    assert acts_of(case)[-1] == CLIMBED


def test_what_concerns_the_cases_alone_is_written_for_many_at_once(
    watch: Watch, django_assert_max_num_queries: Any
) -> None:
    cases = [asked() for _ in range(40)]
    watch.forward(days=7)
    with django_assert_max_num_queries(4):  # for the locks and the writing psycopg is asked
        assert climb(watch.now) == 3 * 40
    for case in cases:
        assert acts_of(case) == ["register", CLIMBED, CLIMBED, "urge", CLIMBED]
        assert case_of(case).clocks["dispatch"].fired == ("soon", "due", "later")
    assert climb(watch.now) == 0
    assert verified().ok


def test_everybody_whom_a_rung_tells_gets_one_letter_and_subscribers_every_event(
    watch: Watch,
) -> None:
    subscribe("all", URL, account("dispatcher"))
    case = asked()
    models.Delivery.objects.all().delete()
    watch.forward(days=7)
    climb(watch.now)
    letters = models.Message.objects.filter(case=case).exclude(notice="received")
    told = sorted(letters.values_list("notice", "to"))
    assert told.count(("running_out", "dispatcher")) == 1
    assert told.count(("overdue", "supervisor")) == told.count(("overdue", "dispatcher")) == 1
    assert told.count(("long_overdue", "office")) == 1
    types = models.Delivery.objects.order_by("seq").values_list("type", flat=True)
    assert list(types) == ["case.system.rung"] * 2 + ["case.urge", "case.system.rung"]


def test_many_lost_cases_hold_up_none_that_come_after_them(watch: Watch) -> None:
    for _ in range(4):
        lose(invited(), watch)
    watch.forward(minutes=1)
    other = invited()
    watch.forward(days=32)
    assert climb(watch.now, limit=2) > 0
    assert case_of(other).state == "lapsed"
