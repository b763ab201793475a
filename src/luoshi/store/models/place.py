"""Units that act, and areas in which things lie."""

from __future__ import annotations

from django.db import models


class Unit(models.Model):
    """An organisation or a part of one 单位. ``path`` lists the codes from the root down to it."""

    code = models.CharField(max_length=80, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=40, blank=True, default="")
    path = models.CharField(max_length=400, db_index=True)
    phone = models.CharField(max_length=30, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return self.name_zh


class Area(models.Model):
    """A piece of the city 区域: city, district, town, community or grid, with its polygon.

    ``polygon`` is a GeoJSON geometry in CGCS2000 longitude, latitude. An area that is split ends
    (``valid_to``) and its code is never used again.
    """

    code = models.CharField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    level = models.CharField(max_length=20, db_index=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    path = models.CharField(max_length=300, db_index=True)
    polygon = models.JSONField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return self.name_zh
