"""Django's DATABASES: the embedded cluster, or the server LUOSHI_DATABASE_URL names."""

from __future__ import annotations

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from luoshi.config.environment import Environment
from luoshi.kernel.errors import LuoshiError
from luoshi.store import embedded

NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
STATEMENT_TIMEOUT = "60s"  # of a page; imports set their own
LOCK_TIMEOUT = "10s"
IDLE_TIMEOUT = "60s"


class DatabaseAddressInvalid(LuoshiError):
    """LUOSHI_DATABASE_URL cannot be read."""

    code = "database.address_invalid"
    template = (
        "LUOSHI_DATABASE_URL cannot be read; write it like "
        "postgresql://user:password@host:5432/luoshi"
    )


def databases(environment: Environment) -> dict[str, Any]:
    """Return Django's DATABASES for *environment*; connects to nothing.

    Connections are kept for the life of a thread (the server has a fixed number of them).
    """
    options: dict[str, Any] = {
        "connect_timeout": 5,
        "prepare_threshold": 1_000_000,  # those that ask for it; None, as by default, means never
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c lock_timeout={LOCK_TIMEOUT} "
        f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT}",
    }
    given = _address(environment)
    place = {NAMES[name]: str(given.pop(name)) for name in list(given) if name in NAMES}
    return {
        "default": {
            "ENGINE": "luoshi.store.engine",
            **place,
            "OPTIONS": options | given,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    }


def _address(environment: Environment) -> dict[str, Any]:
    url = environment.database_url or embedded.cluster_below(environment.home).conninfo()
    try:
        return dict(conninfo_to_dict(url))
    except ProgrammingError:  # its message repeats the password
        raise DatabaseAddressInvalid from None
