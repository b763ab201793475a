"""Similarity: cases that may be about the same matter, from an index held by this process.

The index holds every case that is not over and those that ended lately. It is filled a little at
each question until it is whole, so that nobody waits for it; from then on it follows the facts,
whoever writes them: at each question every case is read again to which something has happened
since. What is opened, corrected, reopened or taken apart is found at once as it is now; what is
merged or withdrawn is gone at once, what ended too long ago within a minute. Once an hour the
whole register is read again, for what no fact tells in time: cases imported with the date at
their source, areas drawn anew, a programme that is switched on. It only proposes: how each case
stands, and whether this person may see it, is asked anew each time.

Terms    same matter 重复诉求 · candidate 疑似重复件 · index 索引
Units    budgets are seconds of the clock on the wall; memory: see ``MOST``
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from threading import Lock
from time import perf_counter

from luoshi.actions.suggested import is_on
from luoshi.actions.suggesting import text_fields
from luoshi.insight.similar import Candidate, Index, Item
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.directory import directory
from luoshi.store.matters import (
    FIRST_PLACE,
    LAST_PLACE,
    Matter,
    Place,
    Standing,
    comparable,
    ended_before,
    ended_between,
    running_after,
    standing,
    touched_since,
)
from luoshi.store.programmes import offered

MOST = 100_000
"""Cases that one process compares with, the newest: 0.75 kB each and 21 MB fixed, so 95 MB."""
BATCH = 500
FIRST_BUDGET, LATER_BUDGET = 1.5, 0.2
RECENT = timedelta(days=30)
"""How long after its end a case may still be the same matter."""
OVERLAP = timedelta(minutes=5)
"""Facts from shortly before the last look are looked at again: some may be committed late."""
SWEEP = timedelta(minutes=1)
"""How often cases that ended too long ago are let go."""
AGAIN = timedelta(hours=1)
"""How often everything is read again."""
SPARE = 5_000
"""Places of cases let go that are kept before the index is sorted anew (at most 1.5 s)."""
ASKED, SHOWN = 20, 5
LEAST, LEAST_BY_WORDS, LEAST_ENDED = 0.05, 0.15, 0.3
"""A candidate less probable than this is not shown; the second where only words speak for it, the
third where it has ended, too: there is nothing to merge, and little to read.
"""
PLACED = frozenset({"address", "place"})


@dataclass
class _Held:
    """The index of one process: what it holds, and how far it has read.

    Attributes:
        newest: The latest fact that was noticed; newer ones are looked for from there.
        seen: Cases with the facts noticed lately, and the number of the last one.
        unread: Cases to which something has happened, to be read again, the latest last.
        running, ended: Where the first filling stands in both indexes; ``None`` at the end.
        swept: Until when cases that ended too long ago were let go.
        begun: When the last filling began.
    """

    newest: datetime
    swept: datetime
    begun: datetime
    index: Index = field(default_factory=Index)
    seen: dict[str, int] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    running: Place | None = FIRST_PLACE
    ended: Place | None = LAST_PLACE

    @property
    def is_full(self) -> bool:
        """Is the first filling over?"""
        return (self.running is None and self.ended is None) or len(self.index) >= MOST


_lock = Lock()
_held: list[_Held] = []


def forget_index() -> None:
    """Begin a new index at the next question."""
    with _lock:
        _held.clear()


def held_cases() -> tuple[int, int]:
    """Return how many cases this process compares with, and the bytes of the index."""
    with _lock:
        return (len(_held[0].index), _held[0].index.memory) if _held else (0, 0)


def similar_to(programme: Programme, matter: Matter, now: datetime) -> tuple[Candidate, ...]:
    """Return the cases that may be about the same matter as *matter*, the likeliest first.

    Whoever shows them must ask first which of them this person may see.
    """
    if not is_on(programme.id, "similar"):
        return ()
    with _lock:
        found = _current(now).index.candidates(item_of(programme, matter), ASKED)
        stands = standing([one.id for one in found])
    return tuple(one for one in found if _is_live(one, stands.get(one.id), now))


def _is_live(candidate: Candidate, stands: Standing | None, now: datetime) -> bool:
    """Is the case still there, in no other, and probable enough? Merged ones have their main."""
    if stands is None or stands.follows or stands.kind == "void":
        return False
    is_open = stands.kind in ("open", "waiting")
    is_placed = any(one.kind in PLACED for one in candidate.evidence)
    by_words = LEAST_BY_WORDS if is_open else LEAST_ENDED
    is_probable = candidate.probability >= (LEAST if is_placed else by_words)
    return is_probable and (is_open or now - stands.moved < RECENT)


def _current(now: datetime) -> _Held:
    """Return the index as the register is now, and a little more filled."""
    is_first = not _held
    if is_first:
        _held.append(_Held(newest=now, swept=now, begun=now))
    held, began = _held[0], perf_counter()
    _notice(held, now)
    budget = FIRST_BUDGET if is_first else LATER_BUDGET
    while held.unread or not held.is_full:
        # at least one batch: on a busy machine, too, it gets whole
        _read_again(held, now) if held.unread else _fill(held, now)
        if perf_counter() - began >= budget:
            break
    if now - held.swept >= SWEEP:
        _let_go(held, now)
    if now - held.begun >= AGAIN:
        held.running, held.ended, held.begun = FIRST_PLACE, LAST_PLACE, now
    return held


def _compared() -> dict[str, Programme]:
    return {name: one for name, one in offered().items() if is_on(name, "similar")}


def _notice(held: _Held, now: datetime) -> None:
    """Notice the cases to which something has happened, by this process or another one."""
    touched = touched_since(held.newest - OVERLAP)
    for one in touched:
        if held.seen.get(one.case) != one.step:
            held.unread.pop(one.case, None)
            held.unread[one.case] = None
    held.seen = {one.case: one.step for one in touched}
    # no later than now: a clock that was ahead and is set right must not hide what comes next
    held.newest = min(now, max((held.newest, *(one.at for one in touched))))


def _read_again(held: _Held, now: datetime) -> None:
    """Read the latest cases to which something has happened; let go what is compared no more."""
    known = _compared()
    keys = [*islice(reversed(held.unread), BATCH)]
    batch = comparable(keys, [*known], now - RECENT, _fields(known.values()))
    for key in {*keys} - {one.id for one in batch}:
        held.index.remove(key)
    _put(held, batch)
    for key in keys:
        del held.unread[key]


def _fill(held: _Held, now: datetime) -> None:
    """Read the next batch of what was there before: cases not over, then those ended lately."""
    known = _compared()
    fields = _fields(known.values())
    if held.running is not None:
        batch = running_after([*known], held.running, fields, BATCH)
        held.running = _next(batch)
    elif held.ended is not None:
        batch = ended_before([*known], held.ended, now - RECENT, fields, BATCH)
        held.ended = _next(batch)
    else:
        return
    _put(held, [one for _, one in batch])


def _next(batch: Sequence[tuple[Place, Matter]]) -> Place | None:
    return batch[-1][0] if len(batch) == BATCH else None


def _let_go(held: _Held, now: datetime) -> None:
    """Let go of cases that ended too long ago; give the room back."""
    for key in ended_between(held.swept - OVERLAP - RECENT, now - RECENT):
        held.index.remove(key)
    held.swept = now
    if held.index.room - len(held.index) > max(SPARE, len(held.index) // 4):
        held.index.tidy()


def _put(held: _Held, matters: Iterable[Matter]) -> None:
    known = offered()
    for one in matters:
        if one.programme in known:
            held.index.add(item_of(known[one.programme], one))
    if len(held.index) > MOST:
        for key in held.index.oldest(len(held.index) - MOST + MOST // 100):
            held.index.remove(key)


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
        area=area_path(matter.area, matter.point),
    )


def area_path(area: str, point: tuple[float, float] | None) -> tuple[str, ...]:
    """Return the areas from the widest to *area*, or to the one that holds *point*.

    An area that there is no longer says nothing.
    """
    known = directory()
    code = area if area in known.areas or not point else known.area_at(*point)
    place = known.areas.get(code or "")
    return (*place.path, place.code) if place else ()
