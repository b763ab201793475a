"""The index of a process follows the register, whoever writes to it, and stays within its size."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bench.insight_similar import message
from django.conf import LazySettings
from tests.actions.conftest import Watch
from tests.actions.lamp import taken
from tests.small_city import DISPATCHER, INSIDE, OPERATOR, ROADS

from luoshi.actions import acts, clock, similarity
from luoshi.actions.merging import merge, take_apart
from luoshi.actions.similarity import held_cases, similar_to
from luoshi.insight.similar import Candidate, Evidence, Index
from luoshi.insight.similar.item import EvidenceKind
from luoshi.kernel.access import requester_of
from luoshi.store.keys import new_key
from luoshi.store.matters import Matter, Standing
from luoshi.store.programmes import forget_programmes, programme_of, take_up

SUBJECT = "东门外路灯不亮"
CONTENT = "东门外第{n}根灯杆连续多日不亮，走路看不清。"


@pytest.fixture(autouse=True)
def _index(city: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(similarity, "FIRST_BUDGET", 60.0)  # whoever else keeps the machine busy
    similarity.forget_index()
    yield
    similarity.forget_index()


def opened(number: int = 3) -> acts.Outcome:
    said = {"subject": SUBJECT, "content": CONTENT.format(n=number), "place": INSIDE}
    return acts.register("hotline", acts.Request("register", said), OPERATOR)


def found(watch: Watch) -> set[str]:
    asked = Matter(
        new_key(), "", "hotline", watch.now, "", "", (INSIDE["lon"], INSIDE["lat"]),
        {"subject": SUBJECT, "content": CONTENT.format(n=3)},
    )  # fmt: skip
    return {one.id for one in similar_to(programme_of("hotline"), asked, watch.now)}


def asked_in(area: str, watch: Watch) -> list[tuple[str, set[str]]]:
    """Ask for cases like one without a point in *area*: their keys, and what is said of areas."""
    said = {"subject": SUBJECT, "content": CONTENT.format(n=3)}
    asked = Matter(new_key(), "", "hotline", watch.now, "", area, None, said)
    found = similar_to(programme_of("hotline"), asked, watch.now)
    return [(one.id, {e.kind for e in one.evidence} & {"area", "apart"}) for one in found]


def phoned(area: str) -> str:
    """Register what somebody said on the telephone: an area, and no point."""
    said = {"subject": SUBJECT, "content": CONTENT.format(n=3), "area": area}
    return acts.register("hotline", acts.Request("register", said), OPERATOR).case.id


def declined(case: str) -> None:
    acts.act(
        acts.Request("decline", {"ground": "settled", "reason": "已经处理完毕"}, case=case),
        OPERATOR,
    )


def test_what_is_opened_later_is_found_whoever_opened_it(watch: Watch) -> None:
    first = opened().case.id
    assert found(watch) == {first}
    watch.forward(minutes=3)
    second = opened().case.id  # no act touches the index: it reads the register
    assert found(watch) == {first, second}
    assert held_cases()[0] == 2


def test_more_new_cases_than_one_batch_are_all_taken_in(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "BATCH", 2)
    monkeypatch.setattr(similarity, "LATER_BUDGET", 60.0)
    found(watch)
    cases = set()
    for _ in range(5):
        watch.forward(seconds=1)
        cases.add(opened().case.id)
    assert found(watch) == cases


def test_the_first_filling_reads_all_that_runs_and_what_ended_lately(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "BATCH", 2)
    long_over, lately = opened().case.id, opened().case.id
    declined(long_over)
    watch.forward(days=40)
    declined(lately)
    running = {opened().case.id for _ in range(5)}
    watch.forward(days=1)
    assert found(watch) == {*running, lately}
    assert held_cases()[0] == 6


def test_where_no_time_is_left_each_question_reads_one_more_batch(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("BATCH", 2), ("FIRST_BUDGET", 0.0), ("LATER_BUDGET", 0.0)):
        monkeypatch.setattr(similarity, name, value)
    for _ in range(5):
        opened()
    watch.forward(days=1)  # so that none of them is new
    held = []
    for _ in range(3):
        found(watch)
        held.append(held_cases()[0])
    assert held == [2, 4, 5]


def test_a_case_that_ended_too_long_ago_leaves_the_index(watch: Watch) -> None:
    gone, stays = opened().case.id, opened().case.id
    declined(gone)
    assert found(watch) == {gone, stays}
    watch.forward(days=29)
    assert found(watch) == {gone, stays}
    watch.forward(days=2)
    assert found(watch) == {stays}
    assert held_cases()[0] == 1


def test_a_merged_case_is_let_go_and_comes_back_when_taken_apart(watch: Watch) -> None:
    main, other = opened(), opened()
    assert found(watch) == {main.case.id, other.case.id}
    merge(main.number, [other.number], new_key(), OPERATOR)
    assert found(watch) == {main.case.id}
    assert held_cases()[0] == 1

    watch.forward(minutes=10)
    take_apart([other.number], {"reason": "不是同一件事"}, new_key(), DISPATCHER)
    assert found(watch) == {main.case.id, other.case.id}


def test_a_withdrawn_case_is_gone_at_once(watch: Watch) -> None:
    case, stays = opened(), opened().case.id
    assert found(watch) == {case.case.id, stays}
    watch.forward(days=3)
    taken(case, "withdraw", requester_of(case.case.id))
    assert found(watch) == {stays}
    assert held_cases()[0] == 1


def test_a_case_that_is_reopened_is_found_again_at_once(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "RECENT", timedelta(days=1))
    case = opened()
    taken(case, "answer_on_spot", OPERATOR, reply="已告知维修安排，两日内修复。")
    assert found(watch) == {case.case.id}
    watch.forward(days=2)
    assert (found(watch), held_cases()[0]) == (set(), 0)
    taken(case, "ask_reopen", requester_of(case.case.id), reason="灯又不亮了。")
    assert found(watch) == {case.case.id}


@pytest.fixture
def correctable(
    city: None, watch: Watch, settings: LazySettings, tmp_path: Path
) -> Iterator[None]:
    """A hotline that has a step for correcting what was written down at the telephone."""
    folder = tmp_path / "programmes"
    shutil.copytree(settings.LUOSHI.programmes, folder)
    told = folder / "hotline" / "programme.yaml"
    text = told.read_text("utf-8").replace("transitions:\n", f"transitions:\n{CORRECT}", 1)
    told.write_text(text.replace("\nversion: ", "\nversion: corrected-"), "utf-8")
    (folder / "hotline" / "scenarios.yaml").unlink()
    settings.LUOSHI = replace(settings.LUOSHI, programmes=folder)
    forget_programmes()
    take_up(watch.now)
    yield
    forget_programmes()


CORRECT = """
  correct:
    labels: {zh-Hans: 更正记录, en: Correct}
    from: [accepted, dispatched, handling, returned]
    to: same
    by: [operator, dispatcher]
    asks: [subject, content, address, place, area, category]
    rests_on: local
"""


@pytest.mark.usefixtures("correctable")
def test_a_case_whose_words_are_corrected_is_found_by_the_right_ones_alone(watch: Watch) -> None:
    case = acts.register("hotline", acts.Request("register", NOISE), OPERATOR)
    assert (found_by(NOISE, watch), found_by(LAMP, watch)) == ({case.case.id}, set())
    watch.forward(hours=5)
    taken(case, "correct", DISPATCHER, **LAMP)
    assert (found_by(NOISE, watch), found_by(LAMP, watch)) == (set(), {case.case.id})
    similarity.forget_index()  # as in a process that begins
    assert (found_by(NOISE, watch), found_by(LAMP, watch)) == (set(), {case.case.id})


@pytest.mark.usefixtures("correctable")
def test_a_case_whose_address_is_corrected_is_found_by_the_right_one(watch: Watch) -> None:
    wrong, right = {"address": "幸福路甲12号"}, {"address": "和平街乙34号"}
    said = {"subject": "树倒了", "content": "一棵大树倒在路上。"}
    case = acts.register("hotline", acts.Request("register", said | wrong), OPERATOR)
    assert kinds_by(said | wrong, watch) >= {"address"}
    taken(case, "correct", DISPATCHER, **right)
    assert "address" not in kinds_by(said | wrong, watch)
    assert kinds_by(said | right, watch) >= {"address"}


NOISE = {"subject": "工地夜间施工扰民", "content": "每晚十一点以后还在打桩，孩子睡不着。"}
LAMP = {"subject": "东门外路灯不亮", "content": "第三根灯杆连续多日不亮，走路看不清。"}


def found_by(texts: dict[str, str], watch: Watch) -> set[str]:
    return {one.id for one in alike(texts, watch)}


def kinds_by(texts: dict[str, str], watch: Watch) -> set[str]:
    return {evidence.kind for one in alike(texts, watch) for evidence in one.evidence}


def alike(texts: dict[str, str], watch: Watch) -> tuple[Candidate, ...]:
    asked = Matter(new_key(), "", "hotline", watch.now, "", "", None, texts)
    return similar_to(programme_of("hotline"), asked, watch.now)


def test_a_case_that_is_given_another_place_is_found_there_at_once(watch: Watch) -> None:
    case = opened()
    here, there = {"lon": 122.5052, "lat": 35.505}, {"lon": 122.5152, "lat": 35.515}
    assert metres(here, watch) < 50
    watch.forward(hours=2)
    taken(case, "classify", DISPATCHER, place=there)
    assert metres(there, watch) < 50
    assert metres(here, watch) > 1000


def metres(place: dict[str, float], watch: Watch) -> float:
    """Return how far the only candidate for a message from *place* is said to be."""
    said = {"subject": SUBJECT, "content": CONTENT.format(n=3)}
    point = (place["lon"], place["lat"])
    asked = Matter(new_key(), "", "hotline", watch.now, "", "", point, said)
    (one,) = similar_to(programme_of("hotline"), asked, watch.now)
    return next(each.value for each in one.evidence if each.kind == "place")


def test_what_happens_to_a_case_leaves_it_in_its_place_unless_it_is_corrected(
    watch: Watch,
) -> None:
    case = opened()
    assert found(watch) == {case.case.id}
    for step, by, answers in (
        ("classify", DISPATCHER, {"category": "roads.streetlight"}),
        ("route", DISPATCHER, {"unit": "roads"}),
        ("receive", ROADS, {}),
        ("add", OPERATOR, {"addition": "昨晚仍然不亮。"}),
    ):
        watch.forward(minutes=1)
        taken(case, step, by, **answers)
        assert found(watch) == {case.case.id}
    (held,) = similarity._held
    assert held.index.room == 2  # as it was opened, and with its category


def test_what_is_committed_late_is_noticed_all_the_same(watch: Watch) -> None:
    found(watch)
    late = watch.now
    watch.forward(minutes=4)
    first = opened().case.id
    assert found(watch) == {first}
    watch.now = late
    second = opened().case.id
    watch.forward(minutes=4)
    assert found(watch) == {first, second}


def test_a_clock_that_was_ahead_hides_nothing_once_it_is_set_right(watch: Watch) -> None:
    found(watch)
    right = watch.now
    watch.forward(hours=2)
    first = opened().case.id
    watch.now = right
    assert found(watch) == {first}
    watch.forward(minutes=10)
    second = opened().case.id
    assert found(watch) == {first, second}


def test_a_backlog_is_read_in_parts_the_latest_first(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("BATCH", 2), ("FIRST_BUDGET", 0.0), ("LATER_BUDGET", 0.0)):
        monkeypatch.setattr(similarity, name, value)
    found(watch)
    cases = []
    for _ in range(5):
        watch.forward(hours=1)
        cases.append(opened().case.id)
    assert [found(watch) for _ in range(3)] == [{*cases[-2:]}, {*cases[-4:]}, {*cases}]


def test_the_newest_are_kept_when_there_are_more_than_the_index_holds(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "MOST", 4)
    found(watch)
    cases = []
    for _ in range(7):
        watch.forward(seconds=1)
        cases.append(opened().case.id)
        found(watch)
    assert found(watch) == set(cases[-4:])


def test_room_of_cases_let_go_is_given_back(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "SPARE", 3)
    cases = [opened().case.id for _ in range(8)]
    assert found(watch) == set(cases)
    for case in cases[1:]:
        declined(case)
    watch.forward(days=31)
    assert found(watch) == {cases[0]}
    (held,) = similarity._held
    assert held.index.room == 1


def test_a_call_with_an_area_alone_is_compared_by_its_area(watch: Watch) -> None:
    near, far = phoned("9911"), phoned("9912")
    assert asked_in("9911", watch) == [(near, {"area"}), (far, {"apart"})]
    assert asked_in("9912", watch) == [(far, {"area"}), (near, {"apart"})]
    assert {key for key, _ in asked_in("", watch)} == {near, far}


def test_a_point_on_one_side_is_compared_with_the_area_of_the_other(watch: Watch) -> None:
    pointed = opened().case.id  # its point lies in 9911
    assert asked_in("9911", watch) == [(pointed, {"area"})]
    assert asked_in("9912", watch) == [(pointed, {"apart"})]


def test_an_area_that_there_is_no_longer_says_nothing(watch: Watch) -> None:
    here = phoned("9911")
    assert asked_in("once 9911", watch) == [(here, set())]
    assert similarity.area_path("once 9911", (INSIDE["lon"], INSIDE["lat"])) == (
        "99",
        "991",
        "9911",
    )


def test_a_case_whose_area_is_changed_counts_where_it_lies_now(watch: Watch) -> None:
    stays, moves = phoned("9911"), phoned("9912")
    assert [key for key, _ in asked_in("9911", watch)] == [stays, moves]
    acts.act(acts.Request("classify", {"area": "9911"}, case=moves), DISPATCHER)
    assert dict(asked_in("9911", watch)) == {stays: {"area"}, moves: {"area"}}
    acts.act(acts.Request("classify", {"area": "9912"}, case=stays), DISPATCHER)
    assert dict(asked_in("9911", watch)) == {stays: {"apart"}, moves: {"area"}}


def test_what_no_fact_tells_in_time_is_found_within_the_hour(watch: Watch) -> None:
    found(watch)
    watch.forward(days=-3)  # the time at the source that a case is imported with
    case = opened().case.id
    watch.forward(days=3, hours=1)
    found(watch)  # begins to read again
    assert found(watch) == {case}


def test_the_memory_of_the_fullest_index_is_what_the_module_says() -> None:
    rng = random.Random(5)
    index = Index(message(rng, number) for number in range(20_000))
    fixed = Index().memory
    assert fixed < 25e6
    assert fixed + (index.memory - fixed) / 20_000 * similarity.MOST < 130e6


@pytest.mark.parametrize(
    ("probability", "kind", "evidence", "is_shown"),
    [
        (0.10, "open", "place", True),
        (0.10, "open", "text", False),
        (0.20, "open", "text", True),
        (0.20, "done", "text", False),
        (0.35, "done", "text", True),
        (0.10, "done", "address", True),
        (0.04, "open", "place", False),
    ],
)
def test_what_is_faint_is_not_shown(
    probability: float, kind: str, evidence: EvidenceKind, *, is_shown: bool
) -> None:
    now = clock.now()
    one = Candidate("a", probability, likely=False, evidence=(Evidence(evidence, 1.0),))
    assert similarity._is_live(one, Standing(kind, now, ""), now) == is_shown
    assert not similarity._is_live(one, Standing(kind, now, "another"), now)
    assert not similarity._is_live(one, Standing("void", now, ""), now)
    assert not similarity._is_live(one, None, now)
