"""Similarity: cases that may be about the same matter, from an index held by this process.

The index is filled from the newest case backwards, a little at each question until it holds
enough, so that nobody waits for it. It only proposes: how each case stands, and whether this
person may see it, is asked anew each time.

Terms    same matter 重复诉求 · candidate 疑似重复件 · index 索引
Units    budgets are seconds of the clock on the wall
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import perf_counter

from luoshi.actions.suggested import is_on
from luoshi.actions.suggesting import text_fields
from luoshi.insight.similar import Candidate, Index, Item
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.matters import (
    LATEST,
    NO_KEY,
    Matter,
    Standing,
    opened_before,
    opened_since,
    standing,
)
from luoshi.store.programmes import offered

MOST = 100_000
"""Cases that one process compares with, the newest ones."""
BATCH = 500
FIRST_BUDGET, LATER_BUDGET = 1.5, 0.2
RECENT = timedelta(days=30)
"""How long after its end a case may still be the same matter."""
OVERLAP = timedelta(minutes=5)
"""Cases opened shortly before the last look are read again: others may have committed late."""
ASKED, SHOWN = 20, 5
LEAST = 0.05
"""A candidate less probable than this is not shown."""


@dataclass
class _Held:
    """The index of one process: what it holds, and how far it has read in both directions."""

    index: Index = field(default_factory=Index)
    newest: datetime | None = None
    oldest: tuple[datetime, str] = (LATEST, NO_KEY)
    is_full: bool = False


_lock = Lock()
_held: list[_Held] = []


def forget_index() -> None:
    """Begin a new index at the next question."""
    with _lock:
        _held.clear()


def similar_to(programme: Programme, matter: Matter, now: datetime) -> tuple[Candidate, ...]:
    """Return the cases that may be about the same matter as *matter*, the likeliest first.

    Whoever shows them must ask first which of them this person may see.
    """
    if not is_on(programme.id, "similar"):
        return ()
    with _lock:
        index = _current().index
        found = index.candidates(item_of(programme, matter), ASKED)
        stands = standing([one.id for one in found])
        for gone in [one.id for one in found if not _stands_alone(stands.get(one.id))]:
            index.remove(gone)
    return tuple(one for one in found if _is_live(one, stands.get(one.id), now))


def _stands_alone(stands: Standing | None) -> bool:
    """Is the case still there, and merged into no other? A merged one is found by its main."""
    return stands is not None and not stands.follows


def _is_live(candidate: Candidate, stands: Standing | None, now: datetime) -> bool:
    if stands is None or stands.follows or candidate.probability < LEAST:
        return False
    return stands.kind in ("open", "waiting") or now - stands.moved < RECENT


def _current() -> _Held:
    """Return the index, with what is new in it and a little more of what is old."""
    is_first = not _held
    if is_first:
        _held.append(_Held())
    held = _held[0]
    began = perf_counter()
    if held.newest is not None:
        _take_new(held)
    budget = FIRST_BUDGET if is_first else LATER_BUDGET
    while not held.is_full and perf_counter() - began < budget:
        _take_old(held)
    return held


def _compared() -> dict[str, Programme]:
    return {name: one for name, one in offered().items() if is_on(name, "similar")}


def _take_new(held: _Held) -> None:
    known = _compared()
    since = (held.newest or LATEST) - OVERLAP
    _put(held, opened_since([*known], since, _fields(known.values()), BATCH))


def _take_old(held: _Held) -> None:
    known = _compared()
    batch = opened_before([*known], *held.oldest, _fields(known.values()), BATCH)
    _put(held, batch)
    held.is_full = len(batch) < BATCH or len(held.index) >= MOST
    if batch:
        held.oldest = (batch[-1].opened, batch[-1].id)


def _put(held: _Held, matters: Iterable[Matter]) -> None:
    known = offered()
    for one in matters:
        if one.id not in held.index and one.programme in known:
            held.index.add(item_of(known[one.programme], one))
        held.newest = max(held.newest or one.opened, one.opened)


def _fields(programmes: Iterable[Programme]) -> list[str]:
    names = {name for one in programmes for name in (*text_fields(one), _address(one)) if name}
    return sorted(names)


def _address(programme: Programme) -> str:
    return programme.field_of(FieldType.ADDRESS)


def item_of(programme: Programme, matter: Matter) -> Item:
    """Return *matter* as the index knows it."""
    subject, details = (matter.texts.get(name, "") for name in text_fields(programme))
    return Item(
        id=matter.id,
        text=f"{subject}\n{details}",
        at=matter.opened,
        point=matter.point,
        category=matter.category or None,
        address=matter.texts.get(_address(programme), ""),
    )
