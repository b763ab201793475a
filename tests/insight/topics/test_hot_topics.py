"""Hot topics: what belongs together, what does not, how hot it is, and what is told of it."""

import random
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.formats.programme_parts.suggesting import HEAT
from luoshi.insight.topics import (
    Message,
    Parameters,
    Topics,
    hot_topics,
    message_rows,
    topic_rows,
)
from luoshi.insight.topics.grouping import groups
from luoshi.insight.topics.heat import heat, parts_of
from luoshi.insight.topics.likeness import alike_pairs
from luoshi.insight.topics.message import ParameterRefused
from luoshi.insight.topics.phrases import place_names
from luoshi.insight.topics.rejoining import rejoined
from luoshi.insight.topics.tables import MESSAGE_COLUMNS, TOPIC_COLUMNS
from luoshi.insight.topics.vectors import vectors

START = datetime(2025, 3, 1)  # noqa: DTZ001 - files of messages bear no zone
SMOKE = (
    "碧水湾小区楼下烧烤店油烟直排",
    "投诉碧水湾小区烧烤店油烟扰民",
    "碧水湾小区一楼烧烤夜宵油烟熏人",
    "反映碧水湾小区底商烧烤油烟问题",
)
LIFT = (
    "碧水湾小区3栋电梯频繁故障",
    "碧水湾小区电梯经常停运无人修",
    "请督促维修碧水湾小区故障电梯",
)
SMOKE_ELSEWHERE = (
    "松涛苑小区楼下烧烤店油烟直排",
    "投诉松涛苑小区烧烤店油烟扰民",
    "松涛苑小区一楼烧烤夜宵油烟熏人",
)
ALONE = ("咨询公积金异地提取手续", "建议延长图书馆开放时间", "公交卡丢失如何补办")


DETAILS = {
    "油烟": "每天傍晚到凌晨浓烟往楼上窜，窗户不敢打开，衣服晾不出去，炭火味道呛人。",
    "电梯": "本月困人两回，维保单位互相推诿，轿厢异响，高层老人上下楼梯十分吃力。",
}


def messages(*kinds: Iterable[str], people: bool = True) -> list[Message]:
    subjects = [subject for kind in kinds for subject in kind]
    return [
        Message(
            id=str(number),
            requester=f"u{number}" if people else "u",
            subject=subject,
            at=START + timedelta(days=number),
            details=f"{subject}。{details_of(subject)}希望有关部门尽快处理。",
            like=number % 3,
        )
        for number, subject in enumerate(subjects)
    ]


def details_of(subject: str) -> str:
    return next((told for word, told in DETAILS.items() if word in subject), "")


def others(count: int) -> list[str]:
    """Subjects that have nothing to do with each other."""
    rng = random.Random(8)
    return ["".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(12)) for _ in range(count)]


def subjects_of(found: Topics) -> list[set[str]]:
    return [{message.subject for message in topic.messages} for topic in found.topics]


def test_place_and_matter_together_make_a_topic() -> None:
    found = hot_topics(messages(SMOKE, LIFT, SMOKE_ELSEWHERE, ALONE))
    assert sorted(map(sorted, subjects_of(found))) == sorted(
        map(sorted, (SMOKE, LIFT, SMOKE_ELSEWHERE))
    )


def test_the_place_is_named_as_most_messages_name_it() -> None:
    (topic,) = hot_topics(messages(SMOKE, ALONE)).topics
    assert topic.place == "碧水湾小区"
    assert topic.place in topic.name
    assert "炭火味道呛人" in topic.description
    assert (topic.first, topic.last) == (START, START + timedelta(days=3))


def test_an_estate_is_named_though_it_does_not_end_like_a_place() -> None:
    told = ("3期电梯经常坏", "电梯困人", "的电梯谁来修", "高层电梯停运")
    (topic,) = hot_topics(messages([f"江北区枫林帝景{each}" for each in told], ALONE)).topics
    assert topic.place == "枫林帝景"


@pytest.mark.parametrize(
    ("texts", "named", "not_named"),
    [
        (
            ("江北区枫林帝景停电", "江北区枫林帝景停水", "江北区枫林帝景漏水"),
            {"枫林帝景"},
            "林帝景",
        ),
        (("江北区公积金贷款难", "江北区公积金贷款慢"), set(), "公积金贷款"),
        (("反映碧水湾小区漏水", "投诉碧水湾小区停电"), {"碧水湾小区"}, "水湾小区"),
        (("建议绿地花园。", "请问绿地花园！"), {"绿地花园"}, "建议绿地花园"),
        (("桂花街道青藤路漏水", "银杏街道青藤路停电"), {"青藤路"}, "街道青藤路"),
        (("行舟路占道摆摊堵路。", "反映占道摆摊堵路，"), set(), "占道摆摊堵路"),
        (("某有限公司", "这个有限公司"), set(), "有限公司"),
        (
            ("江北区新城国际花都停电", "江北区新城国际花都漏水"),
            {"新城国际花都"},
            "国际花都",
        ),
        (("江北区青藤小区门口设摊", "江北区青藤小区门口设医院"), set(), "青藤小区门口设"),
        (("江北区客运东站到机场", "江北区客运东站到东湖"), set(), "客运东站到"),
        (("咨询配套幼儿园。", "问配套幼儿园！"), set(), "配套幼儿园"),
        (("给老百姓留条路。", "请给老百姓留条路，"), set(), "给老百姓留条路"),
        (("摊位位于青藤路的", "我家位于青藤路，"), set(), "位于青藤路"),
        ((), set(), ""),
    ],
    ids=[
        "no ending",
        "words",
        "an ending",
        "an opening",
        "a street",
        "a deed",
        "no name",
        "known names",
        "more than a place",
        "a word behind",
        "a kind",
        "a plea",
        "a word before",
        "nothing",
    ],
)
def test_names_are_whole(texts: tuple[str, ...], named: set[str], not_named: str) -> None:
    found = place_names(texts, max(2, len(texts)))
    assert set(found) >= named
    assert not_named not in found


def test_a_topic_is_called_by_the_subject_that_says_most_in_few_words() -> None:
    short = "碧水湾小区烧烤油烟扰民"
    long = f"{short}，另外前天去办事等了很久也没有人理"
    (topic,) = hot_topics(messages((*SMOKE, short, long), ALONE)).topics
    assert topic.name == short


@pytest.mark.parametrize(
    "around",
    [
        "尊敬的各级领导：{}",
        "尊敬的李市长，您好！{}，谢谢",
        "领导您好，{}",
        "张书记您好{}",
        "大家好，{}，请回复",
        "市住建局领导：{}",
        "2、{}",
        "联名反映情况尊敬的领导，{}，感谢",
    ],
)
def test_a_description_greets_nobody_and_thanks_nobody(around: str) -> None:
    matter = "碧水湾小区烧烤店的油烟每天晚上直排到楼上，窗户都不敢打开"
    told = [
        Message(str(n), f"u{n}", subject, START, around.format(matter))
        for n, subject in enumerate(SMOKE)
    ]
    (topic,) = hot_topics(told).topics
    assert topic.description == matter


def test_numbers_that_begin_a_sentence_and_belong_to_it_stay() -> None:
    matter = "3.5吨的货车每天夜里从碧水湾小区门口开过，压坏了井盖"
    told = [Message(str(n), f"u{n}", s, START, matter) for n, s in enumerate(SMOKE)]
    assert hot_topics(told).topics[0].description == matter


@pytest.mark.parametrize("before", range(20, 64, 3))
def test_nothing_is_cut_before_it_is_redacted(before: int) -> None:
    """Half a telephone number would be known by nobody, and read by everybody."""
    subject = f"{'碧水湾小区烧烤店油烟扰民' * 9}"[:before] + "13812345678王建国"
    details = f"{'炭火味道呛人，' * 100}"[: 589 + before % 9] + "13812345678"
    told = [Message(str(n), f"u{n}", subject, START, details) for n in range(4)]
    (topic,) = hot_topics(told).topics
    assert "138" not in f"{topic.name}{topic.description}"
    assert len(topic.name) <= 60
    assert topic.name.count("〔") == topic.name.count("〕")


def test_a_subject_without_end_is_told_as_far_as_a_table_has_room() -> None:
    subject = "碧水湾小区烧烤店油烟扰民，" + "油" * 184 + "13812345678" + "油" * 100_000
    told = [Message(str(n), f"u{n}", subject, START) for n in range(4)]
    (first, *_) = message_rows(hot_topics(told))
    assert str(first[2]).endswith("油…")
    assert len(str(first[2])) <= 200


def test_a_person_is_not_taken_for_the_place() -> None:
    told = [
        Message(str(n), f"u{n}", f"江北区王建国师傅{s}", START, f"江北区王建国师傅{s}")
        for n, s in enumerate(("漏水不修", "收钱不修水管", "修水管态度差", "修水管乱收费"))
    ]
    topics = hot_topics(told, Parameters(closeness=0.05)).topics
    assert all("王建国" not in f"{each.place}{each.name}{each.description}" for each in topics)


def test_one_person_writing_often_is_no_hot_topic() -> None:
    assert hot_topics(messages(SMOKE, people=False)).topics == ()
    alone = Parameters(least_requesters=1)
    assert len(hot_topics(messages(SMOKE, people=False), alone).topics) == 1


def test_more_requesters_more_days_more_votes_more_growth_are_hotter() -> None:
    def hot(**changes: object) -> float:
        base: dict[str, object] = {"requester": "a", "at": START, "like": 0, "oppose": 0}
        one = Message(id="1", subject="x", **base)  # type: ignore[arg-type]
        other = Message(id="2", subject="x", **(base | changes))  # type: ignore[arg-type]
        return heat(parts_of([one, other], START + timedelta(days=9), Parameters()))

    assert hot(requester="b") > hot()
    assert hot(at=START + timedelta(days=1)) > hot()
    assert hot(like=5) > hot()
    assert hot(oppose=5) > hot()
    assert hot(at=START + timedelta(days=10)) > hot(at=START + timedelta(days=1))
    assert hot(like=-7) == hot()


def test_one_message_of_long_ago_makes_nothing_else_late() -> None:
    only_growth = Parameters(requesters=0, days=0, support=0, opposition=0)
    ago = Message("old", "old", ALONE[0], START - timedelta(days=3000))
    found = hot_topics([ago, *messages(SMOKE, LIFT, SMOKE_ELSEWHERE)], only_growth)
    growth = {topic.place: topic.heat for topic in found.topics}
    assert growth["松涛苑小区"] == 1.0
    assert min(growth.values()) < 0


def test_heat_follows_its_formula() -> None:
    weights = Parameters(requesters=1, days=0, support=0, opposition=0, growth=0)
    pair = messages(SMOKE[:2])
    assert heat(parts_of(pair, START, weights)) == pytest.approx(1.0986, abs=1e-4)  # ln 3


def test_a_topic_tells_what_its_heat_adds_up_from() -> None:
    (topic,) = hot_topics(messages(SMOKE, ALONE)).topics
    told = {part.name: part for part in topic.parts}
    assert (told["requesters"].value, told["requesters"].weight) == (4, 3.0)
    assert told["requesters"].points == pytest.approx(4.8283, abs=1e-4)  # 3 ln 5
    assert (told["days"].value, told["support"].value, told["growth"].value) == (4, 3, -0.5)
    assert topic.heat == pytest.approx(sum(part.points for part in topic.parts), abs=1e-3)


def test_ranks_run_from_the_hottest_and_the_list_is_cut() -> None:
    found = hot_topics(messages(LIFT, SMOKE, SMOKE_ELSEWHERE), Parameters(most_topics=2))
    assert [topic.rank for topic in found.topics] == [1, 2]
    assert found.topics[0].heat >= found.topics[1].heat
    assert found.found == 3
    assert found.messages == 10


def test_the_order_of_the_messages_does_not_matter() -> None:
    some = messages(SMOKE, LIFT, SMOKE_ELSEWHERE, ALONE)
    shuffled = random.Random(3).sample(some, len(some))
    assert hot_topics(shuffled) == hot_topics(some)


def test_names_descriptions_and_subjects_are_redacted() -> None:
    told = [
        Message(str(n), f"u{n}", f"{s}，请联系13812345678", START, f"{s}，我电话13812345678。")
        for n, s in enumerate(SMOKE)
    ]
    found = hot_topics(told)
    tables = [*topic_rows(found), *message_rows(found)]
    assert found.topics
    assert not any("13812345678" in str(cell) for row in tables for cell in row)
    assert not any(cell == "u1" for row in tables for cell in row)


def test_the_tables_have_the_columns_practice_knows() -> None:
    found = hot_topics(messages(SMOKE, ALONE))
    (topic,) = topic_rows(found)
    assert dict(zip(TOPIC_COLUMNS, topic, strict=True))["from"] == "2025-03-01"
    rows = [dict(zip(MESSAGE_COLUMNS, row, strict=True)) for row in message_rows(found)]
    assert [row["id"] for row in rows] == ["0", "1", "2", "3"]
    assert rows[0]["time"] == "2025-03-01 00:00:00"
    assert {row["topic"] for row in rows} == {1}


@pytest.mark.parametrize(
    "text",
    ["", "的", "😀😀😀", "\ud800", "a" * 100_000, "路" * 100_000, "小区" * 50_000, "ΩЖ"],
    ids=["empty", "one", "emoji", "surrogate", "latin", "han", "places", "foreign"],
)
def test_odd_messages_do_no_harm(text: str) -> None:
    odd = [Message(f"o{n}", f"p{n}", text, START, text, place=text) for n in range(5)]
    found = hot_topics([*odd, *messages(SMOKE)])
    assert set(SMOKE) in subjects_of(found)


def test_english_and_traditional_messages_are_grouped_too() -> None:
    english = [
        "Street lights broken on Elm Street",
        "Broken street lights at Elm Street again",
        "Elm Street: street lights are broken",
    ]
    traditional = ["碧水灣小區樓下燒烤店油煙直排"]
    found = subjects_of(hot_topics(messages(english, SMOKE, traditional, ALONE, ALONE[:1])))
    assert set(english) in found
    assert {*SMOKE, *traditional} in found


def test_a_few_messages_in_english_are_not_one_topic_for_being_english() -> None:
    english = [
        "The lift in our building is out of order again, I look forward to your answer",
        "There is a strong smell of smoke from the restaurant below us, please help",
        "When will the school on Lake Road be open? I look forward to your answer",
        "I was not paid for the work that I did in May, please help",
    ]
    chinese = [*SMOKE, *LIFT, *SMOKE_ELSEWHERE, *ALONE, *others(200)]
    found = subjects_of(hot_topics(messages(chinese, english), Parameters(least_messages=2)))
    assert not any(set(english) & topic for topic in found)
    assert set(SMOKE) in found


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_messages_have_no_topics(count: int) -> None:
    assert hot_topics(messages(SMOKE[:count])).topics == ()


@pytest.mark.parametrize(
    "wrong",
    [{"warmth": 1}, {"closeness": 0}, {"closeness": 2}, {"days": -1}, {"least_messages": 0},
     {"days": float("nan")}, {"most_topics": float("inf")}],
)  # fmt: skip
def test_parameters_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterRefused) as refusal:
        Parameters.of(wrong)
    assert refusal.value.code == "topics.parameter_refused"
    assert next(iter(wrong)) in str(refusal.value)


def test_parameters_come_from_a_programme() -> None:
    assert Parameters.of({"days": 2, "most_topics": 5.0}) == Parameters(days=2.0, most_topics=5)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=25), max_size=12))
def test_every_message_is_in_at_most_one_topic(texts: list[str]) -> None:
    some = [Message(str(n), str(n), text, START, text) for n, text in enumerate(texts)]
    found = hot_topics(some, Parameters(least_messages=2))
    ids = [message.id for topic in found.topics for message in topic.messages]
    assert len(ids) == len(set(ids))


def test_rounds_of_mutual_neighbours_give_mean_linkage() -> None:
    """Against the textbook algorithm on the full matrix."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    rng = numpy.random.default_rng(4)
    for _ in range(20):
        full = numpy.triu(rng.random((30, 30)), 1)
        first, second = numpy.nonzero(full)
        own = groups((first, second, full[first, second]), 30, 0.55)
        tree = linkage(squareform(1 - (full + full.T) - numpy.eye(30), checks=False), "average")
        book = fcluster(tree, 0.45, "distance")
        assert (
            len({(a, b) for a, b in zip(own, book, strict=True)})
            == len(set(own))
            == len(set(book))
        )


def test_a_flood_is_one_topic_even_when_neighbours_are_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A message keeps but its nearest neighbours among many; the pieces are joined again."""
    for module in ("vectors", "likeness", "report"):
        monkeypatch.setattr(f"luoshi.insight.topics.{module}.MANY", 50)
    limits = (("CHUNK", 40), ("CHUNKS_FROM", 1), ("NEIGHBOURS", 10), ("PAIRS", 1))
    for name, value in limits:
        monkeypatch.setattr(f"luoshi.insight.topics.likeness.{name}", value)
    rng = random.Random(8)
    flood = [rng.choice(SMOKE) + rng.choice(("", "！", "，求解决")) for _ in range(400)]
    found = hot_topics(messages(flood, others(1800)))
    assert len(found.topics[0].messages) > 380
    assert set(flood) <= subjects_of(found)[0]


def test_the_pieces_of_a_flood_are_joined_and_nothing_else() -> None:
    here = [f"{s}{end}" for s in SMOKE for end in ("", "！", "，求解决", "，谁来管") * 3]
    there = [subject.replace("碧水湾", "松涛苑") for subject in here]
    both = len(here + there)
    read = vectors(messages(here, there, others(900)))
    pieces = numpy.minimum(numpy.arange(both + 900) // 8, both)
    labels = rejoined(pieces, read, Parameters().closeness)
    assert len(set(labels[: len(here)])) == len(set(labels[len(here) : both])) == 1
    assert labels[0] != labels[both - 1]


def test_small_groups_and_a_single_large_one_are_left_as_they_are() -> None:
    read = vectors(messages(SMOKE, LIFT, ALONE))
    few = numpy.array([0, 0, 0, 0, 1, 1, 1, 2, 3, 4])
    assert rejoined(few, read, 0.12).tolist() == few.tolist()
    assert rejoined(numpy.zeros(10, numpy.int64), read, 0.12).tolist() == [0] * 10


def test_likeness_is_bounded_and_pairs_are_ordered() -> None:
    some = messages(SMOKE, LIFT, SMOKE_ELSEWHERE, ALONE)
    first, second, score = alike_pairs(vectors(some))
    assert (first < second).all()
    assert ((score > 0) & (score <= 1.0 + 1e-6)).all()


def test_a_programme_may_say_all_that_the_search_reads_and_nothing_else() -> None:
    assert set(HEAT.keys) == {field.name for field in fields(Parameters)}
    for name, key in HEAT.keys.items():
        default = getattr(Parameters(), name)
        assert f"({default:g})" in key.says


def test_an_address_kept_apart_makes_no_topic_of_different_matters() -> None:
    subjects = (
        "图书馆关门太早",
        "楼上漏水不肯修",
        "路边垃圾成堆",
        "自来水发黄",
        "宽带经常掉线",
        "公交等半个多小时不来",
    )
    address = "听雨镇长堤路梧桐家园附近"
    others = (f"咨询第{number}批补贴何时发放" for number in range(40))
    own = [
        Message(f"m{n}", f"r{n}", subject, START + timedelta(hours=n), place=address)
        for n, subject in enumerate(subjects)
    ]
    found = hot_topics([*own, *(m for m in messages(others))])
    together = [sum(m.place == address for m in topic.messages) for topic in found.topics]
    assert max(together, default=0) <= 1


FORM = ("路灯不亮", "夜间一片漆黑，行人出行存在安全隐患，请派人维修。")
ROADS = ("松涛路", "青藤街", "望江大道", "桂影巷", "石榴路", "芦笛街", "云帆路", "碧水湾小区")


@pytest.mark.parametrize("apart", [False, True], ids=["in the text", "kept apart"])
def test_one_form_filled_in_for_many_roads_is_a_topic_of_each_road(*, apart: bool) -> None:
    subject, told = FORM
    filled = [
        Message(
            f"{road}{n}",
            f"{road}{n}",
            subject if apart else f"{road}{subject}",
            START + timedelta(hours=n),
            told if apart else f"{road}{told}",
            place=road if apart else "",
        )
        for road in ROADS
        for n in range(1 if road == ROADS[0] else 4)
    ]
    found = hot_topics([*filled, *messages(others(900))])
    places = [{message.id[:-1] for message in topic.messages} for topic in found.topics]
    assert sorted(map(sorted, places)) == sorted([road] for road in ROADS[1:])


@pytest.mark.parametrize("other", ["碧水弯小区", "碧水湾花园", "碧水湾"])
def test_a_place_under_two_spellings_is_one_place(other: str) -> None:
    told = ("{}烧烤店烟气熏得睡不着", "{}夜宵摊油烟大", "楼下烧烤油烟不断，{}没人管")
    again = tuple(subject.format(other) for subject in told)
    found = subjects_of(hot_topics(messages(SMOKE, again, SMOKE_ELSEWHERE, others(900))))
    assert {*SMOKE, *again} in found
    assert set(SMOKE_ELSEWHERE) in found


def test_where_the_place_is_kept_apart_the_text_names_none() -> None:
    told = ("占道摆摊堵路", "流动摊贩占道摆摊堵路", "摆摊堵路没人管")
    places = ("松涛镇友邻路", "桂影镇纸鸢街", "石榴乡听雨巷")
    stalls = [
        Message(f"{place}{n}", f"{place}{n}", text, START + timedelta(hours=n), place=place)
        for place in places
        for n, text in enumerate(told)
    ]
    found = hot_topics([*stalls, *messages(others(900))])
    together = [{message.place for message in topic.messages} for topic in found.topics]
    assert sorted(together, key=str) == sorted(({place} for place in places), key=str)
