"""Urgency: what a person must see at once, and what only sounds like it."""

import time

import pytest

from luoshi.insight.triage.urgency import urgency


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        pytest.param("我家楼道里闻到很重的煤气味，怎么办", "gas", "119", id="smell of gas"),
        pytest.param("天然气管道被挖断，正在泄漏", "gas", "119", id="gas leak"),
        pytest.param("樓下著火了，濃煙滾滾", "fire", "119", id="fire, traditional characters"),
        pytest.param("电动车自燃，已经冒浓烟", "fire", "119", id="smoke"),
        pytest.param("救命！老人昏倒在路边没有呼吸", "life", "120", id="no breath"),
        pytest.param("我活不下去了，没有人管", "life", "120", id="despair"),
        pytest.param("站在楼顶要跳楼", "life", "120", id="about to jump"),
        pytest.param(
            "独居老人敲门没人应，三天没出来了", "life", "110", id="elder does not answer"
        ),
        pytest.param("一个小孩独自在路边哭", "child", "110", id="child alone"),
        pytest.param("孩子被锁在车里了", "child", "110", id="child locked in a car"),
        pytest.param("我女儿走失，孩子不见了", "child", "110", id="child missing"),
        pytest.param("邻居正在殴打他老婆，还拿着菜刀", "violence", "110", id="violence"),
        pytest.param("高压线断了落在地上", "electric", "120", id="wire on the ground"),
        pytest.param("电梯困人了，快来", "collapse", "119", id="stuck in a lift"),
        pytest.param("有老人掉进窨井", "collapse", "119", id="fell into a manhole"),
        pytest.param("洪水没过窗户，一家人被困", "flood", "119", id="flood"),
        pytest.param("路口发生车祸，有人受伤流血", "traffic", "122", id="crash"),
        pytest.param("学生食物中毒，全班上吐下泻", "poison", "120", id="poisoning"),
        pytest.param("There is a gas leak in building 5", "gas", "119", id="english"),
        pytest.param("Strong gas smell on the stairs", "gas", "119", id="smell, in English"),
        pytest.param("My child is home alone and afraid", "child", "110", id="alone, in English"),
        pytest.param("Our son has gone missing at the fair", "child", "110", id="missing son"),
        pytest.param("Fire! The kitchen is burning!", "fire", "119", id="fire, in English"),
        pytest.param("She collapsed and does not wake up", "life", "120", id="does not wake up"),
        pytest.param("A man fell from the third floor", "life", "120", id="fall, in English"),
        pytest.param("A wire is down and sparking", "electric", "120", id="wire, in English"),
        pytest.param("We are trapped in the lift", "collapse", "119", id="lift, in English"),
        pytest.param("Car accident, two people injured", "traffic", "122", id="in English, crash"),
        pytest.param("He swallowed pesticide", "poison", "120", id="poison, in English"),
    ],
)
def test_danger_is_seen_and_handed_over(text: str, kind: str, number: str) -> None:
    signs = urgency(text)

    assert kind in {sign.kind for sign in signs}
    assert number in {number for sign in signs for number in sign.numbers}
    assert all(text[sign.start : sign.end] == sign.words for sign in signs)
    assert all({"zh-Hans", "en"} <= sign.advice.keys() for sign in signs)


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了三天没有人修",
        "燃气开户费太贵，请问收费标准",
        "社区组织消防演练，火光很大",
        "小区消防通道被占，一旦着火后果严重",
        "希望学校开展防溺水宣传",
        "家暴知识讲座什么时候开？",
        "去年我家着火，保险还没赔",
        "孩子上学户口怎么办",
        "这里容易撞到人，请装红绿灯，经常有事故隐患",
        "There is no fire extinguisher, and the fire lane is blocked",
        "My son lost his insurance card; the girl lost her bag",
        "The child is missing a vaccination",
        "Please inspect the gas meter of the house",
        "Our car was in an accident last year",
        "",
        "🔥🔥🔥",
    ],
)
def test_what_only_sounds_urgent_is_left_alone(text: str) -> None:
    assert urgency(text) == ()


@pytest.mark.parametrize("piece", ["孩子", "燃气", "被", "救", "水", "要", "accident "])
def test_long_texts_take_bounded_time(piece: str) -> None:
    began = time.process_time()

    urgency(piece * 50_000)

    assert time.process_time() - began < 3
