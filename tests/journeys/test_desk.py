"""One matter from the telephone to its end, by three people at their desks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
SIZES = pytest.mark.parametrize("size", [(360, 740), (1440, 900)], ids=["phone", "desk"])
PASSWORD = "lark-maple-olive-reed"
REPLY = "已派人到现场检修，更换了灯头，当晚恢复照明。"
LONG_STATES = """
for (const one of document.querySelectorAll(".list .tag"))
  one.textContent = "Done, to be confirmed by the head of the department";
"""
STAFF = """
from luoshi.store import models
from luoshi.actions.acts import query_code
def desk(name, role, unit, language):
    account = models.Account.objects.filter(username=name).first()
    if account is None:
        account = models.Account.objects.create_user(name, "{password}", name="样例" + role)
        models.Post.objects.create(account=account, role=role, unit_id=unit or None)
    account.language = language
    account.save()
desk("{name}", "{role}", "{unit}", "{language}")
"""


@pytest.fixture
def signed_in(visit: Callable[..., Any], site: Any) -> Callable[..., Any]:
    """Return a function that signs somebody in: ``signed_in(role, language, size, unit)``."""

    def arrive(role: str, language: str, size: tuple[int, int], unit: str = "") -> Any:
        name = f"{role}-{language}-{size[0]}"
        words = {"name": name, "role": role, "unit": unit, "language": language}
        site.python(STAFF.format(password=PASSWORD, **words))
        me = visit("zh-CN" if language == "zh-hans" else "en", size)
        me.open("/desk/")
        me.fits()
        me.page.fill("#id_login", name)
        me.page.fill("#id_password", PASSWORD)
        me.go_on()
        me.page.wait_for_url("**/desk/")
        return me

    return arrive


def choose(me: Any, step: str, number: str) -> None:
    """Open the form of a step from the case's page."""
    me.page.locator(f'a[href="/desk/case/{number}/do/{step}/"]').first.click()
    me.page.locator(f'form[action="/desk/case/{number}/do/{step}/"]').wait_for()


def send(me: Any) -> None:
    """Send the form; where hints are shown before an answer goes out, send it as it is."""
    me.page.locator("#step .btn-primary").click()
    me.page.locator(".notice-success, [data-noticed]").first.wait_for()
    if me.page.locator("[data-noticed]").count():
        me.page.locator("#step .btn-primary").click()
    me.page.locator(".notice-success").first.wait_for()
    me.page.wait_for_load_state("networkidle")


def pick(me: Any, field: str, typed: str) -> None:
    """Choose from a long list by typing, with the keyboard alone."""
    me.page.focus(f"#q-{field}")
    me.page.keyboard.type(typed)
    me.page.keyboard.press("Enter")


def register_and_route(operator: Any, *, is_chinese: bool) -> str:
    operator.fits()
    operator.open("/desk/new/hotline/?channel=phone")
    operator.fits()
    assert operator.page.evaluate("document.activeElement.id") == "q-subject"
    operator.page.keyboard.type("路灯不亮")
    operator.page.keyboard.press("Tab")
    operator.page.keyboard.type("东门外第三根灯杆连续三晚不亮。")
    pick(operator, "category", "路灯" if is_chinese else "street light")
    operator.page.locator(".map-pick").scroll_into_view_if_needed()
    spot = operator.page.locator(".map-pick").bounding_box()
    operator.page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    operator.page.fill("#q-phone", "138 1234 5678")
    operator.page.keyboard.press("Control+Enter")
    operator.page.locator(".errors, .code").first.wait_for()
    assert operator.page.locator(".errors").all_inner_texts() == []
    number = re.findall(r"/case/(\d+)/", operator.page.url)[0]
    assert len(operator.page.inner_text(".code")) == 8
    operator.fits()
    choose(operator, "route", number)
    operator.page.locator("#q-unit:focus").wait_for()
    pick(operator, "unit", "路灯" if is_chinese else "lamps")
    operator.fits()
    send(operator)
    return number


def receive_and_answer(handler: Any, number: str) -> None:
    handler.open(f"/desk/?words={number}")
    choose(handler, "receive", number)
    send(handler)
    handler.page.locator(".unmask summary").first.click()
    handler.page.fill("input[name=reason]", "核实具体位置")
    handler.fits()
    handler.page.keyboard.press("Enter")
    handler.page.get_by_text("13812345678").wait_for()
    handler.fits()
    choose(handler, "contact", number)
    handler.fits()
    send(handler)
    choose(handler, "answer", number)
    handler.page.fill("#q-reply", REPLY)
    handler.fits()
    send(handler)


def call_back_and_close(caller: Any, number: str, *, is_chinese: bool) -> None:
    caller.open(f"/desk/case/{number}/")
    choose(caller, "call_back", number)
    caller.page.locator("#step .btn-primary").click()
    caller.page.locator(".errors").wait_for()
    caller.fits()
    for question in ("solved", "satisfied"):
        caller.page.locator(f"input[name={question}]").first.check()
    caller.fits()
    send(caller)
    choose(caller, "close", number)
    send(caller)
    caller.see("已办结" if is_chinese else "Closed")
    caller.fits()
    caller.page.locator(f'a[href="/desk/case/{number}/print/"]').click()
    caller.page.wait_for_url("**/print/")
    caller.see(number)
    caller.fits()


@LANGUAGES
@SIZES
def test_from_the_telephone_to_the_end(
    signed_in: Callable[..., Any], language: str, size: tuple[int, int], tmp_path: Path
) -> None:
    operator = signed_in("operator", language, size)
    number = register_and_route(operator, is_chinese=language == "zh-hans")
    operator.page.screenshot(path=tmp_path / "routed.png", full_page=True)
    handler = signed_in("handler", language, size, "lamps")
    receive_and_answer(handler, number)
    caller = signed_in("caller_back", language, size)
    call_back_and_close(caller, number, is_chinese=language == "zh-hans")
    caller.page.screenshot(path=tmp_path / "closed.png", full_page=True)


@LANGUAGES
@SIZES
def test_lists_board_and_acting_together(
    signed_in: Callable[..., Any], site: Any, language: str, size: tuple[int, int]
) -> None:
    site.python(
        """
from datetime import UTC, datetime
for at in range(3):
    with clock.at(clock.now() - timedelta(days=20)):
        said = {"subject": f"样例{at}", "content": "样例"}
        register("hotline", Request("register", said), OPERATOR)
"""
    )
    me = signed_in("supervisor", language, size)
    me.open("/desk/?tab=open")
    me.fits()
    me.fits_in_large_print()
    me.page.evaluate(LONG_STATES)
    assert me.page.locator(".list td.unit").first.bounding_box()["width"] > 60
    me.fits()
    me.page.locator(".filters summary").click()
    me.page.select_option("select[name=state]", "accepted")
    me.page.wait_for_url("**state=accepted**")
    me.fits()
    me.open("/desk/due/")
    me.fits()
    together = me.page.locator("[data-together]")
    assert together.is_disabled()
    for tick in me.page.locator("input[name=number]").all()[:2]:
        tick.check()
    assert together.is_enabled()
    together.click()
    me.page.wait_for_url("**/together/")
    me.fits()
    me.page.locator("button[value=urge]").click()
    me.page.wait_for_load_state("networkidle")
    me.fits()
    me.go_on()
    me.page.locator(".results").wait_for()
    assert me.page.locator(".results .light-green").count() == 2
    me.fits()


def test_what_a_form_asks_for_follows_the_answers(
    signed_in: Callable[..., Any], site: Any
) -> None:
    number = site.python(
        """
done = register("hotline", Request("register", {"subject": "样例", "content": "样例"}), OPERATOR)
print(done.number)
"""
    ).strip()
    me = signed_in("operator", "en", (1440, 900))
    me.open(f"/desk/case/{number}/")
    choose(me, "decline", number)
    note = me.page.locator("[data-q=right_channel] [data-optional]")
    assert note.is_visible()
    me.page.locator("input[name=ground][value=petition]").check()
    assert not note.is_visible()
    me.page.locator("input[name=ground][value=settled]").check()
    assert note.is_visible()
    me.open(f"/desk/case/{number}/do/decline/")  # as a page of its own: it begins at its form
    me.page.wait_for_function("document.activeElement.id === 'step-title'")
    assert "Decline" in me.page.locator("#step-title").inner_text()
    me.go_on()
    me.page.locator(".errors a[href='#q-ground']").click()
    assert me.page.evaluate("document.activeElement.id") == "q-ground"
    me.fits()


def test_a_list_in_which_nothing_fits_says_so_and_sends_nothing(
    signed_in: Callable[..., Any],
) -> None:
    me = signed_in("operator", "en", (360, 740))
    me.open("/desk/new/hotline/")
    me.page.focus("#q-category")
    me.page.keyboard.type("no such word")
    me.see("Nothing found; try another word")
    me.fits()
    me.page.keyboard.press("Enter")
    me.page.keyboard.press("ArrowDown")
    assert me.page.url.endswith("/desk/new/hotline/")
    assert me.page.locator(".errors").count() == 0
    assert me.page.input_value("#q-category") == "no such word"


def advised(me: Any) -> Any:
    """Return what to do while suggestions are waited for."""
    return me.page.expect_response(lambda answer: answer.url.endswith("/advice/"))


def test_a_suggestion_is_taken_by_keyboard_and_danger_is_told_once(
    signed_in: Callable[..., Any],
) -> None:
    me = signed_in("operator", "en", (360, 740))
    me.open("/desk/new/hotline/")
    keys = me.page.keyboard
    keys.insert_text("Gas smell in community 991")
    with advised(me):
        keys.press("Tab")
    with advised(me):
        keys.insert_text("第991号社区有很浓的燃气味。")
        keys.press("Tab")
    me.see("touch no switch")
    me.fits()
    told = me.page.locator(".danger-now").element_handle()
    chip = me.page.locator("#chips-area [data-take]")
    chip.focus()
    with advised(me):
        keys.press("Enter")
    me.page.wait_for_load_state("networkidle")
    assert me.page.evaluate("document.activeElement.dataset.take") == "area"
    assert chip.get_attribute("aria-pressed") == "true"
    assert told.evaluate("one => one.isConnected"), "voices would read it once more"
    with me.page.expect_navigation(url="**/case/**"):
        keys.press("Control+Enter")


def test_what_was_hidden_before_publishing_is_put_back_by_keyboard(
    signed_in: Callable[..., Any], site: Any
) -> None:
    number = site.python(
        """
given = {"subject": "样例", "content": "样例", "channel": "phone"}
done = register("hotline", Request("register", given), OPERATOR)
reply = "张伟已修好，请打 13800138000 或 13900139000。"
act(Request("answer_on_spot", {"reply": reply}, case=done.case.id), OPERATOR)
print(done.number)
"""
    ).strip()
    me = signed_in("publisher", "en", (360, 740))
    me.open(f"/desk/case/{number}/do/publish/")
    assert me.page.input_value("#q-public_reply").endswith("请打 〔电话〕 或 〔电话〕。")
    me.fits()
    me.page.locator("[data-put-back]").last.focus()
    me.page.keyboard.press("Enter")
    assert me.page.input_value("#q-public_reply").endswith("请打 〔电话〕 或 13900139000。")
    assert me.page.evaluate("document.activeElement.id") == "q-public_reply"
    assert me.page.locator("[data-put-back]").last.is_disabled()
    me.page.keyboard.press("Control+z")
    assert me.page.input_value("#q-public_reply").endswith("请打 〔电话〕 或 〔电话〕。")
    assert me.page.locator("[data-put-back]").last.is_enabled()


def test_the_desk_without_javascript(
    signed_in: Callable[..., Any], visit: Callable[..., Any], site: Any
) -> None:
    signed_in("dispatcher", "en", (1440, 900))
    number = site.python(
        """
done = register("hotline", Request("register", {"subject": "样例", "content": "样例"}), OPERATOR)
print(done.number)
"""
    ).strip()
    me = visit("en", (1440, 900), java_script_enabled=False)
    me.open("/desk/")
    me.page.fill("#id_login", "dispatcher-en-1440")
    me.page.fill("#id_password", PASSWORD)
    me.go_on()
    me.open(f"/desk/case/{number}/")
    me.page.locator(f'a[href="/desk/case/{number}/do/route/"]').click()
    me.page.select_option("#q-unit", "lamps")
    me.page.select_option("#q-category", "roads.streetlight")
    me.page.locator("#step .btn-primary").click()
    me.see("Done: Route")
