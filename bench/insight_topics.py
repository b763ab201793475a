"""Hot topics of a period: time and memory, and agreement with groups made by reading.

    python -m bench.insight_topics speed [MESSAGES]
    python -m bench.insight_topics places
    python -m bench.insight_topics look DATA      # folder with messages/period_4326.csv.gz

``speed`` invents messages (``topics_invented``), among them floods of thousands about one matter,
and checks that the matters are found again: pairwise F1 over the messages of the hottest topics.
``places`` tries how places are told apart and recognised (``topics_places``).
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean
from zlib import crc32

from bench.goal import Goal
from bench.topics_invented import invented
from bench.topics_places import Set, forms, spellings
from luoshi.insight.topics import Message, Parameters, Topics, hot_topics

READ_BY_HAND = Path(__file__).with_name("matters.csv")
TOP = 10
FLOODS = (5_000, 1_000, 300)
"""Messages about one matter, invented."""


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
    """Seconds taken for *count* invented messages, peak memory, F1 of the matters among them."""
    messages, matter_of = invented(count, FLOODS)
    began, spent = time.perf_counter(), time.process_time()
    found = hot_topics(messages)
    wall, processor = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    quality = f1(found, matter_of)
    print(f"{count:,} messages: {wall:.0f} s, processor {processor:.0f} s, peak {peak:.2f} GiB")
    print(f"  {found.found:,} topics; F1 of the matters: {quality:.3f}")
    for flood, size in enumerate(FLOODS):
        print(f"  a flood of {size:,}, in pieces: {pieces(found, matter_of, flood)}")
    return {"wall": wall, "processor": processor, "peak": peak, "f1": quality}


def pieces(found: Topics, matter_of: dict[str, int], flood: int) -> list[int]:
    """How many messages of *flood* each topic has that has any, the most first."""
    counts = (
        sum(matter_of[message.id] == flood for message in topic.messages) for topic in found.topics
    )
    return sorted((count for count in counts if count), reverse=True)


def f1(found: Topics, matter_of: dict[str, int]) -> float:
    """Pairwise F1 of the topics in the table, against the matters they are about."""
    sizes = Counter(matter_of.values())
    matches = []
    for topic in found.topics:
        matters = Counter(matter_of[message.id] for message in topic.messages)
        matter, most = matters.most_common(1)[0]
        pairs = (math.comb(each, 2) for each in (most, len(topic.messages), sizes[matter]))
        matches.append(Match(*pairs))
    return pooled(matches)


def places(count: int = 2_500) -> Iterator[Goal]:
    """Agreement on messages in which all hangs on the place."""
    kinds: dict[str, Set] = {
        "one form, the place in the text": forms(count, apart=False),
        "one form, the place kept apart": forms(count, apart=True),
        "a place under several spellings": spellings(count),
    }
    for name, (messages, matter_of) in kinds.items():
        every = Parameters(least_messages=2, least_requesters=1, most_topics=count)
        match = of_pairs(hot_topics(messages, every), matter_of)
        shares = match.both / max(match.found, 1), match.both / max(match.wanted, 1)
        note = "precision {:.2f}, recall {:.2f}; invented".format(*shares)
        yield Goal(f"hot topics: {name}, F1 of all pairs", match.f1, note=note)


def of_pairs(found: Topics, matter_of: dict[str, int]) -> Match:
    """All pairs in topics against all pairs of matters."""
    topics = [Counter(matter_of[m.id] for m in topic.messages) for topic in found.topics]
    both = sum(math.comb(n, 2) for counts in topics for n in counts.values())
    together = sum(math.comb(counts.total(), 2) for counts in topics)
    return Match(
        both, together, sum(math.comb(n, 2) for n in Counter(matter_of.values()).values())
    )


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
    elif sys.argv[1] == "places":
        for goal in places():
            print(f"{goal.work:66} {goal.value:6.3f}  {goal.note}")
    else:
        told = speed(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
        if "--json" in sys.argv:
            Path(sys.argv[-1]).write_text(json.dumps(told), "utf-8")
