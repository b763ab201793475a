"""Publication: what everybody may see of a case.

The public view is an object of its own, built here from what the programme lists and nothing else,
and published by a person. It is never the raw case.

Terms    publication 公示、公开 · promise 承诺时限 · small cell 小单元
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from luoshi.kernel.case import Case
from luoshi.kernel.fact import Fact, Json
from luoshi.kernel.programme import FieldType, Programme
from luoshi.kernel.seen import Seen


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One line of the public history: a state's public label and the day; never who."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised to everybody, as its clock stands.

    Attributes:
        by: Instant before which it was promised; ``None`` where nothing is, where the clock is
            paused or was stopped, and where its due instant is provisional: then nobody can name a
            date.
        fulfilled: When it was done, before that instant or after; ``None`` until then.
    """

    by: datetime | None = None
    fulfilled: datetime | None = None


class AnyClock(Protocol):
    """A clock of a case, or of a sketch of one, as far as a promise goes."""

    @property
    def state(self) -> str:
        """``running``, ``paused``, ``met`` or ``stopped``."""

    @property
    def due(self) -> datetime:
        """Its due instant."""

    @property
    def provisional(self) -> bool:
        """Whether that instant rests on days not announced yet."""

    @property
    def ended(self) -> datetime | None:
        """When it was met or stopped."""


@dataclass(frozen=True, slots=True)
class PublicCase:
    """Everything that the public may know of one case."""

    number: str
    programme: str
    state: str
    opened: datetime
    values: Mapping[str, Json] = field(default_factory=dict)
    place: str = ""
    steps: tuple[PublicStep, ...] = ()
    promise: Promise = Promise()


def is_published(programme: Programme, case: Case) -> bool:
    """Return whether a person has approved the public view of *case*."""
    rule = programme.publication.when
    return rule is not None and rule.holds(Seen(case, {}, case.moved))


def public_view(
    programme: Programme, case: Case, facts: Iterable[Fact], number: str, place: str = ""
) -> PublicCase:
    """Return the public view of *case*.

    Args:
        programme: The programme, in the version of the case.
        case: The case as it is.
        facts: The facts of the case, in order; only changes of state are shown.
        number: Its register number.
        place: Code of the area, already as coarse as ``publication.place`` asks.
    """
    return PublicCase(
        number=number,
        programme=programme.id,
        state=case.state,
        opened=case.opened,
        values=public_values(programme, case),
        place=place if programme.publication.place else "",
        promise=promise_of(programme, case.clocks),
        steps=tuple(
            PublicStep(fact.at, fact.target) for fact in facts if fact.source != fact.target
        ),
    )


def promise_of(programme: Programme, clocks: Mapping[str, AnyClock]) -> Promise:
    """Return the promise that a case with these *clocks* stands under."""
    clock = clocks.get(programme.publication.promise)
    if clock is None or clock.provisional or clock.state not in ("running", "met"):
        return Promise()
    return Promise(clock.due, clock.ended)


def public_values(programme: Programme, case: Case) -> dict[str, Json]:
    """Return the answers under ``show`` that are not personal, whatever a file says.

    A unit from which the case was taken back, or that returned it, has it no more: while another
    one is looked for, none is told.
    """
    gone = programme.holder_field if programme.seeks_holder(case.state) else ""
    return {
        name: case.values[name]
        for name in programme.publication.show
        if name in case.values and name != gone and not programme.fields[name].personal
    }


def public_photos(programme: Programme, values: Mapping[str, Json]) -> list[str]:
    """Return the keys of the files among the published answers *values*, in order."""
    return [
        str(key)
        for name in programme.publication.show
        if programme.fields[name].type is FieldType.FILES
        for key in _several(values.get(name))
    ]


def _several(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def without_small(counts: Mapping[str, int], hide_below: int) -> dict[str, int | None]:
    """Return *counts* with every cell that holds fewer than *hide_below* cases hidden (``None``).

    When exactly one cell would be hidden, the smallest other one is hidden too: otherwise the
    total gives it away.
    """
    small = {key for key, count in counts.items() if 0 < count < hide_below}
    if len(small) == 1:
        others = [(count, key) for key, count in counts.items() if key not in small and count > 0]
        small |= {min(others)[1]} if others else set()
    return {key: None if key in small else count for key, count in counts.items()}
