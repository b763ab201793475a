"""What was suggested to a person, beside what the person then chose."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SuggestionRow(models.Model):
    """One suggestion 建议 that a person had before them when they acted.

    Written in the transaction of the act. It holds no word of the requester and no account: how
    often suggestions are kept is measured, never how somebody works.

    Attributes:
        act: Key of the act by which the person decided.
        step: Name of the step taken.
        kind: ``category``, ``unit``, ``area``, ``urgency``, ``similar``, ``hint`` or
            ``redaction``.
        value: What was suggested: a code, a key, a kind of danger.
        confidence: How sure the suggestion was, 0 to 1; ``None`` where it is a rule.
        model: First half of the digest of the model file; empty for rules.
        reasons: Words of the taxonomy that spoke for it, with their weights.
        chosen: What the person chose, kept: whether that is what was suggested.
        corrected: When somebody last decided otherwise; ``None`` where what was kept stands.
        category: Category of the case after the act.
        role, unit: The post in which the person acted.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.UUIDField(db_index=True)
    act = models.UUIDField()
    programme = models.CharField(max_length=60)
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    field = models.CharField(max_length=60, blank=True, default="")
    value = models.CharField(max_length=80)
    confidence = models.FloatField(null=True)
    model = models.CharField(max_length=32, blank=True, default="")
    reasons = models.JSONField(default=list)
    offered = models.DateTimeField()
    chosen = models.CharField(max_length=80, blank=True, default="")
    kept = models.BooleanField()
    corrected = models.DateTimeField(null=True)
    category = models.CharField(max_length=80, blank=True, default="")
    role = models.CharField(max_length=40)
    unit = models.CharField(max_length=80, blank=True, default="")
    decided = models.DateTimeField()

    class Meta:
        app_label = "store"
        db_table = "luoshi_suggestion"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["act", "kind", "field", "value"], name="one_suggestion_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["programme", "kind", "decided"], name="suggestion_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value} for {self.case}"
