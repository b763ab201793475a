"""Requests are read: by number, service, state and time."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from tests.api.open311.conftest import (
    BASE,
    LAMP,
    Open311,
    Watch,
    errors,
    numbers,
    parsed,
    publish,
    published_at,
    told,
)
from tests.small_city import MONDAY, OPERATOR, PUBLISHER

from luoshi.actions.acts import Request, act
from luoshi.formats.open311 import stamp
from luoshi.store.models import CaseRow

FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


def test_c14_ids_override_everything_else(open311: Open311, watch: Watch) -> None:
    first, second, _ = published_at(open311, watch, 0, 1, 2)
    wanted = f"{first},{second},nothing"
    found = open311.json(
        "requests", service_request_id=wanted, status="open", service_code="x", end_date="never"
    )
    assert numbers(found) == [second, first]


def test_c14_lists_are_separated_by_commas_encoded_or_not(open311: Open311, watch: Watch) -> None:
    first, second = published_at(open311, watch, 0, 1)
    for comma in (",", quote(",")):
        address = f"{BASE}/requests.json?service_request_id={first}{comma}{second}"
        assert len(told(open311.client.get(address))) == 2
        address = f"{BASE}/requests.json?status=open{comma}closed"
        assert len(told(open311.client.get(address))) == 2
        address = f"{BASE}/requests.json?service_code=hotline{comma}{LAMP}"
        assert len(told(open311.client.get(address))) == 2


def test_c14_by_service(open311: Open311, watch: Watch) -> None:
    lamp = published_at(open311, watch, 0)
    whole = open311.number(service_code="hotline")
    publish(whole)
    assert numbers(open311.json("requests", service_code=LAMP)) == lamp
    assert numbers(open311.json("requests", service_code="hotline")) == [whole]
    assert open311.json("requests", service_code="hotline.roads.pothole") == []
    assert open311.json("requests", service_code="nothing") == []


def test_c14_by_status(open311: Open311, watch: Watch) -> None:
    published_at(open311, watch, 0)
    assert open311.json("requests", status="open") == []
    assert len(open311.json("requests", status="closed")) == 1
    assert len(open311.json("requests", status="OPEN,CLOSED")) == 1
    assert "status" in errors(open311.get("requests.json", status="asleep"), 400)


def test_c14_the_last_90_days_are_the_default(open311: Open311, watch: Watch) -> None:
    old, new = published_at(open311, watch, 0, 50)
    watch.now = MONDAY + timedelta(days=100)
    assert numbers(open311.json("requests")) == [new]
    assert numbers(open311.json("requests", start_date=stamp(MONDAY))) == [new, old]
    until = stamp(MONDAY + timedelta(days=1))
    assert numbers(open311.json("requests", end_date=until)) == [old]


def test_c14_no_more_than_90_days_are_told(open311: Open311, watch: Watch) -> None:
    old, _ = published_at(open311, watch, 0, 95)
    found = open311.json(
        "requests", start_date=stamp(MONDAY), end_date=stamp(MONDAY + timedelta(days=200))
    )
    assert numbers(found) == [old]


def test_c14_both_ends_of_a_window_belong_to_it(open311: Open311, watch: Watch) -> None:
    first, second, third = published_at(open311, watch, 0, 1, 2)
    found = open311.json(
        "requests", start_date=stamp(MONDAY), end_date=stamp(MONDAY + timedelta(days=1))
    )
    assert numbers(found) == [second, first]
    assert third not in numbers(found)


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "01-02-2026", "0001-01-01T00:00:00Z"])
def test_c14_what_is_no_date_is_400(open311: Open311, date: str) -> None:
    assert "date.invalid" in errors(open311.get("requests.json", end_date=date), 400)


def test_c14_no_more_than_1000_are_told(open311: Open311, watch: Watch) -> None:
    [number] = published_at(open311, watch, 0)

    with connection.cursor() as run:
        run.execute(
            'INSERT INTO luoshi_public ("case", number, programme, category, place, state, kind,'
            " opened, published, subject, grams, view) SELECT md5(n::text)::uuid, 'X' || n,"
            " programme, category, place, state, kind, opened - n * interval '1 minute',"
            " published, subject, grams, view FROM luoshi_public, generate_series(1, 1500) n"
        )
    rows = open311.json("requests")
    assert len(rows) == 1000
    assert rows[0]["service_request_id"] == number


def test_c15_one_request_is_an_array_of_one(open311: Open311) -> None:
    number = open311.number()
    publish(number)
    [row] = open311.json(f"requests/{number}")
    assert list(row) == FIELDS
    root = open311.xml(f"requests/{number}")
    assert root.tag == "service_requests"
    assert [one.tag for one in root.find("request")] == FIELDS
    assert row["service_name"] == "Street light"
    assert row["address_id"] == "991"


def test_c15_an_unknown_request_is_404_with_errors(open311: Open311) -> None:
    answer = open311.get("requests/nothing.xml")
    assert answer.status_code == 404
    root = parsed(answer.content)
    assert root.tag == "errors"
    assert root.findtext("error/code") == "404"
    assert root.findtext("error/description")


def test_c16_closed_is_told_with_the_time_of_closing(open311: Open311, watch: Watch) -> None:
    number = open311.number()
    watch.forward(hours=3)
    publish(number)
    watch.forward(days=2)
    [row] = open311.json(f"requests/{number}")
    assert row["status"] == "closed"
    assert row["requested_datetime"] == stamp(MONDAY)
    assert row["updated_datetime"] == stamp(MONDAY + timedelta(hours=3))


def test_c16_publishing_later_does_not_move_the_time_of_closing(
    open311: Open311, watch: Watch
) -> None:

    number = open311.number()
    case = str(CaseRow.objects.get(number=number).id)
    watch.forward(hours=1)
    act(Request("answer_on_spot", {"reply": "The lamps burn again."}, case), OPERATOR)
    watch.forward(days=1)
    public = {"public_subject": "Lamp", "public_reply": "It burns again."}
    act(Request("publish", public, case), PUBLISHER)
    [row] = open311.json(f"requests/{number}")
    assert row["updated_datetime"] == stamp(MONDAY + timedelta(hours=1))


def test_c19_arrays_stay_arrays(open311: Open311, watch: Watch) -> None:
    assert open311.json("requests") == []
    assert list(open311.xml("requests")) == []
    for expected in (1, 2):
        published_at(open311, watch, expected)
        assert len(open311.json("requests")) == expected
        assert len(open311.xml("requests").findall("request")) == expected


def test_c19_an_empty_element_is_null(open311: Open311) -> None:
    publish(open311.number())
    [row] = open311.json("requests")
    element = open311.xml("requests").find("request")
    for name, value in row.items():
        text = element.findtext(name)
        assert (text == "") == (value is None), name
        if value is not None:
            assert text == str(value), name
