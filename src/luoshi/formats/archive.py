"""Archives: one tar file with everything an installation holds, and a list of what is in it.

``manifest.json`` comes first and names every member with its size and SHA-256. What is read is
hostile until checked: only members that the manifest names, only below the folder given.

Terms    archive 归档 · manifest 清单
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from luoshi.kernel.errors import LuoshiError

MANIFEST = "manifest.json"
FORMAT = 1
SAFE = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[^/\0\\][^\0\\]*")
MOST_MANIFEST = 200_000_000
BLOCK = 1 << 20


class ArchiveBroken(LuoshiError):
    """The archive is not one, or not as it was written."""

    code = "backup.broken"
    template = "{file} cannot be restored: {reason}; take another copy of it"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says about itself."""

    version: str
    created: str
    migrations: tuple[str, ...]
    members: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    holds_key: bool = False
    holds_files: bool = True


def write(to: Path, manifest: Manifest, sources: Mapping[str, Path]) -> Manifest:
    """Write *sources* by name to the archive *to*, readable by its owner alone.

    A source that has gone meanwhile (a file whose time had come) is left out.
    """
    members = {name: _measured(path) for name, path in sources.items() if path.exists()}
    full = Manifest(
        manifest.version,
        manifest.created,
        manifest.migrations,
        members,
        manifest.holds_key,
        manifest.holds_files,
    )
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "wb") as raw,
            tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            _add(tar, MANIFEST, io.BytesIO(_text(full)), len(_text(full)))
            for name in members:
                with sources[name].open("rb") as content:
                    _add(tar, name, content, members[name][0])
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return full


def read_manifest(archive: Path) -> Manifest:
    """Return what *archive* says about itself.

    Raises:
        ArchiveBroken: It is no archive of ours.
    """
    try:
        with tarfile.open(archive, "r:") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first and first.name == MANIFEST else None
            if content is None or first is None or first.size > MOST_MANIFEST:
                raise ArchiveBroken(file=archive, reason="it does not begin with a manifest")
            return _manifest(json.loads(content.read()))
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as reason:
        raise ArchiveBroken(file=archive, reason=f"no archive ({reason})") from reason


def extract(archive: Path, to: Path) -> Manifest:
    """Unpack *archive* below *to*, checking every member against the manifest.

    Raises:
        ArchiveBroken: Something is missing, too much, or not as it was.
    """
    manifest = read_manifest(archive)
    missing = set(manifest.members)
    try:
        with tarfile.open(archive, "r:") as tar:
            tar.next()
            for member in iter(tar.next, None):
                if member.name not in missing or not member.isreg():
                    raise ArchiveBroken(file=archive, reason=f"unexpected {member.name!r}")
                _unpack(archive, tar, member, to, manifest.members[member.name])
                missing.discard(member.name)
    except (tarfile.TarError, EOFError) as reason:
        raise ArchiveBroken(file=archive, reason=str(reason)) from reason
    if missing:
        raise ArchiveBroken(file=archive, reason=f"{len(missing)} members are missing")
    return manifest


def _unpack(
    archive: Path, tar: tarfile.TarFile, member: tarfile.TarInfo, to: Path, known: tuple[int, str]
) -> None:
    content = tar.extractfile(member)
    if content is None or not SAFE.fullmatch(member.name):
        raise ArchiveBroken(file=archive, reason=f"unexpected {member.name!r}")
    target = to / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    made, size = sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while block := content.read(BLOCK):
            made.update(block)
            size += len(block)
            out.write(block)
    if (size, made.hexdigest()) != known:
        raise ArchiveBroken(file=archive, reason=f"{member.name} is not as it was written")


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int) -> None:  # noqa: ANN401
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def _measured(path: Path) -> tuple[int, str]:
    made, size = sha256(), 0
    with path.open("rb") as content:
        while block := content.read(BLOCK):
            made.update(block)
            size += len(block)
    return size, made.hexdigest()


def _text(manifest: Manifest) -> bytes:
    document = {
        "format": FORMAT,
        "luoshi": manifest.version,
        "created": manifest.created,
        "migrations": list(manifest.migrations),
        "holds_key": manifest.holds_key,
        "holds_files": manifest.holds_files,
        "members": {name: list(known) for name, known in manifest.members.items()},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _manifest(document: Mapping[str, Any]) -> Manifest:
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']} is not known here")
    return Manifest(
        version=str(document["luoshi"]),
        created=str(document["created"]),
        migrations=tuple(map(str, document["migrations"])),
        members={str(name): (int(k[0]), str(k[1])) for name, k in document["members"].items()},
        holds_key=bool(document["holds_key"]),
        holds_files=bool(document["holds_files"]),
    )
