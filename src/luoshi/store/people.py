"""People: the names of colleagues, for those who work with them on the same case."""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.store.keys import is_key
from luoshi.store.models import Account


def names_of(accounts: Iterable[str]) -> dict[str, str]:
    """Return the names of staff *accounts* by their keys; what is no account is left out."""
    keys = {key for key in accounts if is_key(key)}
    if not keys:
        return {}
    rows = Account.objects.filter(id__in=keys).values_list("id", "name", "username")
    return {str(key): name or username for key, name, username in rows}
