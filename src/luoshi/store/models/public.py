"""The public view of a case: an object of its own, never the raw case."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class PublicRow(models.Model):
    """What everybody may see of one case 公开件; written by publishing, removed by taking down.

    Attributes:
        kind: Kind of its state: open, waiting, done or void.
        updated: When it ended; while it runs, when it last came into another state.
        promised, fulfilled: What everybody was promised, as ``Promise`` says; null without one.
        published: When this view last changed.
        lon, lat: Degrees, CGCS2000: the point itself where the programme shows it, else a point
            inside ``place``, and nothing finer.
    """

    case = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=60, unique=True)
    programme = models.CharField(max_length=60)
    category = models.CharField(max_length=80, blank=True, default="")
    place = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default="done")
    opened = models.DateTimeField()
    updated = models.DateTimeField(null=True)
    promised = models.DateTimeField(null=True)
    fulfilled = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
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
            models.Index(  # for places alone: a programme without rows is never looked for in it
                fields=["-opened", "-case"], name="public_latest", condition=Q(lon__isnull=False)
            ),
            models.Index(fields=["programme", "-opened", "-case"], name="public_opened"),
            models.Index(
                fields=["category", "programme", "-opened", "-case"], name="public_service"
            ),
            models.Index(
                fields=["programme", "-opened", "-case"],
                name="public_running",
                condition=Q(kind__in=["open", "waiting"]),
            ),
            models.Index(fields=["lon", "lat"], name="public_point"),
            models.Index(fields=["updated"], name="public_updated"),
        ]

    def __str__(self) -> str:
        return self.number
