from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest
from django.test import Client
from tests.apps.board.conftest import Browser
from tests.small_city import DISPATCHER, INSIDE, MONDAY, OPERATOR

from luoshi.actions import acts, clock, suggested, topic_boards
from luoshi.apps.board.finding import board_of
from luoshi.apps.board.topics import period_of
from luoshi.kernel.access import Actor, Post, requester_of
from luoshi.store import models
from luoshi.store.directory import directory
from luoshi.store.programmes import offered, programme_of

PLACES = ("东门外", "东门外桥头", "东门外站前", "东门外菜市", "东门外小学", "东门外路口")


def light(at: int, **more: object) -> acts.Outcome:
    said = {
        "subject": f"{PLACES[at % len(PLACES)]}路灯连续多日不亮",
        "content": f"{PLACES[at % len(PLACES)]}路灯不亮已经{at + 2}天，夜里走路看不清，"
        "希望尽快修好路灯。我叫王小样。",
        "phone": f"1390000000{at}",
        "place": INSIDE,
    }
    return acts.register("hotline", acts.Request("register", said | more), OPERATOR)


def name_of(area: str) -> str:
    return directory().areas[area].labels["en"]


def others() -> None:
    for subject, content in (
        ("小学食堂饭菜太凉", "孩子说午饭端上来就凉了，请学校改进。"),
        ("公司拖欠三个月工资", "老板一直推说没钱，请劳动部门过问。"),
        ("公交二路晚点严重", "早高峰等了四十分钟也没有车来。"),
    ):
        acts.register(
            "hotline", acts.Request("register", {"subject": subject, "content": content}), OPERATOR
        )


def work() -> None:
    """Let the worker find what is asked for."""
    while topic_boards.find_wanted():
        pass


def seen(client: Client, query: str = "") -> str:
    client.get(f"/board/topics/{query}")
    work()
    answer = client.get(f"/board/topics/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_groups_by_matter_and_leads_to_the_cases(browser: Browser) -> None:
    made = [light(at) for at in range(6)]
    others()
    page = seen(browser("supervisor"))

    assert page.count('class="sheet topic"') == 1
    assert "6 requests" in page
    assert "6 requesters" in page
    for one in made:
        assert f"/desk/case/{one.number}/" in page
    assert "王小样" not in page
    assert "1390000000" not in page


def test_each_topic_tells_how_its_heat_was_worked_out(browser: Browser) -> None:
    for at in range(6):
        light(at)
    others()
    page = seen(browser("supervisor"))

    assert "How is heat worked out?" in page
    assert re.search(r"different requesters: 6 .*3 × ln\(1 \+ 6\) =</span> 5\.8", page)
    points = [float(one) for one in re.findall(r"=</span> (-?\d+\.\d)</li>", page)]
    (heat,) = re.findall(r"<span>heat (\d+\.\d)</span>", page)
    assert f"together {heat}" in page
    assert sum(points) == pytest.approx(float(heat), abs=0.06 * len(points))


def test_one_sees_only_topics_of_cases_that_one_may_see(browser: Browser) -> None:
    made = [light(at) for at in range(6)]
    for one in made[:4]:
        acts.act(
            acts.Request(
                "route", {"unit": "lamps", "category": "roads.streetlight"}, case=one.case.id
            ),
            DISPATCHER,
        )

    assert "4 requests" in seen(browser("handler", unit="lamps"))
    page = seen(browser("handler", unit="roads"))
    assert "requests</strong>" not in page
    assert not any(one.number in page for one in made)


def test_small_counts_of_areas_are_hidden(browser: Browser) -> None:
    for at in range(6):
        light(at)
    page = seen(browser("supervisor"))
    counts = re.findall(r'data-counts="([^"]*)"', page)
    assert [json.loads(html.unescape(text)) for text in counts] == [{"991": 6}, {"991": 6}]

    actor, day = Actor("s", (Post("supervisor"),)), period_of("2026-03-09..2026-03-09")
    assert board_of(programme_of("hotline"), day, actor, MONDAY).made is None
    work()
    few = board_of(programme_of("hotline"), day, actor, MONDAY)
    assert few.topics[0].areas == {"991": 6}


def test_a_few_cases_of_an_area_are_not_on_the_map(browser: Browser) -> None:
    for at in range(4):
        light(at)
    page = seen(browser("supervisor"))
    counts = [
        json.loads(html.unescape(text)) for text in re.findall(r'data-counts="([^"]*)"', page)
    ]
    assert counts == [{}], "there is no button that shows nothing"
    assert "1 area with too few to be shown" in page


def test_where_every_count_is_small_the_area_around_is_told(browser: Browser) -> None:
    for at in range(6):
        light(at, **({"place": None, "area": "99"} if at % 2 else {}))
    page = seen(browser("supervisor"))
    told = re.findall(r'<ul class="by-area">(.*?)</ul>', page)
    assert [re.sub("<[^>]+>", "", one) for one in told] == [f"{name_of('99')}: 6"]
    assert json.loads(html.unescape(re.findall(r'data-counts="([^"]*)"', page)[0])) == {}


def test_the_buttons_of_the_map_are_named_in_the_language_of_the_page(browser: Browser) -> None:
    for at in range(5):
        light(at)
    supervisor = browser("supervisor")
    assert 'data-zoom-in="Zoom in" data-zoom-out="Zoom out"' in seen(supervisor)
    models.Account.objects.update(language="zh-hans")
    assert 'data-zoom-in="放大" data-zoom-out="缩小"' in seen(supervisor)


@pytest.mark.parametrize(
    ("query", "found"),
    [("?period=2026-03", 1), ("?period=2025", 0), ("?period=nonsense", 1), ("?period=all", 1)],
)
def test_a_period_is_picked(browser: Browser, query: str, found: int) -> None:
    for at in range(5):
        light(at)
    page = seen(browser("supervisor"), query)
    assert page.count('class="sheet topic"') == found
    assert ("Write a period as" in page) == ("nonsense" in query)


def test_switched_off_there_is_no_board(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = dict(offered())
    changed["hotline"] = replace(changed["hotline"], suggest=suggested.OFF)
    monkeypatch.setattr(suggested, "offered_programmes", lambda: changed)
    client = browser("supervisor")
    assert client.get("/board/topics/").status_code == 404
    assert "/board/topics/" not in client.get("/desk/").content.decode()


def test_a_page_says_that_topics_are_being_found_and_then_when_they_were(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(5):
        light(at)
    client = browser("supervisor")
    waiting = client.get("/board/topics/?period=2026-03").content.decode()
    assert "are being found" in waiting
    assert 'class="sheet topic"' not in waiting
    asks = {"HTTP_HX_REQUEST": "true"}
    assert "HX-Refresh" not in client.get("/board/topics/?period=2026-03", **asks)
    work()
    assert client.get("/board/topics/?period=2026-03", **asks)["HX-Refresh"] == "true"
    assert "Found at 2026-03-09 09:00 among 5 requests" in seen(client, "?period=2026-03")

    light(5)  # what was found stands for an hour
    assert "among 5 requests" in seen(client, "?period=2026-03")
    monkeypatch.setattr(clock, "now", lambda: MONDAY + topic_boards.FRESH * 1.5)
    page = seen(client, "?period=2026-03")
    assert "Found at 2026-03-09 10:30 among 6 requests" in page


def test_the_worker_keeps_the_last_days_ready_and_forgets_what_nobody_looks_at(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    work()
    assert "are being found" not in browser("supervisor").get("/board/topics/").content.decode()
    monkeypatch.setattr(clock, "now", lambda: MONDAY + 2 * topic_boards.WANTED)
    work()
    (kept,) = models.TopicBoard.objects.filter(programme="hotline")
    assert (kept.first.isoformat(), kept.last.isoformat()) == ("2026-02-22", "2026-03-23")


def test_a_topic_found_anew_leaves_out_what_was_withdrawn(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [light(at) for at in range(6)]
    reader = browser("supervisor")
    assert "6 requests" in seen(reader)
    gone = acts.Request("withdraw", {}, case=made[0].case.id)
    acts.act(gone, requester_of(made[0].case.id))
    monkeypatch.setattr(clock, "now", lambda: MONDAY + topic_boards.FRESH * 1.5)
    page = seen(reader)
    assert "5 requests" in page
    assert f"/desk/case/{made[0].number}/" not in page
    assert f"/desk/case/{made[1].number}/" in page


def test_what_is_kept_points_at_nobody(browser: Browser) -> None:
    for at in range(5):
        light(at, subject=f"我叫李建国，{PLACES[at]}路灯连续多日不亮，电话1390000111{at}")
    seen(browser("supervisor"))
    kept = json.dumps(list(models.TopicBoard.objects.values_list("topics")), ensure_ascii=False)
    assert "路灯" in kept
    for word in ("李建国", "王小样", "1390000"):
        assert word not in kept


def test_many_periods_are_not_kept_for_ever(browser: Browser) -> None:
    client = browser("supervisor")
    for day in range(topic_boards.MOST_BOARDS + 5):
        client.get(f"/board/topics/?period={2000 + day // 12}-{day % 12 + 1:02}")
    assert models.TopicBoard.objects.count() == topic_boards.MOST_BOARDS


def test_the_programme_says_how_topics_are_ranked(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(5):
        light(at)
    changed = dict(offered())
    changed["hotline"] = replace(changed["hotline"], heat={"least_messages": 6})
    monkeypatch.setattr(topic_boards, "offered", lambda: changed)
    assert 'class="sheet topic"' not in seen(browser("supervisor"))


# --- 每月一题 -----------------------------------------------------------------------------------


def test_a_topic_becomes_a_case_of_its_own_when_a_person_registers_it(browser: Browser) -> None:
    made = [light(at) for at in range(5)]
    client = browser("supervisor", "supervision_office")
    page = seen(client)
    address = html.unescape(re.findall(r'href="(/board/topics/monthly/task/[^"]*)"', page)[0])
    form = client.get(address).content.decode()

    assert made[0].number in form
    assert not models.CaseRow.objects.filter(programme="task").exists()

    keys = dict(re.findall(r'<input type="hidden" name="(case|act)" value="([^"]*)"', form))
    title = re.search(r'name="title"[^>]*value="([^"]*)"', form)
    details = re.search(r'<textarea[^>]*name="resolution"[^>]*>\s*(.*?)</textarea>', form, re.S)
    assert title
    assert details
    sent = keys | {
        "title": html.unescape(title.group(1)),
        "resolution": html.unescape(details.group(1)),
    }
    assert client.post(address, sent).status_code == 422  # the origin is for a person to say
    answer = client.post(address, sent | {"origin": "hot_topic"})
    again = client.post(address, sent | {"origin": "hot_topic"})

    case = models.CaseRow.objects.get(programme="task")
    assert answer.status_code == again.status_code == 302
    assert answer["Location"] == f"/desk/case/{case.number}/"
    assert made[0].number in client.get(f"/desk/case/{case.number}/").content.decode()


def test_who_may_not_open_such_a_case_is_not_offered_it(browser: Browser) -> None:
    for at in range(5):
        light(at)
    client = browser("supervisor")
    assert "/monthly/" not in seen(client)
    number = models.CaseRow.objects.order_by("opened", "id").first().number  # type: ignore[union-attr]
    address = f"/board/topics/monthly/task/?from=hotline&period=2026-03&case={number}"
    assert client.get(address).status_code == 404
    office = browser("secretary")
    assert office.get(address).status_code == 404  # they may not see the hotline
