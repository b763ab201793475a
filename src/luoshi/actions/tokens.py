"""Tokens for programs that act as a member of staff: made, told once, taken back.

Terms    token 令牌 · scope 权限范围 · revoke 撤销
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from luoshi.actions import clock
from luoshi.actions.naming import MOST_NAME, named
from luoshi.kernel.errors import LuoshiError
from luoshi.store.digests import digest_of
from luoshi.store.models import ApiToken
from luoshi.store.tokens import MARK, READ, SCOPES, account_named

TOKEN_BYTES = 32
DAYS = 90
MOST_DAYS = 366
"""A token that nobody renews within a year is one that nobody looks after."""


class TokenNameRefused(LuoshiError):
    """The name of a token is empty, too long, or taken for this account."""

    code = "token.name"
    template = "a token needs a name of 1 to {most} signs, new for this account: {name!r}"


class TokenTermsRefused(LuoshiError):
    """The scopes or the days asked for a token cannot be given."""

    code = "token.terms"
    template = "scopes are some of {scopes}, days 1 to {most}; asked were {asked}"


class TokenUnknown(LuoshiError):
    """There is no such account, or it holds no such token that is good."""

    code = "token.unknown"
    template = (
        "there is no open account {account!r}, or it has no token {name!r}; "
        "see `luoshi staff list` and `luoshi tokens list`"
    )


def add_token(username: str, name: str, scopes: Iterable[str] = (READ,), days: int = DAYS) -> str:
    """Make a token with which a program acts as *username*; it is told this once.

    Args:
        username: Name of the account.
        name: What it is for.
        scopes: Some of ``SCOPES``.
        days: After how many days it expires.

    Raises:
        LuoshiError: ``TokenUnknown`` (no such account), ``TokenNameRefused``,
            ``TokenTermsRefused``.
    """
    wanted = set(scopes)
    if not wanted or not wanted <= set(SCOPES) or not 1 <= days <= MOST_DAYS:
        asked = f"{', '.join(sorted(wanted))} for {days} days"
        raise TokenTermsRefused(scopes=", ".join(SCOPES), most=MOST_DAYS, asked=asked)
    account = account_named(username)
    if account is None:
        raise TokenUnknown(account=username, name=name)
    clean = named(name)
    if not clean or ApiToken.objects.filter(account=account, name=clean).exists():
        raise TokenNameRefused(most=MOST_NAME, name=name)
    token = MARK + secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    ApiToken.objects.create(
        account=account,
        name=clean,
        scopes=sorted(wanted),
        digest=digest_of(token),
        created=now,
        expires=now + timedelta(days=days),
    )
    return token


def revoke_token(username: str, name: str) -> None:
    """Take a token back; it opens nothing from the next request on.

    Raises:
        TokenUnknown: There is none, or it was taken back before.
    """
    rows = ApiToken.objects.filter(account__username=username, name=named(name), revoked=None)
    if not rows.update(revoked=clock.now()):
        raise TokenUnknown(account=username, name=name)
