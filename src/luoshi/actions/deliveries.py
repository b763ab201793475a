"""Deliveries: events leave the house, after the act was committed, at least once.

A delivery is claimed for a while before it is sent and settled afterwards, so that no transaction
stays open while a receiver thinks, and what a killed worker had claimed is sent by another one.
What an event says is put together when it leaves: a right that was taken away, or a view that was
taken down meanwhile, is not told any more.

Terms    delivery 投递 · claim 领取 · dead letter 死信 · back-off 退避
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.utils.module_loading import import_string

from luoshi.actions import clock
from luoshi.actions.telling import told
from luoshi.actions.webhooks import running, secrets_of
from luoshi.formats.events import signed_headers, trial_payload
from luoshi.store.keys import new_key
from luoshi.store.models import Delivery, Subscription

AT_ONCE = 8
LEASE = timedelta(seconds=90)
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""What Standard Webhooks recommends: about three days in all, then the event is a dead letter."""

PAUSE = timedelta(minutes=1)
"""How long a receiver that did not answer is left alone: it must not keep others waiting."""

KEPT = timedelta(days=30)
IDLE_SECONDS = 1.0
TAKEN = range(200, 300)
GONE = 410

log = structlog.get_logger("luoshi.webhooks")


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of one request: the status answered, or in a word why there was none."""

    status: int = 0
    reason: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status in TAKEN

    @property
    def word(self) -> str:
        """How it is written down."""
        return str(self.status) if self.status else self.reason


class Post(Protocol):
    """Sends one request; never raises for what the other side does."""

    def __call__(self, url: str, headers: dict[str, str], content: bytes) -> Posted:
        """Post *content* to *url*."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery with the request that it comes to; ``None`` where nothing is to be told."""

    delivery: Delivery
    content: bytes | None


def way_out() -> Post:
    """Return the sender that ``LUOSHI_POST`` names."""
    post: Post = import_string(settings.LUOSHI_POST)
    return post


def run(stop: threading.Event, post: Post | None = None) -> None:
    """Deliver until *stop* is set; if it is set already, deliver what is due now and return."""
    post = post or way_out()
    try:
        while True:
            try:
                busy = deliver(post) > 0
                if not busy:
                    forget_settled(clock.now())
            except Error as reason:
                log.warning("database gone", reason=type(reason).__name__)
                connection.close()
                busy = False
            if not busy and stop.wait(IDLE_SECONDS if not stop.is_set() else 0):
                return
            if stop.is_set() and not busy:
                return
    finally:
        connection.close()


def deliver(post: Post, limit: int = AT_ONCE) -> int:
    """Send up to *limit* events that are due, beside each other; return how many were claimed."""
    now = clock.now()
    ready = [Ready(one, told(one)) for one in _claimed(now, limit)]
    sending = [one for one in ready if one.content is not None]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(partial(_send, post, now), sending))
    for one in ready:
        if one.content is None:
            _settle(one.delivery, now, "not_for_them")
    for one, posted in zip(sending, answers, strict=True):
        _note(one.delivery, posted, now)
    return len(ready)


def tried(name: str, post: Post | None = None) -> Posted:
    """Send the subscription *name* an event that says nothing, now, and return what came of it.

    Raises:
        SubscriptionUnknown: There is none, or it has ended.
    """
    subscription, now = running(name), clock.now()
    content = trial_payload(now)
    headers = signed_headers(f"test-{new_key()}", now, content, secrets_of(subscription, now))
    headers |= {"content-type": "application/json"}
    return (post or way_out())(subscription.url, headers, content)


@transaction.atomic
def _claimed(now: datetime, limit: int) -> Sequence[Delivery]:
    rows = (
        Delivery.objects.select_related("subscription__account")
        .select_for_update(skip_locked=True, of=("self",))
        .filter(settled=None, next_try__lte=now, subscription__ended=None)
        .order_by("next_try", "id")[:limit]
    )
    found = list(rows)
    for one in found:
        one.tries, one.next_try = one.tries + 1, now + LEASE
    Delivery.objects.bulk_update(found, ["tries", "next_try"])
    return found


def _send(post: Post, now: datetime, ready: Ready) -> Posted:
    subscription, content = ready.delivery.subscription, ready.content or b""
    secrets = secrets_of(subscription, now)
    headers = signed_headers(str(ready.delivery.id), now, content, secrets)
    return post(subscription.url, headers | {"content-type": "application/json"}, content)


def _note(delivery: Delivery, posted: Posted, now: datetime) -> None:
    delivery.answer = posted.word[:80]
    if posted.is_taken:
        _settle(delivery, now, "sent")
        return
    log.warning("event not taken", id=str(delivery.id), tries=delivery.tries, why=posted.word)
    if posted.status == GONE:
        _end(delivery.subscription, now)
    if delivery.tries > len(WAITS) or posted.status == GONE:
        _settle(delivery, now, "dead")
        return
    delivery.next_try = now + _wait(delivery)
    delivery.save(update_fields=["next_try", "answer"])
    if not posted.status:
        _pause_others(delivery, now)


def _pause_others(failed: Delivery, now: datetime) -> None:
    """Let what else waits for a receiver that does not answer wait; no try is counted."""
    waiting = Delivery.objects.filter(subscription=failed.subscription, settled=None)
    soon = waiting.exclude(id=failed.id).filter(next_try__lt=now + PAUSE)
    soon.update(next_try=now + PAUSE)


def _wait(delivery: Delivery) -> timedelta:
    """Return how long to wait; up to a tenth longer, so that many do not come back together."""
    return WAITS[delivery.tries - 1] * (1 + delivery.id.int % 100 / 1000)


def _settle(delivery: Delivery, now: datetime, outcome: str) -> None:
    delivery.settled, delivery.outcome = now, outcome
    delivery.save(update_fields=["settled", "outcome", "answer"])


def _end(subscription: Subscription, now: datetime) -> None:
    subscription.ended, subscription.why = now, "the receiver answered 410 Gone"
    subscription.save(update_fields=["ended", "why"])


def forget_settled(now: datetime) -> int:
    """Delete what was settled long ago; dead letters go too, but not sooner."""
    old = Delivery.objects.filter(settled__lt=now - KEPT).order_by("settled")[:1000]
    keys = list(old.values_list("id", flat=True))
    return Delivery.objects.filter(id__in=keys).delete()[0] if keys else 0
