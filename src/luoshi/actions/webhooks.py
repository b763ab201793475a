"""Webhooks: who is told of events; made, given a new secret, replayed, ended.

Terms    subscription 订阅 · secret 签名密钥 · replay 重发 · dead letter 死信
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from luoshi.actions import clock
from luoshi.actions.naming import MOST_NAME, named
from luoshi.formats.events import PUBLIC_EVENTS, SYSTEM_EVENTS, secret_text, type_of
from luoshi.kernel.errors import LuoshiError
from luoshi.store.models import Account, Delivery, Subscription
from luoshi.store.programmes import offered

OLD_SECRET_LASTS = timedelta(hours=24)
MOST_URL = 500


class SubscriptionRefused(LuoshiError):
    """A subscription cannot be made as it was asked for.

    ``why`` among its data says what is wrong with it: ``name``, ``name.taken``, ``url``,
    ``account``, ``types`` or ``programmes``.
    """

    code = "webhook.refused"
    template = "no subscription was made: {reason}"


class SubscriptionUnknown(LuoshiError):
    """No subscription of this name runs."""

    code = "webhook.unknown"
    template = "no subscription {name!r} is running; see `luoshi webhooks list`"


def subscribe(
    name: str,
    url: str,
    account: str = "",
    programmes: Iterable[str] = (),
    types: Iterable[str] = (),
) -> str:
    """Tell *url* of events from now on; return the secret by which it can know them as ours.

    Args:
        name: What people call it.
        url: ``https://…``; where it leads is checked whenever something is sent.
        account: User name; its posts decide what is told. Empty: published cases alone.
        programmes: Ids; empty means all.
        types: Types of events; empty means all.

    Raises:
        SubscriptionRefused: With the reason.
    """
    wanted, listed = sorted(set(types)), sorted(set(programmes))
    _refuse_unknown(wanted, listed, is_public=not account)
    made = Subscription(
        name=_named(name),
        url=_addressed(url),
        account=_account(account) if account else None,
        programmes=listed,
        types=wanted,
        created=clock.now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise SubscriptionRefused(
            reason=f"the name {made.name!r} is taken", why="name.taken"
        ) from None
    return secret_text(secrets_of(made, clock.now())[0])


def rotate(name: str) -> str:
    """Give the subscription a new secret; the old one signs as well for a day."""
    found = running(name)
    found.turn, found.rotated = found.turn + 1, clock.now()
    found.save(update_fields=["turn", "rotated"])
    return secret_text(secrets_of(found, clock.now())[0])


def end(name: str, why: str = "by hand") -> None:
    """Tell it nothing more; what still waits is not sent."""
    found = running(name)
    found.ended, found.why = clock.now(), why[:80]
    found.save(update_fields=["ended", "why"])


def replay(name: str, since: datetime | None = None) -> int:
    """Send again: what was given up, or (with *since*) everything from then on that is still kept.

    Every event keeps its ``webhook-id``, so that a receiver can drop what it has.

    Returns:
        How many events wait now.
    """
    rows = Delivery.objects.filter(subscription=running(name)).exclude(settled=None)
    rows = rows.filter(outcome="dead") if since is None else rows.filter(made__gte=since)
    return rows.update(settled=None, outcome="", tries=0, next_try=clock.now())


def secrets_of(subscription: Subscription, now: datetime) -> tuple[bytes, ...]:
    """Return the secrets that are good, the latest first; only this installation can compute them.

    No table holds them, so no dump tells them.
    """
    turns = [subscription.turn]
    if subscription.rotated and now < subscription.rotated + OLD_SECRET_LASTS:
        turns.append(subscription.turn - 1)
    key = settings.SECRET_KEY.encode()
    words = (f"webhook {subscription.id} {turn}" for turn in turns)
    return tuple(hmac.new(key, word.encode(), sha256).digest() for word in words)


def known_types(*, is_public: bool) -> frozenset[str]:
    """Return every type of event that can be asked for."""
    if is_public:
        return frozenset(one.type for one in PUBLIC_EVENTS)
    steps = (type_of(step) for one in offered().values() for step in one.transitions)
    return frozenset(steps) | {one.type for one in SYSTEM_EVENTS}


def _refuse_unknown(types: Iterable[str], programmes: Iterable[str], *, is_public: bool) -> None:
    unknown = sorted(set(types) - known_types(is_public=is_public))
    if unknown:
        raise SubscriptionRefused(reason=f"there are no events {', '.join(unknown)}", why="types")
    strange = sorted(set(programmes) - set(offered()))
    if strange:
        raise SubscriptionRefused(
            reason=f"there is no programme {', '.join(strange)}", why="programmes"
        )


def _named(raw: str) -> str:
    name = named(raw)
    if not name:
        raise SubscriptionRefused(reason=f"it needs a name of 1 to {MOST_NAME} signs", why="name")
    return name


def _addressed(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise SubscriptionRefused(reason="the address cannot be read", why="url") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or len(url) > MOST_URL:
        raise SubscriptionRefused(
            reason="the address must begin with https:// and name a host", why="url"
        )
    if parts.username or parts.password or parts.fragment or not (url.isascii() and _plain(url)):
        raise SubscriptionRefused(
            reason="the address holds something that has no place in it", why="url"
        )
    return url


def _plain(text: str) -> bool:
    return text.isprintable() and " " not in text


def _account(username: str) -> Account:
    found = Account.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise SubscriptionRefused(reason=f"there is no account {username!r}", why="account")
    return found


def running(name: str) -> Subscription:
    """Return the subscription *name*.

    Raises:
        SubscriptionUnknown: There is none, or it has ended.
    """
    found = Subscription.objects.filter(name=name, ended=None).first()
    if found is None:
        raise SubscriptionUnknown(name=name)
    return found
