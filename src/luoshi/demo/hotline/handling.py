"""Handling: what the unit does that has it: receive, contact, ask for time or help, answer.

Terms    receive 签收 · contact 联系 · answer 办结答复 · evidence 办理凭证 · plan 后续计划
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from luoshi.actions import clock
from luoshi.demo.hotline.request import Request
from luoshi.demo.replies import plan, reply

_USUAL_HOURS, _SPREAD = 13.0, 0.5  # of the time until the answer: office hours, log-normal


def when_dispatched(request: Request) -> datetime:
    """A handler sees it within the morning or the afternoon; what is urgent at once.

    Who routed it to the wrong unit sees that sooner, or never.
    """
    now, rhythm = clock.now(), request.stage.rhythm
    if _is_wrong(request) and request.happens("noticed"):
        request.todo.append("recall")
        return rhythm.desk(now, request.hours(0.05, 0.2, 0.6))
    if request.happens("slow_receipt"):
        return rhythm.office(now, request.hours(4, 5, 11))
    if request.is_urgent:
        return now + timedelta(hours=request.hours(0.1, 0.3, 1))
    return rhythm.office(now, request.hours(0.1, 0.8, 3.6) * request.slowness)


def do_dispatched(request: Request) -> None:
    """Take back what went to a wrong unit, or let it send back what is not theirs; or receive."""
    if request.todo:
        _recall(request)
        return
    if _is_misrouted(request) and request.likely(0.7):
        _return(request)
        return
    request.do("receive", request.handler)
    _plan(request)


def _is_wrong(request: Request) -> bool:
    return request.unit.code != request.right_unit.code and not request.is_for_desk


def _is_misrouted(request: Request) -> bool:
    return _is_wrong(request) and request.may("return", request.handler)


def _recall(request: Request) -> None:
    request.todo.clear()
    request.do("recall", request.desk("dispatcher"), reason=request.says("slip"))


def _return(request: Request) -> None:
    request.do("return", request.handler, reason=request.says("return_reason", request.right_unit))


def _plan(request: Request) -> None:
    """Make up one's mind: contact, perhaps ask for something, answer."""
    request.todo.clear()
    if _is_misrouted(request):
        request.todo.append("return")
        return
    if not request.is_walled and (request.message.phone or request.likely(0.3)):
        request.todo.append("contact")
    asked = {
        "extension": "ask_extension",
        "termination": "ask_termination",
        "escalation": "escalate",
    }
    wish = next((step for event, step in asked.items() if request.happens(event)), "")
    if wish and not request.count(wish):
        request.todo.append(wish)
    request.todo.append("answer")


def when_handling(request: Request) -> datetime:
    """The next step of the plan takes its time."""
    if not request.todo:
        _plan(request)
    when = {"contact": _when_contacted, "answer": _when_answered}
    return when.get(request.todo[0], _when_asked)(request)


def _when_contacted(request: Request) -> datetime:
    now, rhythm = clock.now(), request.stage.rhythm
    if request.happens("slow_contact"):
        return rhythm.office(now, request.hours(9, 10, 20))
    if request.is_urgent:
        return now + timedelta(hours=request.hours(0.1, 0.4, 1.6))
    return rhythm.office(now, request.hours(0.2, 1.2, 5) * request.slowness)


def _when_asked(request: Request) -> datetime:
    return request.stage.rhythm.office(clock.now(), request.hours(0.5, 3, 12))


def _when_answered(request: Request) -> datetime:
    now, rhythm = clock.now(), request.stage.rhythm
    if request.case.open_parts:  # the others are waited for
        return rhythm.office(now, request.hours(1, 3, 6))
    if request.happens("late"):
        return rhythm.office(now, request.hours(42, 55, 130))
    if request.is_urgent:
        return now + timedelta(hours=request.hours(1, 5, 21) * request.slowness)
    more = 16 * request.count("grant_extension") + 20 * request.count("settle_escalation")
    drawn = request.rng.lognormvariate(math.log(_USUAL_HOURS), _SPREAD)
    return rhythm.office(now, drawn * request.slowness + more)


def do_handling(request: Request) -> None:
    """Take the next step of the plan, if it is still possible."""
    if request.case.parts:  # other units have a hand in it
        request.look_again()
    if request.todo[0] == "answer" and request.case.open_parts:
        return
    step = request.todo.popleft()
    if request.may(step, request.handler):
        _STEPS[step](request)


def _contact(request: Request) -> None:
    said = clock.now() - timedelta(minutes=request.rng.randint(2, 25))
    request.do(
        "contact",
        request.handler,
        contacted_at=max(said, request.case.moved),
        note=request.says("contact_note") if request.likely(0.8) else "",
    )


def _ask_extension(request: Request) -> None:
    days = request.rng.choice((8, 10) if request.happens("long") else (2, 3, 3, 5, 5))
    request.do(
        "ask_extension",
        request.handler,
        extension_days=days,
        reason=request.says("extension_reason"),
    )


def _ask_termination(request: Request) -> None:
    request.do("ask_termination", request.handler, reason=request.says("terminate_reason"))


def _escalate(request: Request) -> None:
    other = request.another_unit()
    request.do("escalate", request.handler, reason=request.says("escalate_reason", other))


def _answer(request: Request) -> None:
    """Answer in words; with photographs after the work, or with a plan where nothing was done."""
    request.outcome = _outcome(request)
    solved = request.outcome != "explained"
    zone = request.stage.rhythm.calendar.zone
    finished = clock.now().astimezone(zone).date()
    visited = max(request.began.astimezone(zone).date(), finished - timedelta(days=2))
    rng, message, unit = request.rng, request.message, request.unit
    request.reply = reply(rng, message, unit, visited, finished, solved=solved)
    proved = solved and request.is_pictured and request.happens("proved")
    count = rng.randint(1, 2) if proved else 0
    request.do(
        "answer",
        request.handler,
        reply=request.reply,
        plan="" if solved else plan(rng, message, unit),
        evidence=request.pictures(request.handler, count, mended=True),
    )


def _outcome(request: Request) -> str:
    """Return what the work comes to; who has done it over does it better."""
    if request.happens("explained"):
        return "explained"
    if not request.count("redo") and request.happens("unsolved"):
        return "unsolved"
    return "solved"


_STEPS = {
    "return": _return,
    "contact": _contact,
    "ask_extension": _ask_extension,
    "ask_termination": _ask_termination,
    "escalate": _escalate,
    "answer": _answer,
}
