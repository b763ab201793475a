"""Hints on answers: what is missing is seen, a good answer passes, odd texts do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.reply import HINTS, hints, words_for
from luoshi.insight.reply.sentences import points

REQUEST = (
    "和平街路灯不亮\n和平街的路灯已经坏了半个月，请问什么时候能够修好？"
    "另外希望在街口增设一条斑马线。"
)
GOOD = (
    "您好！您的来信已收悉，现答复如下：经区城管局3月5日现场核实，和平街路灯因电缆老化不亮，"
    "已于3月6日更换电缆，全部修好。关于街口增设斑马线的建议，区交警大队根据《道路交通标志和标线》"
    "标准，将于4月30日前划设。如有疑问请致电区城管局，联系电话：0536-1234567。感谢您的支持！"
)


def codes(reply: str, request: str = REQUEST, others: tuple[str, ...] = ()) -> set[str]:
    return {hint.code for hint in hints(request, reply, others)}


def test_a_careful_answer_gets_no_hint() -> None:
    assert hints(REQUEST, GOOD) == ()


def test_the_point_left_out_is_shown_as_it_was_asked() -> None:
    start, end = GOOD.index("关于街口"), GOOD.index("如有疑问")
    found = [h for h in hints(REQUEST, GOOD[:start] + GOOD[end:]) if h.of == "request"]
    assert [hint.code for hint in found] == ["reply.point_not_answered"]
    assert found[0].sentence == "另外希望在街口增设一条斑马线。"
    assert REQUEST[slice(*found[0].span)] == found[0].sentence


@pytest.mark.parametrize(
    ("sentence", "is_asked"),
    [
        ("去年十月就小区外墙渗水维修基金向街道咨询过一次。", False),
        ("业主委员会曾多次到街道反映外墙渗水维修基金的使用。", False),
        ("之前咨询过外墙渗水的维修基金，请问现在怎样申请使用？", True),
        ("咨询了解外墙渗水维修基金的申请使用进展情况。", True),
    ],
)
def test_what_was_asked_at_another_time_is_no_point(sentence: str, *, is_asked: bool) -> None:
    asked = points(f"外墙渗水\n我住在顶楼。{sentence}")
    assert (sentence in [point.text for point in asked]) == is_asked


@pytest.mark.parametrize(
    ("cut", "code"),
    [
        pytest.param(
            "如有疑问请致电区城管局，联系电话：0536-1234567。", "reply.no_contact", id="contact"
        ),
        pytest.param("《道路交通标志和标线》标准", "", id="no basis needed for a yes"),
    ],
)
def test_what_is_cut_out_is_missed(cut: str, code: str) -> None:
    assert cut in GOOD
    assert codes(GOOD.replace(cut, "")) == ({code} if code else set())


@pytest.mark.parametrize(
    ("added", "code", "severity"),
    [
        pytest.param("该户不符合补贴条件。", None, "", id="a no with a basis elsewhere"),
        pytest.param("反映人张伟平的手机是13812345678。", "reply.personal", "must", id="mobile"),
        pytest.param("请到×××窗口办理。", "reply.unfilled", "must", id="blank"),
        pytest.param("请不要再无理取闹。", "reply.harsh", "check", id="harsh"),
        pytest.param("嫌吵可以搬走。", "reply.harsh", "check", id="scornful"),
        pytest.param("你自己注意一点就行。", "reply.harsh", "check", id="left alone"),
        pytest.param("涉嫌乱收费的可以向市场监管部门投诉。", None, "", id="a suspicion"),
        pytest.param("下一步我们将尽快研究。", "reply.vague_promise", "note", id="vague"),
    ],
)
def test_what_is_added_is_seen_with_its_sentence(
    added: str, code: str | None, severity: str
) -> None:
    found = hints(REQUEST, GOOD + added)
    assert {hint.code for hint in found} == ({code} if code else set())
    for hint in found:
        assert hint.sentence == added
        assert hint.severity == severity
        assert (GOOD + added)[slice(*hint.span)] == added


def test_a_no_without_a_basis_is_questioned() -> None:
    assert "reply.no_basis" in codes(
        "您好！经区民政局2025年3月5日核实，您不符合补贴条件。电话12345。谢谢！"
    )


@pytest.mark.parametrize(
    "reply", ["您好！留言已收悉", "您反映的问题已转市交通局办理。2025年3月1日"]
)
def test_passing_on_is_no_answer(reply: str) -> None:
    found = codes(reply)
    assert "reply.only_forwarded" in found
    assert "reply.point_not_answered" not in found  # one hint says it


@pytest.mark.parametrize(
    "done", ["已更换灯头，当晚恢复照明。", "已补种两棵。", "昨天抢修好了。", "井盖已焊牢。"]
)
def test_a_plain_word_for_what_was_done_is_enough(done: str) -> None:
    assert "reply.no_action" not in codes(done)


def test_a_telephone_is_no_date() -> None:
    undated = "您好！区城管局已修好和平街路灯，并划设斑马线。热线0536-1234567。谢谢！"
    assert "reply.no_date" in codes(undated)
    assert "reply.no_date" not in codes(undated.replace("已修好", "2025-03-06已修好"))


@pytest.mark.parametrize("said", ["客服96130。", "请致电3353715。", "可拨12329。"])
def test_whom_to_ask_is_known_however_it_is_said(said: str) -> None:
    assert "reply.no_contact" not in codes(f"您好！区城管局3月6日已修好路灯。{said}谢谢！")


def test_what_is_said_in_english_is_not_held_against_chinese_signs() -> None:
    english = "Dear resident, thank you. Our bureau repaired the lamp in your street on 6 March."
    assert codes(english, "A lamp\nThe lamp in my street is out.") == set()


@pytest.mark.parametrize("vague", ["来信已收悉。", "您的来信我们已关注。", "已登记。"])
def test_having_taken_note_is_nothing_done(vague: str) -> None:
    assert codes(vague) & {"reply.no_action", "reply.only_forwarded"}


def test_a_copy_names_the_other_answer() -> None:
    found = [
        h for h in hints(REQUEST, GOOD, ("完全不同的一份答复", GOOD)) if h.code == "reply.copy"
    ]
    assert [hint.other for hint in found] == [1]
    assert "reply.copy" not in codes(GOOD, others=("与此无关的另一份答复，内容完全不同。",))


def test_the_request_handed_back_is_no_answer() -> None:
    long = REQUEST * 2
    assert "reply.repeats_request" in codes(long, long)


def test_the_telephone_of_an_office_is_no_leak() -> None:
    assert "reply.personal" not in codes("您好！请拨打区城管局联系电话0536-1234567咨询。")


@pytest.mark.parametrize("reply", ["", "  \n", "……！", "😀😀"])
def test_an_empty_answer_gets_one_hint(reply: str) -> None:
    assert [hint.code for hint in hints(REQUEST, reply)] == ["reply.empty"]


@pytest.mark.parametrize(
    "text", ["的", "a" * 100_000, "请问？" * 30_000, "\ud800", "（" * 50_000, "根据" * 50_000]
)
def test_odd_texts_are_read_in_bounded_time(text: str) -> None:
    assert isinstance(hints(text, text, (text,)), tuple)


def test_traditional_characters_are_read_too() -> None:
    assert "reply.harsh" in codes("您好！請不要無理取鬧。")


def test_every_hint_has_words_in_both_languages_and_scores_nobody() -> None:
    for code, words in HINTS.items():
        assert set(words) == {"zh-Hans", "en"}
        assert words_for(code, "fr") == words["zh-Hans"]
        assert words_for(code, "en") == words["en"]
    assert not hasattr(hints(REQUEST, "好")[0], "score")


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_hint_is_known_and_points_into_its_text(request: str, reply: str) -> None:
    for hint in hints(request, reply):
        assert hint.code in HINTS
        text = request if hint.of == "request" else reply
        assert 0 <= hint.span[0] <= hint.span[1] <= len(text)
        if hint.sentence:
            assert text[slice(*hint.span)] == hint.sentence
