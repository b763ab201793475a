"""Versions of programmes under which cases were opened: kept for as long as the cases are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ProgrammeVersion(models.Model):
    """The text of one version of one programme, as it was when it came into use.

    Attributes:
        files: Text of each file of its folder, by name.
        digest: SHA-256 over them; a changed text needs a new version.
    """

    programme = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    taken_up = models.DateTimeField()

    class Meta:
        app_label = "store"
        db_table = "luoshi_programme"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "version"], name="one_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"
