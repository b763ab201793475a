"""Same matter again: time and memory at 1 000 000 open cases, and what staff's marks say.

    python -m bench.insight_similar speed [CASES]
    python -m bench.insight_similar marks DATA     # folder with boston311/ and pairs/

``speed`` makes Chinese messages with addresses and points (a city of 30 × 30 km, 5 % of them on
one default point), asks while cases come and go, and prints percentiles. ``marks`` replays
the half year in the order of opening: a case can be found from the moment it is opened until 30
days after it is closed. Weights and limits come from other pairs (see ``similar/weights.py``).
"""

from __future__ import annotations

import csv
import gzip
import random
import re
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.figure import Figure
from luoshi.insight.similar import Index, Item, Wording

if TYPE_CHECKING:
    import pandas as pd

START = datetime(2025, 1, 1)  # noqa: DTZ001 - only differences matter
KEPT = timedelta(days=30)
LIMIT_MS = 20.0


def figures() -> Iterator[Figure]:
    """The figures for the table of ``python -m bench``."""
    took = speed(1_000_000)
    for name, work in (("candidates", "suggest the same matter"), ("add", "take a case in")):
        p99 = float(np.percentile(took[name], 99)) * 1000
        yield Figure(f"{work}, 1 000 000 open cases, p99", p99, "ms", "20 ms", LIMIT_MS, 1.0)


def speed(cases: int) -> dict[str, list[float]]:
    """Fill an index, then ask, add and remove in turn; seconds of every call."""
    rng = random.Random(7)
    began = time.perf_counter()
    index = Index(message(rng, number) for number in range(cases))
    print(f"filled with {len(index):,} cases in {time.perf_counter() - began:.0f} s")
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
    return took


def timed(act, argument) -> float:  # noqa: ANN001
    """Seconds that one call took."""
    began = time.perf_counter()
    act(argument)
    return time.perf_counter() - began


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


def message(rng: random.Random, number: int) -> Item:
    """An invented message; places, matters and phrases recombined."""
    name = "".join(rng.choices(SYLLABLES, k=3))
    road = "".join(rng.choices(SYLLABLES, k=2)) + "路"
    text = f"{name}小区{rng.choice(MATTERS)}。{road}{rng.randrange(1, 900)}号附近，" + "".join(
        rng.choices(PHRASES, k=rng.randrange(8, 40))
    )
    lost = rng.random() < NOWHERE
    point = (119.1, 36.7) if lost else (rng.uniform(119, 119.33), rng.uniform(36.6, 36.87))
    at = START + timedelta(minutes=number % 500_000)
    return Item(str(number), text, at, point, str(rng.randrange(200)), f"{road}{number % 99999}号")


def marks(data: Path, *, of_all: bool = True) -> dict[str, float]:
    """Recall and precision on the marks that name a master with its full number.

    With *of_all* every request is asked for, not only the marked ones: how often is it flagged?
    """
    from pandas import read_parquet

    folder = data / "boston311"
    cases = read_parquet(folder / "boston311_2011h2.parquet").sort_values("open_dt")
    master = {}
    groups: dict[str, str] = {}
    known = set(cases.case_enquiry_id.astype(str))
    with gzip.open(folder / "duplicate_marks.csv.gz", "rt") as file:
        for mark in csv.DictReader(file):
            key = mark["case_enquiry_id"]
            if mark["target_in_table"] == "True":
                master[key] = mark["duplicate_of"].removesuffix(".0")
                groups[head(groups, key)] = head(groups, master[key])
            for number in re.findall(r"(?<!\d)(?:101000)?(\d{6})(?!\d)", mark["closure_reason"]):
                if "101000" + number in known:
                    groups[head(groups, key)] = head(groups, "101000" + number)
    return replay(cases, master, groups, None if of_all else set(master))


def head(groups: dict[str, str], key: str) -> str:
    """The case that stands for the group of *key*."""
    while groups.setdefault(key, key) != key:
        key = groups[key]
    return key


def replay(
    cases: pd.DataFrame, master: dict[str, str], groups: dict[str, str], only: set[str] | None
) -> dict[str, float]:
    """Open and close in order; ask for each marked case when it is opened."""
    index, gone, asked, times = Index(), [], [], []
    opened = {}
    for row in cases.itertuples():
        key, at = str(row.case_enquiry_id), row.open_dt.to_pydatetime()
        opened[key] = at
        while gone and gone[0][0] <= at:
            index.remove(gone.pop(0)[1])
        item = Item(
            key,
            row.case_title or "",
            at,
            (row.longitude, row.latitude),
            row.type,
            row.location if isinstance(row.location, str) else "",
        )
        if only is None or key in only:
            began = time.perf_counter()
            asked.append((key, index.candidates(item)))
            times.append(time.perf_counter() - began)
        index.add(item)
        if row.closed_dt == row.closed_dt:
            gone.append((row.closed_dt.to_pydatetime() + KEPT, key))
            gone.sort()
    earlier = [
        (key, found)
        for key, found in asked
        if key in master and opened.get(master[key], opened[key] + KEPT) <= opened[key]
    ]
    flagged = [(key, found[0].id) for key, found in earlier if found and found[0].likely]
    return {
        "marked, master opened before": len(earlier),
        "recall@5": np.mean([master[k] in [c.id for c in found] for k, found in earlier]),
        "recall@1": np.mean([bool(f) and f[0].id == master[k] for k, f in earlier]),
        "flagged": len(flagged),
        "flag names the master": np.mean([found == master[k] for k, found in flagged]),
        "flag names its group": np.mean(
            [head(groups, found) == head(groups, k) for k, found in flagged]
        ),
        "flags of all requests": np.mean([bool(f) and f[0].likely for _, f in asked]),
        "p99 ms": float(np.percentile(times, 99)) * 1000,
    }


def pairs(data: Path) -> None:
    """Area under the curve on question pairs, against other lexical measures."""
    with gzip.open(data / "pairs" / "atec_pairs.csv.gz", "rt") as file:
        rows = [(r["sentence1"], r["sentence2"], r["label"] == "1") for r in csv.DictReader(file)]
    taught = Wording(text for row in rows for text in row[:2])
    labels = np.array([row[2] for row in rows])
    for name, measure in (
        ("Wording, taught", taught.likeness),
        ("Wording, untaught", Wording().likeness),
        ("bigram Jaccard", bigrams),
    ):
        print(f"{name:20} AUC {curve(np.array([measure(a, b) for a, b, _ in rows]), labels):.4f}")


def bigrams(one: str, other: str) -> float:
    """Shared neighbouring characters over all of them: the usual baseline."""
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(a & b) / max(len(a | b), 1)


def curve(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the receiver operating characteristic, ties counted half."""
    from scipy.stats import rankdata

    ranks, positive = rankdata(scores), labels.sum()
    return (ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * (~labels).sum())


if __name__ == "__main__":
    if sys.argv[1] == "speed":
        speed(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
    else:
        for measure, value in marks(Path(sys.argv[2])).items():
            print(f"{measure:30} {value:10.3f}")
        pairs(Path(sys.argv[2]))
