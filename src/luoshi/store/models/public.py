"""The public view of a case: an object of its own, never the raw case."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class PublicRow(models.Model):
    """What everybody may see of one case 公开件; written by publishing, removed by taking down."""

    case = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=60, unique=True)
    programme = models.CharField(max_length=60)
    category = models.CharField(max_length=80, blank=True, default="")
    place = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=60)
    opened = models.DateTimeField()
    published = models.DateTimeField()
    subject = models.TextField(blank=True, default="")
    grams = ArrayField(models.IntegerField(), default=list)
    view = models.JSONField()

    class Meta:
        app_label = "store"
        db_table = "luoshi_public"
        indexes: ClassVar = [
            models.Index(fields=["-published", "case"], name="public_newest"),
            models.Index(fields=["category", "-published"], name="public_category"),
            models.Index(fields=["place", "-published"], name="public_place"),
            GinIndex(fields=["grams"], name="public_grams"),
        ]

    def __str__(self) -> str:
        return self.number
