"""Health, readiness, metrics and logs: they say how it is doing, and nothing about people."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from tests.actions.conftest import city  # noqa: F401  a fixture
from tests.actions.lamp import opened, routed
from tests.small_city import Watch

from luoshi.actions.webhooks import subscribe
from luoshi.config import health, logs
from luoshi.config.doors import Doors
from luoshi.store.models import ClockRow, Delivery, Message


def figures(client: Client, **headers: str) -> dict[tuple[str, str], float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (one.name, ",".join(one.labels.values())): one.value
        for family in text_string_to_metric_families(answer.content.decode())
        for one in family.samples
    }


@pytest.mark.usefixtures("city")
class TestMetrics:
    def test_they_count_what_waits(self, watch: Watch) -> None:
        routed()
        subscribe("open", "https://x.example/")
        found = figures(Client())
        assert found["luoshi_cases_open", ""] == 1
        assert found["luoshi_clocks_overdue", ""] == 0
        waiting = Message.objects.filter(sent=None).count()
        assert found["luoshi_waiting", "letters"] == waiting > 0
        assert found["luoshi_dead_letters", "events"] == 0
        watch.forward(days=30)
        late = figures(Client())
        overdue = ClockRow.objects.filter(state="running", kind="duty", due__lt=watch.now).count()
        assert late["luoshi_clocks_overdue", ""] == overdue > 0
        assert late["luoshi_waiting_oldest_seconds", "letters"] >= 29 * 86400

    def test_dead_letters_are_seen(self, watch: Watch) -> None:
        opened()
        Message.objects.update(tries=12)
        subscribe("open", "https://x.example/")
        from luoshi.store.models import Subscription  # noqa: PLC0415

        Delivery.objects.create(
            subscription=Subscription.objects.get(), case=Message.objects.all()[0].case, seq=1,
            type="case.x", made=watch.now, next_try=watch.now, settled=watch.now, outcome="dead",
        )  # fmt: skip
        found = figures(Client())
        assert found["luoshi_dead_letters", "letters"] == Message.objects.count()
        assert found["luoshi_dead_letters", "events"] == 1

    def test_nothing_in_them_is_about_people(self) -> None:
        number = opened(name="张三丰").number
        text = Client().get("/metrics").content.decode()
        assert [word for word in (number, "张三丰", "15400001234") if word in text] == []

    def test_outsiders_read_nothing(self, settings: Any) -> None:
        assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 403
        behind = Client(headers={"x-forwarded-for": "203.0.113.9"})
        assert behind.get("/metrics").status_code == 403
        settings.LUOSHI_DOORS = Doors(metrics_token="t" * 20)
        assert Client().get("/metrics").status_code == 403
        wrong = {"authorization": "Bearer nonsense"}
        assert Client().get("/metrics", headers=wrong).status_code == 403
        assert figures(behind, authorization="Bearer " + "t" * 20)


@pytest.mark.usefixtures("city")
class TestReadiness:
    @pytest.fixture(autouse=True)
    def _forget(self) -> None:
        health._once_migrated.cache_clear()

    def test_ready(self) -> None:
        assert Client().get("/readyz").content == b"ready\n"

    def test_not_while_the_tables_are_older(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "is_migrated", lambda: False)
        answer = Client().get("/readyz")
        assert answer.status_code == 503
        assert b"luoshi init" in answer.content
        monkeypatch.undo()
        assert Client().get("/readyz").status_code == 200

    def test_not_while_programmes_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> None:
            raise OSError("/secret/place")

        monkeypatch.setattr(health, "offered", broken)
        answer = Client().get("/readyz")
        assert answer.status_code == 503
        assert b"/secret" not in answer.content


@pytest.fixture
def line() -> Any:
    """Write by a handler of our own rules; return what came out."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    rules = logs.rules("json")["formatters"]["line"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=rules["processors"], foreign_pre_chain=rules["foreign_pre_chain"]
        )
    )
    logger = logging.getLogger("luoshi.test_lines")
    logger.addHandler(handler)
    logger.propagate = False
    yield lambda: json.loads(out.getvalue().splitlines()[-1])
    logger.removeHandler(handler)


def test_a_line_is_one_json_document(line: Any) -> None:
    structlog.get_logger("luoshi.test_lines").warning("not sent", key="a/b", tries=3)
    found = line()
    assert (found["event"], found["key"], found["tries"]) == ("not sent", "a/b", 3)
    assert (found["level"], found["logger"]) == ("warning", "luoshi.test_lines")
    assert found["timestamp"].endswith("Z")


def test_lines_of_libraries_look_the_same(line: Any) -> None:
    logging.getLogger("luoshi.test_lines").error("could not reach %s", "somewhere")
    assert line()["event"] == "could not reach somewhere"


@pytest.mark.parametrize(
    "secret",
    ["13812345678", "138-1234-5678", "+86 13812345678", "110101199003078888", "a.b@example.cn",
     "11010119900307888X"],
)  # fmt: skip
def test_what_leads_to_a_person_is_masked_wherever_it_stands(line: Any, secret: str) -> None:
    logger = structlog.get_logger("luoshi.test_lines")
    logger.warning("seen", a=secret, b=[f"x {secret}"], c={"d": secret}, e=ValueError(secret))
    assert secret not in json.dumps(line(), ensure_ascii=False)
    said = f"\nKey (phone)=({secret})\nDETAIL:  Failing row contains (张三丰)"
    try:
        int(said)
    except ValueError:
        logger.exception("broken")
    text = json.dumps(line(), ensure_ascii=False)
    assert secret not in text
    assert "张三丰" not in text
    assert "ValueError" in text


def test_numbers_of_cases_and_keys_are_left_alone(line: Any) -> None:
    number, key = "20260309000012", str(timedelta(days=1))
    structlog.get_logger("luoshi.test_lines").info("seen", number=number, key=key)
    structlog.get_logger("luoshi.test_lines").warning("seen", number=number, key=key)
    assert (line()["number"], line()["key"]) == (number, key)
