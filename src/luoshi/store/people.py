"""People: the names of colleagues, for those who work with them; who works here, and as what.

Terms    account 账号 · post 岗位
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.store.keys import is_key
from luoshi.store.models import Account

MARK = ":"
PARTS = 3


@dataclass(frozen=True, slots=True, order=True)
class HeldPost:
    """A role for a unit and an area, written ``role:unit:area``; empty means everywhere.

    Example:
        >>> str(HeldPost("handler", "roads")), str(HeldPost("grid_worker", area="9911"))
        ('handler:roads', 'grid_worker::9911')
    """

    role: str
    unit: str = ""
    area: str = ""

    def __str__(self) -> str:
        return MARK.join((self.role, self.unit, self.area)).rstrip(MARK)

    @classmethod
    def read(cls, text: str) -> HeldPost | None:
        """Return the post that *text* writes; ``None`` when it has too many parts."""
        parts = [part.strip() for part in text.split(MARK)]
        return cls(*parts) if len(parts) <= PARTS else None


def names_of(accounts: Iterable[str]) -> dict[str, str]:
    """Return the names of staff *accounts* by their keys; what is no account is left out."""
    keys = {key for key in accounts if is_key(key)}
    if not keys:
        return {}
    rows = Account.objects.filter(id__in=keys).values_list("id", "name", "username")
    return {str(key): name or username for key, name, username in rows}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, or did 工作人员."""

    username: str
    name: str
    email: str
    is_administrator: bool
    posts: tuple[HeldPost, ...]


def members(*, closed: bool = False) -> list[Member]:
    """Return everybody who may sign in, or everybody whose account is *closed*, by username."""
    rows = Account.objects.filter(is_active=not closed).order_by("username")
    return [
        Member(row.username, row.name, row.email, row.is_administrator, tuple(posts_of(row)))
        for row in rows.prefetch_related("posts")
    ]


def posts_of(account: Account) -> list[HeldPost]:
    """Return the posts that *account* holds, sorted."""
    return sorted(
        HeldPost(post.role, post.unit_id or "", post.area_id or "") for post in account.posts.all()
    )
