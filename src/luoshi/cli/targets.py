"""Targets: the files that a command writes, each whole or not at all.

What stands there already is replaced when the new file is complete. Only the owner can read it:
tables hold what people wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from luoshi.cli.failures import FULL
from luoshi.kernel.errors import LuoshiError

WORKBOOK = ".xlsx"
TABLES = (".csv", WORKBOOK)


class TargetUnusable(LuoshiError):
    """What is to be written cannot be written there."""

    code = "target.unusable"
    template = "{file} cannot be written: {reason}; choose another file"


def refuse_target(out: Path, sources: Iterable[Path] = ()) -> None:
    """Say before any work is done that *out* cannot be written, or would overwrite a source.

    Raises:
        TargetUnusable: It cannot, or it would.
    """
    folder = out.resolve().parent
    if out.is_dir():
        raise TargetUnusable(file=out, reason="it is a folder")
    if out.exists() and not out.is_file():  # /dev/null would be replaced, for everybody
        raise TargetUnusable(file=out, reason="it is a device, not a file")
    if not folder.is_dir():
        raise TargetUnusable(file=out, reason=f"there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise TargetUnusable(file=out, reason=f"nothing may be written in {folder}")
    if any(one.exists() and out.exists() and out.samefile(one) for one in sources):
        raise TargetUnusable(file=out, reason="it is one of the files to be read")


@contextmanager
def folder_for_targets(out: Path) -> Iterator[None]:
    """Make the folder *out*, unless it is there; take it away again if the block ends badly.

    Raises:
        TargetUnusable: It cannot be made.
    """
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise TargetUnusable(file=out, reason=error.strerror) from error
    try:
        yield
    except BaseException:
        with suppress(OSError):  # others may have put something there since
            for folder in made:
                folder.rmdir()
        raise


def refuse_other_tables(out: Path) -> None:
    """Refuse the name of a table that ends neither in ``.csv`` nor in ``.xlsx``.

    Raises:
        BadParameter: It does.
    """
    if out.suffix.lower() not in TABLES:
        raise typer.BadParameter(f"{out}: the name must end in .csv or .xlsx")


def write_table(
    out: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str
) -> int:
    """Write a table to *out*, as CSV or XLSX by its ending; return how many rows it has.

    Of encodings ``utf-8-sig`` is what Excel reads, ``utf-8`` what programs expect.
    """
    from luoshi.formats.tables import write_csv
    from luoshi.formats.workbooks import write_xlsx

    with whole(out) as part:
        if out.suffix.lower() == WORKBOOK:
            return write_xlsx(part, columns, rows)
        with part.open("w", encoding=encoding, newline="") as file:
            return write_csv(file, columns, rows)


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """Yield a file beside *out* that takes its place when the block ends well.

    Of several in one ``with`` statement all are complete before the first takes its place.
    """
    part = out.with_name(f"{out.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
