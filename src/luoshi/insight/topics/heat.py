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
from collections.abc import Sequence
from datetime import datetime

from luoshi.insight.topics.message import Message, Parameters


def heat(messages: Sequence[Message], middle: datetime, parameters: Parameters) -> float:
    """Heat of the topic made of *messages*; *middle* halves all messages of the period."""
    late = sum(message.at >= middle for message in messages)
    terms = (
        (parameters.requesters, math.log1p(requesters(messages))),
        (parameters.days, math.log1p(len({message.at.date() for message in messages}))),
        (parameters.support, math.log1p(sum(max(message.like, 0) for message in messages))),
        (parameters.opposition, math.log1p(sum(max(message.oppose, 0) for message in messages))),
        (parameters.growth, (2 * late - len(messages)) / len(messages)),
    )
    return math.fsum(weight * value for weight, value in terms)


def requesters(messages: Sequence[Message]) -> int:
    """Number of different requesters; a message without one counts as its own."""
    return len({message.requester or f"\0{message.id}" for message in messages})
