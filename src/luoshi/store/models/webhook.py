"""Who is told of events, and what is on its way to them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from luoshi.store.keys import new_key


class Subscription(models.Model):
    """An address that is told of events 订阅. Its secret is computed, and stands in no table.

    Attributes:
        account: Whose posts decide what it is told; ``None``: the public, told of published cases.
        programmes, types: What it asks for; empty means everything.
        turn: Counts the secrets it has had; rotated: when it was given the latest one.
        ended: Since when it is told nothing more; why: by whom or what.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    name = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=500)
    account = models.ForeignKey("store.Account", models.CASCADE, null=True, blank=True)
    programmes = ArrayField(models.CharField(max_length=60), default=list)
    types = ArrayField(models.CharField(max_length=80), default=list)
    turn = models.IntegerField(default=1)
    created = models.DateTimeField()
    rotated = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    why = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        app_label = "store"
        db_table = "luoshi_subscription"

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event on its way to one subscription 投递. What it says is put together when it leaves.

    Attributes:
        id: The ``webhook-id``: the same for every try.
        settled: When it was over; outcome: ``sent``, ``not_for_them`` or ``dead`` 死信.
        answer: What the receiver answered last: a status, or why there was none.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    case = models.UUIDField()
    seq = models.IntegerField()
    type = models.CharField(max_length=80)
    made = models.DateTimeField()
    next_try = models.DateTimeField()
    tries = models.IntegerField(db_default=0)
    settled = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, db_default="")
    answer = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        app_label = "store"
        db_table = "luoshi_delivery"
        indexes: ClassVar = [
            models.Index(
                fields=["next_try", "id"],
                name="delivery_waiting",
                condition=Q(settled__isnull=True),
            ),
            models.Index(fields=["settled"], name="delivery_dead", condition=Q(outcome="dead")),
            models.Index(
                fields=["settled", "id"],
                name="delivery_settled",
                condition=Q(settled__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
