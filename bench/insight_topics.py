"""Hot topics of a period: time and memory, and agreement with groups made by reading.

    python -m bench.insight_topics speed [MESSAGES]
    python -m bench.insight_topics look DATA      # folder with messages/period_4326.csv.gz

``speed`` invents messages: most belong to events (one place, one matter; a few events have
thousands of messages, most have few), the others stand alone, each with other words around. It
checks that the events are found again: pairwise F1 over the messages of the hottest topics.
"""

from __future__ import annotations

import csv
import gzip
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bench.figure import Figure
from bench.insight_similar import MATTERS, SYLLABLES
from luoshi.insight.topics import Message, Topics, hot_topics

START = datetime(2025, 1, 1)  # noqa: DTZ001 - only differences matter
SIZES = ((4_326, 30.0), (1_000_000, 900.0))
MEMORY_GIB = 8.0
ENDINGS = ("小区", "花园", "苑", "村", "路", "广场", "公园", "学校")
OPENINGS = ("尊敬的领导：", "您好，", "请问，", "我是住户，", "", "", "市民反映：")
CHARACTERS = [chr(point) for point in range(0x4E00, 0x5E00)]


def figures() -> Iterator[Figure]:
    """The figures for the table of ``python -m bench``."""
    for count, limit in SIZES:
        took, _ = speed(count)
        yield Figure(f"hot topics of {count:,} messages", took, "s", f"{limit:.0f} s", limit, 1.0)


def speed(count: int) -> tuple[float, float]:
    """Seconds taken for *count* invented messages, and the F1 of the events among the hottest."""
    messages, event_of = invented(count)
    began = time.perf_counter()
    found = hot_topics(messages)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    quality = f1(found, event_of)
    largest = max((len(topic.messages) for topic in found.topics), default=0)
    print(f"{count:,} messages: {took:.1f} s, peak {peak:.2f} GiB, {found.found:,} topics")
    print(f"  largest {largest:,} messages; events found again: F1 {quality:.3f}")
    return took, quality


def invented(count: int) -> tuple[list[Message], dict[str, int]]:
    """Messages, and the event of each that belongs to one."""
    rng = random.Random(11)
    messages, event_of = [], {}
    event, left, place, matter = 0, 0, "", ""
    while len(messages) < count:
        if not left:
            event += 1
            left = max(1, int(3 / rng.random() ** 0.9)) if rng.random() < 0.2 else 1
            left = min(left, 5000)
            size, place, matter = left, _place(rng), rng.choice(MATTERS)
        key = str(len(messages))
        if size > 1:
            event_of[key] = event
        messages.append(_message(rng, key, place, matter))
        left -= 1
    return messages, event_of


def _place(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=4)) + rng.choice(ENDINGS)


def _message(rng: random.Random, key: str, place: str, matter: str) -> Message:
    parts = matter.split("，")
    rng.shuffle(parts)
    chatter = "".join(rng.choices(CHARACTERS, weights=_weights(), k=rng.randrange(10, 120)))
    return Message(
        id=key,
        requester=f"u{rng.randrange(10**6)}",
        subject=f"{rng.choice(('投诉', '反映', '关于', ''))}{place}{parts[0]}",
        at=START + timedelta(minutes=rng.randrange(500_000)),
        details=f"{rng.choice(OPENINGS)}{place}{'，'.join(parts)}。{chatter}",
        like=int(rng.paretovariate(1.2)) - 1,
    )


def _weights(cache: list[float] = []) -> list[float]:  # noqa: B006 - made once
    """Some characters are common, most are rare."""
    cache.extend(1 / (1 + rank) for rank in range(len(cache), len(CHARACTERS)))
    return cache


def f1(found: Topics, event_of: dict[str, int]) -> float:
    """Pairwise F1 of the topics that are named, against the events they are about."""
    right = together = wanted = 0.0
    sizes = Counter(event_of.values())
    for topic in found.topics:
        events = Counter(event_of.get(message.id, -1) for message in topic.messages)
        event, most = events.most_common(1)[0]
        right += most * (most - 1) / 2 if event != -1 else 0
        together += len(topic.messages) * (len(topic.messages) - 1) / 2
        wanted += sizes[event] * (sizes[event] - 1) / 2
    return 2 * right / max(together + wanted, 1)


def look(data: Path) -> None:
    """Print the hottest topics of the real messages, to be read."""
    with gzip.open(data / "messages" / "period_4326.csv.gz", "rt", encoding="utf-8") as file:
        messages = [_real(row) for row in csv.DictReader(file)]
    began = time.perf_counter()
    found = hot_topics(messages)
    print(f"{found.messages} messages, {found.found} topics, {time.perf_counter() - began:.1f} s")
    for topic in found.topics[:25]:
        size = f"{len(topic.messages)} messages, {topic.requesters} requesters"
        print(f"{topic.rank:3} {topic.heat:7.3f} {size:32} {topic.place} | {topic.name}")


def _real(row: dict[str, str]) -> Message:
    return Message(
        row["id"], row["user"], row["subject"], datetime.fromisoformat(row["time"]),
        row["details"], int(row["like"]), int(row["oppose"]),
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "look":
        look(Path(sys.argv[2]))
    else:
        speed(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
