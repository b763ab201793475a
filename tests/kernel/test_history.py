"""Random lives of a case: they keep every rule, and a rule that is broken is seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.programmes.sample import HERE, WORKS, lamp

from luoshi.formats.calendars import load_calendar
from luoshi.formats.programmes import load_programme
from luoshi.kernel.answers import checked
from luoshi.kernel.case import Case, fold
from luoshi.kernel.draw import ANSWERS, Dice
from luoshi.kernel.errors import HeldBack, InterestConflict
from luoshi.kernel.history import FIRST, History, Player
from luoshi.kernel.programme import Choice, Field, FieldType, Programme, StateKind

ROOT = HERE.parents[1]
CALENDAR = load_calendar(ROOT / "calendars" / "cn.yaml")


MANY = 10_000
"""Lives in which the rarest step, after a spot check or an answer that came late, was taken."""


@pytest.fixture(scope="module")
def hotline() -> Programme:
    return load_programme(ROOT / "programmes" / "hotline")


def player(programme: Programme, seed: int = 1) -> Player:
    chance = Random(seed).random
    return Player(programme, CALENDAR, lambda below: int(chance() * below))


def lives(programme: Programme, number: int, seed: int = 1) -> list[History]:
    playing = player(programme, seed)
    return [playing.history() for _ in range(number)]


def test_every_step_of_the_hotline_is_taken_and_nothing_goes_wrong(hotline: Programme) -> None:
    playing, refused = player(hotline), Counter[str]()
    for _ in range(MANY):
        life = playing.history()
        assert life.wrong == ""
        refused += life.refused
        if len(playing.taken) == len(hotline.transitions):
            break
    assert set(hotline.transitions) - set(playing.taken) == set()
    assert {"transition.condition", "transition.same_person", "transition.too_often"} <= {*refused}


def test_the_same_chance_draws_the_same_lives(hotline: Programme) -> None:
    assert lives(hotline, 5, seed=7) == lives(hotline, 5, seed=7)
    assert lives(hotline, 5, seed=7) != lives(hotline, 5, seed=8)


def test_the_sample_lives_well(tmp_path: Path) -> None:
    drawn = lives(load_programme(lamp(tmp_path)), 200)
    assert [one.wrong for one in drawn if one.wrong] == []


def test_a_programme_that_provides_for_everything_lives_well(tmp_path: Path) -> None:
    programme = load_programme(lamp(tmp_path, text=WORKS))
    drawn = lives(programme, 300)
    assert [one.wrong for one in drawn if one.wrong] == []
    refused = Counter(code for one in drawn for code in one.refused)
    assert refused[HeldBack.code] > 0
    assert refused[InterestConflict.code] > 0
    taken = {fact.act for one in drawn for fact in one.facts}
    assert taken >= {"watch", "unwatch", "join", "park", "unpark", "merge", "finish"}


def test_it_sees_rules_that_were_broken(hotline: Programme) -> None:
    playing = player(hotline)
    life = next(one for one in iter(playing.history, None) if len(one.facts) > 4)
    facts, case = life.facts, fold(life.facts)

    def told(programme: Programme, changed: tuple[object, ...] = facts, of: object = case) -> str:
        return " ".join(Player(programme, CALENDAR, lambda _: 0).wrongs(changed, of))  # type: ignore[arg-type]

    assert told(hotline) == ""
    assert "is not the case" in told(hotline, of=replace(case, state="closed"))
    steps = dict(hotline.transitions)
    last = facts[-1]
    by_first = {**steps, last.act: replace(steps[last.act], not_same_person_as=(last.act,))}
    twice = (*facts, replace(last, seq=last.seq + 1, source=last.target))
    assert "somebody who may not" in told(replace(hotline, transitions=by_first), twice)
    once = {**steps, last.act: replace(steps[last.act], at_most=1)}
    assert "more than 1" in told(replace(hotline, transitions=once), twice)
    elsewhere = {**steps, last.act: replace(steps[last.act], source_states=("nowhere",))}
    assert "led from" in told(replace(hotline, transitions=elsewhere))
    unwritten = replace(last, values={"urgency": ("a pair is a list when it is read",)})
    assert "changes when it is written" in told(hotline, (*facts[:-1], unwritten))


def test_it_sees_cases_without_an_end_and_clocks_that_nobody_minds(
    hotline: Programme,
) -> None:
    playing = player(hotline)
    life = next(one for one in iter(playing.history, None) if len(one.facts) > 4)
    begun = fold(life.facts[:1])
    state, running = hotline.states[begun.state], dict(begun.clocks)

    def told(case: Case, **changed: object) -> str:
        states = {**hotline.states, state.name: replace(state, **changed)}  # type: ignore[arg-type]
        judge = Player(replace(hotline, states=states), CALENDAR, lambda _: 0)
        return " ".join(judge.wrongs(life.facts[:1], case))

    assert told(begun) == ""
    assert "no clock runs" in told(replace(begun, clocks={}))
    assert "no clock runs" not in told(replace(begun, clocks={}), unclocked="nobody can do more")
    assert f"clocks still run: {sorted(running)}" in told(begun, kind=StateKind.DONE)
    playing.can_end = frozenset()
    assert "no end can be reached" in " ".join(playing.wrongs(life.facts[:1], begun))


@settings(max_examples=60)
@given(kind=st.sampled_from(FieldType), chance=st.randoms(use_true_random=False))
def test_every_answer_drawn_is_one_that_a_form_accepts(kind: FieldType, chance: Random) -> None:
    rule = Field(name="it", type=kind, labels={}, choices="list", least=2, most=9)
    if kind in (FieldType.DATE, FieldType.MOMENT):
        rule = replace(rule, least=None, most=0)
    choices = {"list": {code: Choice(code=code, labels={}) for code in "abc"}}
    dice = Dice(chance.randrange, {"list": ("a", "b", "c")})
    assert checked(rule, dice.answer(rule, FIRST), choices, FIRST) is not None


@settings(max_examples=60)
@given(
    chance=st.randoms(use_true_random=False),
    least=st.none() | st.integers(-30, 30),
    room=st.none() | st.integers(1, 60),
)
def test_days_and_credit_codes_are_drawn_so_that_a_form_accepts_them(
    chance: Random, least: int | None, room: int | None
) -> None:
    dice = Dice(chance.randrange, {})
    most = None if room is None or least is None else least + room
    day = Field("it", FieldType.DATE, {}, least=least, most=most)
    assert checked(day, dice.answer(day, FIRST), {}, FIRST) is not None
    code = Field("it", FieldType.LINE, {}, credit_code=True)
    assert len(str(checked(code, dice.answer(code, FIRST), {}, FIRST))) == 18


def test_every_type_of_field_can_be_drawn() -> None:
    assert set(ANSWERS) == set(FieldType)
