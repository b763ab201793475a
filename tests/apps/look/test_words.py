"""Dates, lengths, conditions and answers in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils.translation import override
from tests.small_city import found_city

from luoshi.apps.look.answers import answer_words, area_words, said_answers
from luoshi.apps.look.conditions import condition_words
from luoshi.apps.look.duration import duration_words, limit_words
from luoshi.apps.look.language import basis_words, due_words, other_language, words
from luoshi.apps.look.options import groups_of
from luoshi.apps.look.questions import Question, answers_in, period_words
from luoshi.kernel.condition import (
    All,
    Any,
    ClockIs,
    Condition,
    CountIs,
    Drawn,
    FieldGiven,
    FieldIs,
    FieldWithin,
    Not,
    PartsDone,
)
from luoshi.kernel.duration import Duration, Period
from luoshi.kernel.programme import Field, FieldType, Programme
from luoshi.store.programmes import offered

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)  # 12:00 on Monday in Shanghai


@pytest.fixture
def hotline() -> Programme:
    return offered()["hotline"]


@pytest.mark.parametrize(
    ("hours", "english", "chinese"),
    [
        (3, "today, 15:00", "今天 15:00"),
        (12, "the end of today", "今天 24:00"),
        (27, "tomorrow, 15:00", "明天 15:00"),
        (36, "the end of tomorrow", "明天 24:00"),
        (108, "the end of Friday 13 March", "3月13日（星期五） 24:00"),
        (24 * 365, "Tuesday 9 March 2027, 12:00", "2027年3月9日（星期二） 12:00"),
    ],
)
def test_a_due_instant_is_said_as_people_say_it(hours: int, english: str, chinese: str) -> None:
    for language, told in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert due_words(NOON + timedelta(hours=hours), NOON) == told


@pytest.mark.parametrize(
    ("length", "english", "chinese"),
    [
        ("1 working day", "1 working day", "1 个工作日"),
        ("5 working days", "5 working days", "5 个工作日"),
        ("15 calendar days", "15 calendar days", "15 个自然日"),
        ("4 office hours", "4 office hours", "4 个工作小时"),
        ("24 urgent hours", "24 hours, day and night", "24 小时（夜间和节假日照常计算）"),
        ("10 office minutes", "10 minutes of office time", "10 分钟（只算上班时间）"),
        ("1 office minute", "1 minute of office time", "1 分钟（只算上班时间）"),
        ("90 urgent minutes", "90 minutes, day and night", "90 分钟（夜间和节假日照常计算）"),
    ],
)
def test_a_limit_says_which_hours_and_days_count(length: str, english: str, chinese: str) -> None:
    for language, told in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert duration_words(Duration.parse(length)) == told
            assert limit_words(length) == told


def test_a_limit_that_is_none_is_shown_as_it_is() -> None:
    assert limit_words("soon") == "soon"
    with override("zh-hans"):
        assert limit_words("until 2026-11-30") == "至 2026-11-30"


@pytest.mark.parametrize(
    ("period", "english"),
    [("2 years", "2 years"), ("18 months", "1 year 6 months"), ("30 days", "30 days")],
)
def test_how_long_something_is_kept(period: str, english: str) -> None:
    with override("en"):
        assert period_words(Period.parse(period)) == english


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        (FieldIs("urgency", ("urgent",)), "Urgency: Urgent"),
        (FieldIs("secret", (True,)), "Keep my identity secret: Yes"),
        (FieldGiven("phone", given=False), "Telephone is not given"),
        (FieldWithin("extension_days", 2, 5), "Extension asked for (working days) ≥ 2 ≤ 5"),
        (ClockIs("answer", ("running", "overdue")), "To be answered: overdue or running"),
        (CountIs("redo", at_least=3), "Send back for redo at least 3 times"),
        (CountIs("redo", at_most=1), "Send back for redo at most 1 time"),
        (PartsDone(), "every part is done"),
        (Drawn("check", 0.05), "drawn for a check (5% of all)"),
        (
            Not(Any((FieldGiven("phone"), FieldGiven("email")))),
            "not so: Telephone is given or E-mail is given",
        ),
        (
            All((FieldGiven("phone"), FieldGiven("email"))),
            "Telephone is given and E-mail is given",
        ),
    ],
)
def test_conditions_in_words(hotline: Programme, condition: Condition, english: str) -> None:
    with override("en"):
        assert condition_words(hotline, condition) == english
    with override("zh-hans"):
        assert condition_words(hotline, condition) != english


@pytest.mark.django_db
def test_answers_are_read_back_in_words(hotline: Programme) -> None:
    found_city()
    with override("en"):
        for name, value, told in [
            ("kind", "help", "Request for help"),
            ("category", "roads.pothole", "Roads and public works › Pothole or broken surface"),
            ("kind", "gone", "gone"),
            ("secret", False, "No"),
            ("unit", "roads", "Roads"),
            ("area", "9911", "No. 9911"),
            ("place", {"lon": 122.5, "lat": 35.5}, "122.50000, 35.50000"),
            ("contacted_at", "2026-03-09T04:00:00Z", "9 March 2026, 12:00"),
            ("extension_days", 3, "3"),
            ("subject", None, ""),
        ]:
            assert answer_words(hotline, hotline.fields[name], value) == told
        (photos,) = said_answers(hotline, {"photos": ["a", "b"]}, "/x/")
        assert photos.files == ("/x/a/", "/x/b/")
        (gone,) = said_answers(hotline, {"phone": None}, deleted=["phone"])
        assert gone.text == "deleted, its time was over"
        assert area_words("nowhere") == "nowhere"


@pytest.mark.django_db
def test_areas_are_offered_by_the_names_people_know(hotline: Programme) -> None:
    found_city()
    groups = groups_of(hotline.fields["area"], hotline.lists)
    assert [one.code for group in groups for one in group.options] == ["99", "991"]


def test_a_tree_of_choices_keeps_its_headings(hotline: Programme) -> None:
    with override("en"):
        first = groups_of(hotline.fields["category"], hotline.lists)[0]
    assert (first.words, first.code) == ("Roads and public works", "roads")
    assert first.holds("roads.pothole")
    assert not first.holds("roads")


def test_a_time_without_a_zone_is_meant_here(hotline: Programme) -> None:
    post = QueryDict("contacted_at=2026-03-09T12:00&kind=help&place.lon=&place.lat=")
    answers = answers_in(post, hotline, ["contacted_at", "kind", "place", "photos"])
    assert answers["contacted_at"] == "2026-03-09T12:00:00+08:00"
    assert (answers["place"], answers["photos"]) == (None, [])
    asked = Question(hotline.fields["contacted_at"], {}, value="2026-03-09T04:00:00Z")
    assert asked.text == "2026-03-09T12:00"


def test_a_label_and_what_is_said_are_parted_as_the_language_does() -> None:
    for language, told in (("en", "Rests on: "), ("zh-hans", "依据：")):
        with override(language):
            page = Template("{% load i18n look %}{% translate 'Rests on' %}{% colon %}")
            assert page.render(Context()) == told


def test_words_fall_back_to_chinese() -> None:
    with override("en"):
        assert words({"zh-Hans": "路灯"}) == "路灯"
    assert words(None) == ""


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_type_of_field_has_a_control(kind: FieldType) -> None:
    question = Question(Field("x", kind, {"en": "X"}), {})
    if kind not in (FieldType.UNIT, FieldType.UNITS, FieldType.AREA):
        assert question.control_template.startswith("look/controls/")


@pytest.mark.parametrize(
    ("said", "chinese", "english"),
    [
        ("《条例》第二十条 · Ordinance art. 20", "《条例》第二十条", "Ordinance art. 20"),
        ("GB/T 30428", "GB/T 30428", "GB/T 30428"),
        ("local", "本地设定", "a setting of this place"),
        ("", "", ""),
    ],
)
def test_what_a_rule_rests_on_is_said_in_the_language_of_the_page(
    said: str, chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert basis_words(said) == chinese
    with override("en"):
        assert basis_words(said) == english


@pytest.mark.parametrize(
    ("page", "text", "tag"),
    [
        ("en", "路灯不亮", "zh-Hans"),
        ("en", "Street light 路灯", "zh-Hans"),
        ("en", "Street light", ""),
        ("zh-hans", "Street light", "en"),
        ("zh-hans", "路灯 Street light", ""),
        ("zh-hans", "20261120000348", ""),
        ("zh-hans", "A1", ""),
        ("zh-hans", "", ""),
    ],
)
def test_what_is_written_in_another_language_says_so(page: str, text: str, tag: str) -> None:
    with override(page):
        assert other_language(text) == tag
