"""Hot topics on their board, a topic made a case of its own; the same matter merged and undone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from tests.journeys.conftest import serving
from tests.journeys.test_desk import PASSWORD, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIGHTS = """
said = "东门外第{}根灯杆不亮，夜里走路看不清，希望尽快修好路灯。我叫王小样。"
lights = {"subject": "东门外路灯连续多日不亮", "place": INSIDE}
for n in range(6):
    more = {"content": said.format(n + 1), "phone": f"1390000111{n}"}
    register("hotline", Request("register", lights | more), OPERATOR)
meals = {"subject": "小学食堂饭菜太凉", "content": "孩子说午饭端上来就凉了，请学校改进。"}
register("hotline", Request("register", meals), OPERATOR)
"""
STAFF = """
from luoshi.store import models
account = models.Account.objects.filter(username="{name}").first()
if account is None:
    account = models.Account.objects.create_user("{name}", "{password}", name="样例")
    account.language = "en"
    account.save()
for role in {roles}:
    models.Post.objects.get_or_create(account=account, role=role)
"""
WORK = """
from luoshi.actions.topic_boards import find_wanted
while find_wanted():
    pass
"""
FOLLOWING = "print(CaseRow.objects.exclude(follows=None).count())"


@pytest.fixture(scope="module")
def site() -> Iterator[Any]:
    """A server for the hotline, and for tasks that topics may become."""
    with serving("hotline", "task", "task-part") as found:
        found.python(LIGHTS)
        yield found


@pytest.fixture
def staff(visit: Callable[..., Any], site: Any) -> Callable[..., Any]:
    """Return a function that signs somebody in who holds several roles."""

    def arrive(name: str, roles: tuple[str, ...], size: tuple[int, int]) -> Any:
        site.python(STAFF.format(name=name, password=PASSWORD, roles=roles))
        me = visit("en", size)
        me.open("/desk/")
        me.page.fill("#id_login", name)
        me.page.fill("#id_password", PASSWORD)
        me.go_on()
        me.page.wait_for_url("**/desk/")
        return me

    return arrive


@SIZES
def test_a_topic_is_found_read_and_made_a_topic_of_the_month(
    staff: Callable[..., Any], site: Any, size: tuple[int, int]
) -> None:
    me = staff(f"board-{size[0]}", ("supervisor", "supervision_office"), size)
    nobody_asked = date(2001, 1, 1) + timedelta(days=time.time_ns() // 1_000_000 % 7000)
    me.open(f"/board/topics/?period={nobody_asked}..2099-12-31")
    me.fits()
    me.see("are being found")
    site.python(WORK)
    me.page.locator("li.topic").first.wait_for()  # the page looks again by itself
    me.page.wait_for_load_state("networkidle")
    me.fits()
    me.see("6 requests")
    me.see("Found at")
    assert "王小样" not in me.page.content()

    me.page.locator("li.topic summary").first.click()
    assert me.page.locator("li.topic ul.behind a").count() == 6
    me.page.get_by_role("button", name="Show on the map").first.click()
    me.fits()

    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.get_by_role("link", name="Make it a topic of the month").first.click()
    me.fits()
    assert "路灯" in me.page.locator("[name=title]").input_value()
    choose(me, "origin", "hot_topic")
    me.go_on()
    me.page.wait_for_url("**/desk/case/**")
    me.see("路灯")
    me.fits()


def choose(me: Any, name: str, value: str) -> None:
    """Answer a question with a fixed choice, whichever control it has."""
    control = me.page.locator(f'select[name="{name}"]')
    if control.count():
        control.select_option(value)
    else:
        me.page.locator(f'input[name="{name}"][value="{value}"]').check()


@SIZES
def test_the_same_matter_is_merged_in_one_step_and_taken_apart_again(
    staff: Callable[..., Any], site: Any, size: tuple[int, int]
) -> None:
    me = staff(f"merger-{size[0]}", ("operator", "dispatcher"), size)
    number = site.python(
        'print(CaseRow.objects.filter(programme="hotline").order_by("opened").first().number)'
    ).strip()
    me.open(f"/desk/case/{number}/similar/")
    me.fits()
    boxes = me.page.locator('#similar input[name="number"]')
    assert boxes.count() >= 3
    for at in range(3):
        boxes.nth(at).check()
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.get_by_role("button", name="Merge those ticked").click()
    me.fits()
    me.see("Merged into this case")
    assert site.python(FOLLOWING).strip() == "3"

    me.page.locator('[name="reason"]').first.fill("不是同一件事，地点不同。")
    with me.page.expect_navigation(wait_until="networkidle"):
        me.page.get_by_role("button", name="Undo the merger of those ticked").click()
    me.fits()
    assert site.python(FOLLOWING).strip() == "0"
