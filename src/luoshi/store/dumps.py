"""Dumps: the whole database in one file, by PostgreSQL's own programs.

Terms    dump 转储
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from luoshi.kernel.errors import LuoshiError
from luoshi.store.embedded import cluster_below
from luoshi.store.postgresql import programs

VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class DumpFailed(LuoshiError):
    """PostgreSQL's own program could not write or read a dump."""

    code = "backup.database"
    template = "{program} did not succeed: {reason}"


def dump(to: Path) -> None:
    """Write the database to *to*, as it is at one instant, while people go on working."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def restore(dumped: Path) -> None:
    """Fill an empty database from *dumped*: all of it, or nothing."""
    _run(
        "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        f"--dbname={_address().get('dbname', 'luoshi')}", str(dumped),
    )  # fmt: skip


def is_empty() -> bool:
    """Return whether the database has no tables yet."""
    return not connection.introspection.table_names()


def applied_migrations() -> list[str]:
    """Return the names of the migrations that made the tables, sorted; none before the first."""
    if "django_migrations" not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def known_migrations() -> set[str]:
    """Return the names of our own migrations that this version knows; asks no database."""
    folder = Path(__file__).parent / "migrations"
    return {f"store.{path.stem}" for path in folder.glob("[0-9]*.py")}


def _run(program: str, *words: str) -> None:
    """Run *program*; where the database is, and its password, stand in the environment alone."""
    place = {VARIABLES[name]: value for name, value in _address().items() if name in VARIABLES}
    folder = programs()
    done = subprocess.run(
        [str(folder / program), *words],
        env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), **place},
        check=False, text=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        raise DumpFailed(program=program, reason=done.stderr.strip()[-500:])


def _address() -> dict[str, str]:
    url = settings.LUOSHI.database_url or cluster_below(settings.LUOSHI.home).conninfo()
    return {name: str(value) for name, value in conninfo_to_dict(url).items()}
