"""Uploads: files on their way in, piece by piece, over lines that break."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from luoshi.store.keys import new_key


class Upload(models.Model):
    """One file that is being received 断点续传. The pieces lie in the store of files.

    Attributes:
        case: Key of the case it is meant for, which may not be registered yet.
        by: Who sends it: nobody else may go on with it.
        size: Bytes that were announced; ``received`` are there.
        pieces: Sizes of the pieces that are there, in order.
        sha256: Digest that was announced.
        file: Key of the attachment, once everything is there.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    case = models.UUIDField(db_index=True)
    by = models.CharField(max_length=120)
    size = models.IntegerField()
    sha256 = models.BinaryField()
    received = models.IntegerField(default=0)
    pieces = ArrayField(models.IntegerField(), default=list)
    file = models.UUIDField(null=True)
    made = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_upload"

    def __str__(self) -> str:
        return f"{self.id} {self.received}/{self.size}"
