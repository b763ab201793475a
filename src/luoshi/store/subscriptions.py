"""Subscriptions: what whoever runs Luoshi sees of webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from luoshi.store.models import Delivery, Subscription

MOST = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """One subscription, with how many events wait, were given up, or went out."""

    name: str
    url: str
    account: str
    created: datetime
    ended: datetime | None
    why: str
    waiting: int
    dead: int
    sent: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was given up 死信."""

    id: str
    name: str
    type: str
    tries: int
    answer: str
    made: datetime
    settled: datetime


def subscriptions() -> list[Told]:
    """Return every subscription that there ever was, by name."""
    rows = Subscription.objects.select_related("account").order_by("name")
    counted = rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__settled=None)),
        dead=Count("deliveries", filter=Q(deliveries__outcome="dead")),
        sent=Count("deliveries", filter=Q(deliveries__outcome="sent")),
    )
    return [
        Told(
            name=row.name,
            url=row.url,
            account=row.account.username if row.account else "",
            created=row.created,
            ended=row.ended,
            why=row.why,
            waiting=row.waiting,
            dead=row.dead,
            sent=row.sent,
        )
        for row in counted
    ]


def dead_letters(name: str = "") -> list[DeadLetter]:
    """Return the events that were given up, the latest first; only of the subscription *name*."""
    rows = Delivery.objects.filter(outcome="dead").exclude(settled=None)
    if name:
        rows = rows.filter(subscription__name=name)
    found = rows.select_related("subscription").order_by("-settled")[:MOST]
    return [
        DeadLetter(
            id=str(row.id),
            name=row.subscription.name,
            type=row.type,
            tries=row.tries,
            answer=row.answer,
            made=row.made,
            settled=row.settled,
        )
        for row in found
        if row.settled is not None
    ]
