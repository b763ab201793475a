"""Open data: what is published, written to a folder that anybody may fetch, once a night.

One file for each programme and year, and for each night one with what changed since. An earlier
increment keeps no row that a later one corrects or takes back: what was taken down is offered
nowhere any more.

Terms    open data 开放数据 · increment 增量
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

from luoshi.actions.open_columns import columns_of, dictionary, row_of
from luoshi.formats.data_package import Dataset, Part, catalog, package
from luoshi.formats.open_data import (
    Column,
    known_rows,
    read_rows,
    table_files,
    write_rows,
)
from luoshi.kernel.limit import Labels
from luoshi.kernel.programme import Programme
from luoshi.store import open_data as store
from luoshi.store.directory import directory
from luoshi.store.programmes import offered

PACKAGE = "datapackage.json"
CATALOG = "catalog.jsonld"
DICTIONARY = "dictionary.csv"
NIGHT = 2
"""Hour, in the zone of the house, from which on the night's export is due."""

INCREMENTS = 35
"""So many increments of a programme are kept."""

CHANGE = Column(
    "change", "string", "变化", "added, changed or removed since the last export", required=True
)
COUNTS = (
    Column("year", "integer", "年份", "Year", required=True),
    Column("by", "string", "维度", "`category` or `place`", required=True),
    Column("code", "string", "代码", "Code of the category or area", required=True),
    Column("received", "integer", "受理件数", "Cases received; empty where few, and hidden"),
)
OURS = re.compile(
    r"[a-z0-9-]+/(cases-\d+\.(csv|geojson|parquet)|changes-\d{8}T\d{6}Z\.csv|counts\.csv)"
)
"""Files that an export writes for a programme."""

WORDS = ("file", "column", "type", "zh-Hans", "en")


@dataclass
class Export:
    """What one export wrote."""

    cases: int = 0
    files: int = 0
    unchanged: int = 0
    changed: int = 0


@dataclass
class _Work:
    """One export under way: the files as they were, and those that will be."""

    folder: Path
    fresh: Path
    at: datetime
    marks: Mapping[str, str]
    done: Export = field(default_factory=Export)


def offer(folder: Path, at: datetime, base: str = "", licence: str = "") -> Export:
    """Write everything that is published to *folder*; what has not changed stays as it is.

    Args:
        folder: Made if need be; holds nothing else.
        at: Now.
        base: Address below which the files are offered, for the catalogue.
        licence: Address of the licence under which they are.
    """
    fresh = folder / ".fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    work = _Work(folder, fresh, at, _marks(folder))
    publishing = [one for one in offered().values() if one.publication.when is not None]
    try:
        datasets = [_dataset(work, programme) for programme in publishing]
        write_rows(fresh / DICTIONARY, WORDS, _words(publishing))
        _move(work)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    _drop_others(work, datasets)
    _describe(folder, datasets, at, base or "./", licence)
    return work.done


def is_due(folder: Path, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether tonight's export has still to be made."""
    local = now.astimezone(zone)
    made = _described(folder).get("created")
    if local.hour < NIGHT:
        return False
    return made is None or datetime.fromisoformat(str(made)).astimezone(zone).date() < local.date()


def _describe(
    folder: Path, datasets: Sequence[Dataset], at: datetime, base: str, licence: str
) -> None:
    described = package(folder, datasets, at, licence)
    _write_json(folder / CATALOG, catalog(folder, datasets, at, base, licence, _operator()))
    _write_json(folder / PACKAGE, described)


def _operator() -> Labels:
    known = directory().operator
    return known.labels if known else {"zh-Hans": "落实", "en": "Luoshi"}


def _write_json(path: Path, document: object) -> None:
    part = path.with_name(f".{path.name}")
    part.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def _described(folder: Path) -> dict[str, object]:
    """Return the description that the last export wrote; a broken one counts as none."""
    try:
        found = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _marks(folder: Path) -> dict[str, str]:
    resources = _described(folder).get("resources")
    found = resources if isinstance(resources, list) else []
    return {str(one["path"]): str(one.get("luoshi:mark", "")) for one in found}


def _dataset(work: _Work, programme: Programme) -> Dataset:
    columns = columns_of(programme)
    (work.fresh / programme.id).mkdir()
    parts: list[Part] = []
    changes: list[list[object]] = []
    had_before = any(path.startswith(f"{programme.id}/cases-") for path in work.marks)
    rules = f"{programme.version} {crc32(repr(columns).encode()):08x}"
    years = store.years(programme)
    for year in years:
        stem = f"{programme.id}/cases-{year.year}"
        mark = f"{rules} {year.count} {year.mark}"
        if work.marks.get(f"{stem}.csv") != mark:
            changes += _write_year(work, programme, year.year, columns)
        else:
            work.done.unchanged += 3
        work.done.cases += year.count
        parts += [Part(f"{stem}.csv", columns, mark)]
        parts += [Part(f"{stem}{suffix}", (), mark) for suffix in (".geojson", ".parquet")]
    changes += _removed_years(work, programme, {year.year for year in years}, columns)
    _note_changes(work, programme, columns, changes if had_before else [])
    parts += [Part(path, _told_of_changes(columns)) for path in _increments(work, programme)]
    parts.append(_counts(work, programme))
    return Dataset(programme.id, programme.labels, programme.about, programme.owner, parts)


def _write_year(
    work: _Work, programme: Programme, year: int, columns: Sequence[Column]
) -> list[list[object]]:
    """Write the files of one year; return the rows of the increment that it comes to."""
    stem = f"{programme.id}/cases-{year}"
    before = known_rows((work.folder / stem).with_suffix(".parquet"))
    changes: list[list[object]] = []
    with table_files(work.fresh / stem, columns) as table:
        for case in store.cases_of(programme, year):
            row = row_of(programme, case)
            table.add(row)
            known = before.pop(case.number, None)
            if known != case.published:
                told = "added" if known is None else "changed"
                changes.append([told, *(row[one.name] for one in columns)])
    work.done.files += 3
    return changes + [_removed(number, columns) for number in before]


def _removed(number: str, columns: Sequence[Column]) -> list[object]:
    return ["removed", *(number if one.name == "id" else None for one in columns)]


def _told_of_changes(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns of an increment: of what was removed only the number is told."""
    return (CHANGE, *(replace(one, required=one.name == "id") for one in columns))


def _removed_years(
    work: _Work, programme: Programme, years: set[int], columns: Sequence[Column]
) -> list[list[object]]:
    """Return the rows of years of which nothing is published any more."""
    gone: list[list[object]] = []
    for path in (work.folder / programme.id).glob("cases-*.parquet"):
        if int(path.stem.removeprefix("cases-")) not in years:
            gone += [_removed(number, columns) for number in known_rows(path)]
    return gone


def _note_changes(
    work: _Work, programme: Programme, columns: Sequence[Column], changes: list[list[object]]
) -> None:
    names = [one.name for one in (CHANGE, *columns)]
    place = names.index("id")
    touched = {str(row[place]) for row in changes}
    for path in sorted((work.folder / programme.id).glob("changes-*.csv"))[-INCREMENTS + 1 :]:
        kept = [row for row in read_rows(path) if row["id"] not in touched]
        cells = ([row.get(name) or None for name in names] for row in kept)
        _copy(work.fresh / programme.id / path.name, names, cells)
    if changes:
        name = f"changes-{work.at:%Y%m%dT%H%M%SZ}.csv"
        work.done.changed += write_rows(work.fresh / programme.id / name, names, changes)
        work.done.files += 1


def _copy(path: Path, names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """Write rows that were read: their cells are defused already."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        writer.writerows(rows)


def _increments(work: _Work, programme: Programme) -> list[str]:
    found = sorted((work.fresh / programme.id).glob("changes-*.csv"))
    return [f"{programme.id}/{path.name}" for path in found]


def _counts(work: _Work, programme: Programme) -> Part:
    path = f"{programme.id}/counts.csv"
    rows = ([one.year, one.by, one.code, one.received] for one in store.counts_of(programme))
    write_rows(work.fresh / path, [one.name for one in COUNTS], rows)
    work.done.files += 1
    return Part(path, COUNTS)


def _words(publishing: Sequence[Programme]) -> Iterator[Sequence[object]]:
    """Yield the dictionary: every column, code and label of every file, in both languages."""
    for programme in publishing:
        for one in columns_of(programme):
            yield f"{programme.id}/cases-*", one.name, one.type, one.zh, one.en
        for one in COUNTS:
            yield f"{programme.id}/counts.csv", one.name, one.type, one.zh, one.en
        yield from dictionary(programme, directory())


def _move(work: _Work) -> None:
    """Put the fresh files in the place of the old ones, each in one step."""
    for file in sorted(path for path in work.fresh.rglob("*") if path.is_file()):
        target = work.folder / file.relative_to(work.fresh)
        target.parent.mkdir(exist_ok=True)
        file.replace(target)


def _drop_others(work: _Work, datasets: Sequence[Dataset]) -> None:
    """Remove what exports wrote and this one does not offer; nobody else's file."""
    keep = {part.path for one in datasets for part in one.parts}
    there = (path for one in datasets for path in (work.folder / one.id).iterdir())
    found = {path.relative_to(work.folder).as_posix() for path in there} | work.marks.keys()
    for path in found - keep:
        if OURS.fullmatch(path):
            (work.folder / path).unlink(missing_ok=True)
