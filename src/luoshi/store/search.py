"""Search: find cases by words in what was written, in Chinese as well as in English.

A question is the set of its pairs of neighbouring signs (see ``pairs``); what the index proposes
is then compared with the text itself.

Only texts about the matter can be searched. Names, telephone numbers and addresses of mail cannot:
Luoshi does not put together what one person has asked for over the years.

Terms    search 检索
"""

from __future__ import annotations

from datetime import datetime

from luoshi.kernel.access import Actor
from luoshi.kernel.programme import Field, Programme
from luoshi.store import queries
from luoshi.store.pairs import folded, is_searched, pairs_of
from luoshi.store.programmes import offered
from luoshi.store.statement import cursor

MOST_CANDIDATES = 3000
"""How many cases the index may propose, when a word stands in nearly every text."""


def find(actor: Actor, text: str, now: datetime, limit: int = 20) -> queries.Page:
    """Return the cases that *actor* may see and that hold *text*, the latest first.

    A register number, or its beginning, is found too. One sign alone finds nothing but numbers.
    """
    wanted = folded(text)[:100]
    scope = queries.scope_of(actor)
    if scope.is_empty or not wanted:
        return queries.Page()
    ids = _numbered(wanted) + (_holding(wanted, _fields(actor)) if len(wanted) > 1 else [])
    return queries.page_of(scope, ids, now, limit)


def _fields(actor: Actor) -> list[str]:
    """Return the fields that can be searched and that every role of *actor* may see."""
    roles = {post.role for post in actor.posts}
    return sorted(
        field.name
        for programme in offered().values()
        for field in _searched(programme)
        if not field.seen_by or roles & field.seen_by
    )


def _searched(programme: Programme) -> list[Field]:
    return [field for field in programme.fields.values() if is_searched(field)]


def _numbered(wanted: str) -> list[str]:
    if not wanted.isascii() or len(wanted) < 4:  # noqa: PLR2004  a shorter beginning names half of all
        return []
    with cursor() as run:
        run.execute(
            "SELECT id FROM luoshi_case WHERE number >= %s AND number < %s ORDER BY number DESC "
            "LIMIT 50",
            (wanted.upper(), wanted.upper() + "~"),
        )
        return [str(case) for (case,) in run.fetchall()]


def _holding(wanted: str, fields: list[str]) -> list[str]:
    with cursor() as run:
        run.execute(
            "SELECT DISTINCT case_id FROM (SELECT case_id, value FROM luoshi_personal "
            "WHERE grams @> %s::int4[] AND field = ANY(%s) LIMIT %s) q "
            "WHERE strpos(lower(normalize(value, NFKC)), %s) > 0",
            (pairs_of(wanted), fields, MOST_CANDIDATES, _as_stored(wanted)),
        )
        return [str(case) for (case,) in run.fetchall()]


def _as_stored(wanted: str) -> str:
    """Return *wanted* as it stands inside a JSON string."""
    return wanted.replace("\\", "\\\\").replace('"', '\\"')
