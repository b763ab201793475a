"""What stood on the screen: as at a real desk it is recorded beside what the person chose.

Nobody in the story follows a suggestion: people choose what is right, or err as people do. So the
public page of accuracy has figures that mean something.

Terms    suggestion 建议
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from luoshi.actions import clock
from luoshi.actions.placing import offered_area
from luoshi.actions.suggested import Suggested
from luoshi.actions.suggesting import forget_histories, offered_category, offered_units
from luoshi.demo.messages import DemoMessage
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.programmes import programme_of

AT_DESKS = frozenset({"classify", "route"})
"""Steps whose forms ask for what can be suggested."""
EVERY = 3
"""Of so many requests, for one suggestions are looked for: the city is to be built soon."""


def shown(
    number: int, step: str, programme: str, message: DemoMessage, known: Mapping[str, object]
) -> tuple[Suggested, ...]:
    """Return what is suggested on the form of *step* of the request with that *number*.

    Args:
        number: Its place in the story.
        step: The transition.
        programme: Its programme's id.
        message: What was sent in.
        known: The answers given so far.
    """
    if step not in AT_DESKS or number % EVERY:
        return ()
    today = clock.now().date()
    if _read_on != [today]:
        _read_on[:] = [today]
        forget_histories()  # a day of the story passes in a second
    return tuple(_offered(programme_of(programme), message, known))


_read_on: list[date] = []


def _offered(
    programme: Programme, message: DemoMessage, known: Mapping[str, object]
) -> Iterator[Suggested]:
    category = str(known.get(programme.field_of(FieldType.CODE)) or "")
    offer = offered_category(programme, message.subject, message.content)
    if offer is not None and not category:
        yield offer.said
        category = offer.said.value
    area = str(known.get(programme.field_of(FieldType.AREA)) or "")
    units = offered_units(programme, category, area)
    if units:
        yield units[0].said
    place = offered_area(programme, message.subject, message.content, message.address)
    if place is not None and not area:
        yield place.said
