"""Hot topics of a period (热点问题): messages about one matter at one place or of one group.

The method, the formula of heat and what was measured: ``docs/explanation/hot-topics.md``.
"""

from luoshi.insight.topics.message import Message, Parameters, Part, Topic, Topics
from luoshi.insight.topics.report import hot_topics
from luoshi.insight.topics.tables import message_rows, topic_rows

__all__ = [
    "Message",
    "Parameters",
    "Part",
    "Topic",
    "Topics",
    "hot_topics",
    "message_rows",
    "topic_rows",
]
