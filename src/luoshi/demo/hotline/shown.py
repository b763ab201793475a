"""What stood on the screen: as at a real desk it is recorded beside what the person chose.

Nobody in the story follows a suggestion: people choose what is right, or err as people do, and
read an answer over before they send it. So the public page of accuracy has figures that mean
something.

Terms    suggestion 建议
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from luoshi.actions import clock
from luoshi.actions.placing import offered_area
from luoshi.actions.redacting import left_hidden
from luoshi.actions.similarity import SHOWN, similar_to
from luoshi.actions.suggested import Suggested
from luoshi.actions.suggesting import (
    forget_histories,
    handing_over,
    offered_category,
    offered_units,
    said_of,
    text_fields,
    urgent_signs,
)
from luoshi.demo.messages import DemoMessage
from luoshi.insight.reply import hints
from luoshi.insight.reply.sentences import sentences
from luoshi.kernel.case import Case
from luoshi.kernel.programme import FieldType, Programme
from luoshi.store.matters import Matter
from luoshi.store.programmes import programme_of

AT_DESKS = frozenset({"classify", "route"})
"""Steps whose forms ask for what can be suggested."""
MOVING_ON = frozenset({"route", "forward_emergency"})
"""Steps beside which words of danger stand."""
EVERY = 3
"""Of so many requests, for one suggestions are looked for: the city is to be built soon."""


def shown(
    number: int,
    step: str,
    message: DemoMessage,
    case: Case,
    answers: Mapping[str, object],
    reply: str,
) -> tuple[Suggested, ...]:
    """Return what is suggested on the form of *step* of the request with that *number*.

    Args:
        number: Its place in the story.
        step: The transition.
        message: What was sent in.
        case: The request as it stands.
        answers: What is answered on the form.
        reply: The reply that it was given before, if there is one.
    """
    programme = programme_of(case.programme)
    return (
        *(_words_of_danger(programme, message) if step in MOVING_ON else ()),
        *(_same_matter(programme, message, case, answers) if step == "merge" else ()),
        *(_redacted(reply, answers) if step == "publish" else ()),
        *(() if number % EVERY else _of_every(number, step, programme, message, case, answers)),
    )


def _of_every(
    number: int,
    step: str,
    programme: Programme,
    message: DemoMessage,
    case: Case,
    answers: Mapping[str, object],
) -> Iterator[Suggested]:
    """Yield what takes long to find."""
    if step == "answer":
        yield from _hinted(number, programme, message, str(answers["reply"]))
    elif step in AT_DESKS:
        today = clock.now().date()
        if _read_on != [today]:
            _read_on[:] = [today]
            forget_histories()  # a day of the story passes in a second
        yield from _offered(programme, message, case.values)


def _words_of_danger(programme: Programme, message: DemoMessage) -> Iterator[Suggested]:
    over = handing_over(programme, tuple(programme.transitions.values()))
    for sign in urgent_signs(programme, message.subject, message.content):
        if over is not None:
            yield said_of(sign, over.name)


def _redacted(reply: str, answers: Mapping[str, object]) -> tuple[Suggested, ...]:
    """Return what was hidden in the reply, and whether the officer left it hidden."""
    return left_hidden("public_reply", reply, str(answers.get("public_reply", "")))


def _same_matter(
    programme: Programme, message: DemoMessage, case: Case, answers: Mapping[str, object]
) -> Iterator[Suggested]:
    """Yield the cases that the dispatcher saw before merging, and which of them it was."""
    title, details = text_fields(programme)
    address = programme.field_of(FieldType.ADDRESS)
    texts = {title: message.subject, details: message.content, address: message.address}
    category = str(case.values.get(programme.field_of(FieldType.CODE)) or "")
    area = str(case.values.get(programme.field_of(FieldType.AREA)) or "")
    matter = Matter(case.id, "", programme.id, case.opened, category, area, message.point, texts)
    for one in similar_to(programme, matter, clock.now())[:SHOWN]:
        chosen = "merged" if one.id == answers["main_case"] else "left"
        sure = round(one.probability, 2)
        yield Suggested("similar", "", one.id, clock.now(), sure, chosen=chosen)


def _hinted(
    number: int, programme: Programme, message: DemoMessage, reply: str
) -> Iterator[Suggested]:
    """Yield the hints on a first draft, and whether what was sent is without them."""
    asked = f"{message.subject}\n{message.content}"
    noticed = hints(asked, _draft(number, reply))
    still = {hint.code for hint in hints(asked, reply)}
    for field in programme.suggest.hints[:1]:
        for code in dict.fromkeys(hint.code for hint in noticed):
            chosen = "sent" if code in still else "changed"
            yield Suggested("hint", field, code, clock.now(), chosen=chosen)


def _draft(number: int, reply: str) -> str:
    """Return *reply* as its author first had it: every other time a sentence was forgotten."""
    told = [sentence.text for sentence in sentences(reply)]
    turn, forgets = divmod(number // EVERY, 2)
    if forgets and len(told) > 1:
        del told[turn % len(told)]
    return "".join(told)


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
