"""Tokens: which account a program acts as, and what for.

Terms    token 令牌 · scope 权限范围
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luoshi.kernel.access import Actor
from luoshi.store.digests import digest_of
from luoshi.store.directory import actor_with
from luoshi.store.models import Account, ApiToken
from luoshi.store.statement import cursor

READ, ACT, EXPORT = "read", "act", "export"
SCOPES = (READ, ACT, EXPORT)
"""What a token may be used for: reading 查询, acting 办理, taking lists away 导出."""

MARK = "luoshi_t_"
"""With which every token begins, so that one left lying about is recognised."""

MOST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was shown, and as whom it acts."""

    id: str
    actor: Actor
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A token as the command line lists it."""

    username: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime
    revoked: datetime | None


SHOWN = """
SELECT t.id::text, t.scopes, t.account_id::text,
  (SELECT json_agg(json_build_array(p.role, coalesce(p.unit_id, ''), coalesce(p.area_id, ''))
     ORDER BY p.id) FROM store_post p WHERE p.account_id = t.account_id)
FROM luoshi_api_token t JOIN store_account a ON a.id = t.account_id
WHERE t.digest = %(digest)s AND t.revoked IS NULL AND t.expires > %(now)s AND a.is_active
"""


def token_shown(text: str, now: datetime) -> Token | None:
    """Return the token *text*; ``None`` when it is none, has expired or was taken back."""
    if not text.isascii() or len(text) > MOST_TOKEN:
        return None
    with cursor() as run:
        run.execute(SHOWN, {"digest": digest_of(text), "now": now}, prepare=True)
        row = run.fetchone()
    if row is None:
        return None
    key, scopes, account, posts = row
    return Token(key, actor_with(account, posts or ()), frozenset(scopes))


def account_named(username: str) -> Account | None:
    """Return the account *username* if it may be used."""
    if not username.isprintable():
        return None
    return Account.objects.filter(username=username, is_active=True).first()


def tokens() -> list[Listed]:
    """Return every token that was ever made, the oldest first."""
    rows = ApiToken.objects.select_related("account").order_by("created")
    return [
        Listed(
            row.account.username,
            row.name,
            tuple(row.scopes),
            row.created,
            row.expires,
            row.revoked,
        )
        for row in rows
    ]
