"""Wire: an act's statements go to libpq as they are, several of them in one round trip.

psycopg's cursors look at every parameter to find how it is written, and at every column to find
how it is read. An act has forty parameters, all of them texts or nearly so, and reads three
columns: here they are written down at once. Statements are prepared once for each connection.

psycopg lets go of all prepared statements after a rollback. Outside a transaction ours are simply
prepared again; within one that somebody else has begun, its own cursors are used instead.

Terms    round trip 往返 · pipeline 流水线 · prepared statement 预备语句
Not here what is not on the way of an act: ``store.statement.cursor``
"""

from __future__ import annotations

import select
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection, transaction
from psycopg import pq
from psycopg.errors import error_from_result

from luoshi.store.statement import Statement, raw_connection

Cell = bytes | None
Rows = list[tuple[Cell, ...]]
Asked = tuple[Statement, Mapping[str, object]]

BEGIN = Statement("BEGIN")
COMMIT = Statement("COMMIT")
GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
LOST = psycopg.errors.InvalidSqlStatementName
"""Raised for a statement that is prepared no more."""


@dataclass
class _Line:
    """What is known of one connection: names of what is prepared, whose transaction it is in."""

    prepared: dict[str, bytes] = field(default_factory=dict)
    is_ours: bool = False


_names = count()
_lines: WeakKeyDictionary[psycopg.Connection, _Line] = WeakKeyDictionary()


@contextmanager
def act_transaction() -> Iterator[None]:
    """Make the block one transaction, which begins with the first statement that is asked."""
    with transaction.atomic():
        line = _line(raw_connection())
        line.is_ours = not connection.savepoint_ids  # nobody has one around it
        try:
            yield
        finally:
            line.is_ours = False


def ends_here() -> bool:
    """Return whether the transaction may be committed now: it is that of an act alone."""
    return _line(raw_connection()).is_ours


def ask(statement: Statement, values: Mapping[str, object]) -> Rows:
    """Send one statement; return its rows, each cell as PostgreSQL writes it.

    Raises:
        psycopg.Error: As from any cursor.
    """
    return ask_together([(statement, values)])[0]


def ask_together(asked: Sequence[Asked], *, apart: bool = False) -> list[Rows]:
    """Send statements without waiting in between; return the rows of each.

    Args:
        asked: The statements with their parameters.
        apart: Each is a transaction of its own, which ends before the next one begins. Otherwise
            they stand or fall together, with the transaction that is under way, if one is.
    """
    raw = raw_connection()
    line = _line(raw)
    if connection.in_atomic_block and not line.is_ours:
        return [_cells(one.run(values).pgresult) for one, values in asked]
    begins = not raw.autocommit and _is_idle(raw)
    wanted = [(BEGIN, {}), *asked] if begins else asked
    try:
        found = _sent(raw, line, wanted, apart=apart)
    except LOST:
        line.prepared.clear()
        if begins:
            raw.pgconn.exec_(b"ROLLBACK")
        if not _is_idle(raw):
            raise
        found = _sent(raw, line, wanted, apart=apart)
    return found[begins:]


def text(cell: Cell) -> str:
    """Return a cell of text; one that is empty, or NULL, as an empty text."""
    return cell.decode() if cell else ""


def octets(cell: Cell) -> bytes:
    """Return a cell of ``bytea``."""
    return bytes.fromhex(cell[2:].decode()) if cell else b""


def _line(raw: psycopg.Connection) -> _Line:
    return _lines.get(raw) or _lines.setdefault(raw, _Line())


def _is_idle(raw: psycopg.Connection) -> bool:
    return raw.pgconn.transaction_status == pq.TransactionStatus.IDLE


def _sent(
    raw: psycopg.Connection, line: _Line, asked: Sequence[Asked], *, apart: bool
) -> list[Rows]:
    ready = [(_name(raw, line, one), one.parameters(values)) for one, values in asked]
    if len(ready) == 1:
        name, parameters = ready[0]
        results = [raw.pgconn.exec_prepared(name, parameters)]  # type: ignore[arg-type]  # None too
    else:
        results = _in_one_go(raw.pgconn, ready, apart=apart)
    for result in _by_cause(results):
        _refuse_failed(raw, result)
    return [_cells(result) for result in results]


def _name(raw: psycopg.Connection, line: _Line, statement: Statement) -> bytes:
    name = line.prepared.get(statement.text)
    if name is None:
        name = b"luoshi_%d" % next(_names)
        _refuse_failed(raw, raw.pgconn.prepare(name, statement.numbered.encode()))
        line.prepared[statement.text] = name
    return name


def _in_one_go(
    wire: pq.abc.PGconn, ready: Sequence[tuple[bytes, list[Cell]]], *, apart: bool
) -> list[pq.abc.PGresult]:
    """Send all, then read all; whatever fails, the connection is left in order."""
    wire.enter_pipeline_mode()
    try:
        for name, parameters in ready:
            wire.send_query_prepared(name, parameters)
            if apart:
                wire.pipeline_sync()
        if not apart:
            wire.pipeline_sync()
        return _results(wire, len(ready) if apart else 1)
    finally:
        if wire.status == pq.ConnStatus.OK:
            wire.exit_pipeline_mode()


def _results(wire: pq.abc.PGconn, syncs: int) -> list[pq.abc.PGresult]:
    """Read every answer up to the last of so many marks."""
    found: list[pq.abc.PGresult] = []
    waiting = select.poll()
    waiting.register(wire.socket, select.POLLIN)
    while wire.flush():
        select.select([wire.socket], [wire.socket], [])
        wire.consume_input()  # lest each side waits for the other to read
    while syncs:
        while wire.is_busy():
            waiting.poll()
            wire.consume_input()
        result = wire.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            syncs -= 1
        else:
            found.append(result)
    return found


def _by_cause(results: list[pq.abc.PGresult]) -> list[pq.abc.PGresult]:
    """Put first what failed, if anything did: the rest was only passed over because of it."""
    return sorted(results, key=lambda one: one.status != pq.ExecStatus.FATAL_ERROR)


def _refuse_failed(raw: psycopg.Connection, result: pq.abc.PGresult) -> None:
    if result.status in GOOD:
        return
    if raw.pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(raw.pgconn.get_error_message())
    raise error_from_result(result, raw.info.encoding)


def _cells(result: pq.abc.PGresult | None) -> Rows:
    if result is None:
        return []
    columns = range(result.nfields)
    cell = result.get_value
    return [tuple(cell(row, column) for column in columns) for row in range(result.ntuples)]
