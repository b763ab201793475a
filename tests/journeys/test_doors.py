"""An administrator opens doors: on a phone and at a desk, in both languages, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
SIZES = pytest.mark.parametrize("size", [(360, 740), (1440, 900)], ids=["phone", "desk"])
PASSWORD = "lark-maple-olive-reed"
MADE = """
from luoshi.store import models
if not models.Account.objects.filter(username="{name}").exists():
    account = models.Account.objects.create_user("{name}", "{password}", name="样例管理员")
    models.Post.objects.create(account=account, role="supervisor")
found = models.Account.objects.filter(username="{name}")
found.update(language="{language}", is_administrator=True)
"""


@pytest.fixture
def administrator(visit: Callable[..., Any], site: Any) -> Callable[..., Any]:
    """Return a function that signs an administrator in."""

    def arrive(language: str, size: tuple[int, int]) -> Any:
        name = f"it-{language}-{size[0]}"
        site.python(MADE.format(name=name, password=PASSWORD, language=language))
        me = visit("zh-CN" if language == "zh-hans" else "en", size)
        me.open("/desk/")
        me.page.fill("#id_login", name)
        me.page.fill("#id_password", PASSWORD)
        me.go_on()
        me.page.wait_for_url("**/desk/")
        return me

    return arrive


@LANGUAGES
@SIZES
def test_a_program_is_told_of_events(
    administrator: Callable[..., Any], language: str, size: tuple[int, int]
) -> None:
    me = administrator(language, size)
    me.page.locator("summary .me-name").click()
    me.page.locator('.me-more a[href="/doors/webhooks/"]').click()
    me.page.wait_for_url("**/doors/webhooks/")
    me.fits()
    name = f"works {language} {size[0]} {id(me)}"
    me.page.focus("#q-name")
    me.page.keyboard.type(name)
    me.page.keyboard.press("Tab")
    me.page.keyboard.type("https://127.0.0.1:9/events")
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.keyboard.press("Enter")
    assert me.page.input_value("#q-secret").startswith("whsec_")
    me.fits()
    me.page.get_by_role("link", name=name, exact=True).click()
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.locator('button[value="test"]').click()
    me.page.locator('.notice-warning:has-text("private address")').wait_for()
    me.fits()
    me.page.locator("main details summary").click()
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.locator('button[value="end"]').click()
    assert me.page.locator('button[value="test"]').count() == 0
    me.fits()


@LANGUAGES
@SIZES
def test_a_token_is_shown_once_and_taken_back(
    administrator: Callable[..., Any], language: str, size: tuple[int, int]
) -> None:
    me = administrator(language, size)
    me.open("/doors/tokens/")
    me.fits()
    name = f"figures {id(me)}"
    me.page.fill("#q-name", name)
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.keyboard.press("Enter")
    token = me.page.input_value("#q-token")
    assert token.startswith("luoshi_t_")
    me.fits()
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.locator("li", has_text=name).locator("button").click()
    assert me.page.get_by_text(name).count() == 0
    assert token not in me.page.content()


@LANGUAGES
@SIZES
def test_the_calendar_has_an_address(
    administrator: Callable[..., Any], language: str, size: tuple[int, int]
) -> None:
    me = administrator(language, size)
    me.open("/doors/calendar/")
    me.fits()
    assert me.page.input_value("#q-address").endswith(".ics")
