"""Lateness: how many cases are late or near due, unit by unit, counted no further than needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luoshi.kernel.access import Actor
from luoshi.store.queries import Wanted, _conditions, scope_of
from luoshi.store.statement import cursor

MOST = 5000
"""The most urgent so many are counted; the total says when there are more."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How many cases stand at which light, by code of the unit ("" where none handles them yet).

    Attributes:
        is_more: There are more than were counted: the figures are the least.
    """

    late: Mapping[str, int] = field(default_factory=dict)
    near: Mapping[str, int] = field(default_factory=dict)
    is_more: bool = False

    @property
    def units(self) -> list[str]:
        """Units with anything to show, the one with the most late first."""
        known = {*self.late, *self.near}
        return sorted(known, key=lambda u: (-self.late.get(u, 0), -self.near.get(u, 0), u))


def lateness(actor: Actor, wanted: Wanted, now: datetime) -> Lateness:
    """Return how many of the *wanted* cases that *actor* may list are late or near due."""
    scope = scope_of(actor)
    if scope.is_empty:
        return Lateness()
    where = _conditions(scope, wanted)
    with cursor() as run:
        run.execute(
            "SELECT unit, due <= %(now)s, count(*) FROM ("
            f"SELECT unit, due FROM luoshi_case WHERE {where} "
            "ORDER BY coalesce(due, 'infinity'), id LIMIT %(most)s) q "
            "WHERE due IS NOT NULL GROUP BY 1, 2",
            where.values | {"now": now, "most": MOST},
        )
        rows = run.fetchall()
    late = {unit: count for unit, is_late, count in rows if is_late}
    near = {unit: count for unit, is_late, count in rows if not is_late}
    return Lateness(late, near, sum((*late.values(), *near.values())) >= MOST)
