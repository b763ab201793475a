"""``luoshi backup``: database, files, models and (if asked) the secret key, in one archive."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import luoshi
from luoshi.cli.installation import installed
from luoshi.cli.targets import refuse_target

if TYPE_CHECKING:
    from luoshi.formats.archive import Manifest

DATABASE = "database.dump"
KEY = "secret-key"
MEDIA = "media"
MODELS = "models"

File = Annotated[
    Path, typer.Argument(metavar="FILE", dir_okay=False, help="FILE.tar; must not exist yet.")
]
WithKey = Annotated[
    bool,
    typer.Option(
        "--with-key",
        help="Also the secret key: without it query codes stop working. Guard the file.",
    ),
]


def backup(file: File, *, with_key: WithKey = False) -> None:
    """Write everything this installation holds to FILE, while people go on working.

    Only you can read it; it holds personal data.

    Example: luoshi backup /safe/luoshi-2026-03-09.tar
    """
    if file.exists():
        raise typer.BadParameter(f"{file} exists already", param_hint="FILE")
    refuse_target(file)
    with installed(or_older=True):  # who upgrades may want a backup first
        written = _written(file, with_key=with_key)
    typer.echo(f"{file}: {len(written.members)} members, {file.stat().st_size:,} bytes")
    if not written.holds_key:
        typer.echo("Without the secret key: keep a copy of it elsewhere (--with-key).", err=True)
    if not written.holds_files:
        typer.echo("Files lie in an S3 bucket and are not in it; back that up too.", err=True)


def _written(file: Path, *, with_key: bool) -> Manifest:
    from django.conf import settings

    from luoshi.actions import clock
    from luoshi.formats.archive import Manifest, write
    from luoshi.kernel.fact import instant
    from luoshi.store import dumps

    has_bucket = bool(settings.LUOSHI_DOORS.bucket.name)
    about = Manifest(
        version=luoshi.__version__,
        created=instant(clock.now()),
        migrations=tuple(dumps.applied_migrations()),
        holds_key=with_key,
        holds_files=not has_bucket,
    )
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".luoshi-") as folder:
        dumped = Path(folder) / DATABASE
        dumps.dump(dumped)  # first: a file that came later is one too many, and does no harm
        sources = {DATABASE: dumped} | _files(MODELS, settings.LUOSHI.home / MODELS)
        if with_key:
            key = Path(folder) / KEY
            key.write_text(settings.SECRET_KEY, encoding="utf-8")
            sources[KEY] = key
        if not has_bucket:
            sources |= _files(MEDIA, Path(settings.MEDIA_ROOT))
        return write(file, about, sources)


def _files(name: str, folder: Path) -> dict[str, Path]:
    """Return every file below *folder* by its place in the archive, below *name*."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{name}/{path.relative_to(folder).as_posix()}": path for path in found}
