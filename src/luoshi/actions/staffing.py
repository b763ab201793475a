"""Staffing: people change posts, leave, come back, or have forgotten their password.

Nothing that somebody did is touched: facts keep their key, and with it their name. There is no
actor: these are acts of the command line, whose user owns the database anyway.

Terms    account 账号 · close 停用 · reopen 启用 · post 岗位 · first password 初始密码
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from luoshi.actions import clock
from luoshi.actions.posts import Vacancy, judge_of_posts, left_vacant
from luoshi.kernel.errors import LuoshiError
from luoshi.store.models import Account, ApiToken, Post, Subscription
from luoshi.store.people import HeldPost, posts_of

PASSWORD_BYTES = 12
WHY_ENDED = "account closed"


class AccountUnknown(LuoshiError):
    """There is no account of this name, closed or not."""

    code = "account.unknown"
    template = "there is no account {username!r}; see `luoshi staff list`"


class AccountClosed(LuoshiError):
    """The account is closed, and nobody can sign in to it."""

    code = "account.closed"
    template = "the account {username!r} is closed; `luoshi staff open {username}` opens it again"


class AccountNotClosed(LuoshiError):
    """The account is to be opened again and was never closed."""

    code = "account.not_closed"
    template = (
        "the account {username!r} is not closed; for a new password: `luoshi staff password`"
    )


class PostsRefused(LuoshiError):
    """Posts cannot be given or taken as asked; carries every problem found."""

    code = "account.posts"
    template = "the posts of {username!r} stay as they are: {listing}"


@dataclass(frozen=True, slots=True)
class PostsChanged:
    """What became of somebody's posts.

    Attributes:
        posts: What they hold now.
        vacant: What nobody holds any more.
    """

    posts: tuple[HeldPost, ...]
    vacant: tuple[Vacancy, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """What ended with an account.

    Attributes:
        name: Name of the person, which stays.
        posts, tokens, subscriptions: What ended: posts, and names of tokens and webhooks.
        vacant: Posts that nobody holds any more.
    """

    name: str
    posts: tuple[HeldPost, ...]
    tokens: tuple[str, ...]
    subscriptions: tuple[str, ...]
    vacant: tuple[Vacancy, ...]


def first_password() -> str:
    """Return a password that nobody can guess, for the first time that somebody signs in."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


@transaction.atomic
def change_posts(
    username: str,
    give: Collection[HeldPost] = (),
    take: Collection[HeldPost] = (),
    *,
    dry_run: bool = False,
) -> PostsChanged:
    """Give and take posts of *username*, all or none; they count from the next request on.

    Args:
        username: Sign-in name.
        give: Posts that come.
        take: Posts that go.
        dry_run: Only tell what would come of it.

    Raises:
        LuoshiError: ``AccountUnknown``, ``AccountClosed``, ``PostsRefused``.
    """
    account = _open_account(username)
    _refuse_posts(username, set(posts_of(account)), give, take)
    _take(account, take)
    _give(account, give)
    changed = PostsChanged(tuple(posts_of(account)), tuple(left_vacant(take)))
    if dry_run:
        transaction.set_rollback(True)
    return changed


@transaction.atomic
def close_account(username: str, *, dry_run: bool = False) -> Closed:
    """Let *username* in no more: sessions, tokens, webhooks and posts end with this transaction.

    The password goes too, so that no session or calendar address lives again if it is reopened.

    Raises:
        LuoshiError: ``AccountUnknown``, ``AccountClosed``.
    """
    account = _open_account(username)
    posts = posts_of(account)
    account.posts.all().delete()
    account.is_active = account.is_administrator = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "is_administrator", "password"])
    tokens, subscriptions = _tokens_ended(account), _subscriptions_ended(account)
    closed = Closed(account.name, tuple(posts), tokens, subscriptions, tuple(left_vacant(posts)))
    if dry_run:
        transaction.set_rollback(True)
    return closed


@transaction.atomic
def open_account(username: str, posts: Collection[HeldPost] = ()) -> str:
    """Let *username* in again with *posts*; return the first password, which is told this once.

    Tokens, webhooks and administration do not come back by themselves.

    Raises:
        LuoshiError: ``AccountUnknown``, ``AccountNotClosed``, ``PostsRefused``.
    """
    account = _account(username)
    if account.is_active:
        raise AccountNotClosed(username=username)
    _refuse_posts(username, set(), posts, ())
    account.is_active = True
    _give(account, posts)
    return _with_first_password(account)


@transaction.atomic
def renew_password(username: str) -> str:
    """Give *username* a new first password and return it; they are signed out everywhere.

    Raises:
        LuoshiError: ``AccountUnknown``, ``AccountClosed``.
    """
    return _with_first_password(_open_account(username))


def _with_first_password(account: Account) -> str:
    password = first_password()
    account.password = make_password(password)
    account.save(update_fields=["is_active", "password"])
    return password


def _account(username: str) -> Account:
    """Return the account, locked until the end of the transaction."""
    rows = Account.objects.select_for_update().filter(username=username)
    found = rows.first() if username.isprintable() else None
    if found is None:
        raise AccountUnknown(username=username)
    return found


def _open_account(username: str) -> Account:
    found = _account(username)
    if not found.is_active:
        raise AccountClosed(username=username)
    return found


def _refuse_posts(
    username: str, held: set[HeldPost], give: Collection[HeldPost], take: Collection[HeldPost]
) -> None:
    judge = judge_of_posts()
    problems = [f"{post}: {problem}" for post in give for problem in judge(post)]
    problems += [f"{post} is held already" for post in give if post in held]
    problems += [f"{post} is not held" for post in take if post not in held]
    if problems:
        raise PostsRefused(username=username, listing="; ".join(problems))


def _take(account: Account, posts: Collection[HeldPost]) -> None:
    for post in posts:
        account.posts.filter(
            role=post.role, unit_id=post.unit or None, area_id=post.area or None
        ).delete()


def _give(account: Account, posts: Collection[HeldPost]) -> None:
    Post.objects.bulk_create(
        Post(account=account, role=one.role, unit_id=one.unit or None, area_id=one.area or None)
        for one in dict.fromkeys(posts)
    )


def _tokens_ended(account: Account) -> tuple[str, ...]:
    now = clock.now()
    good = ApiToken.objects.filter(account=account, revoked=None, expires__gt=now)
    names = tuple(good.order_by("name").values_list("name", flat=True))
    ApiToken.objects.filter(account=account, revoked=None).update(revoked=now)
    return names


def _subscriptions_ended(account: Account) -> tuple[str, ...]:
    running = Subscription.objects.filter(account=account, ended=None)
    names = tuple(running.order_by("name").values_list("name", flat=True))
    running.update(ended=clock.now(), why=WHY_ENDED)
    return names
