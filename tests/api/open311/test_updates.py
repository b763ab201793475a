"""Updates: of the case, and of the person who asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.api.open311.conftest import Open311, Watch, errors, publish, said, told, update_of
from tests.small_city import DISPATCHER, INSIDE, MONDAY, RESIDENT

from luoshi.actions.acts import Request, act, register
from luoshi.actions.keys import add_key
from luoshi.formats.open311 import stamp
from luoshi.store.models import CaseRow, FactRow


def test_e23_every_change_of_state_is_an_update(open311: Open311, watch: Watch) -> None:
    number = open311.number()
    watch.forward(hours=2)
    publish(number)
    [update] = open311.json("servicerequestupdates")
    assert update["service_request_id"] == number
    assert update["status"] == "closed"
    assert update["updated_datetime"] == stamp(MONDAY + timedelta(hours=2))
    assert update["description"] == "Answered"
    root = open311.xml("servicerequestupdates")
    assert root.tag == "service_request_updates"
    assert root.findtext("request_update/update_id") == update["update_id"]


def test_e23_the_window_is_on_the_time_of_the_update(open311: Open311, watch: Watch) -> None:
    number = open311.number()
    watch.forward(hours=2)
    publish(number)
    after = stamp(MONDAY + timedelta(hours=3))
    before = stamp(MONDAY + timedelta(hours=1))
    assert open311.json("servicerequestupdates", start_date=after) == []
    start = stamp(MONDAY - timedelta(days=1))
    assert open311.json("servicerequestupdates", start_date=start, end_date=before) == []
    assert len(open311.json("servicerequestupdates", start_date=before, end_date=after)) == 1


def test_e23_an_application_gets_updates_of_what_it_brought_before_all_others(
    open311: Open311, watch: Watch
) -> None:

    number = open311.number()
    watch.forward(hours=1)
    act(Request("route", {"unit": "roads"}, str(CaseRow.objects.get().id)), DISPATCHER)
    assert open311.json("servicerequestupdates") == []
    [update] = open311.json("servicerequestupdates", api_key=open311.key)
    assert update["service_request_id"] == number
    assert (update["status"], update["description"]) == ("open", "With the handling unit")
    assert open311.json("servicerequestupdates", api_key=add_key("Other")) == []


def test_e23_an_update_has_the_same_number_before_and_after_publication(
    open311: Open311, watch: Watch
) -> None:
    publish(open311.number())
    own = open311.json("servicerequestupdates", api_key=open311.key)
    assert own == open311.json("servicerequestupdates")


def test_e23_what_a_requester_adds_is_kept_once(open311: Open311) -> None:
    number = open311.number()
    first = told(open311.send("servicerequestupdates", **update_of(number)))
    again = told(open311.send("servicerequestupdates", **update_of(number)))
    assert first == again
    assert first[0]["update_id"].startswith(number)
    assert said(number)["addition"] == "The next lamp is dark, too."
    assert FactRow.objects.count() == 2
    other = update_of(number, description="Something else")
    assert "update_id" in errors(open311.send("servicerequestupdates", **other), 400)


@pytest.mark.parametrize(
    "name", ["service_request_id", "update_id", "status", "updated_datetime", "description"]
)
def test_e23_an_update_without_something_it_needs_is_400(open311: Open311, name: str) -> None:
    form = update_of(open311.number(), **{name: ""})
    assert name in errors(open311.send("servicerequestupdates", **form), 400)


def test_e23_only_the_application_that_brought_it_may_add(open311: Open311) -> None:
    form = update_of(open311.number())
    assert errors(open311.send("servicerequestupdates", **form, api_key="wrong"), 403)
    open311.key = add_key("Other app")
    assert errors(open311.send("servicerequestupdates", **form), 404)
    given = {"subject": "Lamp", "content": "It is dark.", "place": INSIDE}
    desk = register("hotline", Request("register", given), RESIDENT)
    assert errors(open311.send("servicerequestupdates", **update_of(desk.number)), 404)


def test_e23_a_matter_that_has_ended_takes_no_more_words(open311: Open311) -> None:
    number = open311.number()
    publish(number)
    answer = open311.send("servicerequestupdates", **update_of(number))
    assert "update.not_now" in errors(answer, 400)


def test_e24_finer_states_behind_a_switch(open311: Open311, watch: Watch, setting: Any) -> None:

    number = open311.number()
    watch.forward(hours=1)
    act(Request("route", {"unit": "roads"}, str(CaseRow.objects.get().id)), DISPATCHER)
    key = {"api_key": open311.key}
    assert open311.json("servicerequestupdates", **key)[0]["status"] == "open"
    setting("EXTENDED", "1")
    assert open311.json("servicerequestupdates", **key)[0]["status"] == "in_progress"
    [row] = open311.json(f"requests/{number}", **key, extensions="true")
    assert row["status"] == "open"
    assert row["extended_attributes"]["status"] == "in_progress"
    assert row["extended_attributes"]["is_published"] is False
    assert "extended_attributes" not in open311.json(f"requests/{number}", **key)[0]
