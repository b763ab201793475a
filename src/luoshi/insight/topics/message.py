"""What goes into the search for hot topics, its parameters, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from math import isfinite
from typing import Final

from luoshi.kernel.errors import LuoshiError

MOST_DETAILS: Final = 600
"""Characters of the details that anything here reads; no more need be held of a million."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message (留言) of the period.

    Attributes:
        id: Key of the message or case.
        requester: Key that is the same for the same requester; never written out.
        subject: Subject line (主题).
        at: When it was written.
        details: The message itself (详情); the first 300 characters are compared, ``MOST_DETAILS``
            are looked through for a sentence that describes it.
        like: Votes in support (点赞数).
        oppose: Votes against (反对数).
        place: Area or address, if it is kept apart from the text.
    """

    id: str
    requester: str
    subject: str
    at: datetime
    details: str = ""
    like: int = 0
    oppose: int = 0
    place: str = ""


class ParameterRefused(LuoshiError):
    """A parameter of the hot topics is unknown or out of its range."""

    code = "topics.parameter_refused"
    template = "hot topics: {name} cannot be {value}; {allowed}"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a programme may set (热度参数); see the formula in the documentation.

    Attributes:
        closeness: Mean likeness two groups need to become one topic (0..1); lower joins more.
        least_messages: Smaller groups are no topic.
        least_requesters: Topics of fewer different requesters are left out.
        most_topics: At most so many topics, hottest first.
        requesters: Weight of ln(1 + different requesters).
        days: Weight of ln(1 + different days).
        support: Weight of ln(1 + votes in support).
        opposition: Weight of ln(1 + votes against).
        growth: Weight of the growth (−1..1).
    """

    closeness: float = 0.12
    least_messages: int = 3
    least_requesters: int = 2
    most_topics: int = 300
    requesters: float = 3.0
    days: float = 1.0
    support: float = 1.0
    opposition: float = 1.0
    growth: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.closeness <= 1.0:
            self._refuse("closeness", "a number above 0, at most 1")
        for name in ("least_messages", "least_requesters", "most_topics"):
            if getattr(self, name) < 1:
                self._refuse(name, "a whole number from 1")
        for name in ("requesters", "days", "support", "opposition", "growth"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                self._refuse(name, "a number from 0")

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "Parameters":
        """Parameters from a programme's section ``heat``.

        Raises:
            ParameterRefused: A name is unknown or a value out of range.
        """
        kinds = {field.name: field.type for field in fields(cls)}
        known = f"known: {', '.join(kinds)}"
        for name, value in values.items():
            if name not in kinds:
                raise ParameterRefused(name=name, value=value, allowed=known)
            if not isfinite(value):
                raise ParameterRefused(name=name, value=value, allowed="a number")
            if kinds[name] is int and value != int(value):
                raise ParameterRefused(name=name, value=value, allowed="a whole number from 1")
        whole = {name: int(value) for name, value in values.items() if kinds[name] is int}
        return replace(cls(), **{**values, **whole})  # type: ignore[arg-type]  # checked above

    def _refuse(self, name: str, allowed: str) -> None:
        raise ParameterRefused(name=name, value=getattr(self, name), allowed=allowed)


@dataclass(frozen=True, slots=True)
class Part:
    """One term of the heat of a topic.

    Attributes:
        name: Its weight in ``Parameters``: ``requesters``, ``days``, ``support``, ``opposition``,
            ``growth``.
        value: What was counted; for growth −1..1.
        weight: As the programme sets it.
        points: What it adds to the heat.
    """

    name: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Topic:
    """One hot topic (热点问题); all words redacted.

    Attributes:
        rank: 1 for the hottest.
        name: The subject that stands for the others.
        heat: See ``luoshi.insight.topics.heat``.
        parts: What the heat adds up from.
        first: When its first message was written.
        last: When its last message was written.
        place: Place or group of people most of them name; empty if there is none.
        description: The sentence that says most of what the messages have in common.
        requesters: Number of different requesters.
        messages: Its messages, in the order of time.
    """

    rank: int
    name: str
    heat: float
    parts: tuple[Part, ...]
    first: datetime
    last: datetime
    place: str
    description: str
    requesters: int
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a period, hottest first.

    Attributes:
        topics: At most ``Parameters.most_topics`` of them.
        messages: How many messages were looked at.
        found: How many topics there were before the list was cut.
    """

    topics: tuple[Topic, ...]
    messages: int
    found: int
