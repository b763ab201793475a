"""Attachments: what the table knows of a file; the bytes lie below ``LUOSHI_HOME/files``."""

from __future__ import annotations

from django.db import models

from luoshi.store.keys import new_key


class Attachment(models.Model):
    """One file of one case 附件. Its name at the sender is a personal value and is not kept.

    Attributes:
        case: Key of the case, which may not be registered yet when its first photo arrives.
        kind: ``image`` (shown), ``document`` (download only).
        digest: SHA-256 of the bytes that are kept.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    case = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=10)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    digest = models.BinaryField()
    added = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    deleted = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_attachment"

    def __str__(self) -> str:
        return f"{self.id} {self.media_type}"
