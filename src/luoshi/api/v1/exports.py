"""Exports: the cases a member of staff may list, as a table, streamed. No contact is in it.

Who took it, and how much, is written to the log.

Terms    export 导出
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from luoshi.actions import clock
from luoshi.api.v1.cases import Filters, wanted_by
from luoshi.api.v1.door import caller_in, exporting
from luoshi.api.v1.listed import rows_told
from luoshi.formats.cells import defused
from luoshi.kernel.access import Actor
from luoshi.store.queries import Wanted, worklist

router = Router(tags=["exports"])
CHUNK = 200
COLUMNS = (
    "number", "programme", "title", "state", "opened", "moved", "due", "unit", "area", "category",
)  # fmt: skip
MARK = "\ufeff"
"""Lets spreadsheets read Chinese."""

TYPES = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
log = structlog.get_logger(__name__)


@router.get("/cases", auth=exporting, response={200: None})
def export_cases(
    request: HttpRequest,
    filters: Query[Filters],
    format: Literal["csv", "ndjson"] = "csv",  # noqa: A002
) -> Any:
    """Every case you may list, as CSV or as one JSON document a line. Scope: `export`."""
    actor, now = caller_in(request).actor, clock.now()
    rows = listed(actor, wanted_by(filters), now)
    lines = csv_lines(rows) if format == "csv" else json_lines(rows)
    response = StreamingHttpResponse(lines, content_type=TYPES[format])
    name = f"luoshi-{now:%Y%m%d}.{format}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def listed(actor: Actor, wanted: Wanted, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the cases of *actor*, a page at a time."""
    after, count = "", 0
    while True:
        page = worklist(actor, wanted, now, after, CHUNK)
        for told in rows_told(page.rows, actor):
            yield {name: told[name] for name in COLUMNS}
        count, after = count + len(page.rows), page.next
        if not after:
            log.info("cases exported", account=actor.id, rows=count)
            return


def csv_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield the table line by line; cells that look like a formula are defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    yield MARK + _taken(out)
    for row in rows:
        writer.writerow([defused(_cell(row[name])) for name in COLUMNS])
        yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return value["label"]
    return value.isoformat() if isinstance(value, datetime) else value


def json_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield one JSON document a line."""
    for row in rows:
        yield json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
