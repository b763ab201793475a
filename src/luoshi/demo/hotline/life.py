"""The life of a request, from its arrival to its end, told as the instants at which it goes on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from luoshi.actions import clock
from luoshi.demo.cast import Part, Stage
from luoshi.demo.hotline import beside, supervising, together
from luoshi.demo.hotline.arriving import arrived, register, retell
from luoshi.demo.hotline.request import Request
from luoshi.demo.hotline.turns import TURNS
from luoshi.demo.replies import declined, emergency

_WATCHED = ("route", "redo", "reopen")
_CLOSED = ("close", "close_unreached", "close_explained")


def life(stage: Stage, part: Part) -> Iterator[datetime]:
    """Yield the instants of a request's life; between them, everybody does their part."""
    yield part.arrives
    rng = random.Random(f"{stage.seed}/{part.number}")  # noqa: S311  a story is no secret
    request = arrived(stage, part, rng)
    is_own = part.matter is None
    if is_own and request.happens("emergency"):
        yield from _called_in_danger(request)
    elif is_own and request.happens("declined"):
        yield from _not_taken(request)
    else:
        register(request)
        _beginnings(request)
        yield from _handled(request)


def _handled(request: Request) -> Iterator[datetime]:
    """Let everybody take their turn, until the end or until nobody has one."""
    while request.state in TURNS and request.state != request.part.stays:
        state, turn = request.state, TURNS[request.state]
        yield turn.when(request)
        if request.state == state:  # nobody else changed it meanwhile
            turn.do(request)
            _follow(request)
        if request.state in ("closed", "answered_on_spot") and request.happens("reopening"):
            yield from beside.reopening(request)
        elif request.state == "closed" and request.happens("checked"):
            yield from supervising.checking(request)


def _beginnings(request: Request) -> None:
    """Let begin what requesters do of their own accord."""
    if request.happens("added"):
        request.stage.enter(beside.adding(request))
    if request.happens("withdrawn"):
        request.stage.enter(beside.withdrawing(request))
    if request.is_walled and request.happens("looked"):
        request.stage.enter(supervising.looking(request))


def _follow(request: Request) -> None:
    """Let begin what follows from a step."""
    last, enter = request.last, request.stage.enter
    request.last = ""
    if last in _WATCHED:
        enter(beside.watching(request))
    if last == "receive" and request.happens("joint"):
        enter(together.joining(request))
    if last in _CLOSED and request.happens("appealed"):
        enter(supervising.appealing(request))
    if last in ("answer", "answer_on_spot", *_CLOSED) and request.happens("rated"):
        enter(beside.rating(request))
    if last in ("answer_on_spot", *_CLOSED) and request.happens("published"):
        enter(beside.publishing(request))


def _called_in_danger(request: Request) -> Iterator[datetime]:
    """Somebody is in danger: the operator connects the emergency line during the call."""
    found = emergency(request.rng, request.stage.city)
    retell(request, found)
    yield clock.now() + timedelta(minutes=request.rng.uniform(1, 4))
    request.do("forward_emergency", request.desk("operator"), line=found.line, note=found.note)


def _not_taken(request: Request) -> Iterator[datetime]:
    """It is not for the hotline: the operator says why, and where to turn."""
    found = declined(request.rng, request.stage.city)
    retell(request, found)
    yield clock.now() + timedelta(minutes=request.rng.uniform(5, 40))
    request.do(
        "decline",
        request.desk("operator"),
        ground=found.ground,
        reason=found.reason,
        right_channel=found.right_channel,
    )
