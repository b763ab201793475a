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
from luoshi.store.rates import MORE, forget_old, window_of
from luoshi.store.statement import cursor

READ, ACT, EXPORT = "read", "act", "export"
SCOPES = (READ, ACT, EXPORT)
"""What a token may be used for: reading 查询, acting 办理, taking lists away 导出."""

MARK = "luoshi_t_"
"""With which every token begins, so that one left lying about is recognised."""

MOST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was shown, and as whom it acts.

    Attributes:
        count: Which request of this minute it is, where requests are counted.
    """

    id: str
    actor: Actor
    scopes: frozenset[str]
    count: int = 0


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
     ORDER BY p.id) FROM store_post p WHERE p.account_id = t.account_id) AS posts
FROM luoshi_api_token t JOIN store_account a ON a.id = t.account_id
WHERE t.digest = %(digest)s AND t.revoked IS NULL AND t.expires > %(now)s AND a.is_active
"""


COUNTED = f"""
WITH shown AS MATERIALIZED ({SHOWN}),
  counted AS ({MORE.format(amount="1", whenever="FROM shown")})
SELECT shown.*, counted.count FROM shown, counted
"""
"""Nothing is counted for a token that is none: whoever shows it is counted by their address."""


def token_shown(text: str, now: datetime) -> Token | None:
    """Return the token *text*; ``None`` when it is none, has expired or was taken back."""
    return _token(SHOWN, text, {"now": now})


def token_used(text: str, who: str, now: datetime) -> Token | None:
    """Return the token *text* like ``token_shown``, and count this request of *who* with it."""
    found = _token(COUNTED, text, {"now": now, "who": who, "window": window_of(now)})
    if found and found.count == 1:
        forget_old(now)
    return found


def _token(statement: str, text: str, values: dict[str, object]) -> Token | None:
    if not text.isascii() or len(text) > MOST_TOKEN:
        return None
    with cursor() as run:
        run.execute(statement, {**values, "digest": digest_of(text)}, prepare=True)
        row = run.fetchone()
    if row is None:
        return None
    key, scopes, account, posts, *count = row
    return Token(key, actor_with(account, posts or ()), frozenset(scopes), *count)


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
