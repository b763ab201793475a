"""What was typed survives: no signal, a line that breaks, a session that is over."""

from __future__ import annotations

from typing import Any

import pytest
from tests.journeys.test_desk import PASSWORD, signed_in

__all__ = ["signed_in"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOLD = "一连三个晚上都是黑的，老人不敢出门。"
WHAT = "/report/hotline/what/"
NEW = "/desk/new/hotline/"


def _write(page: Any) -> None:
    page.fill("[name=subject]", "路灯不亮")
    page.fill("[name=content]", TOLD)


def _press(page: Any) -> None:
    page.locator("main form[data-once] .btn-primary").click()


def _broken(me: Any) -> None:
    """Write, send into a line that breaks, and come back."""
    me.open(WHAT)
    _write(me.page)
    me.page.route(f"**{WHAT}", lambda route: route.abort("connectionreset"))
    _press(me.page)
    me.page.wait_for_function("location.protocol === 'chrome-error:'")
    me.page.unroute(f"**{WHAT}")


def test_without_a_signal_the_page_stays_and_says_so(visit: Any) -> None:
    me = visit("zh-CN")
    me.open(WHAT)
    _write(me.page)
    me.page.context.set_offline(True)
    _press(me.page)
    me.page.locator("[role=status]", has_text="没有网络").wait_for()
    assert me.page.input_value("#content") == TOLD
    me.fits()
    me.page.context.set_offline(False)
    me.go_on()
    assert me.page.url.endswith("/sort/")


def test_what_was_sent_into_a_broken_line_stands_in_the_form_again(visit: Any) -> None:
    me = visit("zh-CN")
    _broken(me)
    me.open(WHAT)
    me.see("您写的内容还在这里")
    assert me.page.input_value("#content") == TOLD
    me.fits()
    me.go_on()
    assert TOLD not in me.page.evaluate("JSON.stringify(sessionStorage)")
    me.open(WHAT)
    assert me.page.locator(".sending").count() == 0


def test_a_session_that_was_over_costs_no_word(visit: Any, signed_in: Any) -> None:
    me = signed_in("operator", "zh-hans", (360, 740))
    me.open(NEW)
    _write(me.page)
    me.page.locator("[name=kind]").first.check()
    me.page.context.clear_cookies(name="luoshi")
    _press(me.page)
    me.see("登录已过期")
    me.fits()
    me.page.fill("#id_login", "operator-zh-hans-360")
    me.page.fill("#id_password", PASSWORD)
    me.page.keyboard.press("Enter")
    me.see("您写的内容还在这里")
    assert me.page.input_value("#q-content") == TOLD
    assert me.page.locator("[name=kind]").first.is_checked()
    me.fits()


def test_nothing_is_kept_for_somebody_else(visit: Any, signed_in: Any) -> None:
    signed_in("operator", "en", (1440, 900))  # makes the account
    me = signed_in("operator", "zh-hans", (1440, 900))
    me.open(NEW)
    _write(me.page)
    me.page.context.clear_cookies(name="luoshi")
    _press(me.page)
    me.page.fill("#id_login", "operator-en-1440")
    me.page.fill("#id_password", PASSWORD)
    me.page.keyboard.press("Enter")
    me.page.locator("#q-content").wait_for()
    assert me.page.input_value("#q-content") == ""
    assert TOLD not in me.page.evaluate("JSON.stringify(sessionStorage)")


def test_what_is_there_again_can_be_discarded(visit: Any) -> None:
    me = visit("zh-CN")
    _broken(me)
    me.open(WHAT)
    me.fits_in_large_print()
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.get_by_role("button", name="丢弃填写的内容").click()
    assert me.page.input_value("#content") == ""
    assert me.page.locator(".sending").count() == 0
    assert TOLD not in me.page.evaluate("JSON.stringify(sessionStorage)")


def test_on_a_shared_computer_it_is_not_there_for_long(visit: Any) -> None:
    me = visit("zh-CN")
    _broken(me)
    me.page.add_init_script("Date.now = (now => () => now() + 31 * 60 * 1000)(Date.now)")
    me.open("/follow/")  # whichever page comes next
    assert TOLD not in me.page.evaluate("JSON.stringify(sessionStorage)")
    me.open(WHAT)
    assert me.page.input_value("#content") == ""


def test_a_report_that_was_begun_can_be_discarded(visit: Any) -> None:
    me = visit("zh-CN")
    me.open(WHAT)
    _write(me.page)
    me.go_on()
    me.open("/report/hotline/")
    me.fits()
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.get_by_role("button", name="丢弃填写的内容").click()
    me.open(WHAT)
    assert me.page.input_value("#content") == ""
