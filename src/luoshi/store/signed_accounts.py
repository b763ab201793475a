"""Signed accounts: an address that speaks for an account, for programs that cannot sign in.

The address holds nothing secret but its signature. It is good as long as the account is active
and its password unchanged.

Terms    signed address 签名地址
"""

from __future__ import annotations

from hashlib import sha256

from django.core.signing import BadSignature, Signer

from luoshi.kernel.access import Actor
from luoshi.store.directory import actor_of
from luoshi.store.keys import is_key
from luoshi.store.models import Account

MARK = 12


def token_for(account: Account, purpose: str) -> str:
    """Return what stands for *account* in an address of this *purpose*."""
    return _signer(purpose).sign(f"{account.id}~{_mark(account)}")


def actor_behind(token: str, purpose: str) -> Actor | None:
    """Return who *token* speaks for now; ``None`` when it is good for nobody."""
    try:
        key, _, mark = _signer(purpose).unsign(token).partition("~")
    except BadSignature:
        return None
    account = Account.objects.filter(id=key, is_active=True).first() if is_key(key) else None
    return actor_of(account) if account and mark == _mark(account) else None


def _mark(account: Account) -> str:
    """Return what changes with the password."""
    return sha256(f"{account.id} {account.password}".encode()).hexdigest()[:MARK]


def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=f"luoshi {purpose}")
