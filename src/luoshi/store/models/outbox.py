"""The outbox: nothing leaves Luoshi but from here, after the act has been committed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message on its way out 待发消息.

    Written in the transaction of the act. Delivered at least once; ``key`` lets the receiver drop
    a second copy. The address is looked up when it is sent: it is never copied here.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120)
    case = models.UUIDField(db_index=True)
    notice = models.CharField(max_length=60)
    to = models.CharField(max_length=60)
    by = models.CharField(max_length=20)
    made = models.DateTimeField()
    next_try = models.DateTimeField()
    tries = models.IntegerField(default=0)
    sent = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "store"
        db_table = "luoshi_message"
        constraints: ClassVar = [models.UniqueConstraint(fields=["key"], name="message_key")]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try", "id"], name="message_waiting", condition=Q(sent__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.key
