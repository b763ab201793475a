"""The installation a command works on: Django set up, the database running and migrated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from luoshi.kernel.errors import LuoshiError

MIGRATION_LOCK = 0x6C756F_736869  # "luoshi": one process migrates, the others wait


class DatabaseUnreachable(LuoshiError):
    """A server of one's own does not answer."""

    code = "database.unreachable"
    template = (
        "the server in LUOSHI_DATABASE_URL does not answer: {reason}; start it, or correct it"
    )


def set_up() -> None:
    """Set Django up; the folder of the installation is fixed for child processes too."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    os.environ["LUOSHI_HOME"] = str(settings.LUOSHI.home)


@contextmanager
def installation() -> Iterator[None]:
    """Set up, and keep the database running for the length of a ``with`` block."""
    set_up()
    from django.conf import settings
    from django.db import connections

    from luoshi.store.embedded import cluster_below

    try:
        if settings.LUOSHI.is_embedded:
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


def _refuse_unreachable() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as reason:
        raise DatabaseUnreachable(reason=str(reason).strip()) from reason
