"""Who looked at what was masked: visible to the person concerned."""

from __future__ import annotations

from django.db import models


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
