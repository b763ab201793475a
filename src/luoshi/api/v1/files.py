"""Files: the bytes of what hangs on a case, for whoever sees the answer that names it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from ninja import Router

from luoshi.actions import clock
from luoshi.actions.files import ending_of, open_file
from luoshi.api.v1 import shapes
from luoshi.api.v1.door import caller_in, reading
from luoshi.api.v1.told import visible_files
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.queries import case_numbered
from luoshi.store.sight import CaseView

router = Router(tags=["files"])


@router.get("/{number}/files/{key}", auth=reading, response={200: None})
def read_file(request: HttpRequest, number: shapes.Number, key: UUID) -> Any:
    """The bytes of a file. Scope: `read`."""
    return handed_out(case_numbered(number, caller_in(request).actor, clock.now()), key)


def handed_out(view: CaseView, key: UUID) -> FileResponse:
    """Return the file *key* as a download.

    Raises:
        CaseNotFound: The case has no such file that the caller may see.
    """
    if str(key) not in visible_files(view):
        raise CaseNotFound
    found = view.attachments[str(key)]
    response = FileResponse(
        open_file(found),
        as_attachment=True,
        filename=f"{str(key)[-12:]}{ending_of(found)}",
        content_type=found.media_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
