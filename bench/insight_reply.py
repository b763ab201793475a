"""Hints on answers: do they see what is missing, and are they silent where nothing is?

    python -m bench.insight_reply DATA     # folder with messages/replies_2816.csv.gz

*Foreign answers*: to every second request with an answer of 150 characters or more its own answer
and one to another request: how many points are hinted at as not answered? No labels are needed.

*Planted defects*: the defect is planted into real answers that the check is silent about. For
what is cut out (contact, date …) this only shows that the check is connected, since the same
signs are cut that it looks for.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.goal import Goal
from luoshi.insight.reply import hints
from luoshi.insight.reply.sentences import points
from luoshi.insight.reply.signs import BASIS, CONTACT, DATE, GREETING, THANKS, UNIT

Pair = tuple[str, str]
LONG = 150


def main(data: Path) -> None:
    """Print the goals, and the share of planted defects."""
    for goal in goals(data):
        print(f"{goal.work:50} {goal.value:8.3f}  {goal.note}")
    planted(read(data))


def goals(data: Path) -> Iterator[Goal]:
    """What the protocol without labels gives, and the time of one answer."""
    pairs = read(data)
    began = time.process_time()
    for request, reply in pairs:
        hints(request, reply)
    took = (time.process_time() - began) / len(pairs) * 1000
    yield Goal("answers: one answer, ms", took, note="processor time")
    asked, own, other = foreign(pairs)
    note = f"{asked} points of requests"
    yield Goal("answers: points hinted at, own answer", own, at_least=False, note=note)
    yield Goal("answers: points hinted at, answer to another", other, note=note)
    yield Goal("answers: other over own", other / own, note="the more the better told apart")


def read(data: Path) -> list[Pair]:
    """Requests with the answers that were given."""
    with gzip.open(data / "messages" / "replies_2816.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(f"{row['subject']}\n{row['details']}", row["reply"]) for row in rows]


def foreign(pairs: list[Pair]) -> tuple[int, float, float]:
    """Points asked; share hinted at under the own answer, and under that to another request."""
    rng = random.Random(1)
    long = [pair for pair in pairs if len(pair[1]) >= LONG][::2]
    asked = own = other = 0
    for request, reply in long:
        asked += len(points(request))
        own += count("reply.point_not_answered", request, reply)
        other += count("reply.point_not_answered", request, rng.choice(long)[1])
    return asked, own / asked, other / asked


def planted(pairs: list[Pair]) -> None:
    """Share of planted defects that are seen."""
    rng = random.Random(2)
    for code, plant in DEFECTS.items():
        whole = [p for p in pairs if len(p[1]) >= LONG and not count(code, *p)]
        sample = rng.sample(whole, min(300, len(whole)))
        seen = sum(count(code, request, plant(reply)) > 0 for request, reply in sample)
        print(f"{code:26} seen {seen / len(sample):.3f} of {len(sample)}")


def count(code: str, request: str, reply: str) -> int:
    """How often *code* is hinted at."""
    return sum(hint.code == code for hint in hints(request, reply))


def without(sign: re.Pattern[str]) -> Callable[[str], str]:
    """Cut out everything that *sign* finds, again and again."""

    def cut(reply: str) -> str:
        before = ""
        while before != reply:
            before, reply = reply, sign.sub("", reply)
        return reply

    return cut


DEFECTS: dict[str, Callable[[str], str]] = {
    "reply.no_contact": without(CONTACT),
    "reply.no_date": without(DATE),
    "reply.no_unit": without(UNIT),
    "reply.no_courtesy": lambda reply: without(THANKS)(without(GREETING)(reply)),
    "reply.no_basis": lambda reply: without(BASIS)(reply) + "该事项不属于补助范围。",
    "reply.only_forwarded": lambda _: "您好！您反映的问题已转相关部门处理，感谢您的关注！",
    "reply.no_action": lambda _: "您好！情况我们知道了，会放在心上。",
    "reply.personal": lambda reply: f"{reply}业主张伟平手机13812345678。",
    "reply.unfilled": lambda reply: f"{reply}请到XXX办理。",
    "reply.harsh": lambda reply: f"{reply}请不要再无理取闹。",
    "reply.vague_promise": lambda reply: f"{reply}。我们将尽快处理。",
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
