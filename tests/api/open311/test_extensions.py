"""What goes beyond the core, one test for each line of the conformance page (E22 to T29)."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from requests.utils import parse_header_links
from tests.api.open311.conftest import BASE, LAMP, Open311, Watch, errors, publish, told
from tests.api.open311.test_core import numbers, published_at, said
from tests.small_city import DISPATCHER, INSIDE, MONDAY, RESIDENT

from luoshi.actions.acts import Request, act, register
from luoshi.actions.keys import add_key
from luoshi.formats.open311 import stamp
from luoshi.kernel.fact import read
from luoshi.store.models import Attachment, CaseRow, FactRow


def photo(colour: str = "red") -> io.BytesIO:
    """Return a small photograph as a file."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


# E22


def test_e22_pages_count_from_one_and_are_empty_past_the_end(
    open311: Open311, watch: Watch
) -> None:
    found = published_at(open311, watch, 0, 1, 2, 3, 4)[::-1]
    assert numbers(open311.json("requests", page_size=2)) == found[:2]
    assert numbers(open311.json("requests", page_size=2, page=2)) == found[2:4]
    assert numbers(open311.json("requests", page_size=2, page=3)) == found[4:]
    assert open311.json("requests", page_size=2, page=4) == []


def test_e22_headers_say_where_one_is(open311: Open311, watch: Watch) -> None:
    published_at(open311, watch, 0, 1, 2)
    answer = open311.get("requests.json", page_size=2, api_key="secret")
    assert answer["X-Result-Count"] == "3"
    assert answer["X-Page-Count"] == "2"
    assert answer["X-Page-Size"] == "2"
    assert "secret" not in answer["X-Next-Page-URL"]
    assert "X-Previous-Page-URL" not in answer
    second = open311.get("requests.json", page_size=2, page=2)
    assert "page=1" in second["X-Previous-Page-URL"]
    assert "X-Next-Page-URL" not in second
    assert "X-Page-Size" not in open311.get("requests.json")


def test_e22_the_pages_beside_are_links_that_every_client_reads(
    open311: Open311, watch: Watch
) -> None:
    found = published_at(open311, watch, 0, 1, 2, 3, 4)[::-1]
    second = open311.get("requests.json", page_size=2, page=2)
    links = {one["rel"]: one["url"] for one in parse_header_links(second["Link"])}
    assert links == {"next": second["X-Next-Page-URL"], "prev": second["X-Previous-Page-URL"]}
    assert numbers(told(open311.client.get(links["next"]))) == found[4:]
    assert numbers(told(open311.client.get(links["prev"]))) == found[:2]
    assert "Link" in second["Access-Control-Expose-Headers"].split(", ")
    assert "Link" not in open311.get("requests.json", page_size=50)


def test_e22_the_next_page_stands_still_while_others_are_published(
    open311: Open311, watch: Watch
) -> None:
    found = published_at(open311, watch, 0, 1, 2, 3)[::-1]
    first = open311.get("requests.json", page_size=2)
    published_at(open311, watch, 4, 5)
    following = urlsplit(first["X-Next-Page-URL"])
    assert following.path == f"{BASE}/requests.json"
    rest = told(open311.client.get(following.path, parse_qs(following.query)))
    assert numbers(told(first)) + numbers(rest) == found


@pytest.mark.parametrize(
    "wrong",
    [{"page": "0"}, {"page": "-1"}, {"page_size": "1001"}, {"page_size": "many"},
     {"page": "9999", "page_size": "1000"}, {"after": "nowhere"}, {"after": "2026_1"}],
)  # fmt: skip
def test_e22_a_page_that_cannot_be_is_400(open311: Open311, wrong: dict[str, str]) -> None:
    assert errors(open311.get("requests.json", **wrong), 400)


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


def test_thousands_of_parameters_are_refused_in_the_form_asked_for(open311: Open311) -> None:
    many = {f"a{number}": "1" for number in range(1000)}
    assert errors(open311.get("requests.json", **many), 400)


# E23


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


def update_of(number: str, **given: Any) -> dict[str, Any]:
    """Return the form of an update."""
    return {
        "service_request_id": number,
        "update_id": "17",
        "status": "OPEN",
        "updated_datetime": stamp(MONDAY),
        "description": "The next lamp is dark, too.",
        **given,
    }


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


# E24


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


# E25


@pytest.mark.parametrize("name", ["media", "media[]", "photo", "photo1", "file_1"])
def test_e25_photographs_come_under_any_usual_name(open311: Open311, name: str) -> None:
    number = open311.number(**{name: photo()})
    [file] = Attachment.objects.all()
    assert CaseRow.objects.get(number=number).values["photos"] == [str(file.id)]
    assert file.media_type == "image/jpeg"


def test_e25_several_photographs(open311: Open311) -> None:
    number = open311.number(photo1=photo("red"), photo2=photo("blue"))
    assert len(CaseRow.objects.get(number=number).values["photos"]) == 2


def test_e25_too_many_or_wrong_files_are_refused(open311: Open311) -> None:
    many = {f"photo{n}": photo() for n in range(7)}
    assert "files.too_many" in errors(open311.report(**many), 400)
    page = io.BytesIO(b"<html><script>alert(1)</script></html>")
    page.name = "photo.jpg"
    assert "file.kind" in errors(open311.report(media=page), 400)
    assert not CaseRow.objects.exists()


def test_e25_a_form_without_end_is_not_read(open311: Open311) -> None:
    answer = open311.client.post(
        f"{BASE}/requests.json", {"media": photo()}, headers={"content-length": "9" * 11}
    )
    assert errors(answer, 413)


def test_e25_an_address_of_a_picture_is_kept_as_text_and_never_fetched(open311: Open311) -> None:
    url = "http://127.0.0.1:9/photo.jpg"
    assert url in said(open311.number(media_url=url))["content"]
    assert not Attachment.objects.exists()
    for wrong in ("file:///etc/passwd", "javascript:alert(1)", "http://[", "x" * 3000):
        assert "media_url" in errors(open311.report(media_url=wrong), 400)


# E26, E27


def test_e26_groups_and_keywords(open311: Open311) -> None:
    services = {one["service_code"]: one for one in open311.json("services")}
    assert services[LAMP]["groups"] == ["Roads and public works"]
    assert "12345 hotline" in services[LAMP]["keywords"].split(",")
    root = open311.xml("services")
    assert root.findtext("service[2]/groups/group")


def test_e26_a_client_may_have_its_own_number_of_a_request_asked(
    open311: Open311, setting: Any
) -> None:
    setting("CLIENT_ID", "fixmystreet_id")
    found = open311.json(f"services/{LAMP}")["attributes"]
    own = next(one for one in found if one["code"] == "fixmystreet_id")
    assert own["automated"] == "server_set"
    assert own["required"] is False
    first = open311.number(**{"attribute[fixmystreet_id]": "77"})
    assert open311.number(**{"attribute[fixmystreet_id]": "77"}) == first
    assert open311.number(**{"attribute[fixmystreet_id]": "78"}) != first


def test_e27_what_changed_since(open311: Open311, watch: Watch) -> None:
    old = open311.number()
    watch.forward(days=120)
    [new] = published_at(open311, watch, 125)
    publish(old)
    since = stamp(MONDAY + timedelta(days=124))
    assert sorted(numbers(open311.json("requests", updated_after=since))) == sorted([old, new])
    late = stamp(watch.now + timedelta(hours=1))
    assert open311.json("requests", updated_after=late) == []
    assert open311.json("requests", updated_before=since) == []


def test_e27_by_box_and_by_circle(open311: Open311, watch: Watch) -> None:
    found = published_at(open311, watch, 0)
    assert numbers(open311.json("requests", bbox="122.50,35.50,122.52,35.52")) == found
    assert open311.json("requests", bbox="122.60,35.50,122.62,35.52") == []
    near = {"lat": 35.51, "long": 122.515}
    assert numbers(open311.json("requests", **near)) == found, "500 metres without a radius"
    assert open311.json("requests", **near, radius=400) == []
    assert numbers(open311.json("requests", **near, radius=460)) == found


@pytest.mark.parametrize(
    "wrong",
    [{"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "3,2,1,4"}, {"bbox": "1,95,2,99"},
     {"lat": "95", "long": "1"}, {"lat": "1", "long": "1", "radius": "nan"}],
)  # fmt: skip
def test_e27_what_is_no_box_is_400(open311: Open311, wrong: dict[str, str]) -> None:
    assert errors(open311.get("requests.json", **wrong), 400)


def test_e27_the_language_can_be_named(open311: Open311) -> None:
    english = open311.get("services.json", locale="en")
    chinese = open311.get("services.json", locale="zh")
    assert "Street light" in english.content.decode()
    assert "路灯不亮" in chinese.content.decode()
    assert english["Content-Language"] == "en"
    assert chinese["Content-Language"] == "zh-Hans"


# T28, T29


@pytest.mark.parametrize("base", ["/open311/v2", "/open311/v2/", "/open311/v2//"])
def test_t28_the_base_may_end_in_a_slash_or_not(open311: Open311, base: str) -> None:
    for path in ("services.json", f"services/{LAMP}.json", "requests.json", "discovery.json"):
        assert open311.client.get(base + path).status_code == 200, base + path


def test_t28_names_are_read_when_their_brackets_are_encoded(open311: Open311) -> None:
    form = (
        f"api_key={open311.key}&service_code={LAMP}&description=dark&lat=35.505&long=122.505"
        "&attribute%5Bkind%5D=complain&deviceid=9&attribute%5Bsecret%5D%5B%5D=true"
    )
    answer = open311.client.generic(
        "POST", f"{BASE}/requests.json", form, "application/x-www-form-urlencoded; charset=utf-8"
    )
    number = told(answer)[0]["service_request_id"]
    assert CaseRow.objects.get(number=number).values["kind"] == "complain"


def test_t28_a_key_on_reading_is_borne_with(open311: Open311) -> None:
    publish(open311.number())
    for key in ("", "wrong", open311.key):
        assert len(open311.json("requests", api_key=key)) == 1
    by_header = open311.client.get(f"{BASE}/requests.json", headers={"x-api-key": open311.key})
    assert len(told(by_header)) == 1


def test_t29_any_page_may_read_from_a_browser(open311: Open311) -> None:
    for answer in (open311.get("services.json"), open311.get("requests/nothing.json")):
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in open311.report()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("services.json", "GET, HEAD, OPTIONS"),
        (f"services/{LAMP}.xml", "GET, HEAD, OPTIONS"),
        ("requests.json", "GET, HEAD, POST, OPTIONS"),
        ("requests/1.json", "GET, HEAD, OPTIONS"),
        ("servicerequestupdates.xml", "GET, HEAD, POST, OPTIONS"),
        ("discovery.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_t29_a_browser_that_asks_first_is_told_that_pages_may_read_and_not_send(
    open311: Open311, path: str, allowed: str
) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    answer = open311.client.options(f"{BASE}/{path}", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Allow"] == allowed
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in answer


# Sent again, sent too fast


def test_a_request_sent_again_under_its_key_is_the_same_case(open311: Open311) -> None:
    again = {"headers": {"idempotency-key": "a1"}}
    first = open311.number(**again)
    assert open311.number(**again) == first
    assert told(open311.report(**again)) == told(open311.report(**again))
    assert CaseRow.objects.count() == 1
    other = open311.report(**again, phone="13800000000")
    assert "case.resent_different" in errors(other, 400)


def test_photographs_sent_again_are_not_kept_twice(open311: Open311) -> None:
    again = {"headers": {"idempotency-key": "a2"}}
    first = open311.number(**again, media=photo())
    assert open311.number(**again, media=photo()) == first
    assert Attachment.objects.count() == 1


def test_an_account_that_repeats_itself_on_one_day_is_heard_once(
    open311: Open311, watch: Watch
) -> None:
    first = open311.number(account_id="7")
    assert open311.number(account_id="7") == first
    assert open311.number(account_id="8") != first
    assert open311.number(account_id="7", description="Something else") != first
    watch.forward(days=1)
    assert open311.number(account_id="7") != first


def test_the_same_words_without_a_word_of_who_sends_are_two_requests(open311: Open311) -> None:
    assert open311.number() != open311.number()


def test_two_applications_do_not_share_their_keys(open311: Open311) -> None:
    again = {"headers": {"idempotency-key": "a1"}}
    first = open311.number(**again)
    open311.key = add_key("Other app")
    assert open311.number(**again) != first


def test_too_many_requests_of_one_key_have_to_wait(open311: Open311, setting: Any) -> None:
    setting("POSTS_A_MINUTE", "2")
    assert open311.number()
    assert open311.number()
    answer = open311.report()
    assert "key.too_fast" in errors(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    open311.key = add_key("Other app")
    assert open311.number(), "each key has a measure of its own"


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
