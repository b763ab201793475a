"""Rates: how often somebody has asked within the minute."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """Requests of one client in one minute 调用次数. The table is not logged: a crash forgives.

    Attributes:
        who: Digest that stands for a token, an account or an address; that of an address changes
            every hour.
        window: Number of the minute since the Unix epoch.
    """

    who = models.CharField(max_length=40, primary_key=True)
    window = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        app_label = "store"
        db_table = "luoshi_rate"

    def __str__(self) -> str:
        return f"{self.window}: {self.count}"
