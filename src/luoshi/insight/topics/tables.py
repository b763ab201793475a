"""The two tables that practice knows: 热点问题表 and 热点问题留言明细表."""

from collections.abc import Iterator
from typing import Final

from luoshi.insight.topics.message import Topics
from luoshi.insight.topics.naming import cut
from luoshi.insight.triage.personal import redact

TOPIC_COLUMNS: Final = ("rank", "topic", "heat", "from", "to", "place", "description")
"""热度排名、问题ID(名称)、热度指数、时间范围(从、到)、地点/人群、问题描述."""
MESSAGE_COLUMNS: Final = ("topic", "id", "subject", "time", "like", "oppose")
"""问题ID、留言编号、留言主题、留言时间、点赞数、反对数."""

SUBJECT: Final = 200
"""Signs of a subject that are told; as many more are read: nothing to hide is cut in two."""

Row = tuple[object, ...]


def topic_rows(topics: Topics) -> Iterator[Row]:
    """One row for each topic, in the order of ``TOPIC_COLUMNS``."""
    for topic in topics.topics:
        days = topic.first.date().isoformat(), topic.last.date().isoformat()
        yield (topic.rank, topic.name, topic.heat, *days, topic.place, topic.description)


def message_rows(topics: Topics) -> Iterator[Row]:
    """One row for each message, ``topic`` being the rank; the subject is redacted."""
    for topic in topics.topics:
        for each in topic.messages:
            at = each.at.isoformat(sep=" ", timespec="seconds")
            subject = cut(redact(each.subject[: 2 * SUBJECT]), SUBJECT)
            yield (topic.rank, each.id, subject, at, each.like, each.oppose)
