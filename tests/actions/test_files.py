"""Files: a picture is written anew, a document is kept as it is, anything else is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.actions.lamp import opened
from tests.small_city import OPERATOR, found_city

from luoshi.actions import files
from luoshi.actions.acts import Request, register
from luoshi.actions.files import (
    EDGE,
    FileBroken,
    FileEmpty,
    FileKindRefused,
    FilesTooMany,
    FileTooBig,
    add_file,
    document_type,
    ending_of,
    open_file,
)
from luoshi.kernel.access import ANYBODY
from luoshi.kernel.errors import FieldsRefused, Refused
from luoshi.store.directory import forget_directory
from luoshi.store.keys import new_key
from luoshi.store.models import Attachment

CASE = "01900000-0000-7000-8000-00000000000a"


@pytest.fixture(autouse=True)
def folder(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 40), **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **how)  # type: ignore[arg-type]
    return out.getvalue()


def kept(data: bytes, name: str = "photo.jpg") -> tuple[Attachment, bytes]:
    made = add_file(CASE, data, name, OPERATOR)
    with open_file(made) as file:
        return made, file.read()


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = "SecretPhone 9"
    made[0x8825] = {1: "N", 2: (35.0, 30.0, 0.0), 3: "E", 4: (122.0, 30.0, 0.0)}
    return made


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, b"x")
    return out.getvalue()


def bomb() -> bytes:
    """Return a PNG of a few bytes that claims to be of 50,000 by 50,000 points."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    sent = picture(exif=exif())
    assert b"SecretPhone" in sent
    made, data = kept(sent)
    assert (made.kind, made.media_type, made.size) == ("image", "image/jpeg", len(data))
    assert b"SecretPhone" not in data
    with Image.open(io.BytesIO(data)) as found:
        assert dict(found.getexif()) == {}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_no_comment_or_colour_profile_of_a_camera_is_kept(kind: str) -> None:
    more: dict[str, object] = {"icc_profile": b"made by QZCAMERA" * 20}
    if kind == "JPEG":
        more["comment"] = b"taken by QZCAMERA"
    sent = picture(kind, **more)
    assert b"QZCAMERA" in sent or kind == "PNG"
    _, data = kept(sent)
    assert b"QZCAMERA" not in data
    with Image.open(io.BytesIO(data)) as found:
        assert not {"comment", "icc_profile"} & set(found.info)


def test_a_picture_stands_upright() -> None:
    made, data = kept(picture(size=(80, 40), exif=exif(6)))
    with Image.open(io.BytesIO(data)) as found:
        assert found.size == (made.width, made.height) == (40, 80)


def test_what_was_hidden_behind_a_picture_is_gone() -> None:
    _, data = kept(picture() + b"<?php system($_GET['x']); ?>")
    assert b"php" not in data


def test_a_large_picture_is_made_smaller() -> None:
    made, _ = kept(picture(size=(4000, 1000)))
    assert (made.width, made.height) == (EDGE, EDGE // 4)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_pictures_of_every_kind_are_taken_by_their_bytes(kind: str) -> None:
    made, _ = kept(picture(kind), "anything.exe")
    assert made.media_type == "image/jpeg"
    assert ending_of(made) == ".jpg"


def test_what_is_transparent_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    made, _ = kept(out.getvalue())
    assert (made.media_type, ending_of(made)) == ("image/png", ".png")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert len(bomb()) < 200
    with pytest.raises(FileTooBig, match="pixels"):
        add_file(CASE, bomb(), "photo.png", OPERATOR)


@pytest.mark.parametrize("data", [
    b"MZ\x90\x00" + b"\0" * 100,
    b"<html><script>alert(1)</script></html>",
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    b"#!/bin/sh\nrm -rf /\n",
    b"\x7fELF" + b"\0" * 100,
    "一段文字".encode(),
])  # fmt: skip
def test_what_only_claims_to_be_a_picture_is_refused(data: bytes) -> None:
    with pytest.raises(FileKindRefused):
        add_file(CASE, data, "photo.jpg", OPERATOR)
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("data", [
    b"\xff\xd8\xff\xe0 nothing more", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM nothing",
    b"RIFF\x10\0\0\0WEBPnothing",
])  # fmt: skip
def test_a_broken_picture_is_told(data: bytes) -> None:
    with pytest.raises(FileBroken):
        add_file(CASE, data, "photo.jpg", OPERATOR)


def test_a_picture_that_breaks_off_is_told() -> None:
    whole = picture("PNG", (200, 200))
    with pytest.raises(FileBroken):
        add_file(CASE, whole[: len(whole) // 2], "photo.png", OPERATOR)


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(("data", "ending"), [
    (b"%PDF-1.7\n...", ".pdf"), (packed(*WORD), ".docx"),
    (packed("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
    (packed("[Content_Types].xml", "ppt/presentation.xml"), ".pptx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", ".doc"),
])  # fmt: skip
def test_documents_are_kept_as_they_are_and_never_shown(data: bytes, ending: str) -> None:
    made, stored = kept(data, "报告.pdf")
    assert stored == data
    assert (made.kind, ending_of(made), document_type(data)[1]) == ("document", ending, ending)


@pytest.mark.parametrize("data", [packed("run.exe"), packed("word/document.xml"), b"PK\x03\x04"])
def test_an_archive_is_no_document(data: bytes) -> None:
    with pytest.raises(FileKindRefused):
        add_file(CASE, data, "a.zip", OPERATOR)


def test_nothing_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileEmpty):
        add_file(CASE, b"", "photo.jpg", OPERATOR)
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    with pytest.raises(FileTooBig, match="101 of at most 100 bytes"):
        add_file(CASE, b"%PDF-" + b"x" * 96, "a.pdf", OPERATOR)
    monkeypatch.setattr(files, "MOST_FILES", 2)
    for _ in range(2):
        add_file(CASE, b"%PDF-1", "a.pdf", OPERATOR)
    with pytest.raises(FilesTooMany, match="at most 2"):
        add_file(CASE, b"%PDF-1", "a.pdf", OPERATOR)


@pytest.mark.parametrize("name", [
    "../../../etc/passwd", "/etc/passwd", "a\0.jpg", "..\\..\\a.jpg", "路灯.jpg", "x" * 5000, "",
])  # fmt: skip
def test_the_name_at_the_sender_is_not_kept(name: str, folder: Path) -> None:
    made, _ = kept(picture(), name)
    (stored,) = [path for path in folder.rglob("*") if path.is_file()]
    assert stored.name == str(made.id)
    assert stored.is_relative_to(folder)


@pytest.mark.parametrize("case", ["", "../x", "1", CASE.upper()])
def test_a_file_of_no_case_is_refused(case: str) -> None:
    with pytest.raises(Refused):
        add_file(case, picture(), "photo.jpg", OPERATOR)


def test_only_files_of_the_case_itself_can_be_named_with_it(watch: object) -> None:
    found_city()
    photo = str(add_file(CASE, picture(), "photo.jpg", OPERATOR).id)
    for photos in (["no-key"], [photo], [photo, "no-key"], [new_key()]):
        with pytest.raises(FieldsRefused, match=r"photos: files\.unknown"):
            opened(photos=photos)
    words = {"subject": "路灯不亮", "content": "坏了三天。", "photos": [photo]}
    assert register("hotline", Request("register", words, case=CASE), ANYBODY).number
    forget_directory()
