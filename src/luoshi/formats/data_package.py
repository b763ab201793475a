"""Descriptions of open data: Frictionless Data Package 1.0, and DCAT-AP 2.1 in JSON-LD.

Terms    data package 数据包 · distribution 数据分发
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from luoshi.formats.open_data import Column
from luoshi.kernel.fact import Json, instant
from luoshi.kernel.limit import Labels

MEDIA = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a dataset. ``columns`` are told for CSV; ``mark`` says from what it was made."""

    path: str
    columns: Sequence[Column] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What one programme offers."""

    id: str
    labels: Labels
    about: Labels
    owner: Labels
    parts: Sequence[Part]


def schema(columns: Sequence[Column], keys: Sequence[str] = ("id",)) -> dict[str, Json]:
    """Return the Frictionless schema of *columns*."""
    fields: list[Json] = []
    for one in columns:
        told: dict[str, Json] = {
            "name": one.name,
            "type": one.type,
            "title": one.zh,
            "description": one.en,
        }
        if one.type == "datetime":
            told["format"] = "%Y-%m-%dT%H:%M:%S.%fZ"
        if one.required:
            told["constraints"] = {"required": True}
        fields.append(told)
    names = {one.name for one in columns}
    made: dict[str, Json] = {"fields": fields, "missingValues": [""]}
    if set(keys) <= names:
        made["primaryKey"] = list(keys)
    return made


def package(folder: Path, datasets: Iterable[Dataset], at: datetime, licence: str) -> Json:
    """Return the Data Package that describes the files of *datasets* below *folder*."""
    made: dict[str, Json] = {
        "profile": "data-package",
        "name": "luoshi-open-data",
        "title": "公开事项 · Published cases",
        "created": instant(at),
        "resources": [
            resource(folder, part, dataset) for dataset in datasets for part in dataset.parts
        ],
    }
    if licence:
        made["licenses"] = [{"path": licence, "name": "licence"}]
    return made


def resource(folder: Path, part: Part, dataset: Dataset) -> dict[str, Json]:
    """Return what a Data Package says about one file."""
    file = folder / part.path
    suffix = file.suffix
    made: dict[str, Json] = {
        "name": part.path.lower().replace("/", "-").replace(".", "-").replace("_", "-"),
        "path": part.path,
        "title": dataset.labels.get("zh-Hans", dataset.id),
        "format": suffix[1:],
        "mediatype": MEDIA[suffix],
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest(file)}",
        "luoshi:dataset": dataset.id,
        "luoshi:mark": part.mark,
    }
    if part.columns:
        made |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": schema(part.columns),
        }
    return made


def digest(file: Path) -> str:
    """Return the SHA-256 of *file* in hexadecimal."""
    made = sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            made.update(block)
    return made.hexdigest()


CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def catalog(
    folder: Path,
    datasets: Sequence[Dataset],
    at: datetime,
    base: str,
    licence: str,
    publisher: Labels,
) -> Json:
    """Return the DCAT-AP catalogue.

    Args:
        folder: Where the files lie.
        datasets: What is offered; each is published by its owner.
        at: Now.
        base: Address below which the files are offered.
        licence: Address of the licence under which they are.
        publisher: Who offers them all.
    """
    made: dict[str, Json] = {
        "@context": dict(CONTEXT),
        "@id": base,
        "@type": "dcat:Catalog",
        "dct:title": _words({"zh-Hans": "公开事项", "en": "Published cases"}),
        "dct:description": _words(
            {
                "zh-Hans": "已公开事项的办理过程与结果",
                "en": "Process and result of published cases",
            }
        ),
        "dct:publisher": _agent(publisher),
        "dct:modified": {"@value": instant(at), "@type": "xsd:dateTime"},
        "dcat:dataset": [_dataset(folder, one, at, base, licence) for one in datasets],
    }
    return made


def _dataset(folder: Path, one: Dataset, at: datetime, base: str, licence: str) -> Json:
    return {
        "@id": f"{base}#{one.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": one.id,
        "dct:title": _words(one.labels),
        "dct:description": _words(one.about or one.labels),
        "dct:publisher": _agent(one.owner),
        "dct:accrualPeriodicity": {"@id": FREQUENCY},
        "dct:modified": {"@value": instant(at), "@type": "xsd:dateTime"},
        "dcat:distribution": [_distribution(folder, part, base, licence) for part in one.parts],
    }


def _distribution(folder: Path, part: Part, base: str, licence: str) -> Json:
    file = folder / part.path
    made: dict[str, Json] = {
        "@id": f"{base}{part.path}",
        "@type": "dcat:Distribution",
        "dct:title": part.path,
        "dcat:accessURL": {"@id": base},
        "dcat:downloadURL": {"@id": f"{base}{part.path}"},
        "dcat:mediaType": {"@id": MEDIA_TYPES + MEDIA[file.suffix]},
        "dcat:byteSize": {"@value": str(file.stat().st_size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": digest(file), "@type": "xsd:hexBinary"},
        },
    }
    return made | ({"dct:license": {"@id": licence}} if licence else {})


def _agent(name: Labels) -> Json:
    return {"@type": "foaf:Agent", "foaf:name": _words(name)}


def _words(labels: Labels) -> Json:
    return [{"@value": text, "@language": language} for language, text in labels.items() if text]
