"""Tokens: which account a program acts as, and what for.

Terms    token 令牌 · scope 权限范围
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from luoshi.store.models import Account, ApiToken

READ, ACT, EXPORT = "read", "act", "export"
SCOPES = (READ, ACT, EXPORT)
"""What a token may be used for: reading 查询, acting 办理, taking lists away 导出."""

MARK = "luoshi_t_"
"""With which every token begins, so that one left lying about is recognised."""

MOST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was shown, with the account it acts as."""

    id: str
    account: Account
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


def digest_of(token: str) -> bytes:
    """Return what is kept of a token. It is long and random: no salt, no slow hash is needed."""
    return sha256(token.encode()).digest()


def token_shown(text: str, now: datetime) -> Token | None:
    """Return the token *text*; ``None`` when it is none, has expired or was taken back."""
    if not text.isascii() or len(text) > MOST_TOKEN:
        return None
    found = (
        ApiToken.objects.select_related("account")
        .filter(digest=digest_of(text), revoked=None, expires__gt=now, account__is_active=True)
        .first()
    )
    return Token(str(found.id), found.account, frozenset(found.scopes)) if found else None


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
