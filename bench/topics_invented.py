"""Invented messages of a city: small matters all over the place, and floods about one matter.

Everybody words it differently: one of several subjects and of several names of the place, some
sentences about the matter, some that anybody might write (``topic_wordings.csv``).
"""

from __future__ import annotations

import csv
import itertools
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.insight_similar import SYLLABLES
from luoshi.insight.topics import Message

WORDINGS = Path(__file__).with_name("topic_wordings.csv")
START = datetime(2025, 1, 1)  # noqa: DTZ001 - only differences matter
DAYS = 60
LARGEST = 300
"""Messages of the largest matter that is no flood."""
ALONE = 0.75
"""Share of the matters that one single message is about."""
ENDINGS = (
    *("小区", "花园", "苑", "村", "路", "广场", "公园"),
    *("小学", "家园", "大道", "社区", "城", "府", "郡"),
)
AREAS = ("城东区", "江北区", "高新区", "南湖区", "开发区", "临河县", "滨海区", "西塘区")
OPENINGS = ("尊敬的领导：您好！", "您好，", "领导好，", "", "", "我是一名普通市民，")
CLOSINGS = ("希望有关部门尽快处理。", "请给个说法。", "盼回复，谢谢！", "", "", "恳请督促整改。")
TITLES = (
    *("{place}{matter}", "反映{place}{matter}的问题", "投诉{place}{matter}"),
    *("{place}{matter}，请处理", "请解决{place}{matter}问题", "{matter}，{place}谁来管？"),
)


@dataclass
class Wording:
    """How a matter is put: subjects and sentences; for a flood also its place and its area."""

    subject: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    place: list[str] = field(default_factory=list)
    area: list[str] = field(default_factory=list)


def wordings() -> tuple[list[Wording], list[Wording], list[str]]:
    """Small matters, floods, and sentences that anybody might write."""
    every: dict[str, Wording] = {}
    with WORDINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            getattr(every.setdefault(row["matter"], Wording()), row["part"]).append(row["text"])
    anybody = every.pop("").told
    small = [wording for wording in every.values() if not wording.place]
    return small, [wording for wording in every.values() if wording.place], anybody


def invented(count: int, floods: tuple[int, ...]) -> tuple[list[Message], dict[str, int]]:
    """*count* messages, floods of the given sizes first; key of a message → its matter."""
    rng = random.Random(11)
    small, large, anybody = wordings()
    messages: list[Message] = []
    matter_of: dict[str, int] = {}
    for matter in itertools.count():
        if len(messages) >= count:
            break
        if matter < len(floods):
            size, wording = floods[matter], large[matter]
        else:
            few = min(LARGEST, max(2, int(2 / rng.random() ** 0.8)))
            size, wording = 1 if rng.random() < ALONE else few, _placed(rng, rng.choice(small))
        begin = START + timedelta(days=rng.randrange(300))
        for _ in range(min(size, count - len(messages))):
            at = begin + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
            message = message_of(rng, str(len(messages)), wording, at, anybody)
            messages.append(message)
            matter_of[message.id] = matter
    return messages, matter_of


def _placed(rng: random.Random, matter: Wording) -> Wording:
    name = "".join(rng.choices(SYLLABLES, k=rng.choice((3, 4)))) + rng.choice(ENDINGS)
    return Wording(matter.subject, matter.told, [name], [rng.choice(AREAS)])


def message_of(
    rng: random.Random, key: str, wording: Wording, at: datetime, anybody: list[str]
) -> Message:
    """One message in the words of *wording*, among them some of *anybody*."""
    place, area = rng.choice(wording.place), wording.area[0]
    sentences = rng.sample(wording.told, rng.randrange(1, 4))
    sentences += rng.sample(anybody, rng.randrange(4))
    rng.shuffle(sentences)
    begin = rng.choice(OPENINGS) + rng.choice((f"我住在{place}，", f"{area}{place}"))
    told = "，".join((rng.choice(wording.subject), *sentences))
    return Message(
        id=key,
        requester=f"u{rng.randrange(10**6)}",
        subject=rng.choice(TITLES).format(place=place, matter=rng.choice(wording.subject)),
        at=at,
        details=f"{begin}{told}。{rng.choice(CLOSINGS)}",
        like=int(rng.paretovariate(1.2)) - 1,
    )
