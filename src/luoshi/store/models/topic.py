"""Hot topics as the worker found them: redacted, kept for some hours, made anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class TopicBoard(models.Model):
    """The hot topics 热点问题 of one programme and period.

    It holds titles with what points at a person hidden, and no requester; it goes when nobody has
    looked for a week.

    Attributes:
        first, last: The period, both days included.
        wanted: When somebody last asked for it.
        made: When it was found; ``None`` until the worker has.
        looked_at: Cases among which the topics were found.
        is_cut: There were more cases than are looked at.
        topics: What was found, in the form of ``luoshi.actions.topic_boards``.
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()
    wanted = models.DateTimeField()
    made = models.DateTimeField(null=True)
    looked_at = models.IntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    topics = models.JSONField(default=list)

    class Meta:
        app_label = "store"
        db_table = "luoshi_topic_board"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "first", "last"], name="one_board_of_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.first}..{self.last}"
