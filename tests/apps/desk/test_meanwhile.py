"""What happened meanwhile: stale forms, forms sent twice, two people at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from tests.apps.desk.conftest import SAID, Desk, Watch, complaint, hidden, taken
from tests.small_city import DISPATCHER, LAMPS, OPERATOR, found_city

from luoshi.actions import acts
from luoshi.store import models
from luoshi.store.directory import forget_directory
from luoshi.store.queries import case_numbered

WRITTEN = "需要采购配件，到货需要三个工作日。"


@pytest.fixture
def in_hand(opened: Callable[..., acts.Outcome]) -> acts.Outcome:
    case = opened()
    taken(case.case.id, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    taken(case.case.id, "receive", LAMPS)
    return case


def test_a_stale_form_tells_what_changed_and_keeps_what_was_typed(
    desk: Callable[..., Desk], in_hand: acts.Outcome, watch: Watch
) -> None:
    handler = desk("handler", "lamps")
    path = f"/desk/case/{in_hand.number}/do/ask_extension/"
    sent = handler.form(in_hand.number, "ask_extension")
    sent |= {"extension_days": "3", "reason": WRITTEN}
    taken(in_hand.case.id, "add", OPERATOR, addition="东边那盏也不亮了。")
    answer = handler.client.post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Meanwhile:" in page
    assert "东边那盏也不亮了。" in page
    assert f"{WRITTEN}</textarea>" in page
    again = hidden(page) | {"extension_days": "3", "reason": WRITTEN}
    assert again["act"] == sent["act"]
    assert handler.client.post(path, again).status_code == 302


def test_a_form_whose_step_is_no_longer_possible_gives_back_what_was_typed(
    desk: Callable[..., Desk], in_hand: acts.Outcome
) -> None:
    handler = desk("handler", "lamps")
    sent = handler.form(in_hand.number, "ask_extension")
    sent |= {"extension_days": "3", "reason": WRITTEN}
    taken(in_hand.case.id, "escalate", LAMPS, reason="需要市里研究决定。")
    answer = handler.client.post(f"/desk/case/{in_hand.number}/do/ask_extension/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert WRITTEN in page
    assert "Put before the city government office" in page
    assert 'id="q-reason"' not in page


def test_a_form_sent_twice_is_done_once(
    desk: Callable[..., Desk], in_hand: acts.Outcome, watch: Watch
) -> None:
    handler = desk("handler", "lamps")
    sent = handler.form(in_hand.number, "contact") | {"contacted_at": "2026-03-09T09:00"}
    path = f"/desk/case/{in_hand.number}/do/contact/"
    assert [handler.client.post(path, sent).status_code for _ in range(2)] == [302, 302]
    view = case_numbered(in_hand.number, handler.actor, watch.now)
    assert view.case.counts["contact"] == 1
    changed = sent | {"note": "另外写了一句话。"}
    answer = handler.client.post(path, changed)
    assert answer.status_code == 409
    assert "the first one stands" in answer.content.decode()


def test_a_form_without_its_keys_changes_nothing(
    desk: Callable[..., Desk], in_hand: acts.Outcome, watch: Watch
) -> None:
    handler = desk("handler", "lamps")
    path = f"/desk/case/{in_hand.number}/do/contact/"
    for broken in ({}, {"seen": "x"}, {"seen": "9" * 40}, {"seen": "-1", "act": "no key"}):
        answer = handler.client.post(path, {"contacted_at": "2026-03-09T09:00"} | broken)
        assert answer.status_code == 409
    assert case_numbered(in_hand.number, handler.actor, watch.now).case.seq == in_hand.case.seq + 2


@pytest.fixture
def lasting_city(transactional_db: None, watch: Watch) -> Iterator[None]:
    found_city()
    yield
    forget_directory()


def test_of_two_handlers_at_one_moment_one_wins_and_the_other_is_told(
    lasting_city: None, watch: Watch
) -> None:
    case = acts.register("hotline", acts.Request("register", SAID), OPERATOR)
    taken(case.case.id, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    taken(case.case.id, "receive", LAMPS)
    path = f"/desk/case/{case.number}/do/ask_extension/"
    browsers = [_handler(name) for name in ("one", "two")]
    forms = [hidden(one.get(path).content.decode()) for one in browsers]
    gate = Barrier(2)

    def send(at: int) -> tuple[int, str]:
        gate.wait()
        try:
            answers = {"extension_days": "3", "reason": f"{WRITTEN}{at}"}
            answer = browsers[at].post(path, forms[at] | answers)
            return answer.status_code, answer.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(send, range(2)))
    assert sorted(status for status, _ in results) == [302, 409]
    loser = next(at for at, (status, _) in enumerate(results) if status == 409)
    assert "Meanwhile:" in results[loser][1], complaint(results[loser][1])
    assert f"{WRITTEN}{loser}" in results[loser][1]


def _handler(name: str) -> Client:
    account = models.Account.objects.create_user(name, None, name=name, language="en")
    models.Post.objects.create(account=account, role="handler", unit_id="lamps")
    browser = Client()
    browser.force_login(account)
    return browser
