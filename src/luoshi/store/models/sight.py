"""Who looked at what was masked: visible to the person concerned."""

from __future__ import annotations

from django.db import models

from luoshi.store.keys import new_key


class Unmasking(models.Model):
    """One look at a masked answer 查看联系方式, with the reason given."""

    id = models.BigAutoField(primary_key=True)
    case = models.UUIDField(db_index=True)
    field = models.CharField(max_length=60)
    by = models.CharField(max_length=60)
    role = models.CharField(max_length=40)
    unit = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        app_label = "store"
        db_table = "luoshi_unmasking"

    def __str__(self) -> str:
        return f"{self.case} {self.field}"


class Reveal(models.Model):
    """A look behind the wall: asked for by one person, granted by another, and soon over."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    case = models.UUIDField(db_index=True)
    asked_by = models.CharField(max_length=60)
    asked_role = models.CharField(max_length=40)
    reason = models.CharField(max_length=400)
    asked = models.DateTimeField()
    granted_by = models.CharField(max_length=60, blank=True, default="")
    granted = models.DateTimeField(null=True)
    refused = models.DateTimeField(null=True)
    looked = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_reveal"

    def __str__(self) -> str:
        return f"{self.case} by {self.asked_by}"
