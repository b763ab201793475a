"""``luoshi restore``: put an archive into a home in which nothing is yet."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from luoshi.cli.backup import DATABASE, KEY, MEDIA, MODELS
from luoshi.cli.installation import home_named, installation, migrate
from luoshi.kernel.errors import LuoshiError

if TYPE_CHECKING:
    from luoshi.formats.archive import Manifest

File = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="FILE.tar of a backup.")
]


class NotEmpty(LuoshiError):
    """Something is there already, and nothing is ever overwritten."""

    code = "backup.not_empty"
    template = "{place} holds something already; restore into another LUOSHI_HOME, or move it away"


class ArchiveNewer(LuoshiError):
    """The archive was written by a later version of Luoshi."""

    code = "backup.newer"
    template = "the archive was written by a newer version ({version}); install that one first"


class RestoredDiffers(LuoshiError):
    """What was restored is not what the facts say: it was so before the backup."""

    code = "backup.differs"
    template = "restored, with {count} difference(s) from what was recorded: see `luoshi verify`"


def restore(file: File) -> None:
    """Fill an empty LUOSHI_HOME (or an empty database) from FILE, and prove that it is whole.

    Example: luoshi restore /safe/luoshi-2026-03-09.tar
    """
    from luoshi.formats.archive import extract, read_manifest

    home = home_named()
    given_key = os.environ.get("LUOSHI_SECRET_KEY")
    _refuse_newer(read_manifest(file))
    _refuse_used(home, is_embedded=not os.environ.get("LUOSHI_DATABASE_URL"))
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
        manifest = extract(file, Path(folder))
        if manifest.holds_key and not given_key:
            (Path(folder) / KEY).replace(home / KEY)  # before settings make a new one
        with installation():
            report = _restored(Path(folder), home)
    typer.echo(report)
    if not (manifest.holds_key or given_key):
        typer.echo(
            "The archive holds no secret key: query codes given out before do not open their "
            f"cases until the old key stands in {home / KEY}.",
            err=True,
        )


def _refuse_newer(manifest: Manifest) -> None:
    from luoshi.store.dumps import known_migrations

    own = {name for name in manifest.migrations if name.startswith("store.")}
    if not own <= known_migrations():
        raise ArchiveNewer(version=manifest.version)


def _refuse_used(home: Path, *, is_embedded: bool) -> None:
    used = [home / name for name in (MEDIA, MODELS, KEY, *(["postgres"] if is_embedded else []))]
    for place in used:
        if place.exists():
            raise NotEmpty(place=place)


def _restored(folder: Path, home: Path) -> str:
    from luoshi.store import dumps, verification

    if not dumps.is_empty():
        raise NotEmpty(place="the database")
    dumps.restore(folder / DATABASE)
    for name in (MEDIA, MODELS):
        if (folder / name).exists():
            (folder / name).replace(home / name)
    migrate()
    report = verification.Report()
    for _ in verification.verify(report):
        pass
    if not report.ok:
        raise RestoredDiffers(count=report.count)
    return f"{report.cases} cases, {report.facts} facts restored; all is as it was recorded"
