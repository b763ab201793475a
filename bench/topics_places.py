"""Invented messages that try the place: one form for many places, many names of one place.

    python -m bench.insight_topics places

*Forms*: operators write the same sentence of every road; only the place tells the matters apart.
*Spellings*: one place with and without its ending, with another ending, with its area, and with
one character that sounds like the right one; its neighbours have names of the same syllables.
"""

from __future__ import annotations

import random
from datetime import timedelta

from bench.insight_similar import SYLLABLES
from bench.topics_invented import AREAS, DAYS, START, Wording, message_of, wordings
from luoshi.insight.topics import Message

Set = tuple[list[Message], dict[str, int]]

FORMS = (
    ("{p}路灯不亮", "{p}路段有数盏路灯不亮，夜间行人出行存在安全隐患，请派人维修。"),
    ("{p}井盖破损", "市民反映：{p}有一处井盖破损，过往车辆颠簸严重，请尽快更换。"),
    ("共享单车乱停放", "来电人称，{p}人行道上共享单车乱停放，影响行人通行，要求城管部门处理。"),
    ("占道经营问题", "来电人反映{p}每天早晚有流动摊贩占道经营，堵塞交通，诉求：请城管部门清理。"),
    ("反映{p}绿化带垃圾无人清理", "{p}绿化带内垃圾堆积多日无人清理，气味难闻，请环卫部门处理。"),
    ("暖气不热", "来电人反映其住在{p}，家中暖气不热，室内温度只有十四度，要求供热公司处理。"),
)
ROADS = ("路", "街", "大道", "小区", "花园", "巷")
ESTATES = ("小区", "花园", "苑", "家园", "城", "府", "广场")
OTHERS = ("公园", "路", "大道", "村", "小学")
SOUNDS = (
    *("丽李里理立", "新欣鑫馨", "成城诚承", "江将姜疆", "万湾宛", "天添田", "龙隆珑", "明名铭"),
    *("福富孚", "云芸运", "华桦花", "金锦今", "安鞍", "宝保堡", "东冬", "光广", "贵桂", "海"),
    *("和合荷禾", "弘宏洪恒", "汇惠慧", "吉集", "嘉佳家", "建健", "景警", "平坪萍", "启祺"),
)
"""Characters of names that sound alike, or nearly."""


def forms(count: int, *, apart: bool) -> Set:
    """About *count* messages on few forms, the place in the text or kept apart."""
    rng = random.Random(6)
    messages: list[Message] = []
    matter_of: dict[str, int] = {}
    for matter in range(count):
        if len(messages) >= count:
            break
        subject, told = rng.choice(FORMS)
        place, said = _road(rng), "此处" if apart else ""
        for _ in range(rng.choice((1, 1, 1, 3, 5, 8))):
            number = len(messages)
            named = subject.format(p="" if apart else place)
            details, kept = told.format(p=said or place), place if apart else ""
            at = START + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
            messages.append(Message(f"{number}", f"u{number}", named, at, details, place=kept))
            matter_of[f"{number}"] = matter
    return messages, matter_of


def spellings(count: int) -> Set:
    """About *count* messages, each matter's place under several names."""
    rng = random.Random(5)
    small, _, anybody = wordings()
    messages: list[Message] = []
    matter_of: dict[str, int] = {}
    for matter in range(count):
        if len(messages) >= count:
            break
        own, area = rng.choice(small), rng.choice(AREAS)
        worded = Wording(own.subject, own.told, _names(rng, area), [area])
        for _ in range(rng.choice((*[1] * 6, 4, 6, 8, 12, 16))):
            at = START + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
            messages.append(message_of(rng, str(len(messages)), worded, at, anybody))
            matter_of[messages[-1].id] = matter
    return messages, matter_of


def _road(rng: random.Random) -> str:
    name = "".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3)))) + rng.choice(ROADS)
    town = "".join(rng.choices(SYLLABLES, k=2)) + rng.choice(("街道", "镇"))
    number = f"{rng.randrange(1, 300)}号" if rng.random() < 0.3 else ""
    return rng.choice((town, "")) + name + number


def _names(rng: random.Random, area: str) -> list[str]:
    """The right name most often, then how else people call it or write it."""
    name = "".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4))))
    end = rng.choice(ESTATES + OTHERS)
    names = [f"{name}{end}", f"{name}{end}", f"{area}{name}{end}"]
    if end in ESTATES:
        names += [name, f"{name}小区", f"{name}社区"]
    at = rng.randrange(len(name))
    alike = next((group for group in SOUNDS if name[at] in group), name[at]).replace(name[at], "")
    wrong = [f"{name[:at]}{other}{name[at + 1 :]}{end}" for other in alike]
    return names + rng.sample(wrong, min(1, len(wrong))) * 2
