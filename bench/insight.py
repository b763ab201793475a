"""Every goal of the suggestions, measured on real data where it is there.

python -m bench.insight                   everything (about half an hour)
python -m bench.insight personal topics   only these
python -m bench.insight --quick           without the two runs over a million
python -m bench.insight --data FOLDER     real data elsewhere (else LUOSHI_SHARED_DATA, or
                                          ../shared/data beside the repository)

Speed is processor time of one core, so that a busy machine tells no lies. Returns 1 if a goal
is missed; one whose data are not there is skipped, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console

from bench import insight_personal, insight_reply, insight_similar, insight_topics, insight_triage
from bench.goal import Goal, goal_table
from luoshi.insight.triage.judging import macro_f1
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.model_file import MOST_BYTES, load_model, save_model
from luoshi.insight.triage.training import train

WIDTH = 132
REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Wanted:
    """Folder of the real data, and whether to leave out what takes long."""

    data: Path
    quick: bool


Measured = Callable[[Wanted], Iterator[Goal]]


def triage(wanted: Wanted) -> Iterator[Goal]:
    """Categories: how right, how sure, how fast, how large."""
    folder = wanted.data / "messages"
    yield from _without(folder, "categories")
    if not folder.exists():
        return
    learned = insight_triage.history(folder)
    took, model = insight_triage.seconds_of(lambda: train(learned))
    cores = "processor time, all threads"
    yield Goal("categories: training, s", took, 300, at_least=False, note=cores)
    held = "messages held back in turn, near duplicates together"
    yield _held_back(folder, quick=wanted.quick)
    grouped = insight_triage.number(model, "macro_f1")
    yield Goal("categories: macro-F1, stricter", grouped, 0.94, note=held)
    error = insight_triage.number(model, "calibration_error")
    yield Goal("categories: calibration error", error, 0.03, at_least=False, note=held)
    with TemporaryDirectory() as place:
        path = Path(place) / "city.model"
        save_model(model, path)
        size = path.stat().st_size / 1e6
        yield Goal("categories: model file, MB", size, MOST_BYTES / 1e6, at_least=False)
        yield from _speed_of(load_model(path), insight_triage.messages(folder))
    for known, right in insight_triage.beginners(folder):
        yield Goal("categories: macro-F1 of a beginner", right, note=f"it knows: {known}")


def _held_back(folder: Path, *, quick: bool) -> Goal:
    found = None if quick else macro_f1(insight_triage.held_back(folder).pairs)
    note = "--quick" if quick else "by lot a tenth held back in turn"
    return Goal("categories: macro-F1", found, 0.94, note=note)


def _speed_of(model: Model, texts: list[tuple[str, str]]) -> Iterator[Goal]:
    each = insight_triage.batch_seconds(model, texts)
    yield Goal("categories: messages/s and core", 1 / each, 2000, note="batches, real messages")
    alone = [insight_triage.taken(model, text) for text in texts[:1000]]
    p99 = float(np.percentile(alone, 99))
    yield Goal("categories: one message, p99, ms", p99, 10, at_least=False)


def personal(wanted: Wanted) -> Iterator[Goal]:
    """What points at a person: found, and not too much else."""
    yield from insight_personal.goals()
    yield from _without(wanted.data / "messages", "personal data of real messages")
    if (wanted.data / "messages").exists():
        yield from insight_personal.of_real(wanted.data)


def similar(wanted: Wanted) -> Iterator[Goal]:
    """The same matter: staff's marks, and a million open cases."""
    yield from _without(wanted.data / "boston311", "same matter: staff's marks")
    if (wanted.data / "boston311").exists():
        found = insight_similar.marks(wanted.data, of_all=False)
        marked = f"{found['marked, master opened before']:.0f} marked duplicates"
        yield Goal("same matter: recall@5", found["recall@5"], 0.85, note=marked)
        flagged = f"{found['flagged']:.0f} flagged"
        right = found["flag names the master"]
        yield Goal("same matter: precision of the flag", right, 0.9, note=flagged)
    if wanted.quick:
        yield Goal(
            "same matter: candidates of 1 000 000, p99, ms",
            None,
            20,
            at_least=False,
            note="--quick",
        )
        return
    told = _apart("bench.insight_similar", "speed", "1000000")
    p99 = told["candidates"]
    of = "1 000 000 open cases"
    yield Goal("same matter: candidates, p99, ms", p99, 20, at_least=False, note=of)
    yield Goal("same matter: add, p99, ms", told["add"], None, at_least=False, note=of)
    yield Goal("same matter: arrays, GiB", told["arrays"], None, at_least=False, note=of)
    yield Goal("same matter: process at its peak, GiB", told["peak"], None, note=of)


def pairs(wanted: Wanted) -> Iterator[Goal]:
    """Short questions: as good as the best lexical measure without labels."""
    yield from _without(wanted.data / "pairs", "same question")
    if (wanted.data / "pairs").exists():
        found = insight_similar.pairs(wanted.data)
        best = max((n for n in found if n != insight_similar.OURS), key=lambda name: found[name])
        against = f"best of {len(found) - 1} unsupervised lexical measures: {best}"
        ours = found[insight_similar.OURS]
        yield Goal("same question: area under the curve", ours, found[best], note=against)


def topics(wanted: Wanted) -> Iterator[Goal]:
    """Hot topics: agreement with groups made by reading, time and memory."""
    yield from _without(wanted.data / "messages", "hot topics of 4 326 messages")
    if (wanted.data / "messages").exists():
        yield from insight_topics.goals(wanted.data)
    if wanted.quick:
        yield Goal("hot topics: 1 000 000 messages, s", None, 900, at_least=False, note="--quick")
        return
    told = _apart("bench.insight_topics", "speed", "1000000")
    by = f"processor time; {told['wall']:.0f} s by the clock, with other work"
    took, peak = told["processor"], told["peak"]
    yield Goal("hot topics: 1 000 000 messages, s", took, 900, at_least=False, note=by)
    yield Goal("hot topics: 1 000 000, peak, GiB", peak, 8, at_least=False, note="whole process")
    yield Goal("hot topics: invented events found, F1", told["f1"], None, note="1 000 000")


def replies(wanted: Wanted) -> Iterator[Goal]:
    """Hints on answers: at points left out, not at points spoken to."""
    yield from _without(wanted.data / "messages", "answers")
    if (wanted.data / "messages").exists():
        yield from insight_reply.goals(wanted.data)


MEASURES: dict[str, Measured] = {
    "triage": triage,
    "personal": personal,
    "similar": similar,
    "pairs": pairs,
    "topics": topics,
    "replies": replies,
}


def _without(folder: Path, work: str) -> Iterator[Goal]:
    if not folder.exists():
        yield Goal(work, None, note=f"no real data at {folder.name}/: set LUOSHI_SHARED_DATA")


def _apart(module: str, *words: str) -> dict[str, float]:
    """Run a measure in a process of its own, so that its peak of memory is its own."""
    with TemporaryDirectory() as place:
        path = Path(place) / "told.json"
        command = [sys.executable, "-m", module, *words, "--json", str(path)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        told: dict[str, float] = json.loads(path.read_text("utf-8"))
    return told


def main() -> int:
    """Return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.insight", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="without the runs over a million")
    parser.add_argument("--data", type=Path, default=_folder(), help="folder of the real data")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    wanted = parser.parse_args()
    if unknown := [name for name in wanted.names if name not in MEASURES]:
        parser.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    goals: list[Goal] = []
    for name in wanted.names or MEASURES:
        print(f"measuring {name} …", file=sys.stderr)
        goals += MEASURES[name](Wanted(wanted.data, wanted.quick))
    Console(width=WIDTH).print(goal_table(goals))
    if wanted.json:
        text = json.dumps([asdict(goal) for goal in goals], indent=1, ensure_ascii=False)
        wanted.json.write_text(text, encoding="utf-8")
    return 0 if all(goal.is_kept for goal in goals) else 1


def _folder() -> Path:
    return Path(os.environ.get("LUOSHI_SHARED_DATA") or REPOSITORY.parent / "shared" / "data")


if __name__ == "__main__":
    sys.exit(main())
