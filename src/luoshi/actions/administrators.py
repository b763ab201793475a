"""Administrators: who may open the doors of this installation to other programs.

It is no post: an administrator sees no case that they have no post for.

Terms    administrator 系统管理员
"""

from __future__ import annotations

from luoshi.kernel.errors import LuoshiError
from luoshi.store.models import Account
from luoshi.store.tokens import account_named


class AdministratorUnknown(LuoshiError):
    """There is no account of this name that may sign in."""

    code = "administrator.unknown"
    template = "there is no account {username!r}; see `luoshi staff list`"


def make_administrator(username: str, *, wanted: bool = True) -> None:
    """Let the account *username* administer this installation, or no longer.

    Raises:
        AdministratorUnknown: There is no such account.
    """
    account = account_named(username)
    if account is None:
        raise AdministratorUnknown(username=username)
    account.is_administrator = wanted
    account.save(update_fields=["is_administrator"])


def administrators() -> list[str]:
    """Return the sign-in names of those who administer this installation."""
    found = Account.objects.filter(is_administrator=True, is_active=True)
    return list(found.order_by("username").values_list("username", flat=True))
