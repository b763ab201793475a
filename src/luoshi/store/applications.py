"""Applications: which program asks, and what it has brought in itself.

A case that was opened by an application says so in its first fact, as ``app:`` and the key of the
application's row. Nothing else is kept about who brought what.

Terms    application 应用 · key 密钥
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from luoshi.kernel.fact import Json, read
from luoshi.store.digests import digest_of
from luoshi.store.keys import is_key
from luoshi.store.models import ApplicationKey
from luoshi.store.statement import cursor

MARK = "app:"
FRESH_SECONDS = 5.0
"""How long a server may go on with a key that has just been taken back."""

MOST_HELD = 1_000
MOST_KEY = 200


@dataclass(frozen=True, slots=True)
class Application:
    """A program that has shown its key."""

    id: str
    name: str
    may_post: bool

    @property
    def doer(self) -> str:
        """Who it is in a fact."""
        return f"{MARK}{self.id}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as the command line lists it."""

    name: str
    may_post: bool
    created: datetime
    revoked: datetime | None


_held: dict[bytes, tuple[float, Application | None]] = {}


def application_with(key: str) -> Application | None:
    """Return whose *key* it is; ``None`` when it is nobody's, or was taken back."""
    if not key or len(key) > MOST_KEY:
        return None
    digest = digest_of(key)
    at, found = _held.get(digest, (-FRESH_SECONDS, None))
    if monotonic() - at < FRESH_SECONDS:
        return found
    found = _found(digest)
    if len(_held) >= MOST_HELD:
        _held.clear()
    if found is not None:  # a wrong key is not remembered: it may be made in the next second
        _held[digest] = (monotonic(), found)
    return found


def forget_applications() -> None:
    """Ask the database again at the next question."""
    _held.clear()


def _found(digest: bytes) -> Application | None:
    row = ApplicationKey.objects.filter(digest=digest, revoked=None).first()
    return Application(str(row.id), row.name, row.may_post) if row else None


def keys() -> list[Listed]:
    """Return every key that was ever made, the oldest first."""
    rows = ApplicationKey.objects.order_by("created")
    return [Listed(row.name, row.may_post, row.created, row.revoked) for row in rows]


@dataclass(frozen=True, slots=True)
class Brought:
    """A case as the application that brought it in may know it."""

    case: str
    number: str
    programme: str
    version: str
    state: str
    step: int
    doer: str
    values: Mapping[str, Json]


BROUGHT = """
SELECT c.id, c.number, c.programme, c.version, c.state, c.step, f.doer, f.body
FROM luoshi_case c JOIN luoshi_fact f ON f.case_id = c.id AND f.seq = 1
WHERE {} AND f.doer LIKE 'app:%%'
"""


def brought(case: str) -> Brought | None:
    """Return the case with the key *case* if an application opened it."""
    return _one("c.id = %s::uuid", case) if is_key(case) else None


def brought_numbered(number: str, application: Application) -> Brought | None:
    """Return the case with that register number if *application* opened it."""
    found = _one("c.number = %s", number) if number.isprintable() else None
    return found if found and found.doer == application.doer else None


def _one(where: str, value: str) -> Brought | None:
    with cursor() as run:
        run.execute(BROUGHT.format(where), (value,))
        row = run.fetchone()
    if row is None:
        return None
    case, number, programme, version, state, step, doer, text = row
    values = read(text).values
    return Brought(str(case), number, programme, version, state, step, doer, values)
