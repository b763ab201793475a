"""Retention: what has been kept long enough is really gone, and history is still proved."""

from __future__ import annotations

import threading

import pytest
from tests.actions.conftest import Watch
from tests.actions.lamp import opened, taken
from tests.small_city import OPERATOR

from luoshi.actions import worker
from luoshi.actions.acts import Outcome
from luoshi.kernel.access import requester_of
from luoshi.store import models
from luoshi.store.queries import case_numbered
from luoshi.store.search import find
from luoshi.store.verification import Report, verify

pytestmark = pytest.mark.usefixtures("city")


def work() -> None:
    stop = threading.Event()
    stop.set()
    worker.run(stop, lambda *_: None)


def withdrawn() -> Outcome:
    case = opened(name="张试用")
    return taken(case, "withdraw", requester_of(case.case.id), reason="已经自己修好了")


def held(name: str) -> models.PersonalValue:
    return models.PersonalValue.objects.get(field=name)


def report() -> Report:
    found = Report()
    for _ in verify(found):
        pass
    return found


def test_while_a_case_is_open_nothing_expires(watch: Watch) -> None:
    opened()
    watch.forward(days=366 * 50)
    work()
    assert held("phone").value is not None
    assert held("phone").keep_until is None


def test_each_answer_goes_when_its_own_time_has_come(watch: Watch) -> None:
    case = withdrawn()
    ended = watch.now.date()
    assert held("phone").keep_until == ended.replace(year=ended.year + 2)
    assert held("content").keep_until == ended.replace(year=ended.year + 5)
    watch.now = watch.now.replace(year=ended.year + 2)
    work()
    assert held("phone").value is not None  # on the last day it is still there
    watch.forward(days=1)
    work()
    for name in ("phone", "name"):
        gone = held(name)
        assert (gone.value, gone.salt, gone.grams) == (None, None, None)
        assert gone.deleted == watch.now
    assert held("content").value is not None
    view = case_numbered(case.number, OPERATOR, watch.now)
    assert "phone" not in view.answers or view.answers["phone"].value is None
    assert (report().ok, report().deleted) == (True, 2)


def test_what_is_gone_is_found_no_more(watch: Watch) -> None:
    case = withdrawn()
    assert [row.number for row in find(OPERATOR, "人民路口", watch.now).rows] == [case.number]
    watch.forward(days=366 * 6)
    work()
    assert not models.PersonalValue.objects.exclude(value=None, grams=None, salt=None).exists()
    assert find(OPERATOR, "人民路口", watch.now).rows == ()
    assert [row.number for row in find(OPERATOR, case.number, watch.now).rows] == [case.number]
    assert report().ok


def test_a_case_that_runs_again_keeps_its_answers(watch: Watch) -> None:
    case = opened()
    taken(case, "answer_on_spot", OPERATOR, reply="已经通知维修，今晚修好。")
    assert held("phone").keep_until is not None
    watch.forward(days=1)
    taken(case, "ask_reopen", requester_of(case.case.id), reason="灯还是不亮")
    assert held("phone").keep_until is None
    watch.forward(days=366 * 9)
    work()
    assert held("phone").value is not None
    assert report().ok
