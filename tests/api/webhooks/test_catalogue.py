"""The catalogue of events is made from the code, and what is sent keeps to it."""

from __future__ import annotations

import json
import runpy

import jsonschema
import pytest
from django.test import Client
from tests.actions.lamp import handled, opened, taken
from tests.actions.test_webhooks import PUBLIC, URL, account
from tests.small_city import OPERATOR, PUBLISHER
from tests.whole.tree import ROOT, read

from luoshi.actions.deliveries import deliver
from luoshi.actions.webhooks import known_types, subscribe
from luoshi.connectors.posting import Collected
from luoshi.formats.events import CaseEvent, PublicEvent, catalogue, schema_of
from luoshi.store.programmes import offered


def test_the_page_of_events_is_up_to_date() -> None:
    book = runpy.run_path(str(ROOT / "docs" / "make_events.py"), run_name="book")
    written = read(ROOT / "docs/reference/events.md")
    assert written == book["page"](), "run .venv/bin/python docs/make_events.py"


@pytest.mark.django_db
def test_everybody_can_read_which_events_there_are() -> None:
    answer = Client().get("/api/webhooks/events.json")
    assert answer.status_code == 200
    told = answer.json()
    assert {one["type"] for one in told["events"]} == known_types(is_public=False) | known_types(
        is_public=True
    )
    assert told["schemas"]["case"] == json.loads(json.dumps(schema_of(CaseEvent)))


@pytest.mark.usefixtures("city")
def test_every_event_that_is_sent_has_the_shape_that_is_promised() -> None:
    subscribe("all", URL, account("dispatcher"))
    subscribe("open", URL + "/open")
    handled()
    case = opened()
    taken(case, "answer_on_spot", OPERATOR, reply="路灯已经修好，今晚恢复照明。")
    taken(case, "publish", PUBLISHER, **PUBLIC)
    post = Collected()
    while deliver(post):
        pass
    events = [json.loads(content) for _, _, content in post.posted]
    assert {"case.receive", "public.published"} <= {one["type"] for one in events}
    known = {one["type"] for one in catalogue(offered())}
    for event in events:
        assert event["type"] in known
        kind = PublicEvent if event["type"].startswith("public.") else CaseEvent
        jsonschema.validate(event["data"], schema_of(kind))
