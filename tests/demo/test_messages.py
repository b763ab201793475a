"""What residents write: many, not alike, complete, and harmless."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from shapely.geometry import Point
from tests.demo.conftest import called

from luoshi.demo.city import City
from luoshi.demo.matters import new_matter
from luoshi.demo.messages import DemoMessage, cluster, message, report
from luoshi.demo.people import PHONE_SERIES
from luoshi.demo.replies import declined, emergency, plan, public_text, reply, work_phrase
from luoshi.demo.wording import closest, phrases, problems, special, spun

TAXONOMY = Path(__file__).parents[2] / "programmes" / "hotline" / "taxonomy.csv"
OPEN_ENDS = re.compile(r"[{}\[\]|]")
CLUSTERED = tuple(problem for problem in problems() if problem.cluster)


@pytest.fixture(scope="module")
def sample(city: City) -> list[DemoMessage]:
    rng = random.Random(11)
    return [message(rng, city) for _ in range(2000)]


def test_there_is_enough_wording_and_it_speaks_of_known_categories() -> None:
    with TAXONOMY.open(encoding="utf-8") as file:
        known = {row["code"] for row in csv.DictReader(file) if row["parent"]}
    found = problems()

    assert len(found) >= 60
    assert len({problem.id for problem in found}) == len(found)
    assert len({problem.category.split(".")[0] for problem in found}) >= 12
    assert {problem.category for problem in found} <= known
    assert {p.kind for p in found} == {"consult", "help", "complain", "report", "suggest"}
    assert sum(bool(problem.en) for problem in found) >= 20
    assert all(bool(p.en) == bool(p.en_subject) for p in found)


def test_every_wording_of_every_problem_is_complete(city: City) -> None:
    rng = random.Random(3)
    unit = city.units[5]
    for problem in problems():
        for _ in range(30):
            said = report(rng, new_matter(rng, city, problem))
            texts = [said.subject, said.content, said.address]
            for solved in (True, False):
                day = date(2026, 3, 5)
                texts.append(reply(rng, said, unit, day, day, solved=solved))
            texts.append(plan(rng, said, unit))
            assert not any(OPEN_ENDS.search(text) for text in texts), texts
            assert 2 <= len(said.subject) <= 60


def test_messages_are_not_alike(sample: list[DemoMessage]) -> None:
    assert len({m.content for m in sample}) > 1950
    lengths = sorted(len(m.content) for m in sample)
    assert lengths[100] < 40
    assert lengths[-100] > 150
    assert max(Counter(m.category for m in sample).values()) < 300


def test_about_one_in_twelve_is_english_and_has_no_chinese(sample: list[DemoMessage]) -> None:
    english = [m for m in sample if m.language == "en"]

    assert 0.05 < len(english) / len(sample) < 0.12
    for m in english:
        assert not re.search(r"[\u4e00-\u9fff]", m.subject + m.content + m.address + m.name)


def test_personal_data_is_named_where_it_stands(sample: list[DemoMessage]) -> None:
    giving = [m for m in sample if m.personal]

    assert 0.04 < len(giving) / len(sample) < 0.12
    assert all(text in m.content for m in giving for text in m.personal)
    numbers = [found for m in sample for found in re.findall(r"1\d{10}", m.content + m.subject)]
    assert numbers
    assert all(number.startswith(PHONE_SERIES) for number in numbers)
    assert all(not m.phone or called(m.phone) == m.phone for m in sample)


def test_a_secret_report_gives_no_name(sample: list[DemoMessage]) -> None:
    secret = [m for m in sample if m.secret]

    assert secret
    assert all(not m.name and m.kind == "report" for m in secret)


def test_what_is_told_on_the_telephone_is_noted_in_the_third_person(
    sample: list[DemoMessage],
) -> None:
    noted = [m for m in sample if m.channel == "phone" and m.language != "en"]

    assert all(m.content.startswith("来电人反映：") and "我" not in m.content for m in noted)


def test_villages_have_no_lifts_and_towns_no_harvest(
    city: City, sample: list[DemoMessage]
) -> None:
    for m in sample:
        problem, grid = m.matter.problem, city.area_by_code[m.grid]
        assert not (problem.rural and grid.is_urban)
        assert not (problem.is_urban_only and not grid.is_urban)


def test_points_lie_where_the_words_say(city: City, sample: list[DemoMessage]) -> None:
    located = [m for m in sample if m.point]

    assert 0.7 < len(located) / len(sample) < 0.9
    for m in located:
        grid = city.area_by_code[m.grid]
        assert grid.polygon.distance(Point(m.point)) < 0.001
        assert city.area_by_code[grid.parent].name_zh == m.matter.names["community"]


def test_one_matter_is_reported_by_many_in_their_own_words(city: City) -> None:
    rng = random.Random(4)
    for size in (3, 15):
        reports = cluster(rng, city, size, CLUSTERED)
        assert len(reports) == size
        assert len({m.matter.id for m in reports}) == 1
        assert len({m.category for m in reports}) == 1
        assert len({m.content for m in reports}) > size * 0.8
        assert len({m.matter.names["road"] for m in reports}) == 1


def test_the_same_seed_writes_the_same(city: City) -> None:
    first = [message(random.Random(9), city) for _ in range(3)]
    assert first == [message(random.Random(9), city) for _ in range(3)]


def test_every_sentence_of_those_at_work_is_complete(
    city: City, sample: list[DemoMessage]
) -> None:
    rng = random.Random(5)
    unit, other = city.units[4], city.units[6]
    for name, texts in phrases("work").items():
        for _ in range(6 * len(texts)):
            text = work_phrase(rng, name, sample[rng.randrange(2000)], unit, other)
            assert not OPEN_ENDS.search(text)
            assert 3 <= len(text) <= 400
    reasons = [work_phrase(rng, "return_reason", sample[0], unit, other) for _ in range(50)]
    assert any(other.name_zh in reason for reason in reasons)


def test_reasons_are_long_enough_for_the_programme(city: City, sample: list[DemoMessage]) -> None:
    rng = random.Random(6)
    for name in ("return_reason", "extension_reason", "terminate_reason", "redo_reason"):
        assert all(
            len(work_phrase(rng, name, sample[i], city.units[4], city.units[5])) >= 4
            for i in range(50)
        )


def test_an_answer_says_who_when_and_whom_to_ask(city: City, sample: list[DemoMessage]) -> None:
    rng = random.Random(7)
    for m in sample[:200]:
        unit = city.handling_unit(m.category, m.grid)
        text = reply(rng, m, unit, date(2026, 3, 5), date(2026, 3, 9))
        assert unit.name_zh in text
        assert unit.phone in text
        assert "3月5日" in text
        assert m.matter.problem.basis in text


def test_a_published_text_names_no_building_and_no_mobile_number() -> None:
    text = public_text("锦鲤苑3号楼12楼，2单元1203，电话15400001234，详询0400-2100001")

    assert text == "锦鲤苑，，电话，详询0400-2100001"


def test_what_cannot_be_taken_has_a_ground_a_reason_and_a_channel(city: City) -> None:
    rng = random.Random(8)
    found = [declined(rng, city) for _ in range(200)]

    assert {d.ground for d in found} == {
        "legal_channel", "petition", "secret", "settled", "other_law",
    }  # fmt: skip
    for d in found:
        assert d.right_channel
        assert not OPEN_ENDS.search(d.subject + d.content + d.reason + d.right_channel)
    assert len(found) == 200 > len(special("decline"))


def test_emergencies_go_to_their_line(city: City) -> None:
    rng = random.Random(8)
    found = [emergency(rng, city) for _ in range(100)]

    assert {e.line for e in found} == {"110", "119", "120", "122"}
    assert all(e.line in e.note for e in found)


def test_a_choice_is_made_between_the_given_wordings() -> None:
    rng = random.Random(1)
    assert {spun("[甲|乙]丙", rng) for _ in range(30)} == {"甲丙", "乙丙"}


def test_the_closest_wording_shares_most() -> None:
    options = ["{road}路灯不亮", "感谢司机师傅"]
    assert closest(options, "{road}这一段路灯全灭", random.Random(1)) == options[0]


def test_who_writes_english_is_answered_in_english_first(
    city: City, sample: list[DemoMessage]
) -> None:
    rng, unit, day = random.Random(5), city.units[5], date(2026, 3, 5)
    for one in sample:
        for solved in (True, False):
            first = reply(rng, one, unit, day, day, solved=solved).partition("\n")[0]
            is_english = not re.search("[\u4e00-\u9fff]", first.replace(one.subject, ""))
            assert is_english == (one.language == "en"), first
    assert {one.language for one in sample} == {"en", "zh-Hans"}
