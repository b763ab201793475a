"""Due instants by the million, against numpy's own working days; and catching up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

from bench.figure import Figure
from bench.site import home
from luoshi.formats.calendars import load_calendar
from luoshi.kernel.clock import due_many

COUNT = 1_000_000
BEHIND = 10_000
"""Cases that came in before a week in which no worker ran: three rungs have come due on each."""
CALENDAR = Path(__file__).resolve().parent.parent / "calendars" / "cn.yaml"
SINCE, UNTIL = date(2008, 1, 1).toordinal(), date(2026, 6, 1).toordinal()


def figures() -> Iterator[Figure]:
    """Measure limits of 1 to 60 working days from days of eighteen years."""
    calendar, rng = load_calendar(CALENDAR), random.Random(3)
    starts = [date.fromordinal(rng.randrange(SINCE, UNTIL)) for _ in range(COUNT)]
    limits = [rng.randrange(1, 60) for _ in starts]
    days, lengths = np.array(starts, dtype="M8[D]"), np.array(limits)
    holidays = [day for day in calendar.rest_days if day.weekday() < 5]
    known = np.busdaycalendar(holidays=holidays)
    ours = _seconds(lambda: due_many(starts, limits, calendar))
    numpy_s = _seconds(lambda: np.busday_offset(days, lengths, roll="backward", busdaycal=known))
    yield Figure(
        work=f"due instants of {COUNT:,} limits in working days",
        value=ours, unit="s", against="numpy.busday_offset", limit=numpy_s, target=10,
    )  # fmt: skip
    yield _caught_up()


def _caught_up() -> Figure:
    """Measure one worker that finds a week of rungs due, each a fact with its messages."""
    with home() as made:
        made.city("settle")
        told = made.run("bench.many", "behind", str(BEHIND))
    return Figure(
        work=f"catch up {told['rungs']:,} rungs of a week without a worker, one worker",
        value=told["ours"], unit="/s",
        against="one durable insert for each", limit=told["bare"], target=1,
    )  # fmt: skip


def _seconds(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return median(taken)
