"""Uploads: files, piece by piece, over lines that break; then their keys go into answers.

POST says how long the file is and what its SHA-256 is. PATCH sends pieces, each with
``Upload-Offset``. After a break GET says where to go on.

Terms    upload 上传 · resume 续传
Units    sizes and offsets are bytes
"""

from __future__ import annotations

from math import ceil
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router
from pydantic import BaseModel, Field, StringConstraints

from luoshi.actions import clock, uploads
from luoshi.actions.files import MOST_BYTES
from luoshi.api.v1 import shapes
from luoshi.api.v1.caller import Caller
from luoshi.api.v1.door import anybody, caller_in, staff_in
from luoshi.api.v1.errors import RequestTooBig, UploadsExceeded, invalid
from luoshi.api.v1.following import Followed, QueryCode, let_in
from luoshi.kernel.access import ANYBODY, Actor
from luoshi.kernel.errors import CaseNotFound
from luoshi.store.queries import case_numbered, is_registered
from luoshi.store.rates import digest_of, hour_left, spent
from luoshi.store.tokens import ACT

router = Router(tags=["uploads"])

KILOBYTE = 1_000
MOST_AN_HOUR = 1_000_000_000
"""Bytes that are taken within an hour from one place without an account; many may share it."""

Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=1, le=MOST_BYTES)]
Offset = Annotated[int, Field(ge=0, le=MOST_BYTES)]
PIECE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
        },
    }
}


class Announced(shapes.Body):
    """A file that will be sent, and for what.

    A case to be opened (``case``, its key made by the sender), or one that exists (``number``; a
    requester also shows the ``code``).
    """

    size: Size
    sha256: Digest
    case: UUID | None = None
    number: shapes.Number = ""
    code: QueryCode = ""


class Progress(BaseModel):
    """How far a file has come; ``file`` is its key for answers, once everything is there."""

    id: UUID
    offset: int
    size: int
    most: int
    file: UUID | None


@router.post("", auth=anybody, response={201: Progress})
def begin_upload(request: HttpRequest, response: HttpResponse, body: Announced) -> Any:
    """Announce a file. Staff need the scope `act`; residents need no account for their case."""
    case, _ = meant(request, body)
    caller = caller_in(request)
    if not caller.is_known:
        spend(caller, body.size)
    made = uploads.begin(case, body.size, bytes.fromhex(body.sha256), _by(caller))
    response.headers["Location"] = f"/api/v1/uploads/{made.id}"
    return _told(made)


@router.get("/{key}", auth=anybody, response=Progress)
def read_upload(request: HttpRequest, response: HttpResponse, key: UUID) -> Any:
    """Where to go on after a break."""
    return _answered(response, uploads.upload_of(str(key), _by(caller_in(request))))


@router.patch("/{key}", auth=anybody, response=Progress, openapi_extra=PIECE)
def append_piece(
    request: HttpRequest,
    response: HttpResponse,
    key: UUID,
    upload_offset: Annotated[Offset, Header(alias="Upload-Offset")],
) -> Any:
    """Send the next piece, at most 2 000 000 bytes. The last one makes it a file."""
    piece = request.body
    if len(piece) > uploads.MOST_PIECE:
        raise RequestTooBig(most=uploads.MOST_PIECE)
    caller = caller_in(request)
    actor = caller.actor if caller.is_known else ANYBODY
    return _answered(response, uploads.append(str(key), _by(caller), upload_offset, piece, actor))


@router.delete("/{key}", auth=anybody, response={204: None})
def drop_upload(request: HttpRequest, key: UUID) -> None:
    """Forget an upload that is not needed. A file that was kept stays."""
    uploads.drop(str(key), _by(caller_in(request)))


def spend(caller: Caller, size: int) -> None:
    """Count the bytes that somebody without an account is going to send.

    Raises:
        UploadsExceeded: It is more than is taken from one place within an hour.
    """
    now = clock.now()
    who = digest_of(settings.SECRET_KEY, f"bytes {caller.key}", now, is_address=True)
    if spent(who, ceil(size / KILOBYTE), now) * KILOBYTE > MOST_AN_HOUR:
        raise UploadsExceeded(most=MOST_AN_HOUR, seconds=hour_left(now))


def meant(request: HttpRequest, body: Announced) -> tuple[str, Actor]:
    """Return the key of the case that a file is for, and who sends it.

    Raises:
        Refused: ``CaseNotFound``, also for a case that the sender may not see.
    """
    if body.number and body.code:
        case = let_in(request, Followed(number=body.number, code=body.code)).case.id
        return case, ANYBODY
    staff = staff_in(request, ACT)
    if body.number:
        if staff is None:
            raise CaseNotFound
        return case_numbered(body.number, staff.actor, clock.now()).case.id, staff.actor
    if body.case is None:
        raise invalid("body", "say `case`, or `number`")
    if is_registered(str(body.case)):
        raise CaseNotFound  # by its number, please: the key alone is no right
    return str(body.case), staff.actor if staff else ANYBODY


def _by(caller: Caller) -> str:
    return caller.key if caller.is_known else "anybody"


def _answered(response: HttpResponse, found: Any) -> dict[str, Any]:
    response.headers["Upload-Offset"] = str(found.received)
    return _told(found)


def _told(found: Any) -> dict[str, Any]:
    return {
        "id": found.id,
        "offset": found.received,
        "size": found.size,
        "most": uploads.MOST_PIECE,
        "file": found.file,
    }
