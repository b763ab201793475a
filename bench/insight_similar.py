"""Same matter again: time and memory at 1 000 000 open cases, and what staff's marks say.

    python -m bench.insight_similar speed [CASES]
    python -m bench.insight_similar marks DATA     # folder with boston311/ and pairs/
    python -m bench.insight_similar areas DATA     # where points are missing

``speed`` makes Chinese messages with addresses and points (a city of 30 × 30 km, 5 % of them on
one default point; of a fifth only the community is known), asks while cases come and go, and
prints percentiles. ``marks`` replays the half year in the order of opening: a case can be found
from the moment it is opened until 30 days after it is closed. ``areas`` does so as if less were
known of where. Weights and limits come from other pairs (see ``similar/weights.py``).
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import random
import re
import resource
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import parquet

from luoshi.insight.similar import Index, Item, Wording

START = datetime(2025, 1, 1)  # noqa: DTZ001 - only differences matter
KEPT = timedelta(days=30)


def speed(cases: int) -> dict[str, float]:
    """Fill an index, then ask, add and remove in turn: milliseconds (p99) and GiB.

    Times are the processor's: what others do on the machine is not counted.
    """
    rng = random.Random(7)
    began = time.process_time()
    index = Index(message(rng, number) for number in range(cases))
    print(f"filled with {len(index):,} cases in {time.process_time() - began:.0f} s")
    took: dict[str, list[float]] = {"candidates": [], "add": [], "remove": []}
    for step in range(4000):
        item = message(rng, cases + step)
        took["candidates"].append(timed(index.candidates, item))
        took["add"].append(timed(index.add, item))
        took["remove"].append(timed(index.remove, str(rng.randrange(cases + step))))
    for name, times in took.items():
        p50, p99, top = np.percentile(times, [50, 99, 100]) * 1000
        print(f"{name:10}  p50 {p50:7.2f} ms  p99 {p99:7.2f} ms  max {top:7.2f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"arrays {index.memory / 2**30:.2f} GiB, process at its peak {peak:.2f} GiB")
    p99s = {name: float(np.percentile(times, 99)) * 1000 for name, times in took.items()}
    return p99s | {"arrays": index.memory / 2**30, "peak": peak}


def timed(act, argument) -> float:  # noqa: ANN001
    """Seconds of processor time that one call took."""
    began = time.thread_time()
    act(argument)
    return time.thread_time() - began


SYLLABLES = (
    "安宝昌成春德东丰福光贵海和恒弘华汇吉嘉建江金锦景康丽"
    "龙隆明南宁平启庆荣瑞盛泰天同万旺西祥新兴雅阳永裕远云"
)
MATTERS = (
    "路灯不亮，晚上看不清路，老人小孩出门很不安全",
    "下水道堵塞，污水溢出到路面，气味难闻",
    "工地夜间施工到凌晨，噪音很大，影响孩子休息",
    "楼下烧烤店油烟直排，开窗就是油烟味",
    "物业不作为，电梯经常坏，多次反映没有结果",
    "垃圾没有及时清运，堆在小区门口",
    "路面坑洼不平，雨天积水，车辆难行",
    "公交车等候时间太长，希望增加班次",
    "停车收费不合理，没有公示收费标准",
    "自来水发黄有异味，不敢饮用",
)
PHRASES = (
    *(
        "请",
        "有关",
        "部门",
        "尽快",
        "处理",
        "谢谢",
        "已经",
        "打过",
        "电话",
        "多次",
        "没有",
        "人管",
    ),
    *("希望", "领导", "重视", "居民", "意见", "很大", "昨天", "开始", "上周", "至今", "每天"),
    *("早上", "晚上", "严重", "影响", "正常", "生活"),
)
NOWHERE = 0.05
"""Share of the messages on one default point."""
PHONED = 5
"""Every one of so many messages has no point, only its community."""


def message(rng: random.Random, number: int) -> Item:
    """An invented message; places, matters and phrases recombined."""
    name = "".join(rng.choices(SYLLABLES, k=3))
    road = "".join(rng.choices(SYLLABLES, k=2)) + "路"
    text = f"{name}小区{rng.choice(MATTERS)}。{road}{rng.randrange(1, 900)}号附近，" + "".join(
        rng.choices(PHRASES, k=rng.randrange(8, 40))
    )
    lost = rng.random() < NOWHERE
    spot = (119.1, 36.7) if lost else (rng.uniform(119, 119.33), rng.uniform(36.6, 36.87))
    at, category = START + timedelta(minutes=number % 500_000), str(rng.randrange(200))
    point = None if number % PHONED == 0 and not lost else spot
    area = () if lost else community(spot)
    return Item(str(number), text, at, point, category, f"{road}{number % 99999}号", area)


def community(spot: tuple[float, float]) -> tuple[str, ...]:
    """City, district (of 9), subdistrict (of 81) and community (of 729) around a spot."""
    east, north = (spot[0] - 119) / 0.33, (spot[1] - 36.6) / 0.27
    return ("city", *(f"{int(east * n)}/{int(north * n)} of {n}" for n in (3, 9, 27)))


Row = dict[str, Any]


def whole(row: Row) -> Item:
    """Return a request of Boston's with all that is known of it."""
    longitude, latitude = row["longitude"], row["latitude"]
    point = None if longitude is None or latitude is None else (longitude, latitude)
    title, address = row["case_title"] or "", row["location"] or ""
    key, at = str(row["case_enquiry_id"]), row["open_dt"]
    return Item(key, title, at, point, row["type"], address, area_of(row))


def area_of(row: Row) -> tuple[str, ...]:
    """Return city, ward and precinct: of 22 and of 253; nothing where it was not located."""
    precinct = row["precinct"] or ""
    return ("Boston", precinct[:2], precinct) if len(precinct) == len("0306") else ()


def nowhere(row: Row) -> Item:
    """Return a request as if nobody knew where."""
    return replace(whole(row), point=None, address="", area=())


def in_precinct(row: Row) -> Item:
    """Return a request of which only the precinct is known."""
    return replace(whole(row), point=None, address="")


def in_ward(row: Row) -> Item:
    """Return a request of which only the ward is known."""
    return replace(whole(row), point=None, address="", area=area_of(row)[:2])


def half_pointed(row: Row) -> Item:
    """Return a request with its precinct; every other one has a point, too."""
    item = replace(whole(row), address="")
    return item if zlib.crc32(item.id.encode()) % 2 else replace(item, point=None)


def marks(
    data: Path, *, of_all: bool = True, seen: Callable[[Row], Item] = whole, since: str = ""
) -> dict[str, float]:
    """Recall and precision on the marks that name a master with its full number.

    With *of_all* every request is asked for, not only the marked ones: how often is it flagged?
    *seen* says what is known of each request. With *since*, a date, only duplicates from then on
    are asked for, those whose note names the master by its short number, too.
    """
    folder = data / "boston311"
    cases = opened_in_turn(folder / "boston311_2011h2.parquet")
    master = {}
    groups: dict[str, str] = {}
    opened = {str(case["case_enquiry_id"]): str(case["open_dt"]) for case in cases}
    with gzip.open(folder / "duplicate_marks.csv.gz", "rt") as file:
        for mark in csv.DictReader(file):
            key = mark["case_enquiry_id"]
            if mark["target_in_table"] == "True":
                master[key] = mark["duplicate_of"].removesuffix(".0")
                groups[head(groups, key)] = head(groups, master[key])
            if since and opened[key] < since:
                master.pop(key, None)
            for number in re.findall(r"(?<!\d)(?:101000)?(\d{6})(?!\d)", mark["closure_reason"]):
                if "101000" + number in opened:
                    groups[head(groups, key)] = head(groups, "101000" + number)
                    if since and opened[key] >= since and key != "101000" + number:
                        master.setdefault(key, "101000" + number)
    return replay(cases, master, groups, None if of_all else set(master), seen)


COLUMNS = (
    "case_enquiry_id", "open_dt", "closed_dt", "case_title", "type", "location", "longitude",
    "latitude", "precinct",
)  # fmt: skip


def opened_in_turn(file: Path) -> list[dict[str, Any]]:
    """Return the requests of *file* in the order in which they were opened."""
    table = parquet.read_table(file, columns=list(COLUMNS))
    return list(table.sort_by("open_dt").to_pylist())


def head(groups: dict[str, str], key: str) -> str:
    """The case that stands for the group of *key*."""
    while groups.setdefault(key, key) != key:
        key = groups[key]
    return key


def replay(
    cases: list[dict[str, Any]],
    master: dict[str, str],
    groups: dict[str, str],
    only: set[str] | None,
    seen: Callable[[Row], Item] = whole,
) -> dict[str, float]:
    """Open and close in order; ask for each marked case when it is opened."""
    index, gone, asked, times = Index(), [], [], []
    opened = {}
    for row in cases:
        key, at = str(row["case_enquiry_id"]), row["open_dt"]
        opened[key] = at
        while gone and gone[0][0] <= at:
            index.remove(gone.pop(0)[1])
        item = seen(row)
        if only is None or key in only:
            began = time.perf_counter()
            asked.append((key, index.candidates(item)))
            times.append(time.perf_counter() - began)
        index.add(item)
        if row["closed_dt"] is not None:
            gone.append((row["closed_dt"] + KEPT, key))
            gone.sort()
    earlier = [
        (key, found)
        for key, found in asked
        if key in master and opened.get(master[key], opened[key] + KEPT) <= opened[key]
    ]
    flagged = [(key, found[0].id) for key, found in earlier if found and found[0].likely]
    return {
        "marked, master opened before": len(earlier),
        "recall@5": share([master[k] in [c.id for c in found] for k, found in earlier]),
        "recall@1": share([bool(f) and f[0].id == master[k] for k, f in earlier]),
        "flagged": len(flagged),
        "flag names the master": share([found == master[k] for k, found in flagged]),
        "flag names its group": share(
            [head(groups, found) == head(groups, k) for k, found in flagged]
        ),
        "flags of all requests": share([bool(f) and f[0].likely for _, f in asked]),
        "p99 ms": float(np.percentile(times, 99)) * 1000,
    }


def share(of: list[bool]) -> float:
    """Share of those that hold; not-a-number of none."""
    return sum(of) / len(of) if of else math.nan


OURS = "Wording, taught"


def pairs(data: Path) -> dict[str, float]:
    """Area under the curve on question pairs, of ours and of other lexical measures."""
    with gzip.open(data / "pairs" / "atec_pairs.csv.gz", "rt") as file:
        rows = [(r["sentence1"], r["sentence2"], r["label"] == "1") for r in csv.DictReader(file)]
    texts = [text for row in rows for text in row[:2]]
    labels = np.array([row[2] for row in rows])
    taught = Wording(texts)
    found = {OURS: curve(np.array([taught.likeness(a, b) for a, b, _ in rows]), labels)}
    for name, measure in {
        "characters, Jaccard": lambda a, b: jaccard(set(a), set(b)),
        "pairs of characters, Jaccard": lambda a, b: jaccard(grams(a, 2), grams(b, 2)),
        "difflib": lambda a, b: SequenceMatcher(None, a, b, autojunk=False).ratio(),
    }.items():
        found[name] = curve(np.array([measure(a, b) for a, b, _ in rows]), labels)
    for name, span in (("characters", (1, 1)), ("pairs", (2, 2)), ("both", (1, 2))):
        found[f"{name}, tf-idf cosine"] = curve(cosines(texts, span), labels)
    return found


def grams(text: str, length: int) -> set[str]:
    """Runs of *length* characters of *text*."""
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def jaccard(one: set[str], other: set[str]) -> float:
    """What both have over all of them."""
    return len(one & other) / max(len(one | other), 1)


def cosines(texts: list[str], span: tuple[int, int]) -> np.ndarray:
    """Cosine of each text with the next one, in pairs, by rarity of their runs of characters."""
    counts: list[Counter[str]] = [
        Counter(gram for n in range(span[0], span[1] + 1) for gram in grams(text, n))
        for text in texts
    ]
    known = Counter(gram for each in counts for gram in each)
    rarity = {gram: math.log(1 + len(texts) / (1 + n)) for gram, n in known.items()}
    weights = [{gram: rarity[gram] for gram in each} for each in counts]
    lengths = [math.sqrt(sum(w * w for w in each.values())) for each in weights]
    return np.array(
        [
            sum(weights[at][g] ** 2 for g in weights[at].keys() & weights[at + 1].keys())
            / max(lengths[at] * lengths[at + 1], 1e-9)
            for at in range(0, len(texts), 2)
        ]
    )


def curve(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the receiver operating characteristic, ties counted half."""
    from scipy.stats import rankdata

    ranks, positive = rankdata(scores), labels.sum()
    return (ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * (~labels).sum())


if __name__ == "__main__":
    if sys.argv[1] == "speed":
        told = speed(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
        if "--json" in sys.argv:
            Path(sys.argv[-1]).write_text(json.dumps(told), "utf-8")
    elif sys.argv[1] == "areas":
        for seen in (whole, nowhere, in_precinct, in_ward, half_pointed):
            for since in ("", "2011-11-01"):
                found = marks(Path(sys.argv[2]), of_all=False, seen=seen, since=since)
                told = " ".join(f"{measure} {value:.3f}" for measure, value in found.items())
                print(f"{seen.__name__:12} {since:10} {told}")
    else:
        for measure, value in {**marks(Path(sys.argv[2])), **pairs(Path(sys.argv[2]))}.items():
            print(f"{measure:30} {value:10.3f}")
