"""Who may see which page: every role on every view, and nobody learns of what is not theirs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern
from tests.apps.desk.conftest import SAID, Desk, Watch, hidden, taken
from tests.apps.desk.pictures import upload
from tests.small_city import DISPATCHER, LAMPS

from luoshi.actions import acts
from luoshi.apps.desk.urls import urlpatterns
from luoshi.store import models
from luoshi.store.keys import new_key
from luoshi.store.programmes import offered

OUTSIDE = {"requester", "system"}
"""Roles that nobody at a desk holds."""

LISTS = ("/desk/", "/desk/counts/", "/desk/due/", "/desk/list.csv")

POSTED = {"show", "merge", "apart", "advice", "hints"}
"""Views that only take what is sent."""


def pages_of(number: str) -> dict[str, str]:
    """Return an address for each view of one case, by name."""
    return {
        "case": f"/desk/case/{number}/",
        "print": f"/desk/case/{number}/print/",
        "file": f"/desk/case/{number}/file/01900000-0000-7000-8000-000000000001/",
        "show": f"/desk/case/{number}/show/phone/",
        "step": f"/desk/case/{number}/do/urge/",
        "who": f"/desk/case/{number}/who/",
        "similar": f"/desk/case/{number}/similar/",
        "merge": f"/desk/case/{number}/merge/",
        "apart": f"/desk/case/{number}/apart/",
        "advice": f"/desk/case/{number}/do/urge/advice/",
        "hints": f"/desk/case/{number}/do/urge/hints/",
    }


def test_every_view_of_the_desk_stands_in_these_tests() -> None:
    lists = {"worklist", "counts", "due", "table", "together", "reveals", "new", "advice_new"}
    known = {*lists, *pages_of("1")}
    assert {one.name for one in urlpatterns if isinstance(one, URLPattern)} == known


@pytest.mark.parametrize(
    "path", [*LISTS, "/desk/who/", "/desk/new/hotline/", *pages_of("2026030900001").values()]
)
def test_who_is_not_signed_in_is_asked_to(path: str, city: None) -> None:
    answer = Client().get(path)
    assert answer.status_code in (302, 405)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/accounts/login/?next=/desk/")


def test_who_comes_back_to_an_address_that_only_takes_is_led_to_its_page(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    number, dispatcher = opened().number, desk("dispatcher")
    case = f"/desk/case/{number}/"
    led = {"merge/": case, "apart/": case, "show/phone/": case}
    for path, page in {
        **{case + one: to for one, to in led.items()},
        "/desk/together/": "/desk/",
    }.items():
        answer = dispatcher.client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, page)
        assert dispatcher.client.put(path).status_code == 405


def test_a_part_of_a_page_sends_who_is_not_signed_in_to_the_whole_page(city: None) -> None:
    answer = Client().get("/desk/counts/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/login/"
    seen = {"HX-Request": "true", "HX-Current-URL": "http://elsewhere.example/desk/?tab=open#rows"}
    answer = Client().get("/desk/counts/", headers=seen)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/desk/%3Ftab%3Dopen"


@pytest.mark.parametrize("path", [*LISTS, "/desk/new/hotline/"])
def test_who_holds_no_post_is_told_so(path: str, desk: Callable[..., Desk]) -> None:
    answer = desk("").client.get(path)
    assert answer.status_code == 403
    assert "hold no post" in answer.content.decode()


def test_who_administers_without_a_post_is_shown_to_their_work(
    desk: Callable[..., Desk],
) -> None:
    client = desk("").client
    models.Account.objects.filter(pk=client.session["_auth_user_id"]).update(is_administrator=True)
    answer = client.get("/desk/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "hold no post: you see no cases" in page
    for address in ("/doors/webhooks/", "/doors/tokens/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert 'href="/desk/due/"' not in page


def test_a_role_of_the_public_held_as_a_post_opens_nothing(desk: Callable[..., Desk]) -> None:
    assert desk("requester").client.get("/desk/").status_code == 403


@pytest.mark.parametrize("role", sorted(set(offered()["hotline"].roles) - OUTSIDE))
def test_each_role_sees_the_pages_its_relation_allows(
    role: str, desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    case = opened()
    taken(case.case.id, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    here = desk(role, "lamps" if role == "handler" else "")
    for path in LISTS:
        assert here.client.get(path).status_code == 200
    may_register = role in offered()["hotline"].transitions["register"].by
    assert (here.client.get("/desk/new/hotline/").status_code == 200) is may_register
    pages = pages_of(case.number)
    assert here.client.get(pages["case"]).status_code == 200
    assert here.client.get(pages["print"]).status_code == 200
    assert here.client.get(pages["step"]).status_code == 200
    assert here.client.get(pages["file"]).status_code == 404


def test_another_unit_cannot_tell_a_case_from_none(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    case = opened()
    taken(case.case.id, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    stranger = desk("handler", "roads")
    for name, path in pages_of(case.number).items():
        nowhere = pages_of("2026030999999")[name]
        send = stranger.client.post if name in POSTED else stranger.client.get
        there, none = send(path), send(nowhere)
        assert (there.status_code, none.status_code) == (404, 404)
        assert len(there.content) == len(none.content)
    assert case.number not in stranger.get("/desk/?tab=open")
    found = stranger.get(f"/desk/?words={case.number}")
    assert "There is nothing under" in found


def test_a_step_that_is_not_mine_is_refused_with_what_i_may_do(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    case = opened()
    dispatcher = desk("dispatcher")
    sent = {"act": new_key(), "seen": "1", "reply": "已经处理好了，谢谢您的反映。"}
    answer = dispatcher.client.post(f"/desk/case/{case.number}/do/answer_on_spot/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This step is for somebody else to take" in page
    assert "You may now:" in page
    assert "Route" in page
    assert "已经处理好了" in page, "what was typed is still there"


def test_a_condition_that_does_not_hold_is_told_in_words(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    case = opened()
    taken(case.case.id, "route", DISPATCHER, unit="lamps", category="roads.streetlight")
    taken(case.case.id, "receive", LAMPS)
    sent = {"act": new_key(), "seen": "3", "reply": "已经处理好了，谢谢您的反映。"}
    answer = desk("handler", "lamps").client.post(f"/desk/case/{case.number}/do/answer/", sent)
    assert answer.status_code == 409
    assert "First contact: done late or kept in time" in answer.content.decode()


def test_unknown_steps_programmes_and_languages_are_not_there(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome]
) -> None:
    number, operator = opened().number, desk("operator")
    for path in (
        f"/desk/case/{number}/do/no_such_step/",
        f"/desk/case/{number}/do/register/",
        "/desk/new/no-such/",
    ):
        assert operator.client.get(path).status_code == 404


def test_the_desk_speaks_the_language_of_the_account_and_remembers_a_switch(
    desk: Callable[..., Desk],
) -> None:
    operator = desk("operator", language="zh-hans")
    operator.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert '<html lang="zh-Hans">' in operator.get("/desk/")
    operator.client.post("/i18n/setlang/", {"language": "en"})
    assert '<html lang="en">' in operator.get("/desk/")
    assert operator.account is not None
    operator.account.refresh_from_db()
    assert operator.account.language == "en"
    elsewhere = Client()
    elsewhere.force_login(operator.account)
    assert b'<html lang="en">' in elsewhere.get("/desk/").content


def test_signing_in_with_name_and_password_leads_to_the_desk(desk: Callable[..., Desk]) -> None:
    operator = desk("operator", name="rose")
    assert operator.account is not None
    operator.account.set_password("lark-maple-olive-reed")
    operator.account.save()
    browser = Client(headers={"accept-language": "en"})
    wrong = browser.post("/accounts/login/", {"login": "rose", "password": "no"})
    assert "You are not signed in" in wrong.content.decode()
    right = {"login": "rose", "password": "lark-maple-olive-reed"}
    assert browser.post("/accounts/login/", right)["Location"] == "/desk/"
    assert "operator样例" in browser.get("/desk/").content.decode()
    assert browser.post("/accounts/logout/").status_code == 302
    assert browser.get("/desk/").status_code == 302
    assert "Nobody can make an account" in browser.get("/accounts/signup/").content.decode()


def test_files_are_handed_out_to_those_who_see_the_answer_that_names_them(
    desk: Callable[..., Desk],
) -> None:
    operator = desk("operator")
    page = operator.get("/desk/new/hotline/")
    sent = SAID | hidden(page)
    where = operator.client.post("/desk/new/hotline/", sent | {"photos": upload()})["Location"]
    shown = operator.get(where)
    path = re.findall(r'<img src="(/desk/[^"]+)"', shown)[0]
    answer = operator.client.get(path)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store"
    b"".join(answer.streaming_content)
    assert desk("handler", "roads").client.get(path).status_code == 404
    again = operator.client.post("/desk/new/hotline/", sent | {"photos": upload()})
    assert again["Location"] == where, "the same form with its file sent twice is one case"
