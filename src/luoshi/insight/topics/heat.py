"""How hot a topic is (热度).

    heat = requesters · ln(1 + R) + days · ln(1 + D) + support · ln(1 + S)
         + opposition · ln(1 + O) + growth · G

R different requesters, D different days with a message, S and O votes for and against, G growth:
its messages among the later half of all messages less those among the earlier, over all of its
own (−1..1): growing is what grows more than the rest. The words are the weights of
``Parameters``, set in the programme. One person who writes fifty times is one requester;
logarithms keep a flood of votes from outweighing everything else.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

from luoshi.insight.topics.message import Message, Parameters, Part


def heat(parts: Iterable[Part]) -> float:
    """The heat that adds up from *parts*."""
    return math.fsum(part.points for part in parts)


def parts_of(
    messages: Sequence[Message], middle: datetime, parameters: Parameters
) -> tuple[Part, ...]:
    """The terms of the heat of the topic made of *messages*, in the order of the formula.

    Args:
        messages: Its messages.
        middle: Halves all messages of the period.
        parameters: The weights.
    """
    late = sum(message.at >= middle for message in messages)
    counts = {
        "requesters": requesters(messages),
        "days": len({message.at.date() for message in messages}),
        "support": sum(max(message.like, 0) for message in messages),
        "opposition": sum(max(message.oppose, 0) for message in messages),
    }
    growth = (2 * late - len(messages)) / len(messages)
    return (
        *(_counted(name, count, parameters) for name, count in counts.items()),
        Part("growth", growth, parameters.growth, parameters.growth * growth),
    )


def _counted(name: str, count: int, parameters: Parameters) -> Part:
    weight: float = getattr(parameters, name)
    return Part(name, count, weight, weight * math.log1p(count))


def requesters(messages: Sequence[Message]) -> int:
    """Number of different requesters; a message without one counts as its own."""
    return len({message.requester or f"\0{message.id}" for message in messages})
