"""The screens for doors: a secret is shown once, and only to whom it belongs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook
from tests.actions.conftest import city  # noqa: F401  fixture
from tests.actions.lamp import routed

from luoshi.actions import deliveries
from luoshi.actions.deliveries import deliver, tried
from luoshi.actions.webhooks import subscribe
from luoshi.connectors.posting import Collected
from luoshi.store import models
from luoshi.store.tokens import token_shown

pytestmark = pytest.mark.usefixtures("city")
URL = "https://works.example.cn/events"


def browser_of(name: str, *, role: str = "", unit: str = "", administers: bool = False) -> Client:
    account = models.Account.objects.create_user(
        name, None, name=name, language="en", is_administrator=administers
    )
    if role:
        models.Post.objects.create(account=account, role=role, unit_id=unit or None)
    found = Client(headers={"accept-language": "en"})
    found.force_login(account)
    return found


@pytest.fixture
def it() -> Client:
    """A browser of an administrator without a post."""
    return browser_of("it", administers=True)


@pytest.fixture
def officer() -> Client:
    """A browser of a handler."""
    return browser_of("officer", role="handler", unit="roads")


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Collected:
    """What is posted goes nowhere, and is kept."""
    kept = Collected()
    monkeypatch.setattr(deliveries, "way_out", lambda: kept)
    return kept


def shown(page: str, name: str) -> str:
    found = re.search(rf'id="q-{name}" value="([^"]+)"', page)
    return found.group(1) if found else ""


def added(it: Client, **more: object) -> tuple[str, str]:
    """Add a subscription on the screen; return its address there, and the secret."""
    page = it.post("/doors/webhooks/", {"name": "works", "url": URL, **more})
    assert page.status_code == 200
    key = models.Subscription.objects.get().id
    return f"/doors/webhooks/{key}/", shown(page.content.decode(), "secret")


class TestWebhooks:
    def test_only_administrators_come_in(self, officer: Client) -> None:
        for answer in (officer.get("/doors/webhooks/"), officer.post("/doors/webhooks/", {})):
            assert answer.status_code == 403
        assert not models.Subscription.objects.exists()

    def test_a_secret_is_shown_once_and_checks_signatures(
        self, it: Client, post: Collected
    ) -> None:
        address, secret = added(it)
        assert secret.startswith("whsec_")
        assert secret not in it.get(address).content.decode()
        assert secret not in it.get("/doors/webhooks/").content.decode()
        page = it.post(address, {"do": "test"}).content.decode()
        assert "It arrived" in page
        [(url, headers, content)] = post.posted
        assert url == URL
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signed = Webhook(secret).sign(headers["webhook-id"], at, content.decode())
        assert headers["webhook-signature"] == signed
        assert json.loads(content)["type"] == "luoshi.test"

    def test_a_receiver_that_does_not_answer_is_told(self, it: Client, post: Collected) -> None:
        address, _ = added(it)
        post.status = 500
        page = it.post(address, {"do": "test"}).content.decode()
        assert "It did not arrive: 500" in page
        assert tried("works", post).status == 500

    def test_what_was_given_up_is_seen_and_sent_again(self, it: Client) -> None:
        models.Account.objects.create_user("desk", None, name="desk")
        models.Post.objects.create(
            account=models.Account.objects.get(username="desk"), role="dispatcher"
        )
        address, _ = added(it, account="desk", programme="hotline")
        routed()
        models.Delivery.objects.update(tries=9)
        broken = Collected(status=503)
        deliver(broken)
        page = it.get(address).content.decode()
        assert "given up" in page
        assert "last answer 503" in page
        assert (
            "events wait to be sent again" in it.post(address, {"do": "replay"}).content.decode()
        )
        assert deliver(Collected()) > 0
        assert "given up</span>" not in it.get(address).content.decode()

    def test_a_new_secret_and_the_end(self, it: Client) -> None:
        address, secret = added(it)
        turned = shown(it.post(address, {"do": "rotate"}).content.decode(), "secret")
        assert turned.startswith("whsec_")
        assert turned != secret
        assert it.post(address, {"do": "end"}).status_code == 302
        page = it.get(address).content.decode()
        assert "by hand" in page
        assert "Send a test" not in page
        assert it.post(address, {"do": "test"}).status_code == 404
        assert it.post(address, {"do": "nothing"}).status_code == 404

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"name": ""}, "1 to 80 signs"),
            ({"name": "taken"}, "Another subscription"),
            ({"url": "ftp://x"}, "must begin with https://"),
            ({"url": "https://user:secret@x.example/"}, "must begin with https://"),
            ({"account": "nobody"}, "no account"),
            ({"type": "case.route"}, "public events only"),
            ({"programme": "nothing"}, "no such service"),
        ],
    )
    def test_what_cannot_be_made_is_said_and_kept_in_the_form(
        self, it: Client, given: dict[str, str], sentence: str
    ) -> None:
        subscribe("taken", URL)
        answer = it.post("/doors/webhooks/", {"name": "works", "url": URL, **given})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert f'value="{given.get("url", URL)}"' in page
        assert models.Subscription.objects.count() == 1


class TestTokens:
    def test_an_administrator_makes_one_that_is_shown_once(
        self, it: Client, officer: Client
    ) -> None:
        form = {"do": "add", "account": "officer", "name": "figures", "scope": "read", "days": "7"}
        page = it.post("/doors/tokens/", form).content.decode()
        token = shown(page, "token")
        held = token_shown(token, models.ApiToken.objects.get().created)
        assert held is not None
        assert held.scopes == {"read"}
        for browser in (it, officer):
            again = browser.get("/doors/tokens/").content.decode()
            assert "figures" in again
            assert token not in again

    def test_who_is_no_administrator_makes_none(self, officer: Client) -> None:
        form = {"do": "add", "account": "officer", "name": "x", "scope": "read", "days": "7"}
        assert officer.post("/doors/tokens/", form).status_code == 403
        assert not models.ApiToken.objects.exists()

    @pytest.mark.parametrize(
        "given", [{"scope": []}, {"days": "0"}, {"days": "x"}, {"account": "none"}, {"name": ""}]
    )
    def test_what_cannot_be_made_is_said(self, given: dict[str, object]) -> None:
        boss = browser_of("boss", role="supervisor", administers=True)
        form = {"do": "add", "account": "boss", "name": "x", "scope": "read", "days": "7", **given}
        answer = boss.post("/doors/tokens/", form)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert not models.ApiToken.objects.exists()

    def test_everybody_takes_back_their_own_and_no_other_s(self, officer: Client) -> None:
        boss = browser_of("boss", role="supervisor", administers=True)
        for name in ("officer", "boss"):
            form = {"do": "add", "account": name, "name": "x", "scope": "read", "days": "7"}
            assert boss.post("/doors/tokens/", form).status_code == 200
        assert "boss" not in officer.get("/doors/tokens/").content.decode()
        take = {"do": "revoke", "name": "x"}
        assert officer.post("/doors/tokens/", {**take, "account": "boss"}).status_code == 404
        assert officer.post("/doors/tokens/", {**take, "account": "officer"}).status_code == 302
        good = models.ApiToken.objects.filter(revoked=None)
        assert [one.account.username for one in good] == ["boss"]
        assert boss.post("/doors/tokens/", {**take, "account": "boss"}).status_code == 302


def test_the_calendar_s_address_works_without_signing_in(officer: Client) -> None:
    case = routed()
    page = officer.get("/doors/calendar/").content.decode()
    address = shown(page, "address").removeprefix("http://testserver")
    assert case.number in Client().get(address).content.decode()
    own = shown(page, "unit-1").removeprefix("http://testserver")
    assert own.endswith("?unit=roads")
    assert case.number in Client().get(own).content.decode()


def test_the_desk_leads_there(officer: Client, it: Client) -> None:
    page = officer.get("/desk/").content.decode()
    assert 'href="/doors/calendar/"' in page
    assert 'href="/doors/tokens/"' in page
    assert 'href="/doors/webhooks/"' not in page
    assert 'href="/doors/webhooks/"' in it.get("/doors/webhooks/").content.decode()
