"""``luoshi staff``: the guide to people who come and go is done as it stands, and comes true."""

from __future__ import annotations

import csv
import io
import json
import shlex
from contextlib import nullcontext

import pytest
from tests.actions.lamp import routed
from tests.cli.conftest import Luoshi
from tests.whole.test_howto import blocks, pattern, sessions
from tests.whole.tree import ROOT, read

from luoshi.actions.administrators import make_administrator
from luoshi.actions.organisation import NewAccount, NewPost, add_staff
from luoshi.actions.staffing import AccountUnknown, PostsRefused
from luoshi.cli import staff

PEOPLE = {"li.example": "样例甲", "wang.example": "样例乙", "chen.example": "样例丙"}
POSTS = [
    NewPost("li.example", "handler", "roads"),
    NewPost("li.example", "dispatcher"),
    NewPost("wang.example", "handler", "roads"),
    NewPost("chen.example", "supervisor"),
]


@pytest.fixture(autouse=True)
def _people(luoshi: Luoshi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "installed", nullcontext)
    add_staff([NewAccount(name, PEOPLE[name]) for name in PEOPLE], POSTS, "first of all")
    make_administrator("chen.example")


def test_what_the_guide_says_comes_true(luoshi: Luoshi) -> None:
    routed()
    page = read(ROOT / "docs/howto/people-come-and-go.md")
    done = [one for block in blocks(page) for one in sessions(block.text)]
    assert len(done) >= 10
    for command, printed in done:
        told = luoshi(*shlex.split(command.removeprefix("luoshi ")))
        assert pattern(printed).fullmatch(told.output), f"$ {command}\n{told.output}"
        assert told.exit_code == (1 if "vacancies" in command else 0)


def test_the_list_is_a_table_that_can_be_taken_in_again(luoshi: Luoshi) -> None:
    rows = list(csv.DictReader(io.StringIO(luoshi("staff", "list", "--csv").stdout)))
    assert {(row["username"], row["role"], row["unit"], row["area"]) for row in rows} == {
        (one.username, one.role, one.unit, one.area) for one in POSTS
    }
    assert {row["username"]: row["name"] for row in rows} == PEOPLE


def test_the_list_is_a_document_too(luoshi: Luoshi) -> None:
    luoshi("staff", "close", "wang.example")
    here = json.loads(luoshi("staff", "list", "--json").stdout)
    assert [(one["username"], one["administrator"]) for one in here] == [
        ("chen.example", True), ("li.example", False),
    ]  # fmt: skip
    assert here[1]["posts"][1] == {"role": "handler", "unit": "roads", "area": ""}
    gone = json.loads(luoshi("staff", "list", "--closed", "--json").stdout)
    assert [(one["username"], one["posts"]) for one in gone] == [("wang.example", [])]
    assert luoshi("staff", "list", "--closed").stdout == "wang.example 样例乙: no post\n"


def test_vacancies_are_none_when_every_case_has_somebody(luoshi: Luoshi) -> None:
    routed()
    done = luoshi("staff", "vacancies", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_wrong_use_is_told(luoshi: Luoshi) -> None:
    for words in (["li.example"], ["li.example", "--give", "a:b:c:d"]):
        assert luoshi("staff", "posts", *words).exit_code == 2
    with pytest.raises(PostsRefused):
        luoshi("staff", "posts", "li.example", "--give", "juggler")
    with pytest.raises(AccountUnknown):
        luoshi("staff", "close", "nobody.example")
