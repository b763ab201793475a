"""Keys for other programs: made, told once, taken back.

Terms    application key 应用密钥 · revoke 撤销
"""

from __future__ import annotations

import secrets

from luoshi.actions import clock
from luoshi.actions.naming import MOST_NAME, named
from luoshi.kernel.errors import LuoshiError
from luoshi.store.digests import digest_of
from luoshi.store.models import ApplicationKey

MARK = "luoshi_"
"""With which every key begins, so that one left lying about is recognised."""

KEY_BYTES = 24


class KeyNameRefused(LuoshiError):
    """The name of an application is empty, too long, or taken."""

    code = "key.name"
    template = "an application needs a name of 1 to {most} signs that no other one has: {name!r}"


class KeyUnknown(LuoshiError):
    """No application of this name holds a key that is good."""

    code = "key.unknown"
    template = "no application {name!r} holds a key; see `luoshi keys list`"


def add_key(name: str, *, may_post: bool = True) -> str:
    """Make a key for the application *name* and return it; it is told this once and never again.

    Raises:
        KeyNameRefused: The name cannot be used.
    """
    clean = named(name)
    if not clean or ApplicationKey.objects.filter(name=clean).exists():
        raise KeyNameRefused(most=MOST_NAME, name=name)
    key = MARK + secrets.token_urlsafe(KEY_BYTES)
    ApplicationKey.objects.create(
        name=clean, digest=digest_of(key), may_post=may_post, created=clock.now()
    )
    return key


def revoke_key(name: str) -> None:
    """Take the key of the application *name* back; servers that run know within seconds.

    Raises:
        KeyUnknown: There is none, or it was taken back before.
    """
    rows = ApplicationKey.objects.filter(name=named(name), revoked=None)
    if not rows.update(revoked=clock.now()):
        raise KeyUnknown(name=name)
