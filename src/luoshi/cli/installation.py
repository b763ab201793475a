"""The installation a command works on: Django set up, the database running and migrated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luoshi.kernel.errors import LuoshiError

MIGRATION_LOCK = 0x6C756F_736869  # "luoshi": one process migrates, the others wait


class DatabaseUnreachable(LuoshiError):
    """A server of one's own does not answer."""

    code = "database.unreachable"
    template = (
        "the server in LUOSHI_DATABASE_URL does not answer: {reason}; start it, or correct it"
    )


class InstallationMissing(LuoshiError):
    """Nothing has been installed where the command looked, and nothing is made by looking."""

    code = "environment.not_installed"
    template = (
        "there is no installation in {home}; make one with `luoshi init`, or set LUOSHI_HOME to "
        "the one you mean"
    )


class InstallationOlder(LuoshiError):
    """The tables were made by an older version of Luoshi."""

    code = "environment.older"
    template = (
        "the installation in {home} was made by an older version; bring it up to this one with "
        "`luoshi init`"
    )


class ProgrammeNotHere(LuoshiError):
    """A setting names a programme that the folder of programmes does not hold."""

    code = "environment.programme"
    template = (
        "LUOSHI_OPEN311_* names {unknown}, which is no programme here; known are: {known}; "
        "correct the setting"
    )


class HomeUnusable(LuoshiError):
    """The folder of the installation cannot be made or written."""

    code = "environment.home"
    template = (
        "{home} cannot be used: {reason}; set LUOSHI_HOME to a folder that this account may write"
    )


def home_named() -> Path:
    """Return the folder of the installation that is meant."""
    return Path(os.environ.get("LUOSHI_HOME") or ".luoshi").expanduser().resolve()


def set_up() -> None:
    """Set Django up; the folder of the installation is fixed for child processes too."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    with _written_to(home_named()):
        django.setup()
    os.environ["LUOSHI_HOME"] = str(settings.LUOSHI.home)


@contextmanager
def _written_to(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as reason:
        raise HomeUnusable(home=home, reason=reason.strerror) from reason


@contextmanager
def installed(*, or_older: bool = False) -> Iterator[None]:
    """Keep an installation running that is there already.

    Args:
        or_older: Its tables may still lack what this version needs.

    Raises:
        InstallationMissing: There is none; nothing is made.
        InstallationOlder: Its tables lack something.
    """
    from luoshi.store.embedded import cluster_below

    home = home_named()
    if not (os.environ.get("LUOSHI_DATABASE_URL") or cluster_below(home).folder.exists()):
        raise InstallationMissing(home=home)
    with installation():
        _refuse_unready(home, or_older=or_older)
        yield


def _refuse_unready(home: Path, *, or_older: bool) -> None:
    from luoshi.store.dumps import applied_migrations, known_migrations

    applied = set(applied_migrations())
    if not applied:
        raise InstallationMissing(home=home)
    if known_migrations() - applied and not or_older:
        raise InstallationOlder(home=home)


@contextmanager
def installation() -> Iterator[None]:
    """Set up, and keep the database running for the length of a ``with`` block.

    For commands that make what is missing (see ``migrate``); others need ``installed``.
    """
    set_up()
    from django.conf import settings
    from django.db import connections

    from luoshi.store.embedded import cluster_below

    try:
        if settings.LUOSHI.is_embedded:
            with _written_to(settings.LUOSHI.home):
                settings.LUOSHI.home.mkdir(mode=0o711, parents=True, exist_ok=True)
            with cluster_below(settings.LUOSHI.home).held():
                yield
        else:
            _refuse_unreachable()
            yield
    finally:
        connections.close_all()


def migrate() -> list[str]:
    """Bring the tables up to this version; return the names of the migrations applied."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def ready() -> list[str]:
    """Do what must be done before cases are opened; return the names of the migrations applied.

    Each case rests on the text of the version it was opened under, so that text is kept first.

    Raises:
        ProgrammeChanged: A text has changed under its cases without a new version.
        ProgrammeNotHere: A setting names a programme that there is none of.
    """
    applied = migrate()
    from luoshi.actions import clock
    from luoshi.store.programmes import take_up

    take_up(clock.now())
    _refuse_unknown_programmes()
    return applied


def _refuse_unknown_programmes() -> None:
    from django.conf import settings

    from luoshi.store.programmes import offered

    unknown = settings.LUOSHI_OPEN311.programmes - offered().keys()
    if unknown:
        raise ProgrammeNotHere(
            unknown=", ".join(sorted(unknown)), known=", ".join(sorted(offered()))
        )


def _refuse_unreachable() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as reason:
        raise DatabaseUnreachable(reason=str(reason).strip()) from reason
