"""A short story of the city, told once into the database and then looked at from all sides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.test import Client

from luoshi.actions import clock, organisation
from luoshi.actions.administrators import administrators
from luoshi.apps.public.accuracy import KINDS
from luoshi.demo.accounts import samples
from luoshi.demo.building import DemoNotAlone, Plan, built, is_built, refuse_other
from luoshi.demo.city import City
from luoshi.demo.people import PHONE_SERIES
from luoshi.demo.services.script import scripts
from luoshi.demo.story import Told
from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Relation
from luoshi.store import queries, verification
from luoshi.store.models import (
    Attachment,
    CaseRow,
    ClockRow,
    FactRow,
    Message,
    PublicRow,
    SuggestionRow,
)
from luoshi.store.programmes import forget_programmes, offered, take_up

PLAN = Plan(days=60, cases=160, services=30)
NOBODYS = (Relation.REQUESTER, Relation.SYSTEM)
PASSWORD = "reed-lark-fern-jade-42"
END = datetime(2026, 11, 14, 18, 30, tzinfo=UTC)
"""The night before a Sunday, when nobody has been at work for a day: the city is as full."""


@dataclass(frozen=True)
class Played:
    """A story that has been told, and whom it was told about."""

    end: datetime
    last: Told
    actors: dict[str, Actor]
    city: City


@pytest.fixture(scope="module")
def played(city: City, django_db_setup: None, django_db_blocker: object) -> Iterator[Played]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        forget_programmes()
        take_up(END)
        for so_far in built(PLAN, city, PASSWORD, END):
            last = so_far
        yield Played(END, last, dict(organisation.actors()), city)
        transaction.set_rollback(True)


def test_what_was_suggested_stands_beside_what_people_chose(played: Played) -> None:
    rows = list(SuggestionRow.objects.all())
    assert {row.kind for row in rows} == {*KINDS}
    others = {"hint": "handler", "redaction": "publisher"}
    assert {row.role for row in rows if row.kind not in others} <= {"operator", "dispatcher"}
    for kind, role in others.items():
        assert {row.role for row in rows if row.kind == kind} == {role}
    for kind in ("category", "urgency", "similar", "hint"):
        assert {row.kept for row in rows if row.kind == kind} == {True, False}, kind
    assert all(row.decided <= played.end for row in rows)
    assert not [word for row in rows for word, _ in row.reasons if re.search(r"\d{4}", word)]


def test_it_is_as_long_as_it_was_asked_to_be(played: Played) -> None:
    assert CaseRow.objects.filter(programme="hotline").count() == PLAN.cases == played.last.cases
    assert FactRow.objects.count() >= played.last.acts > 5 * PLAN.cases
    first = CaseRow.objects.filter(programme="hotline").earliest("opened").opened
    assert timedelta(days=52) < played.end - first <= timedelta(days=60)


def test_every_step_of_the_programme_is_taken(played: Played) -> None:
    taken = Counter(FactRow.objects.values_list("case__programme", "act"))
    for name in ("hotline", "hotline-assist"):
        steps = offered()[name].transitions
        assert [step for step in steps if not taken[name, step]] == [], name


OTHERS = [one.programme for one in scripts()]


def test_every_other_service_has_a_story() -> None:
    parts = {"hotline-assist", "enterprise-appeal-assist", "task-part"}
    assert {*OTHERS} == {*offered()} - {"hotline"} - parts


@pytest.mark.parametrize("name", OTHERS)
def test_every_step_of_the_other_services_is_taken(played: Played, name: str) -> None:
    taken = Counter(FactRow.objects.filter(case__programme=name).values_list("act", flat=True))
    assert [step for step in offered()[name].transitions if not taken[step]] == []


@pytest.mark.parametrize("name", OTHERS)
def test_cases_of_the_other_services_stand_in_nearly_every_state(
    played: Played, name: str
) -> None:
    cases = CaseRow.objects.filter(programme=name)
    assert PLAN.services <= cases.count() <= 2 * PLAN.services
    standing = set(cases.values_list("state", flat=True))
    assert len(set(offered()[name].states) - standing) <= 2


@pytest.mark.parametrize("name", OTHERS)
def test_whoever_has_a_role_in_another_service_finds_work(played: Played, name: str) -> None:
    shown = samples(played.city, {name: offered()[name]}, organisation.standing())
    there = [one for one in shown if one.service == name]
    roles = offered()[name].roles.values()
    assert {one.role for one in there} >= {
        role.name for role in roles if role.relation not in NOBODYS
    }
    turns = {role for state in offered()[name].states.values() for role in state.turn}
    idle = [one.role for one in there if one.role in turns and not one.waiting]
    assert len(idle) <= 1, idle
    for one in there:
        page = queries.worklist(
            played.actors[one.username], queries.Wanted(programme=name), played.end, "", 20
        )
        assert page.rows or not one.waiting


@pytest.mark.parametrize("name", OTHERS)
def test_the_screens_show_what_they_find(
    played: Played, name: str, client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for one in samples(played.city, {name: offered()[name]}, organisation.standing()):
        if one.service != name:
            continue
        client.force_login(get_user_model().objects.get_by_natural_key(one.username))
        page = client.get("/desk/", {"programme": name}, follow=True)
        assert page.status_code == 200, one.username
        cases = re.findall(r'"(/desk/case/[A-Z0-9]+/)"', page.content.decode())
        assert cases or not one.waiting, one.username
        for address in cases[:1]:
            assert client.get(address).status_code == 200, (one.username, address)


def test_some_are_late_and_parts_are_open(played: Played) -> None:
    late = ClockRow.objects.filter(
        case__programme__in=OTHERS, state="met", kind="duty", ended__gte=F("due")
    )
    assert set(late.values_list("case__programme", flat=True)) >= {*OTHERS} - {"service-rating"}
    for part in ("task-part", "enterprise-appeal-assist"):
        assert CaseRow.objects.filter(programme=part, kind="open").exists()
        assert CaseRow.objects.filter(programme=part, kind="done").exists()


def test_cases_stand_in_every_state_when_it_ends(played: Played) -> None:
    hotline = CaseRow.objects.filter(programme="hotline")
    standing = set(hotline.values_list("state", flat=True))
    assert set(offered()["hotline"].states) - standing == set()


def test_lights_are_green_yellow_and_red(played: Played) -> None:
    running = ClockRow.objects.filter(state="running", kind="duty")
    assert running.filter(due__lt=played.end).exists()
    assert running.filter(due__gte=played.end, warn__gte=played.end).exists()
    late = ClockRow.objects.filter(name="answer", state="met", ended__gte=F("due"))
    met = ClockRow.objects.filter(name="answer", state="met")
    assert 0 < late.count() < met.count() / 4


def test_history_is_whole_and_the_tables_say_the_same(played: Played) -> None:
    report = verification.Report()
    for _ in verification.verify(report):
        pass
    assert report.ok, report.differences
    assert report.cases == CaseRow.objects.count() > PLAN.cases


def test_everything_happens_in_the_order_of_time(played: Played) -> None:
    cases = CaseRow.objects.filter(programme="hotline").order_by("number")
    for earlier, later in pairwise(cases.values_list("opened", flat=True)):
        assert earlier <= later
    assert FactRow.objects.latest("at").at <= played.end


@pytest.mark.parametrize(
    "username",
    ["operator1", "dispatcher1", "callerback1", "reviewer1", "supervisor1", "office1"],
)
def test_everybody_at_a_desk_finds_work(played: Played, username: str) -> None:
    actor = played.actors[username]
    mine = {
        name
        for name, state in offered()["hotline"].states.items()
        if {post.role for post in actor.posts} & set(state.turn)
    }
    wanted = queries.Wanted(states=tuple(sorted(mine)))
    assert queries.worklist(actor, wanted, played.end, "", 20).rows


def test_handlers_of_the_busiest_units_find_work(played: Played) -> None:
    cases: Counter[str] = Counter()
    for one in organisation.standing():
        if one.programme == "hotline" and one.unit:
            cases[one.unit] += one.count
    assert len(cases) >= 4
    for unit, _ in cases.most_common(4):
        handler = played.actors[f"handler1.{unit}"]
        page = queries.worklist(handler, queries.Wanted(), played.end, "", 20)
        assert page.rows
        assert {row.unit for row in page.rows} == {unit}


def test_letters_of_the_past_are_settled_and_never_sent(played: Played) -> None:
    assert Message.objects.exists()
    assert not Message.objects.filter(sent=None).exists()
    assert set(Message.objects.values_list("outcome", flat=True)) == {"rehearsal"}


def test_what_is_published_tells_nobody_where_somebody_lives(played: Played) -> None:
    views = [f"{row.subject} {row.view}" for row in PublicRow.objects.all()]
    assert len(views) > PLAN.cases / 6
    assert [view for view in views if PHONE_SERIES in view or "单元" in view] == []


def test_some_cases_have_photographs_before_and_after(played: Played) -> None:
    acts = (
        FactRow.objects.filter(body__contains='"photos"'),
        FactRow.objects.filter(body__contains='"evidence"'),
    )
    assert all(found.exists() for found in acts)
    hotline = CaseRow.objects.filter(programme="hotline").values("id")
    pictures = Attachment.objects.filter(kind="image", case__in=hotline)
    assert 0 < pictures.count() < PLAN.cases
    assert Attachment.objects.filter(kind="document").exists()


def test_somebody_administers_it(played: Played) -> None:
    assert administrators() == list(played.city.staff.holders("editor"))


def test_it_is_built_once(played: Played) -> None:
    assert is_built(played.city)
    assert list(built(PLAN, played.city, PASSWORD, played.end)) == []
    with pytest.raises(DemoNotAlone):
        refuse_other("somewhere")


@pytest.mark.django_db
def test_a_story_that_breaks_off_leaves_nothing_behind(city: City) -> None:
    take_up(clock.now())
    story = built(Plan(days=5, cases=30, services=2), city, PASSWORD, clock.now())
    for _ in range(60):
        next(story)
    assert not organisation.size().is_empty
    story.close()  # type: ignore[attr-defined]
    assert organisation.size().is_empty
    assert not is_built(city)
    assert not FactRow.objects.exists()
