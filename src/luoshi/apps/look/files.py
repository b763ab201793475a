"""Files as they are handed out: pictures in the page, documents as downloads."""

from __future__ import annotations

from typing import Any, Protocol, cast
from uuid import UUID

from django.http import FileResponse

from luoshi.actions.files import ending_of, open_file


class Kept(Protocol):
    """What is known of a file."""

    id: UUID
    kind: str
    media_type: str


def file_response(attachment: Kept) -> FileResponse:
    """Return the bytes of *attachment* for the browser of somebody who may see it."""
    row = cast(Any, attachment)  # a row of the table, which only store and actions name
    response = FileResponse(
        open_file(row),
        as_attachment=attachment.kind != "image",
        filename=f"{str(attachment.id)[-12:]}{ending_of(row)}",
        content_type=attachment.media_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
