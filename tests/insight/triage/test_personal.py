"""Personal data in a text: found in the shapes people write it, hidden, and nothing else."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.insight.triage.marked import lines, unmarked

from luoshi.insight.triage.personal import LABELS, hidden_in, personal_spans, redact
from luoshi.insight.triage.span import Span


def found_share(name: str) -> float:
    """Return which share of the marked data is wholly covered by the spans found."""
    covered, wanted = 0, 0
    for line in lines(name):
        text, marked = unmarked(line)
        hidden = {at for span in personal_spans(text) for at in range(span.start, span.end)}
        for span in marked:
            wanted += 1
            covered += all(at in hidden or text[at] == " " for at in range(span.start, span.end))
    return covered / wanted


SETS = (
    *("personal.txt", "personal_blind.txt", "personal_second.txt", "personal_third.txt"),
    *("personal_fifth.txt", "personal_sixth.txt", "personal_seventh.txt", "personal_eighth.txt"),
    *("personal_ninth.txt", "personal_tenth.txt", "personal_untouched.txt"),
)


@pytest.mark.parametrize("name", SETS)
def test_nearly_all_personal_data_are_found(name: str) -> None:
    assert found_share(name) >= 0.98


def test_nearly_all_are_found_in_texts_the_patterns_were_never_mended_on() -> None:
    assert found_share("personal_fresh.txt") >= 0.98


def test_most_are_found_where_nearly_every_name_is_rare() -> None:
    assert found_share("personal_fourth.txt") >= 0.94


@pytest.mark.parametrize("line", lines("impersonal.txt"))
def test_nothing_is_hidden_where_nothing_is_personal(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize(
    ("text", "public"),
    [
        pytest.param("我叫王小明。", "我叫〔姓名〕。", id="name"),
        pytest.param("打 138 0013 8000 找我", "打 〔电话〕 找我", id="spaced mobile"),
        pytest.param("打幺三八零零一三八零零零", "打〔电话〕", id="spoken mobile"),
        pytest.param(
            "证号１１０１０５１９４９１２３１００２Ｘ", "证号〔证件号〕", id="full width"
        ),
        pytest.param("锦绣园5栋2单元301漏水", "锦绣园〔门牌〕漏水", id="estate stays, door goes"),
        pytest.param("5栋电梯坏了", "5栋电梯坏了", id="a block is no door"),
        pytest.param(
            "张建国、及李小红两户", "〔姓名〕、及〔姓名〕两户", id="two signs between names"
        ),
        pytest.param("車牌魯G·12345占道", "車牌〔车牌〕占道", id="traditional characters"),
        pytest.param("Please ring 13800138000", "Please ring [telephone]", id="in English"),
    ],
)
def test_the_public_text_says_what_stood_there(text: str, public: str) -> None:
    assert redact(text) == public


def test_a_span_points_into_the_original_text() -> None:
    text = "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎 是我的电话"

    assert personal_spans(text) == (Span(0, 11, "phone"),)


@given(
    st.text(alphabet="我叫本人王李明电话住号楼室单元栋村0123456789-·AXG鲁 ，。@\n", max_size=80)
)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


@given(
    st.text(alphabet="我叫本人王李明电话住号楼室单元栋村0123456789-·AXG鲁 ，。@\n", max_size=80)
)
def test_what_was_hidden_can_be_put_back(text: str) -> None:
    left, whole = redact(text), ""
    for hidden in hidden_in(text):
        before, _, left = left.partition(hidden.stand_in)
        whole += before + hidden.words

    assert whole + left == text


@given(st.text(max_size=200))
def test_spans_are_in_order_apart_and_inside_the_text(text: str) -> None:
    spans = personal_spans(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert {span.kind for span in spans} <= set(LABELS)


@pytest.mark.parametrize(
    "piece", ["1", "一", "号", "我叫", "1-", "王", "家住", "a@", "栋1", " ", "·"]
)
def test_a_hundred_thousand_characters_take_bounded_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()

    personal_spans(text)

    assert time.process_time() - began < 5
