"""Uploads: a file received piece by piece, so that a broken line costs one piece and no more.

Whoever begins an upload says how long the file is and what its digest is. When the last piece has
come, the file is judged and kept like any other (``files.add_file``). What is not finished within
a day is dropped.

Terms    upload 上传 · piece 分片 · resume 续传
Units    sizes and offsets are bytes
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.files import (
    MOST_BYTES,
    MOST_FILES,
    FileEmpty,
    FilesTooMany,
    FileTooBig,
    add_file,
)
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import Refused
from luoshi.store.keys import is_key
from luoshi.store.models import Upload

MOST_PIECE = 2_000_000
DAY = timedelta(days=1)
SWEPT_AT_ONCE = 50


class UploadUnknown(Refused):
    """There is no such upload, or somebody else began it, or its day is over."""

    code = "upload.unknown"
    template = "there is no such upload; begin it anew"


class UploadElsewhere(Refused):
    """The piece does not begin where the last one ended."""

    code = "upload.offset"
    template = "the next piece begins at {offset}, not at {given}; go on from there"


class UploadTooLong(Refused):
    """More came than was announced."""

    code = "upload.too_long"
    template = "the file was announced with {size} bytes, and this would make more"


class UploadDiffers(Refused):
    """What came is not what was announced: its digest is another one."""

    code = "upload.digest"
    template = "the bytes received are not those announced; send the file again from the beginning"


def begin(case: str, size: int, digest: bytes, by: str) -> Upload:
    """Announce a file of *size* bytes with the SHA-256 *digest* for *case*.

    Raises:
        Refused: ``FileEmpty``, ``FileTooBig``, ``FilesTooMany``.
    """
    if size < 1:
        raise FileEmpty
    if size > MOST_BYTES:
        raise FileTooBig(size=size, most=MOST_BYTES, unit="bytes")
    sweep()
    if Upload.objects.filter(case=case).count() >= MOST_FILES:
        raise FilesTooMany(most=MOST_FILES)
    return Upload.objects.create(case=case, size=size, sha256=digest, by=by, made=clock.now())


def upload_of(key: str, by: str) -> Upload:
    """Return how far the upload *key* of *by* has come.

    Raises:
        UploadUnknown: There is none.
    """
    return _upload(key, by)


def append(key: str, by: str, offset: int, piece: bytes, actor: Actor) -> Upload:
    """Take the next piece; keep the file when it is the last one.

    Raises:
        Refused: ``UploadUnknown``, ``UploadElsewhere``, ``UploadTooLong``, ``UploadDiffers``, or
            why the file itself is not taken. A refused file is forgotten.
    """
    refused: Refused | None = None
    with transaction.atomic():
        upload = _upload(key, by, lock=True)
        if offset != upload.received:
            raise UploadElsewhere(offset=upload.received, given=offset)
        if offset + len(piece) > upload.size:
            raise UploadTooLong(size=upload.size)
        _keep(upload, piece)
        if upload.received == upload.size:
            refused = _finish(upload, actor)
    if refused is not None:
        raise refused
    return upload


def drop(key: str, by: str) -> None:
    """Forget an upload; a file that was kept stays.

    Raises:
        UploadUnknown: There is none.
    """
    with transaction.atomic():
        upload = _upload(key, by, lock=True)
        _forget_pieces(upload)
        upload.delete()


def _upload(key: str, by: str, *, lock: bool = False) -> Upload:
    rows = Upload.objects.select_for_update() if lock else Upload.objects.all()
    after = clock.now() - DAY
    found = rows.filter(id=key, by=by, made__gt=after).first() if is_key(key) else None
    if found is None:
        raise UploadUnknown
    return found


def _keep(upload: Upload, piece: bytes) -> None:
    if not piece:
        return
    path = _path(upload, upload.received)
    default_storage.delete(path)  # of a try whose transaction came to nothing
    default_storage.save(path, ContentFile(piece))
    upload.received += len(piece)
    upload.pieces = [*upload.pieces, len(piece)]
    upload.save(update_fields=["received", "pieces"])


def _finish(upload: Upload, actor: Actor) -> Refused | None:
    """Keep the whole file; return why it is refused, when it is."""
    data = _bytes(upload)
    if sha256(data).digest() != bytes(upload.sha256):
        return _given_up(upload, UploadDiffers())
    try:
        upload.file = add_file(str(upload.case), data, "", actor).id
    except Refused as refused:
        return _given_up(upload, refused)
    _forget_pieces(upload)
    upload.save(update_fields=["file"])
    return None


def _given_up(upload: Upload, refused: Refused) -> Refused:
    _forget_pieces(upload)
    upload.delete()
    return refused


def _bytes(upload: Upload) -> bytes:
    found = bytearray()
    for size in upload.pieces:
        with default_storage.open(_path(upload, len(found)), "rb") as file:
            found += file.read(size)
    return bytes(found)


def _forget_pieces(upload: Upload) -> None:
    offset = 0
    for size in upload.pieces:
        default_storage.delete(_path(upload, offset))
        offset += size


def _path(upload: Upload, offset: int) -> str:
    key = str(upload.id)
    return f"uploads/{key[-2:]}/{key}.{offset}"


def sweep() -> int:
    """Drop some uploads that were not finished within a day; return how many."""
    with transaction.atomic():
        rows = Upload.objects.select_for_update(skip_locked=True)
        abandoned = rows.filter(made__lte=clock.now() - DAY)[:SWEPT_AT_ONCE]
        for old in abandoned:
            _forget_pieces(old)
            old.delete()
        return len(abandoned)
