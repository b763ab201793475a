"""Exports: cases as rows of a table, streamed; personal answers only where they are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from luoshi.kernel.programme import Programme
from luoshi.store.programmes import calendar_of
from luoshi.store.statement import cursor

FIRST_KEY = "00000000-0000-0000-0000-000000000000"
CHUNK = 1000
COLUMNS = ("number", "state", "kind", "opened", "moved", "due", "version")
OWN = "case_{}"
"""How a column of every case is called where a field of the programme has its name."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One case as a row; the values stand in the order of ``columns``."""

    cells: Sequence[object]


def columns(programme: Programme, *, personal: bool) -> tuple[str, ...]:
    """Return the columns of an export: what every case has, then the fields of *programme*."""
    fields = [f.name for f in programme.fields.values() if personal or not f.personal]
    return (*(OWN.format(name) if name in programme.fields else name for name in COLUMNS), *fields)


def exported(
    programme: Programme, *, personal: bool, since: datetime | None = None
) -> Iterator[Exported]:
    """Yield the cases of *programme*, in the order of their keys, a thousand at a time.

    Instants are told as clocks on the wall show them where the programme's calendar is kept.

    Args:
        programme: Whose cases; those of its earlier versions too.
        personal: Also personal answers, whole. Whoever asks for them answers for it.
        since: Only cases that have moved since.
    """
    names = columns(programme, personal=personal)[len(COLUMNS) :]
    zone = calendar_of(programme).zone
    last = FIRST_KEY
    while rows := _chunk(programme.id, last, since):
        last = rows[-1][0]
        private = _personal([row[0] for row in rows]) if personal else {}
        for row in rows:
            values = {**json.loads(row[-1]), **private.get(row[0], {})}
            cells = {name: _cell(value) for name, value in values.items()}
            yield Exported((*(_own(cell, zone) for cell in row[1:-1]), *map(cells.get, names)))


def count(programme: Programme) -> int:
    """Return how many cases *programme* has."""
    with cursor() as run:
        run.execute("SELECT count(*) FROM luoshi_case WHERE programme = %s", (programme.id,))
        (found,) = run.fetchone() or (0,)
    return int(found)


def _chunk(programme: str, last: str, since: datetime | None) -> list[Any]:
    listed = ", ".join(COLUMNS)
    with cursor() as run:
        run.execute(
            f'SELECT id::text, {listed}, "values"::text FROM luoshi_case WHERE programme = %s '
            "AND id > %s AND (%s::timestamptz IS NULL OR moved >= %s) "
            "ORDER BY luoshi_case.id LIMIT %s",
            (programme, last, since, since, CHUNK),
            binary=True,
        )
        return run.fetchall()


def _personal(cases: Sequence[str]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    with cursor() as run:
        run.execute(
            "SELECT DISTINCT ON (case_id, field) case_id::text, field, value FROM luoshi_personal "
            "WHERE case_id = ANY(%s::uuid[]) AND value IS NOT NULL "
            "ORDER BY case_id, field, seq DESC",
            (list(cases),),
            binary=True,
        )
        for case, name, value in run.fetchall():
            found.setdefault(case, {})[name] = json.loads(value)
    return found


def _own(cell: object, zone: ZoneInfo) -> object:
    return cell.astimezone(zone) if isinstance(cell, datetime) else cell


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value
