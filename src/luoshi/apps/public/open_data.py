"""The page that offers open data, and its files.

Terms    open data 开放数据
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from luoshi.actions.open_data import NIGHT
from luoshi.apps.look.language import words
from luoshi.store.programmes import offered

DESCRIPTIONS = {
    "datapackage.json": "application/json",
    "catalog.jsonld": "application/ld+json",
    "dictionary.csv": "text/csv",
}
SECONDS = 600


@dataclass(frozen=True, slots=True)
class File:
    """One file that is offered."""

    path: str
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one programme."""

    title: str
    cases: Sequence[File]
    changes: Sequence[File]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every file that is offered, programme by programme."""
    described = _described()
    resources = _resources(described)
    made = described.get("created")
    context = {
        "programmes": [files for files in map(_files, *_by_programme(resources)) if files.cases],
        "made": datetime.fromisoformat(made) if made else None,
        "descriptions": list(DESCRIPTIONS) if made else [],
        "night": f"{NIGHT:02}:00",
        "licence": next((one.get("path", "") for one in described.get("licenses", [])), ""),
    }
    return render(request, "public/open_data.html", context)


@require_safe
def file(request: HttpRequest, file: str) -> HttpResponseBase:
    """One file: only those that the description names."""
    kinds = {one["path"]: one["mediatype"] for one in _resources(_described())} | DESCRIPTIONS
    kind = kinds.get(file)
    if kind is None:
        raise Http404
    path = _folder() / PurePosixPath(file)
    try:
        found = path.stat()  # each export writes a file anew, as a whole
        tag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
        answer = get_conditional_response(request, tag, int(found.st_mtime)) or FileResponse(
            path.open("rb"), content_type=kind, as_attachment=True, filename=file.replace("/", "-")
        )
    except OSError:
        raise Http404 from None
    answer["ETag"], answer["Last-Modified"] = tag, http_date(found.st_mtime)
    patch_cache_control(answer, public=True, max_age=SECONDS)
    return answer


def _folder() -> Path:
    return Path(settings.LUOSHI.home) / "open-data"


def _described() -> dict[str, Any]:
    """Return what the last export wrote about itself; nothing before the first one."""
    try:
        found = json.loads((_folder() / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _resources(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = described.get("resources", [])
    return list(found)


def _by_programme(
    resources: Sequence[Mapping[str, Any]],
) -> tuple[list[str], list[list[File]]]:
    found: dict[str, list[File]] = {}
    for one in resources:
        programme, _, name = str(one["path"]).partition("/")
        found.setdefault(programme, []).append(File(str(one["path"]), name, int(one["bytes"])))
    return list(found), list(found.values())


def _files(programme: str, files: Sequence[File]) -> Files:
    known = offered().get(programme)
    return Files(
        title=words(known.labels) if known else programme,
        cases=[one for one in files if not one.name.startswith("changes-")],
        changes=[one for one in files if one.name.startswith("changes-")],
    )
