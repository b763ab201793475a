"""The caller: who asks, as whom, and what for. Found once for each request.

A token or an identity from the city's OIDC server speaks for an account; so does the session of
the screens. Whoever shows nothing is a resident: they may ask for something and follow it.

Terms    caller 调用方 · token 令牌 · session 会话 · scope 权限范围
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from luoshi.actions import clock
from luoshi.actions.following import client_address
from luoshi.api.v1 import oidc
from luoshi.api.v1.errors import ForeignForm, NoPost, NotSignedIn, ScopeMissing, TokenInvalid
from luoshi.kernel.access import ANYBODY, Actor
from luoshi.store.directory import actor_of
from luoshi.store.rates import digest_of as counted_as
from luoshi.store.tokens import MARK, SCOPES, account_named, token_used
from luoshi.store.turns import posts_held

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """Who asks.

    Attributes:
        key: Who it is for counting, and for keys that repeat a request.
        scopes: What the token may be used for; a session may be used for everything.
        is_known: It has said who it is, and it was true.
        count: Which request of this minute it is, if it has been counted already.
    """

    actor: Actor
    key: str
    scopes: frozenset[str] = frozenset()
    is_known: bool = False
    count: int = 0

    @property
    def has_post(self) -> bool:
        """Whether the account plays any part at a desk."""
        return bool(posts_held(self.actor))


def caller_of(request: HttpRequest) -> Caller:
    """Return who asks.

    Raises:
        TokenInvalid: A token was shown, and it is not good.
        ForeignForm: A session was used to change something, without the token of a form.
    """
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer":
            raise TokenInvalid
        return _bearer(shown.strip())
    if request.user.is_authenticated:
        return _signed_in(request)
    return Caller(ANYBODY, f"address {address_of(request)}")


def _bearer(text: str) -> Caller:
    if not text.startswith(MARK):
        return _from_oidc(text)
    now = clock.now()
    who = counted_as(settings.SECRET_KEY, f"token {text}", now)
    token = token_used(text, who, now)
    if token is None:
        raise TokenInvalid
    return Caller(token.actor, f"token {token.id}", token.scopes, is_known=True, count=token.count)


def _from_oidc(text: str) -> Caller:
    identity = oidc.identity(text, settings.LUOSHI, clock.now())
    account = account_named(identity.username) if identity else None
    if identity is None or account is None:
        raise TokenInvalid
    return _account(account, f"account {account.id}", identity.scopes)


def _signed_in(request: HttpRequest) -> Caller:
    if request.method not in SAFE and check_csrf(request, lambda: None) is not None:
        raise ForeignForm
    account: Any = request.user
    return _account(account, f"account {account.id}", frozenset(SCOPES))


def _account(account: Any, key: str, scopes: frozenset[str]) -> Caller:
    return Caller(actor_of(account), key, scopes, is_known=True)


def demand(caller: Caller, scope: str) -> Caller:
    """Return *caller* if it is a member of staff with a post, and may use *scope*.

    Raises:
        Refused: ``NotSignedIn``, ``ScopeMissing``, ``NoPost``.
    """
    if not caller.is_known:
        raise NotSignedIn
    if scope not in caller.scopes:
        raise ScopeMissing(scope=scope, held=", ".join(sorted(caller.scopes)) or "none")
    if not caller.has_post:
        raise NoPost
    return caller


def address_of(request: HttpRequest) -> str:
    """Return the address the request came from; behind a proxy, what the proxy says it was."""
    return client_address(request.headers, request.META.get("REMOTE_ADDR", ""))
