"""What to call a topic: its place, the subject that stands for all, the sentence that says most.

All of it is taken from the messages and redacted; nothing is written anew.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from luoshi.insight.similar.features import spans_of
from luoshi.insight.text.folding import levelled
from luoshi.insight.topics.message import Message
from luoshi.insight.topics.places import names
from luoshi.insight.topics.vectors import BUCKETS, DETAILS
from luoshi.insight.triage.personal import redact

SHARE: Final = 0.4
"""A place belongs to the topic if this share of its messages name it."""
LONGEST: Final = 60
"""Characters of a name."""
SENTENCE: Final = (10, 120)
"""Characters of the sentence that describes the topic."""
READ: Final = 60
"""Messages read to describe a topic, evenly over its time."""
_END = re.compile(r"[。！？；!?;\n]+")
_AREA = re.compile("[A-Z]\\d*(?:市|区|县)|[\u4e00-\u9fff]{2,3}(?:市|区|县)")


def place_of(messages: Sequence[Message]) -> str:
    """The place or body that most messages name, else their area, else nothing."""
    read = _some(messages)
    named = Counter(name for message in read for name in set(_named(message)))
    common = [(count * (len(name) - 1), name) for name, count in named.items()
              if count >= max(SHARE * len(read), 2)]  # fmt: skip
    if common:
        return redact(_as_written(max(common)[1], read))
    areas = Counter(
        area for message in read for area in set(_AREA.findall(message.subject))
    ).most_common(1)
    return areas[0][0] if areas and areas[0][1] >= SHARE * len(read) else ""


def name_of(messages: Sequence[Message], closest: Sequence[int], place: str) -> str:
    """The subject closest to all others, one that names the place if there is one.

    Args:
        messages: The messages of the topic.
        closest: Their positions, most central first.
        place: As ``place_of`` found it.
    """
    wanted = levelled(place)
    ordered = [messages[at] for at in closest]
    naming = [message for message in ordered if wanted and wanted in levelled(message.subject)]
    chosen = next((m.subject.strip() for m in (*naming, *ordered) if m.subject.strip()), "")
    return redact(chosen[:LONGEST])


def description_of(messages: Sequence[Message], weights: Mapping[int, float]) -> str:
    """The sentence with most of what the messages share.

    Args:
        messages: The messages of the topic.
        weights: How much each feature stands for the topic.
    """
    sentences = {sentence for message in _some(messages) for sentence in _sentences(message)}
    if not sentences:
        return ""
    return redact(max(sorted(sentences), key=lambda sentence: _told(sentence, weights)))


def _told(sentence: str, weights: Mapping[int, float]) -> float:
    features, _, _ = spans_of(levelled(sentence))
    told = sum(weights.get(int(feature) % BUCKETS, 0.0) for feature in set(features.tolist()))
    return float(told / (20 + len(sentence)) ** 0.5)


def _sentences(message: Message) -> Iterator[str]:
    shortest, longest = SENTENCE
    for sentence in _END.split(message.details[: 2 * DETAILS]):
        told = sentence.strip()
        if shortest <= len(told) <= longest:
            yield told


def _named(message: Message) -> Iterator[str]:
    return names(levelled(f"{message.subject} {message.place} {message.details[:DETAILS]}"))


def _as_written(name: str, messages: Sequence[Message]) -> str:
    """The spelling in the first message that has *name*."""
    for message in messages:
        text = f"{message.subject} {message.place} {message.details}"
        at = levelled(text).find(name)
        if at >= 0:
            return text[at : at + len(name)]
    return name


def _some(messages: Sequence[Message]) -> Sequence[Message]:
    step = max(1, len(messages) // READ)
    return messages[::step]
