"""What is not published stays private, and nothing personal leaves."""

from __future__ import annotations

import json

from tests.api.open311.conftest import (
    BASE,
    LAMP,
    WORDS,
    Open311,
    Watch,
    errors,
    publish,
    told,
    update_of,
)
from tests.small_city import INSIDE, PUBLISHER, RESIDENT

from luoshi.actions.acts import Request, act, register
from luoshi.actions.keys import add_key
from luoshi.kernel.fact import read
from luoshi.store.models import CaseRow, FactRow


def test_c20_a_private_case_is_never_listed_and_404_by_id(open311: Open311) -> None:
    number = open311.number()
    assert open311.json("requests") == []
    assert open311.json("requests", service_request_id=number) == []
    assert errors(open311.get(f"requests/{number}.json"), 404)
    assert open311.json("servicerequestupdates") == []


def test_c20_a_case_that_was_taken_down_is_private_again(open311: Open311) -> None:

    number = open311.number()
    publish(number)
    assert open311.json(f"requests/{number}")
    case = str(CaseRow.objects.get(number=number).id)
    act(Request("unpublish", {"reason": "It named somebody."}, case), PUBLISHER)
    assert errors(open311.get(f"requests/{number}.json"), 404)


def test_c20_an_application_follows_what_it_brought_in(open311: Open311) -> None:
    number = open311.number()
    [row] = open311.json("requests", api_key=open311.key)
    assert row["service_request_id"] == number
    assert row["status"] == "open"
    assert row["service_code"] == LAMP
    blank = ["description", "lat", "long", "address", "address_id", "agency_responsible"]
    assert [row[name] for name in blank] == [None] * len(blank)
    assert open311.json(f"requests/{number}", api_key=open311.key) == [row]
    assert WORDS.splitlines()[1] not in json.dumps(row)


def test_c20_another_application_does_not(open311: Open311) -> None:
    number = open311.number()
    other = add_key("Other app")
    assert open311.json("requests", api_key=other) == []
    assert errors(open311.get(f"requests/{number}.json", api_key=other), 404)


def test_c20_a_case_of_the_desk_is_nobody_s_until_it_is_published(open311: Open311) -> None:

    given = {"subject": "Lamp", "content": "It is dark.", "place": INSIDE}
    outcome = register("hotline", Request("register", given), RESIDENT)
    assert open311.json("requests", api_key=open311.key) == []
    assert errors(open311.get(f"requests/{outcome.number}.json", api_key=open311.key), 404)
    assert errors(open311.get(f"tokens/{outcome.case.id}.json"), 404)


def test_c20_the_first_fact_says_which_application_brought_it(open311: Open311) -> None:
    open311.number()
    fact = read(FactRow.objects.get().body)
    assert fact.doer.id.startswith("app:")
    assert fact.doer.role == "requester"


def test_c21_only_what_was_approved_is_told(open311: Open311) -> None:
    number = open311.number(phone="13800000000", address_string="Room 7")
    publish(number, subject="A lamp", reply="It burns.")
    [row] = open311.json(f"requests/{number}")
    assert row["description"] == "A lamp"
    assert row["status_notes"] == "It burns."
    assert row["media_url"] is None


def test_c21_a_point_is_told_no_finer_than_the_place_that_is_published(open311: Open311) -> None:
    publish(open311.number())
    [row] = open311.json("requests")
    assert row["address"] == "No. 991"
    assert (row["long"], row["lat"]) != (INSIDE["lon"], INSIDE["lat"])
    assert (row["long"], row["lat"]) == (122.51, 35.51), "the middle of the community"


def test_what_a_key_is_told_is_kept_by_nobody_on_the_way(open311: Open311) -> None:
    number = open311.number()
    path = f"{BASE}/requests/{number}.json"
    shown = open311.client.get(path, headers={"x-api-key": open311.key})
    assert told(shown)[0]["service_request_id"] == number
    assert shown["Cache-Control"] == "no-store"
    assert (
        open311.get(f"requests/{number}.json", api_key=open311.key)["Cache-Control"] == "no-store"
    )
    assert open311.get("requests.json")["Cache-Control"] == "no-cache"


def test_who_has_a_list_is_not_sent_it_again(open311: Open311) -> None:
    """A page of another site reads it, too: what CORS and paging need stands beside a 304."""
    publish(open311.number())
    address = f"{BASE}/requests.json?page_size=1"
    first = open311.client.get(address)
    known = {"if-none-match": first["ETag"]}
    again = open311.client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "X-Result-Count"):
        assert again[name] == first[name], name
    assert open311.client.head(address, headers=known).status_code == 304
    publish(open311.number())
    assert open311.client.get(address, headers=known).status_code == 200
    keyed = open311.client.get(address, {"api_key": open311.key}, headers=known)
    assert (keyed.status_code, "ETag" in keyed) == (200, False), "it is kept nowhere"


def test_no_personal_answer_leaves_by_any_of_these_doors(open311: Open311, watch: Watch) -> None:
    """Everything that can be marked is marked; every address is read in both forms."""
    mark = "QZXV"
    form = {
        "description": f"{mark}-subject\n{mark}-content",
        "address_string": f"{mark}-address",
        "first_name": mark,
        "last_name": f"{mark}-last",
        "email": f"{mark.lower()}@anlan.example",
        "phone": "15409876543",
        "media_url": f"https://{mark}.example/x.jpg",
        "device_id": f"{mark}-device",
        "account_id": f"{mark}-account",
        "attribute[kind]": "complain",
    }
    kept, shown = open311.number(**form), open311.number(**form, headers={"idempotency-key": "b"})
    for number in (kept, shown):
        open311.send("servicerequestupdates", **update_of(number, description=f"{mark}-added"))
    watch.forward(hours=1)
    publish(shown)
    facts = [read(row.body) for row in FactRow.objects.all()]
    assert mark not in json.dumps([dict(fact.values) for fact in facts])
    paths = ["requests", f"requests/{kept}", f"requests/{shown}", "servicerequestupdates",
             "services", f"services/{LAMP}", f"tokens/{facts[0].case}", "discovery"]  # fmt: skip
    texts = [
        open311.get(f"{path}.{suffix}", extensions="true", **key).content.decode()
        for path in paths
        for suffix in ("json", "xml")
        for key in ({}, {"api_key": open311.key})
    ]
    found = [
        text for text in texts for sign in (mark, mark.lower(), "15409876543") if sign in text
    ]
    assert found == []
    assert any(shown in text for text in texts)
