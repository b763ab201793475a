"""Worklists: whose turn it is, what is late, turning pages, and what a page costs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from tests.apps.desk.conftest import Desk, Watch, taken
from tests.small_city import DISPATCHER, LAMPS, OPERATOR, ROADS

from luoshi.actions import acts
from luoshi.store import models

REASON = "这件事不属于我们的职责范围。"
PROBLEM = {"item": "样河排口有污水", "problem": "两处排口晴天仍有污水流出。", "category": "water"}


def numbers_in(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="number" value="(\d+)"', page)


@pytest.fixture
def three(opened: Callable[..., acts.Outcome], watch: Watch) -> dict[str, str]:
    """One case with the hotline, one with the lamps, one with the roads."""
    found = {}
    for name in ("hotline", "lamps", "roads"):
        watch.forward(minutes=1)
        case = opened(subject=f"{name}的事")
        if name != "hotline":
            answers = {"unit": name, "category": "roads.streetlight"}
            taken(case.case.id, "route", DISPATCHER, **answers)
        found[name] = case.number
    return found


def test_my_turn_holds_what_waits_for_one_of_my_roles(
    desk: Callable[..., Desk], three: dict[str, str]
) -> None:
    assert numbers_in(desk("operator").get("/desk/")) == [three["hotline"]]
    assert numbers_in(desk("handler", "lamps").get("/desk/")) == [three["lamps"]]
    assert numbers_in(desk("publisher").get("/desk/")) == []
    assert set(numbers_in(desk("publisher").get("/desk/?tab=open"))) == set(three.values())


def test_two_kinds_of_roles_do_not_bring_other_units_cases_as_mine(
    desk: Callable[..., Desk], three: dict[str, str]
) -> None:
    both = desk("operator")
    models.Post.objects.create(account=both.account, role="handler", unit_id="lamps")
    first = both.get("/desk/")
    assert numbers_in(first) == [three["hotline"]]
    assert "?tab=mine&amp;role=handler" in first
    assert numbers_in(both.get("/desk/?tab=mine&role=handler")) == [three["lamps"]]


def test_lists_are_narrowed_down_and_nonsense_finds_nothing(
    desk: Callable[..., Desk], three: dict[str, str]
) -> None:
    operator = desk("operator")
    wanted = {
        "state=dispatched": {three["lamps"], three["roads"]},
        "unit=lamps": {three["lamps"]},
        "unit=city": {three["lamps"], three["roads"]},
        "category=roads.streetlight": {three["lamps"], three["roads"]},
        "programme=hotline": set(three.values()),
        "programme=no": set(),
        "state=%00%27;--": set(),
        "after=%FF%00": set(three.values()),
    }
    for query, found in wanted.items():
        assert set(numbers_in(operator.get(f"/desk/?tab=open&{query}"))) == found, query


def test_what_is_late_stands_first_with_words_beside_the_colour(
    desk: Callable[..., Desk], three: dict[str, str], watch: Watch
) -> None:
    watch.forward(days=2)
    page = desk("supervisor").get("/desk/?tab=due")
    assert set(numbers_in(page)) == set(three.values())
    assert 'class="light light-red"' in page
    assert "day late" in page


def test_the_board_counts_by_unit_and_leads_to_its_cases(
    desk: Callable[..., Desk], three: dict[str, str], watch: Watch
) -> None:
    supervisor = desk("supervisor")
    watch.forward(days=2)
    page = supervisor.get("/desk/due/")
    assert re.search(r"figure-red\"><strong>3</strong>", page)
    assert '<a href="?unit=lamps">Lamps</a>' in page
    assert "not routed yet" in page
    assert numbers_in(supervisor.get("/desk/due/?unit=lamps")) == [three["lamps"]]
    handler = desk("handler", "roads").get("/desk/due/")
    assert re.search(r"figure-red\"><strong>1</strong>", handler)
    assert "Lamps</a>" not in handler


def test_a_number_leads_to_its_case_and_words_to_a_list(
    desk: Callable[..., Desk], three: dict[str, str]
) -> None:
    operator = desk("operator")
    answer = operator.client.get(f"/desk/?words= {three['lamps']} ")
    assert answer["Location"] == f"/desk/case/{three['lamps']}/"
    assert numbers_in(operator.get("/desk/?words=lamps的事")) == [three["lamps"]]
    assert "There is nothing under" in operator.get("/desk/?words=没有这回事")


def test_pages_are_turned_to_the_end(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome], watch: Watch
) -> None:
    for _ in range(45):
        watch.forward(seconds=10)
        opened()
    operator, seen, path = desk("operator"), [], "/desk/?tab=open"
    while path:
        page = operator.get(path)
        seen += numbers_in(page)
        later = re.search(r'href="(\?[^"]+)" rel="next"', page)
        path = "/desk/" + later[1].replace("&amp;", "&") if later else ""
    assert len(seen) == len(set(seen)) == 45


class Counted:
    """How many statements were sent, by Django and past it."""

    def __init__(self) -> None:
        self.sent = 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counts, execute = Counted(), psycopg.Cursor.execute

    def counting(self: psycopg.Cursor, *args: object, **how: object) -> object:
        counts.sent += 1
        return execute(self, *args, **how)

    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    return counts


def statements(desk: Desk, path: str, counted: Counted) -> int:
    desk.get(path)  # the directory and the language are held from the first page on
    counted.sent = 0
    desk.get(path)
    assert counted.sent >= 2, "whoever looks and what they see come from the database"
    return counted.sent


@pytest.mark.parametrize(
    ("path", "most"),
    [("/desk/", 4), ("/desk/?tab=open&unit=lamps", 4), ("/desk/counts/", 6), ("/desk/due/", 7)],
)
def test_a_list_costs_few_statements_however_many_cases(
    path: str,
    most: int,
    desk: Callable[..., Desk],
    opened: Callable[..., acts.Outcome],
    counted: Counted,
) -> None:
    operator = desk("operator")
    for _ in range(3):
        opened()
    few = statements(operator, path, counted)
    for _ in range(20):
        opened()
    assert statements(operator, path, counted) == few <= most


def test_a_case_costs_few_statements_however_long_its_history(
    desk: Callable[..., Desk], three: dict[str, str], counted: Counted, watch: Watch
) -> None:
    operator, path = desk("operator"), f"/desk/case/{three['hotline']}/"
    case = models.CaseRow.objects.get(number=three["hotline"])
    taken(str(case.id), "add", operator.actor, addition="又想起来一点。")
    few = statements(operator, path, counted)
    for at in range(10):
        watch.forward(minutes=1)
        taken(str(case.id), "add", operator.actor, addition=f"又想起来一点{at}。")
    assert statements(operator, path, counted) == few <= 12


def test_together_each_case_is_decided_by_itself(
    desk: Callable[..., Desk], three: dict[str, str], watch: Watch
) -> None:
    supervisor = desk("supervisor")
    selected = {"number": list(three.values())}
    choice = supervisor.client.post("/desk/together/", selected).content.decode()
    assert "possible on 3 of 3" in choice
    form = supervisor.client.post("/desk/together/", selected | {"step": "supervise"})
    act = re.findall(r'name="act" value="([^"]+)"', form.content.decode())[0]
    taken(str(models.CaseRow.objects.get(number=three["hotline"]).id), "withdraw", OPERATOR)
    sent = selected | {"step": "supervise", "act": act, "send": "yes"}
    empty = supervisor.client.post("/desk/together/", sent)
    assert empty.status_code == 422
    sent |= {"supervision": "overdue", "supervision_level": "general", "instruction": REASON}
    for _ in range(2):
        done = supervisor.client.post("/desk/together/", sent).content.decode()
        assert "Done on 2 of 3 cases" in done
        assert "no longer possible where the matter is now" in done
    rows = models.FactRow.objects.filter(act="supervise")
    assert rows.count() == 2


def test_together_passes_over_what_one_may_not_see(
    desk: Callable[..., Desk], three: dict[str, str]
) -> None:
    handler = desk("handler", "lamps")
    page = handler.client.post("/desk/together/", {"number": [*three.values(), "1", "\x00"]})
    assert three["lamps"] in page.content.decode()
    assert three["roads"] not in page.content.decode()
    nothing = handler.client.post("/desk/together/", {}).content.decode()
    assert "No case was selected" in nothing
    odd = {"number": [three["lamps"]], "step": "register"}
    assert "Which step?" in handler.client.post("/desk/together/", odd).content.decode()


def test_the_list_as_a_table_holds_what_the_list_shows_and_runs_nothing(
    desk: Callable[..., Desk], opened: Callable[..., acts.Outcome], three: dict[str, str]
) -> None:
    case = opened(subject='=HYPERLINK("http://example.com")')
    answer = desk("operator").client.get("/desk/list.csv?tab=mine")
    assert answer["Content-Disposition"].startswith('attachment; filename="luoshi-mine-')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Number"].lstrip("'") for row in rows} == {three["hotline"], case.number}
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert "1390000" not in answer.content.decode()


def test_near_due_is_what_falls_due_within_the_next_working_day(
    desk: Callable[..., Desk], three: dict[str, str], watch: Watch
) -> None:
    for name, actor in (("lamps", LAMPS), ("roads", ROADS)):
        case = models.CaseRow.objects.get(number=three[name])
        taken(str(case.id), "receive", actor)
        if name == "roads":
            watch.forward(minutes=1)
            taken(str(case.id), "contact", actor, contacted_at=watch.now - timedelta(minutes=1))
    near = numbers_in(desk("supervisor").get("/desk/?tab=due"))
    assert three["lamps"] in near, "its first contact is due by the end of tomorrow"
    assert three["roads"] not in near, "its answer is due in five working days"


def test_a_title_that_an_office_wrote_is_a_title_too(
    desk: Callable[..., Desk], watch: Watch
) -> None:
    team, clearer, office = (
        desk(role) for role in ("inspection_team", "clearance_officer", "rectification_office")
    )
    proposed = {"kind": "environment", "round": 3, "round_type": "special", "unit": "roads"}
    case = acts.register("rectification", acts.Request("propose", proposed), team.actor)
    steps = [("clear", clearer, {"open_network": True}), ("list_problem", office, PROBLEM)]
    for step, somebody, answers in steps:
        watch.forward(minutes=5)
        taken(case.case.id, step, somebody.actor, **answers)
    page = office.get("/desk/?tab=open")
    assert page.count(PROBLEM["item"]) == 1
    assert PROBLEM["problem"] not in page
