"""Columns: which column of a table holds which field, by name, label or other known header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.kernel.errors import LuoshiError
from luoshi.kernel.programme import Field, FieldType, Programme, Transition

ID, TIME, LON, LAT = "@id", "@time", "@lon", "@lat"
KNOWN = {
    ID: ("id", "编号", "留言编号", "工单编号", "来源编号", "source_id", "source id"),
    TIME: ("time", "时间", "留言时间", "登记时间", "受理时间", "来电时间", "created", "opened"),
}
POINTS = {
    LON: ("lon", "lng", "longitude", "经度"),
    LAT: ("lat", "latitude", "纬度"),
}


class ColumnsUnclear(LuoshiError):
    """The columns of a table cannot be told apart, or a needed one is missing."""

    code = "columns.unclear"
    template = "{reason}; the columns are: {columns}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what.

    Attributes:
        all: Every column, in the order of the table.
        fields: Column by field name, ``@id``, ``@time``, ``@lon`` and ``@lat``.
        ignored: Columns that nothing was found for.
        point: The field that ``@lon`` and ``@lat`` are of; empty where there is none.
    """

    all: tuple[str, ...]
    fields: Mapping[str, str]
    ignored: tuple[str, ...]
    point: str = ""


def columns_of(programme: Programme, columns: Sequence[str], given: Mapping[str, str]) -> Columns:
    """Return which column holds which field that opening a case asks for.

    Args:
        programme: The programme that takes the cases.
        columns: The columns of the table.
        given: What the user says, field to column; an empty column leaves the field out.

    Raises:
        ColumnsUnclear: A named column or field is not there, or a required field has no column.
    """
    opening = programme.opening[0]
    asked = {need.field: programme.fields[need.field] for need in opening.needs}
    point = next((f.name for f in asked.values() if f.type is FieldType.POINT), "")
    headers = {name: _headers(field) for name, field in asked.items()} | KNOWN
    headers |= POINTS if point else {}
    _refuse_unknown(given, columns, set(headers))
    found = {name: column for name, column in given.items() if column}
    for name in headers.keys() - given.keys():
        column = _match(columns, headers[name])
        if column:
            found[name] = column
    _refuse_missing(opening, columns, found, point)
    ignored = tuple(name for name in columns if name and name not in found.values())
    return Columns(tuple(columns), {n: found[n] for n in headers if n in found}, ignored, point)


def _headers(field: Field) -> tuple[str, ...]:
    return (field.name, *field.labels.values(), *field.also)


def _match(columns: Sequence[str], headers: Sequence[str]) -> str:
    plain = {column.strip().lower(): column for column in columns}
    return next((plain[h.lower()] for h in headers if h.lower() in plain), "")


def _refuse_unknown(given: Mapping[str, str], columns: Sequence[str], fields: set[str]) -> None:
    for name, column in given.items():
        if name not in fields:
            reason = f"{name!r} is no field that opening a case asks for"
            raise ColumnsUnclear(reason=reason, columns=", ".join(columns))
        if column and column not in columns:
            raise ColumnsUnclear(reason=f"no column {column!r}", columns=", ".join(columns))


def _refuse_missing(
    opening: Transition, columns: Sequence[str], found: dict[str, str], point: str
) -> None:
    given = set(found)
    if point and {LON, LAT} & given:
        for lacking in {LON, LAT} - given:
            reason = f"{lacking[1:]} has no column, but its other half has; use --map {lacking}="
            raise ColumnsUnclear(reason=reason + "column", columns=", ".join(columns))
        given.add(point)
    missing = [
        need.field
        for need in opening.needs
        if need.required and need.when is None and need.field not in given
    ]
    if missing:
        raise ColumnsUnclear(
            reason=f"no column for {', '.join(missing)}; say which with --map field=column",
            columns=", ".join(columns),
        )
