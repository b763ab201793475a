"""Open data: one table written as CSV, GeoJSON and Parquet at once, row by row.

Terms    open data 开放数据
Units    instants are UTC; points are CGCS2000 longitude, latitude, which RFC 7946 calls WGS 84
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from luoshi.formats.cells import defused
from luoshi.kernel.fact import instant

BATCH = 5000
PARQUET = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "date": pa.string(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``type`` is one of Frictionless' own."""

    name: str
    type: str
    zh: str
    en: str
    required: bool = False


@dataclass
class Table:
    """The three files of one table, being written."""

    columns: Sequence[Column]
    csv: IO[str]
    geojson: IO[str]
    parquet: pq.ParquetWriter
    count: int = 0
    waiting: list[Mapping[str, object]] = field(default_factory=list)

    def add(self, row: Mapping[str, object]) -> None:
        """Write one row to each file."""
        csv.writer(self.csv).writerow([csv_cell(row[one.name]) for one in self.columns])
        self.geojson.write(("," if self.count else "") + "\n" + _feature(row))
        self.waiting.append(row)
        self.count += 1
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits to the Parquet file."""
        if self.waiting:
            schema = self.parquet.schema
            self.parquet.write_table(pa.Table.from_pylist(self.waiting, schema=schema))
            self.waiting.clear()


@contextmanager
def table_files(stem: Path, columns: Sequence[Column]) -> Iterator[Table]:
    """Open ``stem.csv``, ``stem.geojson`` and ``stem.parquet`` for the length of a block."""
    schema = pa.schema([(one.name, PARQUET[one.type]) for one in columns])
    with ExitStack() as files:
        as_csv = files.enter_context(
            stem.with_suffix(".csv").open("w", encoding="utf-8-sig", newline="")
        )
        as_geojson = files.enter_context(stem.with_suffix(".geojson").open("w", encoding="utf-8"))
        as_parquet = files.enter_context(
            pq.ParquetWriter(stem.with_suffix(".parquet"), schema, compression="zstd")
        )
        csv.writer(as_csv).writerow([one.name for one in columns])
        as_geojson.write('{"type": "FeatureCollection", "features": [')
        table = Table(columns, as_csv, as_geojson, as_parquet)
        yield table
        table.flush()
        as_geojson.write("\n]}\n")


def csv_cell(value: object) -> object:
    """Return *value* as it stands in a CSV file; no spreadsheet takes it for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return defused(plain(value)) if value is not None else ""


def plain(value: object) -> Any:  # noqa: ANN401  JSON may be anything
    """Return *value* as JSON has it."""
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def _feature(row: Mapping[str, object]) -> str:
    lon, lat = row.get("lon"), row.get("lat")
    point = {"type": "Point", "coordinates": [lon, lat]} if lon is not None else None
    properties = {k: plain(v) for k, v in row.items() if k not in ("lon", "lat")}
    feature = {
        "type": "Feature",
        "id": row["id"],
        "geometry": point,
        "properties": properties,
    }
    return json.dumps(feature, ensure_ascii=False)


def write_rows(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file; return how many rows it has."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        for row in rows:
            writer.writerow([csv_cell(cell) for cell in row])
            count += 1
    return count


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file that was written here, cells as they stand in it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def known_rows(path: Path) -> dict[str, datetime]:
    """Return what a Parquet file says: when each case was last published, by id."""
    if not path.exists():
        return {}
    table = pq.read_table(path, columns=["id", "published"])
    ids, instants = (table.column(name).to_pylist() for name in ("id", "published"))
    return dict(zip(ids, instants, strict=True))
