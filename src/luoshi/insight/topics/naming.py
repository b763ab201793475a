"""What to call a topic: its place, the subject that stands for all, the sentence that says most.

All of it is taken from the messages and redacted; nothing is written anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from luoshi.insight.similar.features import spans_of
from luoshi.insight.text.folding import levelled
from luoshi.insight.topics.message import Message
from luoshi.insight.topics.phrases import place_names
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
BEGINNING: Final = 60
"""Characters of the details in which the place is looked for."""
NAME: Final = 0.75
"""How much it counts that a name is short …"""
DESCRIPTION: Final = 0.5
"""… and that a description is: powers of the length."""
_END = re.compile(r"[。！？；!?;\n]+")
_AREA = re.compile("[A-Z]\\d*(?:市|区|县)|[\u4e00-\u9fff]{2,3}(?:市|区|县)")


def place_of(messages: Sequence[Message]) -> str:
    """The place or body that most messages name, else their area, else nothing."""
    read = _some(messages)
    least = max(SHARE * len(read), 2)
    named = place_names([levelled(_beginning(message)) for message in read], least)
    for name in sorted(named, key=lambda name: (-(named[name] ** 2) * (len(name) - 1), name)):
        written = _as_written(name, read)
        if redact(written) == written:
            return written
    areas = Counter(area for message in read for area in set(_AREA.findall(message.subject)))
    ((area, count),) = areas.most_common(1) or [("", 0)]
    return area if count >= least else ""


def name_of(messages: Sequence[Message], weights: Mapping[int, float], place: str) -> str:
    """The subject with most of what the messages share, one that names the place if there is one.

    Args:
        messages: The messages of the topic.
        weights: How much each feature stands for the topic.
        place: As ``place_of`` found it.
    """
    subjects = {message.subject.strip()[:LONGEST] for message in _some(messages)} - {""}
    naming = {subject for subject in subjects if levelled(place) in levelled(subject)}
    return _best(naming or subjects, weights, NAME)


def description_of(messages: Sequence[Message], weights: Mapping[int, float]) -> str:
    """The sentence with most of what the messages share.

    Args:
        messages: The messages of the topic.
        weights: How much each feature stands for the topic.
    """
    sentences = {each for message in _some(messages) for each in _sentences(message)}
    return _best(sentences, weights, DESCRIPTION)


def _best(told: Iterable[str], weights: Mapping[int, float], power: float) -> str:
    return redact(max(sorted(told), key=lambda each: _told(each, weights, power), default=""))


def _told(sentence: str, weights: Mapping[int, float], power: float) -> float:
    features, _, _ = spans_of(levelled(sentence))
    told = sum(weights.get(int(feature) % BUCKETS, 0.0) for feature in set(features.tolist()))
    return float(told / (20 + len(sentence)) ** power)


def _sentences(message: Message) -> Iterator[str]:
    shortest, longest = SENTENCE
    for sentence in _END.split(message.details[: 2 * DETAILS]):
        told = sentence.strip()
        if shortest <= len(told) <= longest:
            yield told


def _beginning(message: Message) -> str:
    return f"{message.subject} {message.place} {message.details[:BEGINNING]}"


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
