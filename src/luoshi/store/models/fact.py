"""Facts, which are only ever appended, and the personal values they stand for, which can go."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from luoshi.store.models.case import CaseRow


class FactRow(models.Model):
    """One fact 事实. The database itself refuses to change or delete a row (see migration 0002).

    Attributes:
        body: The canonical text of the fact: these bytes are hashed.
        hash: SHA-256 over the hash of the fact before it and ``body``.
    """

    pk = models.CompositePrimaryKey("case_id", "seq")
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="facts", db_index=False)
    seq = models.IntegerField()
    id = models.UUIDField(unique=True)
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    doer = models.CharField(max_length=60)
    body = models.TextField()
    hash = models.BinaryField()

    class Meta:
        app_label = "store"
        db_table = "luoshi_fact"
        indexes: ClassVar = [models.Index(fields=["at"], name="fact_at")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.act}"


class PersonalValue(models.Model):
    """A personal answer, beside the fact that only knows its digest.

    Deleting it (``value`` and ``salt`` become NULL) leaves the chain of facts whole.

    Attributes:
        value: JSON text of the answer; NULL once it has been deleted.
        salt: Random bytes of its digest; NULL once it has been deleted.
        grams: Pairs of signs by which the answer is found; NULL where it is not searched.
        keep_until: Day after which it must go; set when the case ends.
    """

    pk = models.CompositePrimaryKey("case_id", "seq", "field")
    case = models.ForeignKey(
        CaseRow, models.CASCADE, related_name="personal", db_index=False, db_constraint=False
    )
    seq = models.IntegerField()
    field = models.CharField(max_length=60)
    value = models.TextField(null=True)  # noqa: DJ001  NULL is deleted, "" would be an answer
    grams = ArrayField(models.IntegerField(), null=True)
    salt = models.BinaryField(null=True)
    keep_until = models.DateField(null=True)
    deleted = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_personal"
        indexes: ClassVar = [
            models.Index(
                fields=["keep_until"],
                name="personal_expiry",
                condition=Q(value__isnull=False, keep_until__isnull=False),
            ),
            GinIndex(fields=["grams"], name="personal_grams"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.field}"


class WalledValue(models.Model):
    """Who reported, kept apart from everything else 举报人信息隔离.

    No list, no case page and no export reads this table: only ``actions.wall``, when two people
    together have asked for it, and the outbox, which tells the reporter the result.
    """

    pk = models.CompositePrimaryKey("case_id", "seq", "field")
    case = models.ForeignKey(
        CaseRow, models.CASCADE, related_name="walled", db_index=False, db_constraint=False
    )
    seq = models.IntegerField()
    field = models.CharField(max_length=60)
    value = models.TextField(null=True)  # noqa: DJ001  NULL is deleted, "" would be an answer
    salt = models.BinaryField(null=True)
    keep_until = models.DateField(null=True)
    deleted = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_walled"

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.field}"
