"""What to call a topic: its place, the subject that stands for all, the sentence that says most.

All of it is taken from the messages and redacted; nothing is written anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from luoshi.insight.similar.features import spans_of
from luoshi.insight.text.folding import levelled
from luoshi.insight.topics.message import MOST_DETAILS, Message
from luoshi.insight.topics.phrases import place_names
from luoshi.insight.topics.vectors import BUCKETS
from luoshi.insight.triage.personal import redact

SHARE: Final = 0.4
"""A place belongs to the topic if this share of its messages name it."""
LONGEST: Final = 60
"""Characters of a name …"""
SUBJECT: Final = 200
"""… which is cut after it was redacted: half a name or number would not be known as one."""
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
_END = re.compile(r"[。！？；!?;\n]+|(?=(?:尊敬|敬爱)的)")
_HELLO = "(?:您们?|你们?|大家)好"
_TO_WHOM = re.compile(
    rf"(?:尊敬|敬爱|亲爱)的[^，,：:]{{0,14}}?(?:[，,：:、\s]*{_HELLO})?(?:[，,：:！!\s]+|$)"
    rf"|[^，,：:]{{0,12}}?{_HELLO}[，,：:！!、\s]*"
    r"|[^，,：:]{0,10}(?:书记|[省市区县镇乡局]长|领导|部门)们?[：:]\s*"
)
"""Whom a sentence greets at its beginning; it says nothing of the matter."""
_NUMBERED = re.compile(r"[（(]?\d{1,2}(?:[、.．:：]|[)）])\s*(?!\d)")
_THANKS = re.compile(r"(?:[，,、\s]*(?:谢谢|感谢|多谢|盼复|[请望求]回复)您?[~～]*)+$")
_HALF_A_MARK = re.compile("〔[^〕]*$")
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
    subjects = {" ".join(message.subject[:SUBJECT].split()) for message in _some(messages)} - {""}
    naming = {subject for subject in subjects if levelled(place) in levelled(subject[:LONGEST])}
    return cut(_best(naming or subjects, weights, NAME), LONGEST)


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
    sentence = sentence[: SENTENCE[1]]
    features, _, _ = spans_of(levelled(sentence))
    told = sum(weights.get(int(feature) % BUCKETS, 0.0) for feature in set(features.tolist()))
    return float(told / (20 + len(sentence)) ** power)


def cut(text: str, longest: int) -> str:
    """Return *text*, redacted before, up to *longest* signs; a mark of what is hidden stays whole.

    Example:
        >>> cut("请回电〔电话〕，谢谢", 7)
        '请回电…'
    """
    if len(text) <= longest:
        return text
    return _HALF_A_MARK.sub("", text[: longest - 1]) + "…"


def _sentences(message: Message) -> Iterator[str]:
    shortest, longest = SENTENCE
    pieces = _END.split(message.details[:MOST_DETAILS])
    if len(message.details) >= MOST_DETAILS:
        pieces.pop()  # it may be half a sentence, with half a number that nobody would hide
    for piece in pieces:
        told = _matter_of(piece.strip())
        if shortest <= len(told) <= longest:
            yield told


def _matter_of(sentence: str) -> str:
    """Return *sentence* without its number, whom it greets, and its thanks."""
    for opening in (_TO_WHOM, _NUMBERED):
        if found := opening.match(sentence):
            sentence = sentence[found.end() :]
    return _THANKS.sub("", sentence).strip()


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
