"""Quality of an answer (答复质量): what a careful colleague would say before it is sent.

Hints about a text, with the sentence concerned; never a score, and never about a person.
See ``docs/explanation/answer-quality.md``.
"""

from luoshi.insight.reply.hint import HINTS, Hint, words_for
from luoshi.insight.reply.review import hints

__all__ = ["HINTS", "Hint", "hints", "words_for"]
