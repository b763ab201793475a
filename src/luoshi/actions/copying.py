"""Copying: many opened cases into the tables at once, by ``COPY``.

The rows are those that one act writes (``store.records``), and their facts are chained alike. What
does not depend on the register number is written out ahead of time, as a *page* for each case.

Terms    register number 登记编号 · page 一件的各行
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
from django.conf import settings

from luoshi.actions.acts import query_code
from luoshi.actions.deciding import Made
from luoshi.actions.personal_rows import END, START, personal_rows, written
from luoshi.kernel.fact import GENESIS, body_around, canonical, chain
from luoshi.kernel.number import NumberPattern
from luoshi.kernel.programme import Programme
from luoshi.store import records
from luoshi.store.keys import code_digest
from luoshi.store.programmes import calendar_of
from luoshi.store.statement import cursor, raw_connection

CASE_NAMES = (
    *("id", "programme", "version", "state", "kind", "step", "opened", "moved", "due", "warn"),
    *("unit", "area", "category", "lon", "lat", "cell", "part_of", "follows", "values"),
)
CASE = ", ".join([*(f'"{name}"' for name in CASE_NAMES), "code_digest", "number", "head"])
FACT = "case_id, seq, id, act, at, doer, body, hash"
CLOCK = (
    "case_id, name, kind, state, started, due, warn, ended, paused, provisional, "
    '"limit", rests_on, extended, next_rung'
)
PERSONAL = "case_id, seq, field, value, salt, grams"
WALLED = "case_id, seq, field, value, salt"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is written for one case, but what waits for its number.

    Attributes:
        day: Civil day on which it was opened.
        case: Columns of its row, up to the number; ``fact`` likewise, up to the text.
        before, after: Text of its fact on either side of the numbers.
        clocks, walled: Whole rows as text; ``personal`` in PostgreSQL's binary format.
    """

    day: date
    case: str
    fact: str
    before: str
    after: str
    clocks: str
    personal: bytes
    walled: str


def pages_of(programme: Programme, made: Sequence[Made]) -> dict[str, Page]:
    """Return the pages of the cases *made*, by their keys."""
    zone = calendar_of(programme).zone
    personal = personal_rows(programme, made)
    return {
        one.case.id: Page(
            one.case.opened.astimezone(zone).date(),
            _case(programme, one),
            _fact(one),
            *body_around(one.decision.fact),
            "".join(_clocks(one)),
            rows,
            "".join(_walled(one)),
        )
        for one, rows in zip(made, personal, strict=True)
    }


def copy_in(
    programme: Programme,
    pages: Sequence[Page],
    meanwhile: Callable[[Callable[[], bool]], None],
) -> None:
    """Write the cases of *pages*; the caller holds the transaction.

    Args:
        programme: Their programme.
        pages: One for each case, in the order in which they are numbered.
        meanwhile: What is done while PostgreSQL takes them; it must leave the database alone, and
            can ask whether it has. It is not called when there is nothing to write.

    Raises:
        psycopg.errors.UniqueViolation: One of them is there already.
    """
    if not pages:
        return
    tables = _tables(programme, pages)
    raw = raw_connection()
    with _keys_known(raw), ThreadPoolExecutor(1) as beside:
        writing = beside.submit(_copy, raw, tables)
        meanwhile(writing.done)
        writing.result()


@contextmanager
def _keys_known(raw: psycopg.Connection[tuple[object, ...]]) -> Iterator[None]:
    """Spare PostgreSQL looking up, row by row, whether there is such a case.

    Every row is written together with its case, so every foreign key holds; looking takes a third
    of its time. Only a superuser may say so: whoever is none goes without.
    """
    (may,) = raw.execute(IS_SUPERUSER).fetchone() or (False,)
    if may:
        raw.execute("SET LOCAL session_replication_role = replica")
    yield
    if may:  # after a failure everything is rolled back, this too
        raw.execute("SET LOCAL session_replication_role = origin")


Table = tuple[str, str, bytes]
"""Name of a table, its columns (and what else ``COPY`` is told), and the rows."""


def _copy(raw: psycopg.Connection[tuple[object, ...]], tables: Iterable[Table]) -> None:
    for name, columns, rows in tables:
        with raw.cursor() as run, run.copy(f"COPY {name} {columns}") as copy:
            copy.write(rows)


def _tables(programme: Programme, pages: Sequence[Page]) -> list[Table]:
    cases, facts = zip(*_numbered(programme, pages), strict=True)
    binary = f"({PERSONAL}) FROM STDIN WITH (FORMAT binary)"
    return [
        ("luoshi_case", f"({CASE}) FROM STDIN", "".join(cases).encode()),
        ("luoshi_fact", f"({FACT}) FROM STDIN", "".join(facts).encode()),
        ("luoshi_clock", f"({CLOCK}) FROM STDIN", "".join(p.clocks for p in pages).encode()),
        ("luoshi_personal", binary, b"".join((START, *(p.personal for p in pages), END))),
        ("luoshi_walled", f"({WALLED}) FROM STDIN", "".join(p.walled for p in pages).encode()),
    ]


def _numbered(programme: Programme, pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    """Yield the rows of each case and its fact: numbers run in the order of the file."""
    pattern = NumberPattern.parse(programme.register_number)
    scopes = [pattern.scope(page.day) for page in pages]
    following = _reserved(Counter(scopes))
    for page, scope in zip(pages, scopes, strict=True):
        number = pattern.render(page.day, following[scope])
        following[scope] += 1
        text = page.before + canonical({"register": number}).decode() + page.after
        head = chain(GENESIS, text.encode()).hex()
        escaped = text.replace("\\", "\\\\")  # JSON holds no other sign that COPY would change
        yield f"{page.case}{_out(number)}\t\\\\x{head}\n", f"{page.fact}{escaped}\t\\\\x{head}\n"


def _reserved(scopes: Counter[str]) -> dict[str, int]:
    """Take as many running numbers as each scope needs; return the first of each."""
    names = sorted(scopes)  # always in this order, so that two imports do not wait for each other
    with cursor() as run:
        run.execute(
            "INSERT INTO luoshi_counter (scope, last) SELECT * FROM unnest(%s::text[], %s::int8[])"
            " ON CONFLICT (scope) DO UPDATE SET last = luoshi_counter.last + excluded.last "
            "RETURNING scope, last",
            (names, [scopes[name] for name in names]),
        )
        return {scope: last - scopes[scope] + 1 for scope, last in run.fetchall()}


def _case(programme: Programme, one: Made) -> str:
    row = records.case_row(programme, one.case)
    code = code_digest(settings.SECRET_KEY, one.case.id, query_code(one.case.id))
    return "\t".join([*(_out(row[name]) for name in CASE_NAMES), f"\\\\x{code.hex()}", ""])


def _fact(one: Made) -> str:
    fact = one.decision.fact
    cells = (fact.case, "1", fact.id, _text(fact.act), str(fact.at), _text(fact.doer.id), "")
    return "\t".join(cells)


def _clocks(one: Made) -> Iterator[str]:
    for clock in one.case.clocks.values():
        rung = clock.next_rung
        yield (
            f"{one.case.id}\t{_text(clock.name)}\t{clock.kind}\t{clock.state}\t{clock.started}\t"
            f"{clock.due}\t{clock.warn}\t{_out(clock.ended)}\t{_out(clock.paused)}\t"
            f"{clock.provisional}\t{_text(clock.limit)}\t{_text(clock.rests_on)}\t"
            f"{clock.extended}\t{_out(rung and rung[1])}\n"
        )


def _walled(one: Made) -> Iterator[str]:
    for private in one.decision.private:
        if private.walled:
            value = _out(written(private.value))
            yield f"{one.case.id}\t1\t{_out(private.field)}\t{value}\t\\\\x{private.salt.hex()}\n"


def _out(value: object) -> str:
    """Return *value* as ``COPY`` reads it."""
    return "\\N" if value is None else _text(str(value))


def _text(value: str) -> str:
    is_plain = value.isprintable() and "\\" not in value
    return value if is_plain else value.translate(ESCAPES)
