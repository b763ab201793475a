"""Webhooks: each event once, to whom it is for, signed, later if it must, and never lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.actions.conftest import Watch
from tests.actions.lamp import PUBLIC, handled, opened, published, routed, taken
from tests.small_city import DISPATCHER, OPERATOR, PUBLISHER, RESIDENT, ROADS

from luoshi.actions.acts import Request, act, register
from luoshi.actions.deliveries import (
    AT_ONCE,
    KEPT,
    LEASE,
    PAUSE,
    WAITS,
    Posted,
    deliver,
    forget_settled,
)
from luoshi.actions.webhooks import (
    SubscriptionRefused,
    SubscriptionUnknown,
    end,
    replay,
    rotate,
    subscribe,
)
from luoshi.connectors.posting import Collected
from luoshi.kernel.fact import instant
from luoshi.store import models
from luoshi.store.subscriptions import dead_letters, subscriptions

URL = "https://receiver.example/events"


def account(role: str, unit: str = "", name: str = "") -> str:
    """Make an account with one post; return its user name."""
    name = name or f"{role}-{unit}"
    made = get_user_model().objects.create_user(name, name=name)
    models.Post.objects.create(account=made, role=role, unit_id=unit or None)
    return name


def bodies(post: Collected) -> list[dict[str, Any]]:
    return [json.loads(content) for _, _, content in post.posted]


def verified(secret: str, posted: tuple[str, dict[str, str], bytes]) -> Any:
    """Check the signature by the library of Standard Webhooks, at the time of the test's clock."""
    _, headers, content = posted
    sent = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
    expected = Webhook(secret).sign(headers["webhook-id"], sent, content.decode())
    if expected not in headers["webhook-signature"].split(" "):
        raise WebhookVerificationError("no signature fits")
    return json.loads(content)


@pytest.fixture
def post() -> Collected:
    return Collected()


@pytest.mark.usefixtures("city")
class TestWhatIsTold:
    def test_without_subscriptions_nothing_is_written(self) -> None:
        routed()
        assert models.Delivery.objects.count() == 0

    def test_one_event_for_each_fact(self, post: Collected) -> None:
        subscribe("all", URL, account("dispatcher"))
        case = handled()
        assert deliver(post) == 3
        told = bodies(post)
        assert {one["type"] for one in told} == {"case.register", "case.route", "case.receive"}
        facts = models.FactRow.objects.filter(case=case.case.id)
        assert {one["data"]["seq"] for one in told} == {fact.seq for fact in facts}
        route = next(one for one in told if one["type"] == "case.route")
        assert route["timestamp"] == "2026-03-09T01:00:00.000000Z"
        assert route["data"]["number"] == case.number
        assert route["data"]["values"] == {"unit": "roads", "category": "roads.pothole"}
        assert (route["data"]["source"], route["data"]["state"]) == ("accepted", "dispatched")
        assert {"clock": "dispatch", "does": "meet", "due": None} in route["data"]["clocks"]
        assert deliver(post) == 0

    def test_nothing_personal_and_nobody_s_name_leaves(self, post: Collected) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened(name="张三丰", address="人民路一号")
        deliver(post)
        text = str(post.posted)
        for secret in ("15400001234", "张三丰", "人民路", "路灯不亮", "requester"):
            assert secret not in text

    def test_a_unit_is_told_of_its_own_cases_alone(self, post: Collected) -> None:
        subscribe("roads", URL, account("handler", "roads"))
        subscribe("lamps", URL + "/lamps", account("handler", "lamps"))
        handled()
        while deliver(post):
            pass
        assert {url for url, _, _ in post.posted} == {URL}
        assert {one["type"] for one in bodies(post)} == {"case.route", "case.receive"}
        outcomes = models.Delivery.objects.values_list("subscription__name", "outcome")
        assert ("lamps", "not_for_them") in outcomes
        assert ("lamps", "sent") not in outcomes

    def test_a_right_that_was_taken_away_is_heeded_at_once(self, post: Collected) -> None:
        subscribe("roads", URL, account("handler", "roads"))
        routed()
        models.Post.objects.all().delete()
        deliver(post)
        assert post.posted == []

    def test_an_account_that_was_closed_is_told_nothing(self, post: Collected) -> None:
        subscribe("all", URL, account("dispatcher"))
        routed()
        get_user_model().objects.update(is_active=False)
        deliver(post)
        assert post.posted == []

    def test_answers_that_the_role_may_not_see_are_left_out(self, post: Collected) -> None:
        subscribe("roads", URL, account("handler", "roads"), types=["case.route"])
        subscribe("desk", URL + "/desk", account("dispatcher"), types=["case.register"])
        opened(channel="phone")
        deliver(post)
        (told,) = bodies(post)
        assert told["data"]["values"].get("channel") in (None, "phone")
        assert "phone" not in told["data"]["values"]

    def test_what_was_not_asked_for_is_not_even_written(self) -> None:
        subscribe("some", URL, account("dispatcher"), ["hotline"], ["case.route"])
        handled()
        assert [one.type for one in models.Delivery.objects.all()] == ["case.route"]

    def test_an_act_sent_again_is_told_once(self) -> None:
        subscribe("all", URL, account("dispatcher"))
        request = Request("register", {"subject": "路灯不亮", "content": "坏了三天。"})
        register("hotline", request, RESIDENT)
        assert register("hotline", request, RESIDENT).resent
        assert models.Delivery.objects.count() == 1


@pytest.mark.usefixtures("city")
class TestThePublic:
    def published(self) -> str:
        case = opened()
        taken(case, "answer_on_spot", OPERATOR, reply="路灯已经修好，今晚恢复照明。")
        taken(case, "publish", PUBLISHER, **PUBLIC)
        return str(case.case.id)

    def test_everybody_is_told_of_published_cases_alone(self, post: Collected) -> None:
        subscribe("open", URL)
        routed()
        self.published()
        deliver(post)
        (told,) = bodies(post)
        assert told["type"] == "public.published"
        assert told["data"]["values"]["public_subject"] == "Street light"
        assert "15400001234" not in str(post.posted)
        assert "路灯" not in str(post.posted)

    def test_what_was_promised_and_when_it_was_there_is_told(self, post: Collected) -> None:
        subscribe("open", URL)
        clock = published().case.clocks["answer"]
        deliver(post)
        (told,) = bodies(post)
        assert told["data"]["promised"] == instant(clock.due - timedelta(seconds=1))
        assert told["data"]["promised"].endswith("T15:59:59.000000Z"), "the end of a day here"
        assert told["data"]["fulfilled"] == instant(clock.ended or clock.due)

    def test_what_was_taken_down_is_told_without_its_words(self, post: Collected) -> None:
        subscribe("open", URL)
        case = self.published()
        deliver(post)
        act(Request("unpublish", {"reason": "A name was in it"}, case), PUBLISHER)
        deliver(post)
        removed = bodies(post)[-1]
        assert removed["type"] == "public.removed"
        assert removed["data"]["values"] is None
        assert removed["data"]["promised"] is None
        assert "A name" not in str(post.posted)

    def test_what_was_taken_down_before_it_left_never_leaves(self, post: Collected) -> None:
        subscribe("open", URL)
        case = self.published()
        act(Request("unpublish", {"reason": "A name was in it"}, case), PUBLISHER)
        deliver(post)
        assert [one["type"] for one in bodies(post)] == ["public.removed"]
        assert "Street light" not in str(post.posted)


@pytest.mark.usefixtures("city")
class TestDelivery:
    def test_the_signature_is_the_standard_s(self, post: Collected) -> None:
        secret = subscribe("all", URL, account("dispatcher"))
        opened()
        deliver(post)
        assert verified(secret, post.posted[0])["type"] == "case.register"
        url, headers, content = post.posted[0]
        with pytest.raises(WebhookVerificationError):
            verified(secret, (url, headers, content + b" "))

    def test_a_new_secret_and_the_old_one_are_good_for_a_day(
        self, post: Collected, watch: Watch
    ) -> None:
        old = subscribe("all", URL, account("dispatcher"))
        new = rotate("all")
        assert new != old
        opened()
        deliver(post)
        assert verified(old, post.posted[0]) == verified(new, post.posted[0])
        watch.forward(hours=25)
        opened()
        deliver(post)
        assert verified(new, post.posted[1])
        with pytest.raises(WebhookVerificationError):
            verified(old, post.posted[1])

    def test_no_table_holds_the_secret(self) -> None:
        secret = subscribe("all", URL, account("dispatcher"))
        row = models.Subscription.objects.values().get()
        assert secret.removeprefix("whsec_") not in str(row)

    def test_what_is_not_taken_is_tried_later_and_later_and_then_given_up(
        self, post: Collected, watch: Watch
    ) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened()
        post.status = 503
        for wait in WAITS:
            assert deliver(post) == 1
            assert deliver(post) == 0
            row = models.Delivery.objects.get()
            assert wait <= row.next_try - watch.now <= wait * 1.1
            watch.now = row.next_try
        assert deliver(post) == 1
        (letter,) = dead_letters()
        assert (letter.name, letter.answer, letter.tries) == ("all", "503", len(WAITS) + 1)
        assert len({headers["webhook-id"] for _, headers, _ in post.posted}) == 1
        assert deliver(post) == 0

    def test_a_receiver_that_does_not_answer_keeps_nobody_waiting(self, watch: Watch) -> None:
        subscribe("deaf", URL + "/deaf", account("dispatcher"))
        subscribe("well", URL, account("supervisor"))
        called: list[str] = []

        def post(url: str, headers: dict[str, str], content: bytes) -> Posted:
            called.append(url)
            return Posted(reason="timeout") if url.endswith("deaf") else Posted(204)

        for _ in range(3 * AT_ONCE):
            opened()
        batches = 0
        while deliver(post):
            batches += 1
        heard = models.Delivery.objects.filter(subscription__name="well", outcome="sent")
        assert heard.count() == 3 * AT_ONCE
        assert called.count(URL + "/deaf") <= AT_ONCE, "one batch found out; the rest waits"
        waiting = models.Delivery.objects.filter(subscription__name="deaf")
        assert not waiting.exclude(settled=None).exists()
        assert waiting.filter(tries=0).count() >= 2 * AT_ONCE, "nothing was counted as tried"
        assert not waiting.filter(next_try__gt=watch.now + PAUSE, tries=0).exists()
        watch.now += PAUSE
        assert deliver(post)
        assert called.count(URL + "/deaf") > 1

    def test_a_receiver_that_says_no_is_asked_about_the_next_event_at_once(
        self, post: Collected
    ) -> None:
        subscribe("all", URL, account("dispatcher"))
        for _ in range(2 * AT_ONCE):
            opened()
        post.status = 503
        assert (deliver(post), deliver(post), deliver(post)) == (AT_ONCE, AT_ONCE, 0)

    def test_what_was_given_up_can_be_sent_again(self, post: Collected, watch: Watch) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened()
        post.status = 500
        while not dead_letters():
            deliver(post)
            watch.forward(hours=30)
        post.status = 204
        assert replay("all") == 1
        assert deliver(post) == 1
        assert dead_letters() == []
        assert replay("all") == 0
        assert replay("all", since=watch.now - timedelta(days=400)) == 1
        deliver(post)
        assert len({headers["webhook-id"] for _, headers, _ in post.posted}) == 1

    def test_what_a_killed_worker_had_claimed_is_sent_by_another(
        self, post: Collected, watch: Watch
    ) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened()

        def killed(url: str, headers: dict[str, str], content: bytes) -> Any:
            raise SystemExit

        with pytest.raises(SystemExit):
            deliver(killed)
        assert deliver(post) == 0
        watch.now += LEASE
        assert deliver(post) == 1
        assert models.Delivery.objects.get().outcome == "sent"

    def test_who_answers_gone_is_told_nothing_more(self, post: Collected) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened()
        post.status = 410
        deliver(post)
        opened()
        assert models.Delivery.objects.count() == 1
        (told,) = subscriptions()
        assert told.ended is not None
        assert (told.dead, told.waiting) == (1, 0)

    def test_what_was_ended_is_told_nothing_more(self, post: Collected) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened()
        end("all")
        assert deliver(post) == 0
        with pytest.raises(SubscriptionUnknown):
            end("all")

    def test_settled_ones_are_forgotten_in_time(self, post: Collected, watch: Watch) -> None:
        subscribe("all", URL, account("dispatcher"))
        opened()
        deliver(post)
        assert forget_settled(watch.now + KEPT - timedelta(hours=1)) == 0
        assert forget_settled(watch.now + KEPT + timedelta(hours=1)) == 1


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("name", "url", "more"),
    [
        ("", URL, {}),
        ("a" * 81, URL, {}),
        ("a\x00b", URL, {}),
        ("a", "ftp://x/", {}),
        ("a", "https://", {}),
        ("a", "https://user:secret@x.example/", {}),
        ("a", "https://x.example/#part", {}),
        ("a", "https://x.example/ a", {}),
        ("a", "https://x.example/\r\nhost: y", {}),
        ("a", URL, {"account": "nobody"}),
        ("a", URL, {"types": ["case.route"]}),
        ("a", URL, {"programmes": ["nothing"]}),
    ],
)
def test_what_cannot_be_subscribed_is_refused_with_a_reason(
    name: str, url: str, more: dict[str, Any]
) -> None:
    with pytest.raises(SubscriptionRefused) as refused:
        subscribe(name, url, **more)
    assert "secret" not in str(refused.value)
    assert models.Subscription.objects.count() == 0


@pytest.mark.usefixtures("city")
def test_a_name_is_given_once() -> None:
    subscribe("all", URL)
    with pytest.raises(SubscriptionRefused, match="taken"):
        subscribe("all", URL)


@pytest.mark.usefixtures("city")
def test_who_may_not_see_an_act_s_case_before_is_told_from_then_on(post: Collected) -> None:
    subscribe("lamps", URL, account("handler", "lamps"))
    case = routed()
    taken(case, "receive", ROADS)
    taken(case, "return", ROADS, reason="不是我单位职责范围。")
    taken(case, "reroute", DISPATCHER, unit="lamps", category="roads.streetlight")
    while deliver(post):
        pass
    assert [one["type"] for one in bodies(post)] == ["case.reroute"]
