"""From the messages of a period to its hot topics."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.topics.grouping import groups, members
from luoshi.insight.topics.heat import heat, parts_of, requesters
from luoshi.insight.topics.likeness import alike_pairs
from luoshi.insight.topics.message import Message, Parameters, Part, Topic, Topics
from luoshi.insight.topics.naming import description_of, name_of, place_of
from luoshi.insight.topics.rejoining import rejoined
from luoshi.insight.topics.vectors import MANY, Vectors, vectors

DEFAULT = Parameters()


def hot_topics(messages: Iterable[Message], parameters: Parameters = DEFAULT) -> Topics:
    """Group *messages* by matter and place, and rank the groups by heat.

    Args:
        messages: The messages of the period, in any order; times all aware or all naive. Of two
            with one id the later one counts.
        parameters: From the programme.

    Returns:
        The hottest topics; the same messages always give the same topics.
    """
    unique = {message.id: message for message in messages}
    ordered = sorted(unique.values(), key=lambda message: (message.at, message.id))
    if not ordered:
        return Topics((), 0, 0)
    read = vectors(ordered)
    labels = groups(alike_pairs(read), len(ordered), parameters.closeness)
    if len(ordered) > MANY:  # only then a message keeps but its nearest neighbours
        labels = rejoined(labels, read, parameters.closeness)
    ranked = _ranked(ordered, members(labels), parameters)
    topics = tuple(
        _topic(rank, parts, [ordered[i] for i in rows], rows, read)
        for rank, (parts, rows) in enumerate(ranked[: parameters.most_topics], start=1)
    )
    return Topics(topics, len(ordered), len(ranked))


def _ranked(
    ordered: list[Message], found: list[NDArray[np.int64]], parameters: Parameters
) -> list[tuple[tuple[Part, ...], NDArray[np.int64]]]:
    """Groups that are topics with the parts of their heat, hottest first."""
    middle = ordered[len(ordered) // 2].at
    topics = []
    for rows in found:
        if len(rows) >= parameters.least_messages:
            own = [ordered[i] for i in rows]
            if requesters(own) >= parameters.least_requesters:
                topics.append((parts_of(own, middle, parameters), rows))
    return sorted(topics, key=lambda topic: (-round(heat(topic[0]), 9), int(topic[1][0])))


def _topic(
    rank: int, parts: tuple[Part, ...], own: list[Message], rows: NDArray[np.int64], read: Vectors
) -> Topic:
    matrix = read.matter[rows] + read.place[rows]
    centre = np.asarray(matrix.sum(axis=0)).ravel()
    heavy = np.flatnonzero(centre)
    weights = dict(zip(read.hashes[heavy].tolist(), centre[heavy].tolist(), strict=True))
    place = place_of(own)
    return Topic(
        rank=rank,
        name=name_of(own, weights, place),
        heat=round(heat(parts), 3),
        parts=parts,
        first=own[0].at,
        last=own[-1].at,
        place=place,
        description=description_of(own, weights),
        requesters=requesters(own),
        messages=tuple(own),
    )
