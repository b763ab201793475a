"""A calendar of deadlines: of one's own cases, without a name, as long as one may."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.actions.lamp import opened, routed, taken
from tests.small_city import DISPATCHER, ROADS, Watch

from luoshi.formats.icalendar import Deadline
from luoshi.formats.icalendar import calendar as written
from luoshi.store.models import Account, ClockRow, Post

pytestmark = pytest.mark.usefixtures("city")


def signed_in(role: str, unit: str = "", name: str = "a") -> Client:
    account = get_user_model().objects.create_user(name, "long enough to pass", name=name)
    Post.objects.create(account=account, role=role, unit_id=unit or None)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(account)
    return browser


def address_of(browser: Client) -> str:
    answer = browser.get("/api/deadlines/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode().strip().removeprefix("http://testserver")


def day_of(due: datetime) -> datetime:
    """Return the last second of a day that ends at *due*; any other instant as it is."""
    is_midnight = due.astimezone(ZoneInfo("Asia/Shanghai")).time() == time()
    return due - timedelta(seconds=1) if is_midnight else due


def read(address: str) -> list[icalendar.Event]:
    answer = Client(headers={"accept-language": "en"}).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    found = icalendar.Calendar.from_ical(answer.content)
    return list(found.walk("VEVENT"))


def test_it_holds_what_the_unit_has_to_do_and_when() -> None:
    case = routed()
    address = address_of(signed_in("handler", "roads"))
    events = read(address)  # by a program that is not signed in
    due = {str(row.name): row.due for row in ClockRow.objects.filter(state="running", kind="duty")}
    assert {one.decoded("dtstart") for one in events} == {day_of(at) for at in due.values()}
    assert all(case.number in str(one["summary"]) for one in events)
    assert all(str(one["url"]).endswith(f"/desk/case/{case.number}/") for one in events)


def test_a_calendar_in_which_nothing_changed_is_not_sent_again(watch: Watch) -> None:
    case = routed()
    address = address_of(signed_in("handler", "roads"))
    first = Client().get(address)
    assert first["Cache-Control"] == "private, max-age=300"
    watch.forward(hours=1)
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    taken(case, "receive", ROADS)
    later = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (later.status_code, later["ETag"] != first["ETag"]) == (200, True)
    changed = {one.decoded("dtstamp") for one in read(address)}
    assert changed == {watch.now}, "DTSTAMP says when an entry changed"


def test_it_follows_the_case_from_unit_to_unit() -> None:
    case = routed()
    roads = address_of(signed_in("handler", "roads", "r"))
    lamps = address_of(signed_in("handler", "lamps", "l"))
    assert (len(read(roads)) > 0, read(lamps)) == (True, [])
    taken(case, "receive", ROADS)
    taken(case, "return", ROADS, reason="不是我单位职责范围。")
    taken(case, "reroute", DISPATCHER, unit="lamps", category="roads.streetlight")
    assert (read(roads), len(read(lamps)) > 0) == ([], True)


def test_a_desk_can_ask_for_one_unit() -> None:
    opened()
    case = routed()
    address = address_of(signed_in("supervisor"))
    assert len({str(one["url"]) for one in read(address)}) == 2
    (url,) = {str(one["url"]) for one in read(f"{address}?unit=roads")}
    assert case.number in url
    assert len({str(one["url"]) for one in read(f"{address}?unit=city")}) == 1
    for unknown in ("nothing", "%00", "%ED%A0%80", "x" * 3000):
        assert read(f"{address}?unit={unknown}") == [], unknown


def test_no_word_of_a_resident_is_in_it() -> None:
    opened(name="张三丰")
    address = address_of(signed_in("dispatcher"))
    text = Client().get(address).content.decode()
    assert "BEGIN:VEVENT" in text
    assert [word for word in ("路灯", "张三", "15400001234", "人民路") if word in text] == []


def test_an_address_is_good_as_long_as_the_account_is() -> None:
    routed()
    address = address_of(signed_in("handler", "roads"))
    account = Account.objects.get()
    account.set_password("another one, long enough")
    account.save()
    assert Client().get(address).status_code == 404
    address = address_of(_again(account))
    Account.objects.update(is_active=False)
    assert Client().get(address).status_code == 404


def _again(account: Account) -> Client:
    browser = Client()
    browser.force_login(account)
    return browser


def test_who_lost_the_post_sees_nothing() -> None:
    routed()
    address = address_of(signed_in("handler", "roads"))
    Post.objects.all().delete()
    assert read(address) == []


@pytest.mark.parametrize("token", ["", "x", "a.b", "%00", "x" * 5000, "..", "~.~"])
def test_an_address_that_is_none_is_not_found(token: str) -> None:
    assert Client().get(f"/api/deadlines/{token}.ics").status_code == 404


def test_who_is_not_signed_in_or_holds_no_post_gets_no_address() -> None:
    assert Client().get("/api/deadlines/").status_code == 302
    account = get_user_model().objects.create_user("none", "long enough to pass", name="n")
    assert _again(account).get("/api/deadlines/").status_code == 403


def test_long_and_hostile_words_survive_folding_and_escaping() -> None:
    title = "很长的标题；, ; \\ 换行\n" * 20
    at = datetime(2026, 3, 9, 1, tzinfo=UTC)
    content = written("名", [Deadline("k", at, at, title, url="https://x.example/" + "a" * 90)])
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == title
    assert event.decoded("dtstart") == at
