"""Rows: cases as a list shows them, with title and running clocks, in one round trip.

Terms    row 列表行 · title 标题 · clock 时限
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orjson import dumps, loads

from luoshi.kernel.clock import Light, light
from luoshi.store.programmes import offered, remembered
from luoshi.store.statement import cursor


@dataclass(frozen=True, slots=True)
class Running:
    """A duty clock that runs on a listed case."""

    name: str
    due: datetime
    light: Light
    provisional: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list."""

    id: str
    number: str
    programme: str
    version: str
    state: str
    opened: datetime
    moved: datetime
    due: datetime | None
    unit: str
    area: str
    category: str
    title: str = ""
    clocks: tuple[Running, ...] = ()

    def clock(self) -> Running | None:
        """Return the clock that falls due first."""
        return min(self.clocks, key=lambda clock: clock.due, default=None)


FOUND = 'id, number, programme, version, state, opened, moved, due, unit, area, category, "values"'
"""What the statement that finds the cases of a list selects from ``luoshi_case``."""

TOLD = """
SELECT q.id::text AS key, number, programme, version, state, opened, moved, due, unit, area,
  category,
  coalesce(to_json("values" ->> (%(title_fields)s::jsonb ->> programme))::text, (
    SELECT p.value FROM luoshi_personal p WHERE p.case_id = q.id
    AND p.field = %(title_fields)s::jsonb ->> programme AND p.value IS NOT NULL
    ORDER BY p.seq DESC LIMIT 1)),
  (SELECT json_agg(json_build_array(k.name, k.due, k.warn, k.provisional) ORDER BY k.due)::text
    FROM luoshi_clock k WHERE k.case_id = q.id AND k.state = 'running' AND k.kind = 'duty')
"""
"""A title is an answer like any other: mostly personal, of some services written by an office."""


def rows_found(
    found: str, order: str, values: Mapping[str, object], now: datetime, *, prepare: bool = False
) -> tuple[Row, ...]:
    """Return the cases that the statement *found* selects, in *order*.

    Args:
        found: Selects ``FOUND``; not more rows than are shown.
        order: Its ``ORDER BY``.
        values: Its parameters.
        now: The instant at which the lights are read.
        prepare: It is asked again and again, and is well planned whatever the parameters are.
    """
    with cursor() as run:
        run.execute(
            f"{TOLD} FROM ({found}) q ORDER BY {order}",
            {**values, "title_fields": _title_fields()},
            binary=True,
            prepare=prepare,
        )
        return tuple(_row(cells, now) for cells in run.fetchall())


def _title_fields() -> str:
    return dumps({one.id: _title_field(one) for one in offered().values()}).decode()


_title_field = remembered(lambda programme: programme.title_field)


def _row(cells: Sequence[Any], now: datetime) -> Row:
    *columns, title, clocks = cells
    columns.append(str(loads(title)) if title else "")
    columns.append(tuple(_running(one, now) for one in loads(clocks)) if clocks else ())
    return Row(*columns)


def _running(found: Sequence[Any], now: datetime) -> Running:
    name, due, warn, provisional = found
    falls_due = datetime.fromisoformat(due)
    return Running(
        name, falls_due, light(now, datetime.fromisoformat(warn), falls_due), provisional
    )
