"""Files: what people attach. Nothing that was received is ever handed out as it came.

A photograph is decoded and written anew: what is not picture (place, device, hidden code) is gone.
A document is kept as it is, is never shown in the page and is handed out as a download only. What
a file is, is read from its first bytes, never from its name or from what the sender says.
"""

from __future__ import annotations

import io
import warnings
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from luoshi.actions import clock
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import Refused
from luoshi.store.attached import forgotten, outlived, unnamed
from luoshi.store.keys import is_key, new_key
from luoshi.store.models import Attachment

MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
MOST_FILES = 60
"""Files that may hang on one case, so that nobody fills the disk under one key."""

UNUSED = timedelta(days=3)
"""How long a file stays that no answer names."""

LOOKED_AT = 5_000
"""Files that are looked at by one statement."""

EDGE = 2560
"""Longest edge, in pixels, of a photograph that is kept."""

READ = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
DOCUMENTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"PK\x03\x04", "application/zip", ".zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", ".doc"),
)
OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    (
        b"ppt/",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".pptx",
    ),
)


class FileEmpty(Refused):
    """There is nothing in the file."""

    code = "file.empty"
    template = "the file is empty; choose another one"


class FileTooBig(Refused):
    """The file has more bytes, or the picture more points, than are taken."""

    code = "file.too_big"
    template = "the file is too big: {size} of at most {most} {unit}"


class FileKindRefused(Refused):
    """The file is no picture and no document of a kind that is taken."""

    code = "file.kind"
    template = "only photographs, PDF and office files are taken"


class FileBroken(Refused):
    """The file begins like a picture but cannot be read as one."""

    code = "file.broken"
    template = "the picture cannot be read; take or export it again"


class FilesTooMany(Refused):
    """The case has as many files as it may have."""

    code = "file.too_many"
    template = "a case holds at most {most} files"


def add_file(case: str, data: bytes, filename: str, actor: Actor) -> Attachment:
    """Keep *data* as an attachment of *case*, which may not be registered yet.

    Args:
        case: Key of the case.
        data: The bytes, as they came.
        filename: Name at the sender; it may hold anything and is not kept.
        actor: Who attaches it.

    Raises:
        Refused: ``FileEmpty``, ``FileTooBig``, ``FileKindRefused``, ``FileBroken``,
            ``FilesTooMany``. Nothing is kept then.
    """
    del filename
    if not is_key(case):
        raise FileKindRefused
    if not data:
        raise FileEmpty
    if len(data) > MOST_BYTES:
        raise FileTooBig(size=len(data), most=MOST_BYTES, unit="bytes")
    if Attachment.objects.filter(case=case, deleted=None).count() >= MOST_FILES:
        raise FilesTooMany(most=MOST_FILES)
    picture = _picture(data)
    if picture is not None:
        return _kept_picture(case, picture, actor)
    media_type, _ = document_type(data)
    return _kept(case, data, Attachment(kind="document", media_type=media_type), actor.id)


def copied_to(case: str, keys: object) -> list[str]:
    """Give *case* copies of the files *keys* of a case it is bound to; return their keys.

    Each case keeps and deletes its own.
    """
    wanted = [str(key) for key in keys] if isinstance(keys, list) else []
    found = {str(one.id): one for one in Attachment.objects.filter(id__in=wanted, deleted=None)}
    return [_copied(case, found[key]) for key in wanted if key in found]


def _copied(case: str, source: Attachment) -> str:
    made = Attachment(
        kind=source.kind,
        media_type=source.media_type,
        width=source.width,
        height=source.height,
    )
    with open_file(source) as file:
        return str(_kept(case, file.read(), made, source.added_by).id)


def open_file(attachment: Attachment) -> IO[bytes]:
    """Return the bytes of *attachment*, opened for reading."""
    return default_storage.open(_path(str(attachment.id)), "rb")


def document_type(data: bytes) -> tuple[str, str]:
    """Return the media type of a document and the ending of its name, from its first bytes.

    Raises:
        FileKindRefused: It is none of the kinds that are taken.
    """
    kinds = (kind for start, *kind in DOCUMENTS if data.startswith(start))
    media_type, ending = next(kinds, ("", ""))
    if not ending:
        raise FileKindRefused
    if ending != ".zip":
        return media_type, ending
    inside = data[:4096] + data[-65_536:]
    for part, office_type, office_ending in OFFICE:
        if b"[Content_Types].xml" in inside and part in inside:
            return office_type, office_ending
    raise FileKindRefused


def ending_of(attachment: Attachment) -> str:
    """Return the ending for the name of a download."""
    known = {office_type: ending for _, office_type, ending in OFFICE}
    known |= {media_type: ending for _, media_type, ending in DOCUMENTS}
    known |= {"image/jpeg": ".jpg", "image/png": ".png"}
    return known.get(attachment.media_type, ".bin")


def _picture(data: bytes) -> Image.Image | None:
    """Return the picture in *data*, small enough to keep; ``None`` when it is no picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            found = Image.open(io.BytesIO(data), formats=READ)
        except UnidentifiedImageError:
            if _looks_like_picture(data):
                raise FileBroken from None
            return None
        except Image.DecompressionBombError:
            raise FileTooBig(size="more", most=MOST_PIXELS, unit="pixels") from None
        except (OSError, ValueError, SyntaxError):
            raise FileBroken from None
    if found.width * found.height > MOST_PIXELS:
        raise FileTooBig(size=found.width * found.height, most=MOST_PIXELS, unit="pixels")
    try:
        found.draft("RGB", (EDGE, EDGE))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((EDGE, EDGE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise FileBroken from None
    return upright


def _looks_like_picture(data: bytes) -> bool:
    starts = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
    return data.startswith(starts) or data[8:12] == b"WEBP"


def _kept_picture(case: str, picture: Image.Image, actor: Actor) -> Attachment:
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    out = io.BytesIO()
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()  # else comments and colour profiles are written again: they name cameras
    if has_alpha:
        plain.save(out, "PNG", optimize=True)
    else:
        plain.save(out, "JPEG", quality=85, optimize=True)
    made = Attachment(
        kind="image",
        media_type="image/png" if has_alpha else "image/jpeg",
        width=picture.width,
        height=picture.height,
    )
    return _kept(case, out.getvalue(), made, actor.id)


def _kept(case: str, data: bytes, made: Attachment, added_by: str) -> Attachment:
    made.id = new_key()
    made.case = case
    made.size = len(data)
    made.digest = sha256(data).digest()
    made.added = clock.now()
    made.added_by = added_by
    path = _path(str(made.id))
    try:
        default_storage.save(path, ContentFile(data))
        made.save(force_insert=True)
    except BaseException:  # a full disk, a lost database: nothing half written stays
        default_storage.delete(path)
        raise
    return made


def _path(key: str) -> str:
    return f"files/{key[-2:]}/{key}"


def forget_files(now: datetime) -> int:
    """Delete files whose time is over, or that no answer names (any more).

    A file that has just come is left alone for ``UNUSED``: the step that names it may follow.

    Returns:
        How many were deleted.
    """
    gone = 0
    for keys in chain([outlived(now)], unnamed(now - UNUSED, LOOKED_AT)):
        for key in keys:
            default_storage.delete(_path(key))  # first: if it fails, the row stays, to try again
            gone += forgotten(key)
    return gone
