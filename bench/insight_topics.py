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
import json
import math
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from zlib import crc32

from bench.goal import Goal
from bench.insight_similar import MATTERS, SYLLABLES
from luoshi.insight.topics import Message, Topics, hot_topics

START = datetime(2025, 1, 1)  # noqa: DTZ001 - only differences matter
READ_BY_HAND = Path(__file__).with_name("matters.csv")
TOP = 10
ENDINGS = ("小区", "花园", "苑", "村", "路", "广场", "公园", "学校")
OPENINGS = ("尊敬的领导：", "您好，", "请问，", "我是住户，", "", "", "市民反映：")
CHARACTERS = [chr(point) for point in range(0x4E00, 0x5E00)]


def goals(data: Path) -> Iterator[Goal]:
    """Time and agreement on the messages of one period."""
    read = real(data)
    began = time.process_time()
    found = hot_topics(read)
    took = time.process_time() - began
    name = f"hot topics: {len(read):,} messages, s"
    yield Goal(name, took, 30, at_least=False, note="processor time")
    matters = matters_of(read)
    known = [best_match(each, found) for each in matters]
    by = f"{len(matters)} matters read and grouped by one person"
    largest = [each.f1 for each in known[:TOP]]
    yield Goal(f"hot topics: pairwise F1, {TOP} largest matters", mean(largest), 0.8, note=by)
    yield Goal("hot topics: pairwise F1, mean of all matters", mean(m.f1 for m in known), note=by)
    yield Goal("hot topics: F1 of all their pairs", pooled(known), 0.8, note=by)


def real(data: Path) -> list[Message]:
    """The real messages of one period."""
    with gzip.open(data / "messages" / "period_4326.csv.gz", "rt", encoding="utf-8") as file:
        return [_real(row) for row in csv.DictReader(file)]


def matters_of(messages: list[Message]) -> list[set[str]]:
    """Which of *messages* one reader took for one matter; the largest matter first.

    The file holds check sums of the keys of messages, for the messages are not ours to give.
    """
    by_sum = {f"{crc32(message.id.encode()):08x}": message.id for message in messages}
    matters: dict[str, set[str]] = {}
    with READ_BY_HAND.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["message"] in by_sum:
                matters.setdefault(row["matter"], set()).add(by_sum[row["message"]])
    return sorted(matters.values(), key=len, reverse=True)


@dataclass(frozen=True)
class Match:
    """A matter and the topic most like it, as numbers of pairs of messages."""

    both: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def f1(self) -> float:
        """Pairwise F1."""
        return 2 * self.both / max(self.found + self.wanted, 1)


def best_match(matter: set[str], found: Topics) -> Match:
    """The topic that agrees best with *matter*; no pair found if there is none."""
    wanted = math.comb(len(matter), 2)
    matches = (
        Match(
            math.comb(sum(message.id in matter for message in topic.messages), 2),
            math.comb(len(topic.messages), 2),
            wanted,
        )
        for topic in found.topics
    )
    best = max(matches, key=lambda match: match.f1, default=Match())
    return best if best.both else Match(wanted=wanted)


def pooled(known: list[Match]) -> float:
    """F1 of the pairs of all matters together."""
    sums = [sum(getattr(each, name) for each in known) for name in ("both", "found", "wanted")]
    return Match(*sums).f1


def speed(count: int) -> dict[str, float]:
    """Seconds taken for *count* invented messages, peak memory, F1 of the events among them."""
    messages, event_of = invented(count)
    began, spent = time.perf_counter(), time.process_time()
    found = hot_topics(messages)
    wall, processor = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    quality = f1(found, event_of)
    largest = max((len(topic.messages) for topic in found.topics), default=0)
    print(f"{count:,} messages: {wall:.0f} s, processor {processor:.0f} s, peak {peak:.2f} GiB")
    print(f"  {found.found:,} topics, largest {largest:,} messages; events: F1 {quality:.3f}")
    return {"wall": wall, "processor": processor, "peak": peak, "f1": quality}


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
    found = hot_topics(real(data))
    print(f"{found.messages} messages, {found.found} topics")
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
        told = speed(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
        if "--json" in sys.argv:
            Path(sys.argv[-1]).write_text(json.dumps(told), "utf-8")
