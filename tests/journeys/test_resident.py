"""A resident reports, follows, adds, rates and reads what is public, on a phone and at a desk."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from tests.small_city import INSIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])
SIZES = pytest.mark.parametrize("size", [(360, 740), (1440, 900)], ids=["phone", "desk"])
START = "/report/hotline/what/"


def _photo() -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def _send_all(visitor: Any) -> tuple[str, str]:
    """Send a report on one page; return its number and query code."""
    visitor.open("/report/hotline/all/")
    visitor.page.fill("#subject", "路灯不亮")
    visitor.page.fill("#content", "一连三个晚上都是黑的。")
    visitor.go_on()
    return visitor.page.inner_text("#number"), visitor.page.inner_text("#code")


def _enter(visitor: Any, number: str, code: str) -> None:
    visitor.open("/follow/")
    visitor.page.fill("#number", number)
    visitor.page.fill("#code", code)
    visitor.go_on()


@LANGUAGES
@SIZES
def test_a_report_page_by_page(visit: Any, language: str, size: tuple[int, int]) -> None:
    me = visit(language, size)
    me.open("/")
    me.fits()
    me.page.locator("main .btn-primary").first.click()
    me.fits()
    me.go_on()
    me.go_on()  # nothing filled in: told so
    assert me.page.evaluate("document.activeElement.className") == "errors"
    me.fits()
    me.page.locator(".errors a").first.click()
    assert me.page.evaluate("document.activeElement.id") == "subject"
    me.page.fill("#subject", "路灯不亮")
    me.page.fill("#content", "一连三个晚上都是黑的。")
    me.go_on()
    me.page.fill("input[type=search]", "路灯" if language == "zh-CN" else "street light")
    me.page.locator("details label:visible").first.click()
    me.fits()
    me.go_on()
    closer = "放大" if language == "zh-CN" else "Zoom in"
    assert me.page.locator(".leaflet-control-zoom-in").get_attribute("title") == closer
    spot = me.page.locator(".map").bounding_box()
    me.page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    me.page.locator(".map-told", has_text="991").wait_for()
    me.fits()
    me.go_on()
    me.page.set_input_files("#photos", [_photo()])
    me.go_on()
    me.page.fill("#phone", "138 1234 5678")
    me.fits()
    me.go_on()
    me.see("13812345678")
    me.fits()
    me.go_on()
    me.fits()
    number = me.page.inner_text("#number")
    assert len(me.page.inner_text("#code")) == 8
    me.go_on()
    me.see(number)
    assert me.page.locator(".timeline img").count() == 1
    me.fits()


def test_everything_with_the_keyboard(visit: Any) -> None:
    me = visit("en", (1440, 900))
    me.open(START)
    me.page.keyboard.press("Tab")
    assert me.page.evaluate("document.activeElement.className") == "skip-link"
    me.page.keyboard.press("Enter")
    me.page.focus("#subject")
    me.page.keyboard.type("Street light")
    me.page.keyboard.press("Tab")
    me.page.keyboard.type("Dark for three days")
    me.page.keyboard.press("Tab")
    me.page.keyboard.press("Enter")
    me.page.wait_for_url("**/sort/**")
    me.page.focus("input[name=kind]")
    me.page.keyboard.press("Space")
    me.page.locator("main .btn-primary").focus()
    me.page.keyboard.press("Enter")
    me.page.wait_for_url("**/where/**")
    me.page.wait_for_load_state("networkidle")
    me.page.focus(".map")
    me.page.keyboard.press("Enter")
    me.page.locator(".map-told", has_text="No. 991").wait_for()


def test_reporting_and_following_without_javascript(visit: Any) -> None:
    me = visit("zh-CN", java_script_enabled=False)
    me.open(START)
    me.page.fill("#subject", "路灯不亮")
    me.page.fill("#content", "一连三个晚上都是黑的。")
    me.go_on()
    me.page.locator("summary").first.click()
    me.page.locator("details label").first.click()
    me.go_on()
    me.page.select_option("#area", "991")
    me.go_on()
    me.go_on()
    me.go_on()
    me.go_on()
    number, code = me.page.inner_text("#number"), me.page.inner_text("#code")
    other = visit("zh-CN", java_script_enabled=False)
    _enter(other, number, code)
    other.see("已受理")
    assert _send_all(other)[0] != number


def test_my_position_is_asked_for_at_a_click_and_not_before(visit: Any) -> None:
    place = {"longitude": INSIDE["lon"], "latitude": INSIDE["lat"]}
    me = visit("en", geolocation=place, permissions=["geolocation"])
    me.open("/report/hotline/where/")
    assert me.page.input_value("[name='place.lon']") == ""
    me.page.get_by_role("button", name="Use my position").click()
    me.page.locator(".map-told", has_text="No. 991").wait_for()
    assert float(me.page.input_value("[name='place.lon']")) == pytest.approx(INSIDE["lon"])
    me.page.get_by_role("button", name="Remove the mark").click()
    assert me.page.input_value("[name='place.lon']") == ""


def test_reloading_the_confirmation_makes_no_second_case(visit: Any, site: Any) -> None:
    me = visit("en")
    number, code = _send_all(me)
    before = site.python("print(CaseRow.objects.count())")
    me.page.reload()
    assert (me.page.inner_text("#number"), me.page.inner_text("#code")) == (number, code)
    assert site.python("print(CaseRow.objects.count())") == before


@LANGUAGES
@SIZES
def test_from_the_answer_to_the_public_page(
    visit: Any, site: Any, language: str, size: tuple[int, int]
) -> None:
    me = visit(language, size)
    number, code = _send_all(me)
    _enter(me, number, code)
    me.page.locator(".actions a").first.click()
    me.page.fill("#addition", "今晚还是黑的。")
    me.fits()
    me.go_on()
    me.see("今晚还是黑的。")
    site.python(
        f"""
case = str(CaseRow.objects.get(number="{number}").id)
act(Request("answer_on_spot", {{"reply": "已更换接触器，当晚恢复照明。"}}, case), OPERATOR)
public = {{"public_subject": "路灯不亮 {number}", "public_reply": "已更换接触器，恢复照明。"}}
act(Request("publish", public, case), PUBLISHER)
"""
    )
    me.page.reload()
    me.see("已更换接触器，当晚恢复照明。")
    me.fits()
    me.page.locator(".actions a").first.click()
    me.page.locator("input[name=solved]").first.check()
    me.page.locator("input[name=satisfied]").first.check()
    me.fits()
    me.go_on()
    me.fits()
    me.open("/public/")
    me.see(f"路灯不亮 {number}")
    me.fits()
    me.fits_in_large_print()
    me.open(f"/public/{number}/")
    me.see("已更换接触器，恢复照明。")
    me.fits()


def test_a_shared_computer_forgets(visit: Any) -> None:
    me = visit("en")
    _enter(me, *_send_all(me))
    with me.page.expect_navigation(url="**/follow/", wait_until="networkidle"):
        me.page.get_by_role("button", name="Leave, and forget").click()
    me.page.go_back()
    me.page.reload()
    me.see("Follow a matter")
    assert me.page.get_by_text("一连三个晚上").count() == 0


@LANGUAGES
@SIZES
@pytest.mark.parametrize(
    "path",
    [
        "/report/hotline/",
        "/report/hotline/all/",
        "/report/hotline/photos/",
        "/report/hotline/check/",
        "/follow/",
        "/public/accuracy/",
        "/public/open-data/",
        "/public/promises/",
        "/public/promises/hotline/",
        "/open311/v2/",
        "/accounts/login/",
    ],
)
def test_every_other_page_fits_and_is_open_to_all(
    visit: Any, path: str, language: str, size: tuple[int, int]
) -> None:
    me = visit(language, size)
    me.open(path)
    me.fits()
    me.fits_in_large_print()
