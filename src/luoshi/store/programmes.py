"""Which programmes are offered, and which versions cases were opened under.

The folder of programmes says what is offered now. Every version that is taken up is also kept in
the database, text by text, so that an old case can always be handled under its own rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from luoshi.formats.calendars import load_calendar
from luoshi.formats.programmes import kept_programme, load_programmes
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.errors import LuoshiError
from luoshi.kernel.programme import Programme
from luoshi.store.models import CaseRow, ProgrammeVersion

KEPT = (".yaml", ".csv")
MOST_REMEMBERED = 256
Found = TypeVar("Found")


class ProgrammeUnknown(LuoshiError):
    """No programme of this name, or no version of it, is known here."""

    code = "programme.unknown"
    template = "there is no programme {programme!r}{version}; known are: {known}"


class ProgrammeChanged(LuoshiError):
    """The text of a version changed after cases had been opened under it."""

    code = "programme.changed"
    template = (
        "programme {programme} {version} has changed since cases were opened under it; "
        "give the new text a new `version`, or restore the old text"
    )


class CalendarUnknown(LuoshiError):
    """The calendar by which a programme counts is not there."""

    code = "calendar.unknown"
    template = (
        "programme {programme} counts by the calendar {calendar!r}, which is not in {folder}; "
        "put {calendar}.yaml there"
    )


@lru_cache(maxsize=1)
def offered() -> dict[str, Programme]:
    """Return the programmes of the folder, by id.

    Raises:
        ProgrammeInvalid: One of them is not sound.
    """
    return load_programmes(Path(settings.LUOSHI.programmes))


@lru_cache(maxsize=1)
def calendars() -> dict[str, Calendar]:
    """Return the calendars, by the name of their file."""
    folder = Path(settings.LUOSHI.calendars)
    return {path.stem: load_calendar(path) for path in sorted(folder.glob("*.yaml"))}


def calendar_of(programme: Programme) -> Calendar:
    """Return the calendar by which *programme* counts.

    Raises:
        CalendarUnknown: It is not there.
    """
    found = calendars().get(programme.calendar)
    if found is None:
        folder, wanted = settings.LUOSHI.calendars, programme.calendar
        raise CalendarUnknown(programme=programme.id, calendar=wanted, folder=folder)
    return found


def promised_by(programme: Programme, due: datetime | None) -> datetime | None:
    """Return by when everybody is promised a result that is *due*; days end in their last second.

    Nobody who shows the day alone then shows the one after.
    """
    return calendar_of(programme).last_second(due) if due else None


@lru_cache(maxsize=256)
def programme_of(programme: str, version: str = "") -> Programme:
    """Return a programme as it is offered now (no *version*), or as it was.

    Raises:
        ProgrammeUnknown: There is none.
    """
    now = offered().get(programme)
    if now and version in ("", now.version):
        return now
    kept = ProgrammeVersion.objects.filter(programme=programme, version=version).first()
    if kept is None:
        raise _unknown(programme, version)
    return _restored(kept)


def _unknown(programme: str, version: str) -> ProgrammeUnknown:
    """Return the refusal, with the versions there are where it is the version that is unknown."""
    rows = ProgrammeVersion.objects.filter(programme=programme)
    versions = {*rows.values_list("version", flat=True)}
    versions |= {one.version for one in offered().values() if one.id == programme}
    is_known = bool(version and versions)
    known = ", ".join(sorted(versions) if is_known else offered())
    told = f" {version}" if version else ""
    return ProgrammeUnknown(programme=programme, version=told, known=known)


def forget_programmes() -> None:
    """Read the folder again at the next question (after its text has changed)."""
    for cached in (offered, calendars, programme_of):
        cached.cache_clear()


def remembered(find: Callable[[Programme], Found]) -> Callable[[Programme], Found]:
    """Let *find* look at each programme only once: what a version says never changes."""
    known: dict[int, tuple[Programme, Found]] = {}

    @wraps(find)
    def found(programme: Programme) -> Found:
        held = known.get(id(programme))
        if held is None or held[0] is not programme:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            held = known[id(programme)] = (programme, find(programme))
        return held[1]

    return found


def take_up(at: datetime) -> list[str]:
    """Keep the text of every offered version that is not kept yet.

    Returns:
        ``id version`` of what was taken up.

    Raises:
        CalendarUnknown: The calendar of one of them is not there.
        ProgrammeChanged: A kept version has another text now, and cases rest on it.
    """
    taken = []
    for programme in offered().values():
        calendar_of(programme)
        files = _files(Path(settings.LUOSHI.programmes) / programme.id)
        digest = sha256(repr(sorted(files.items())).encode()).hexdigest()
        kept = ProgrammeVersion.objects.filter(
            programme=programme.id, version=programme.version
        ).first()
        if kept and kept.digest == digest:
            continue
        if (
            kept
            and CaseRow.objects.filter(programme=programme.id, version=programme.version).exists()
        ):
            raise ProgrammeChanged(programme=programme.id, version=programme.version)
        ProgrammeVersion.objects.update_or_create(
            programme=programme.id,
            version=programme.version,
            defaults={"digest": digest, "files": files, "taken_up": at},
        )
        taken.append(f"{programme.id} {programme.version}")
    return taken


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in KEPT and path.name != "scenarios.yaml"
    }


def _restored(kept: ProgrammeVersion) -> Programme:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in kept.files.items():
            path = Path(folder) / kept.programme / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return kept_programme(Path(folder) / kept.programme)
