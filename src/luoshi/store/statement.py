"""Statements as they go to PostgreSQL: bound on the server, prepared once, few round trips.

Terms    round trip 往返 · pipeline 流水线
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

PARAMETER = re.compile(r"%\((\w+)\)s")


def raw_connection() -> psycopg.Connection[tuple[Any, ...]]:
    """Return psycopg's own connection of this thread, checked like Django checks its own."""
    here = connections[DEFAULT_DB_ALIAS]  # looked up once: ``connection`` does it for each word
    here.close_if_health_check_failed()
    here.ensure_connection()
    raw: psycopg.Connection[tuple[Any, ...]] = here.connection
    return raw


def cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """Return a cursor that binds on the server, so that statements are planned once."""
    return psycopg.Cursor(raw_connection())


@contextmanager
def together() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Send the statements of the block without waiting for the answer of each."""
    raw = raw_connection()
    with raw.pipeline():
        yield raw


class Statement:
    """A long statement with named parameters, taken apart once and not at every use."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order in which they are numbered."""
        return tuple(dict.fromkeys(PARAMETER.findall(self.text)))

    @cached_property
    def numbered(self) -> str:
        """The statement as PostgreSQL wants it: ``$1``, ``$2``."""
        place = {name: number for number, name in enumerate(self.names, start=1)}
        return PARAMETER.sub(lambda found: f"${place[found[1]]}", self.text)

    def run(self, values: Mapping[str, Any]) -> psycopg.RawCursor[tuple[Any, ...]]:
        """Execute it with *values*; return the cursor that holds the rows."""
        cursor = psycopg.RawCursor(raw_connection())
        given = [values[name] for name in self.names]
        return cursor.execute(self.numbered, given, prepare=True)

    def parameters(self, values: Mapping[str, Any]) -> list[bytes | None]:
        """Return *values* in the order of the numbers, each as PostgreSQL reads it.

        Raises:
            psycopg.DataError: A text holds NUL, at which it would end.
        """
        given = [values[name] for name in self.names]
        return [None if one is None else WRITTEN[type(one)](one) for one in given]


def _text(value: str) -> bytes:
    written = value.encode()
    if b"\0" in written:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return written


def _array(values: Sequence[str]) -> bytes:
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in values)
    return _text("{" + ",".join(f'"{one}"' for one in quoted) + "}")


WRITTEN: Mapping[type, Callable[[Any], bytes]] = {
    str: _text,
    bool: lambda value: b"t" if value else b"f",
    int: lambda value: b"%d" % value,
    float: lambda value: repr(value).encode(),
    bytes: lambda value: b"\\x" + value.hex().encode(),
    date: lambda value: value.isoformat().encode(),
    datetime: lambda value: value.isoformat().encode(),
    list: _array,
}
"""How values of each type are written; of lists, those of texts."""
