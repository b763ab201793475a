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

    id: str
    name: str
    url: str
    account: str
    programmes: tuple[str, ...]
    types: tuple[str, ...]
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
            id=str(row.id),
            name=row.name,
            url=row.url,
            programmes=tuple(row.programmes),
            types=tuple(row.types),
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


@dataclass(frozen=True, slots=True)
class Sending:
    """One event on its way, or as it ended 投递."""

    id: str
    type: str
    made: datetime
    tries: int
    next_try: datetime
    settled: datetime | None
    outcome: str
    answer: str


def deliveries_of(key: str, limit: int = 50) -> list[Sending]:
    """Return the latest events of the subscription *key*, with what became of each."""
    rows = Delivery.objects.filter(subscription_id=key).order_by("-made", "-id")[:limit]
    return [
        Sending(
            id=str(row.id),
            type=row.type,
            made=row.made,
            tries=row.tries,
            next_try=row.next_try,
            settled=row.settled,
            outcome=row.outcome,
            answer=row.answer,
        )
        for row in rows
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
