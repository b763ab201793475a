"""Cases as rows: a cache of the fold of their facts, made for lists. ``verify`` can prove it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from luoshi.store.keys import new_key

RUNS = Q(kind__in=["open", "waiting"])
ENDED = Q(kind__in=["done", "void"])
DUE = Coalesce("due", Value("infinity"), output_field=models.DateTimeField())
"""Cases without a running clock come last in a list of urgency."""


class CaseRow(models.Model):
    """One case 事项.

    Attributes:
        step: Number of facts; the next fact gets ``step + 1``.
        kind: Kind of its state: open, waiting, done or void.
        head: Hash of its last fact.
        due: Earliest due instant among its running duty clocks; ``None`` when none runs.
        values: Latest answers that are not personal.
        code_digest: What is kept of its query code 查询码.
        part_of: The case of which this one is a part 协办; follows: the one it was merged into.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    programme = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    state = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    step = models.IntegerField()
    head = models.BinaryField()
    opened = models.DateTimeField()
    moved = models.DateTimeField()
    due = models.DateTimeField(null=True)
    warn = models.DateTimeField(null=True)
    unit = models.CharField(max_length=80, blank=True, default="")
    area = models.CharField(max_length=40, blank=True, default="")
    category = models.CharField(max_length=80, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)
    values = models.JSONField(default=dict)
    code_digest = models.BinaryField(null=True)
    part_of = models.UUIDField(null=True)
    follows = models.UUIDField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_case"
        constraints: ClassVar = [models.UniqueConstraint(fields=["number"], name="case_number")]
        indexes: ClassVar = [
            models.Index(DUE, "id", name="case_open_due", condition=RUNS),
            models.Index("unit", DUE, "id", name="case_open_unit_due", condition=RUNS),
            models.Index("state", DUE, "id", name="case_open_state_due", condition=RUNS),
            models.Index(
                "unit", F("moved").desc(), F("id").desc(), name="case_ended_unit", condition=ENDED
            ),
            models.Index(F("moved").desc(), F("id").desc(), name="case_ended", condition=ENDED),
            models.Index(F("opened").desc(), F("id").desc(), name="case_opened"),
            models.Index(
                fields=["part_of"], name="case_parts", condition=Q(part_of__isnull=False)
            ),
            models.Index(
                fields=["follows"], name="case_followers", condition=Q(follows__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ClockRow(models.Model):
    """One clock of one case 时限, as the fold has it."""

    pk = models.CompositePrimaryKey("case_id", "name")
    case = models.ForeignKey(
        CaseRow, models.CASCADE, related_name="clocks", db_index=False, db_constraint=False
    )
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    started = models.DateTimeField()
    due = models.DateTimeField()
    warn = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    paused = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    limit = models.CharField(max_length=40)
    rests_on = models.CharField(max_length=300)
    extended = models.IntegerField(default=0)
    next_rung = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_clock"
        indexes: ClassVar = [
            models.Index(
                fields=["due", "case", "name"],
                name="clock_running_due",
                condition=Q(state="running", kind="duty"),
            ),
            models.Index(
                fields=["next_rung", "case"],
                name="clock_next_rung",
                condition=Q(next_rung__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Counter(models.Model):
    """Last running number given in a scope of register numbers."""

    scope = models.CharField(max_length=120, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        app_label = "store"
        db_table = "luoshi_counter"

    def __str__(self) -> str:
        return f"{self.scope}: {self.last}"
