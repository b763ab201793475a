"""Sessions: who is signed in, known in one question with the account and its posts.

Rows, cookies and signatures are Django's own. What is new is that a session which this process
has seen before is asked for together with the account it was of: if it still is of that account,
nobody has to ask again. Everything is read afresh for each request, so that signing out, a new
password, a lost post or a closed account count from the next request on.

Terms    session 会话 · account 账号 · post 岗位
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from luoshi.store.keys import is_key
from luoshi.store.models import Account
from luoshi.store.statement import Statement
from luoshi.store.wire import Cell, ask, text

READ = ("id", "username", "name", "language", "password", "is_active", "is_administrator")
"""What pages need to know of an account; the rest is read when somebody asks for it."""

IN_ORDER = [one.attname for one in Account._meta.concrete_fields if one.attname in READ]
"""The same as the model has them: Django takes values by their place."""

MOST_HELD = 2_000

SHOWN = Statement(f"""
SELECT s.session_data, {", ".join(f"a.{name}" for name in READ)}, CASE WHEN a.id IS NOT NULL THEN
  (SELECT json_agg(json_build_array(p.role, coalesce(p.unit_id, ''), coalesce(p.area_id, ''))
   ORDER BY p.id) FROM store_post p WHERE p.account_id = a.id) END
FROM django_session s LEFT JOIN store_account a ON a.id = %(account)s::uuid
WHERE s.session_key = %(key)s AND s.expire_date > now()
""")


class _Seen(NamedTuple):
    """A session when it was last seen: whose it was (a guess at whose it is), and what it held.

    A signed text that was verified once need not be verified again.
    """

    owner: str
    signed: bytes
    content: str


NEVER = _Seen("", b"", "{}")
_seen: dict[str, _Seen] = {}


class SessionStore(db.SessionStore):
    """Django's sessions in the database, which remember the account they were read with."""

    account: Account | None = None

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no key, when there is none."""
        key = self.session_key or ""
        seen = _seen.get(key, NEVER)
        asked = {"key": key, "account": seen.owner or None}
        rows = ask(SHOWN, asked) if _may_be_one(key) else []
        if not rows:
            self._session_key = None
            return {}
        signed, *account = rows[0]
        held = self._content(key, signed or b"", seen)
        owner = str(held.get(SESSION_KEY, ""))
        self.account = _account(account) if owner and owner == seen.owner else None
        return held

    def _content(self, key: str, signed: bytes, seen: _Seen) -> dict[str, Any]:
        if signed == seen.signed:
            return dict(json.loads(seen.content))
        held: dict[str, Any] = self.decode(text(signed))
        owner = str(held.get(SESSION_KEY, ""))
        if is_key(owner):
            _remember(key, _Seen(owner, signed, json.dumps(held)))
        return held


def _may_be_one(key: str) -> bool:
    return key.isascii() and key.isalnum()


def _remember(key: str, seen: _Seen) -> None:
    if len(_seen) >= MOST_HELD:
        _seen.clear()
    _seen[key] = seen


def _account(cells: list[Cell]) -> Account | None:
    """Return the account of a row, with its posts; ``None`` when it is there no more."""
    *own, posts = cells
    if own[0] is None:
        return None
    values: dict[str, Any] = dict(zip(READ, map(text, own), strict=True))
    values |= {name: values[name] == "t" for name in ("is_active", "is_administrator")}
    values["id"] = UUID(values["id"])
    account = Account.from_db("default", IN_ORDER, [values[name] for name in IN_ORDER])
    account.posts_read = json.loads(posts or b"null") or []
    return account
